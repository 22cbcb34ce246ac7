"""Nudges by e-mail, each as a message of its own over an encrypted connection."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.email.letters import letter
from adapters.email.stopping import Stopping
from compact_bot.conversation import Address, Reply, SentNudge
from compact_bot.nudges.couriers import DeliveryFailed
from compact_bot.settings import Settings

TIMEOUT = 20.0  # seconds, for each answer of the server
_FOREVER = (550, 551, 552, 553, 554, 556)  # no such mailbox, not taken there: trying again is of no use


class EmailCourier:
    def __init__(self, settings: Settings, name: str, clock: Callable[[], datetime], stopping: Stopping) -> None:
        self._settings = settings
        self._name = name
        self._clock = clock
        self._stopping = stopping

    async def deliver(self, address: Address, reply: Reply, key: str) -> str:
        """The reference is the message's id, which is the same each time one nudge is tried."""
        to = address.route
        board = self._settings["COMPACT_PUBLIC_URL"].rstrip("/")
        done = re.search(r"done D\d+", reply.next_step)
        example = f", for example: {done[0]}" if done else "."
        footer = [f"To say that something is done, tell Compact Bot in Slack, Teams or at its pages{example}"]
        footer += [f"All deadlines: {board}/board"] if board and self._settings["COMPACT_SECRET_KEY"] else []
        unlike = hashlib.sha256(to.encode()).hexdigest()[:12]
        said = replace(
            reply, next_step="", typed=""
        )  # in a mailbox nothing can be pressed or typed: the footer says how
        message = letter(
            self._settings["SMTP_FROM"], to, said, f"{key}-{unlike}", self._clock(), self._name,
            self._stopping.link(to), footer,
        )  # fmt: skip
        await self.send(message)
        return str(message["Message-ID"])

    async def redraw(self, sent: SentNudge, reply: Reply) -> None:
        """What is in somebody's mailbox stays as it is."""

    async def send(self, message: Any) -> None:  # noqa: ANN401  # an EmailMessage
        """Raises DeliveryFailed, in words that hold neither the password nor the server's whole answer."""
        import aiosmtplib

        try:
            await aiosmtplib.send(message, **self.connection())
        except aiosmtplib.SMTPRecipientsRefused as refused:
            code = max((one.code for one in refused.recipients), default=0)
            raise DeliveryFailed(f"the mail server refused the address ({code})", permanent=code in _FOREVER) from None
        except aiosmtplib.SMTPAuthenticationError:
            raise DeliveryFailed("the mail server refused SMTP_USER and SMTP_PASSWORD") from None
        except aiosmtplib.SMTPResponseException as error:
            raise DeliveryFailed(f"the mail server says {error.code}", permanent=error.code in _FOREVER) from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            raise DeliveryFailed(f"no answer from the mail server ({type(error).__name__})") from None

    def connection(self) -> dict[str, Any]:
        settings = self._settings
        return {
            "hostname": settings["SMTP_HOST"],
            "port": settings.smtp_port,
            "username": settings["SMTP_USER"] or None,
            "password": settings["SMTP_PASSWORD"] or None,
            "use_tls": settings["SMTP_SECURITY"] == "tls",
            "start_tls": settings["SMTP_SECURITY"] == "starttls",
            "timeout": TIMEOUT,
        }
