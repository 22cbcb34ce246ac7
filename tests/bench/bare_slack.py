"""A bare bolt app that acknowledges a fixed text, as its own guide shows it: what ours is measured beside."""

import os

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

token = os.environ["SLACK_BOT_TOKEN"]
client = AsyncWebClient(token=token, base_url=os.environ["SLACK_API_URL"])
bolt = AsyncApp(client=client, token=token, signing_secret=os.environ["SLACK_SIGNING_SECRET"])


@bolt.command("/compact")
async def compact(ack: AsyncAck) -> None:
    await ack("A fixed text.")


handler = AsyncSlackRequestHandler(bolt)


async def events(request: Request) -> Response:
    return await handler.handle(request)


app = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
