"""E-mail as a place of nudges. Nobody talks to the bot by e-mail, so this door only sends."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import Engine
from starlette.routing import BaseRoute

from adapters.door import Check
from adapters.email.courier import TIMEOUT, EmailCourier
from adapters.email.letters import letter
from adapters.email.stopping import Stopping
from compact_bot.conversation import Reply
from compact_bot.logs import logger, type_and_place
from compact_bot.mail.mailboxes import PLATFORM, codes_to_send, not_sent, refused
from compact_bot.nudges.couriers import DeliveryFailed
from compact_bot.settings import Settings

EVERY = 5.0  # seconds between two looks for codes to send

log = logger(__name__)


class EmailDoor:
    platform = PLATFORM
    outbox = None  # nobody talks to the assistant by e-mail

    def __init__(self, settings: Settings, engine: Engine, name: str, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._engine = engine
        self._name = name
        self._clock = clock
        self._stopping = Stopping(engine, settings["COMPACT_PUBLIC_URL"], settings["COMPACT_SECRET_KEY"])
        self._courier = EmailCourier(settings, name, clock, self._stopping)

    @property
    def courier(self) -> EmailCourier:
        return self._courier

    def routes(self) -> Sequence[BaseRoute]:
        return self._stopping.routes()

    @asynccontextmanager
    async def running(self, sends_only: bool = False) -> AsyncIterator[None]:  # noqa: ARG002  # it only ever sends
        sending = asyncio.create_task(self._send_codes_for_ever())
        try:
            yield
        finally:
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sending

    async def _send_codes_for_ever(self) -> None:
        while True:
            try:
                await self.send_codes()
            except Exception as error:  # a database that is away for a while must not end this for good
                log.error("codes could not be sent: %s", type_and_place(error))
            await asyncio.sleep(EVERY)

    async def send_codes(self) -> None:
        """Send a code to each address that somebody asked nudges for, once."""
        for one in await asyncio.to_thread(codes_to_send, self._engine):
            reply = Reply(
                f"Your code is {one.code}.",
                note="Somebody, you it is hoped, asked Compact Bot to send reminders of deadlines to this address.",
                next_step=f"To have them, type in your chat with Compact Bot: email code {one.code}. "
                "If it was not you, do nothing, and nothing more comes.",
            )
            message = letter(
                self._settings["SMTP_FROM"], one.address, reply, f"code-{one.mailbox}-{one.code[:2]}", self._clock(),
                self._name,
            )  # fmt: skip
            try:
                await self._courier.send(message)
            except DeliveryFailed as failed:
                log.warning("a code could not be sent: %s", failed.reason)
                put_back = refused if failed.permanent else not_sent
                await asyncio.to_thread(put_back, self._engine, one.mailbox)

    async def checks(self) -> list[Check]:
        import aiosmtplib

        what = "E-mail: the server answers, and takes our sign-in"
        connection = {**self._courier.connection(), "timeout": TIMEOUT / 2}
        try:
            async with aiosmtplib.SMTP(**connection) as server:
                await server.noop()
        except aiosmtplib.SMTPAuthenticationError:
            return [Check(what, False, "it refused SMTP_USER and SMTP_PASSWORD; see your mail provider")]
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            says = f"{type(error).__name__}; check SMTP_HOST, SMTP_PORT and SMTP_SECURITY"
            return [Check(what, False, says)]
        return [Check(what, True, self._settings["SMTP_HOST"])]
