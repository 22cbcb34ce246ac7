"""What goes wrong behind this is answered plainly, and logged without the exception's text."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from compact_bot.logs import logger, type_and_place

log = logger(__name__)


class Guard:
    """Around the whole application: the server would print the exception, with what people wrote or a token in it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = scope["type"] != "http"

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            log.error("a request failed: %s", type_and_place(error))
            if not begun:
                await PlainTextResponse("Sorry, something went wrong here.", 500)(scope, receive, send)
