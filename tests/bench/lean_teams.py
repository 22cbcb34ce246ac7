"""A bare bot on the SDK, as lean as the SDK allows: our route and our connection, its own activities, and an echo."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import uvicorn
from botbuilder.core import TurnContext
from botbuilder.core.cloud_adapter_base import CloudAdapterBase
from botbuilder.schema import Activity, ResourceResponse
from botframework.connector.auth import BotFrameworkAuthentication, ClaimsIdentity
from botframework.connector.auth.authenticate_request_result import AuthenticateRequestResult
from botframework.connector.auth.connector_factory import ConnectorFactory
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.clock import spare_loaded_code
from adapters.teams.connector import Connector
from adapters.teams.trust import Trust

OPEN: list[aiohttp.ClientSession] = []
CONNECTOR = Connector(Trust("", "", frozenset()), None, lambda: OPEN[0])


class Conversations:
    def __init__(self, service_url: str) -> None:
        self.conversations = self
        self._service_url = service_url

    async def reply_to_activity(self, conversation: str, to: str, activity: Activity) -> ResourceResponse:
        path = f"v3/conversations/{conversation}/activities/{to}"
        answer = await CONNECTOR.call("POST", self._service_url, path, activity.serialize())
        return ResourceResponse(id=answer["id"])


class Connectors(ConnectorFactory):  # type: ignore[misc]
    async def create(self, service_url: str, _audience: str) -> Conversations:
        return Conversations(service_url)


class Authentication(BotFrameworkAuthentication):  # type: ignore[misc]
    async def create_user_token_client(self, _: ClaimsIdentity) -> None:
        return None

    create_connector_factory = authenticate_request = authenticate_streaming_request = None


ADAPTER = CloudAdapterBase(Authentication())


async def echo(context: TurnContext) -> None:
    await context.send_activity(f"You said: {context.activity.text}")


async def messages(request: Request) -> Response:
    passed = AuthenticateRequestResult()
    passed.claims_identity, passed.connector_factory = ClaimsIdentity({}, True), Connectors()
    await ADAPTER.process_activity(passed, Activity.deserialize(await request.json()), echo)
    return Response()


async def about(_: Request) -> Response:
    return Response()


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        OPEN.append(session)
        yield


if __name__ == "__main__":
    routes = [Route("/api/messages", messages, methods=["POST"]), Route("/about", about)]
    spare_loaded_code()
    app = Starlette(lifespan=lifespan, routes=routes)
    uvicorn.run(app, port=int(sys.argv[1]), log_level="error", access_log=False)
