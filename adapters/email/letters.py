"""A reply as an e-mail: plain text, and the same in simple HTML, which needs nothing from anywhere."""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from adapters.plain_text import plain_text
from compact_bot.conversation import Reply

LONGEST_SUBJECT = 120
_STYLE = "font-family: sans-serif; font-size: 16px; line-height: 1.5; max-width: 40em"


def letter(
    sender: str, to: str, reply: Reply, key: str, now: datetime, name: str, stop: str = "", footer: Sequence[str] = ()
) -> EmailMessage:
    """`stop` is the address of a page that ends these e-mails."""
    text = plain_text(replace(reply, buttons=()))
    lines = [line for line in text.splitlines() if line.strip()]
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Compact Bot <{sender}>"
    message["To"] = to
    message["Subject"] = f"{name}: {_subject(reply)}"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{re.sub(r'[^a-z0-9-]', '', key)}.compact-bot@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if stop:
        message["List-Unsubscribe"] = f"<{stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    ending = [*footer, *([f"To end these e-mails: {stop}"] if stop else [])]
    message.set_content("\n\n".join([*lines, "-- ", *ending]) + "\n")
    message.add_alternative(_html(lines, ending), subtype="html")
    return message


def _subject(reply: Reply) -> str:
    """The first sentence, in one line."""
    said = " ".join(reply.text.split())
    first = re.split(r"(?<=[.!?]) (?=[A-Z])", said, maxsplit=1)[0].rstrip(".")
    return first if len(first) <= LONGEST_SUBJECT else f"{first[: first.rfind(' ', 0, LONGEST_SUBJECT)]} …"


def _html(lines: Sequence[str], ending: Sequence[str]) -> str:
    body = "".join(f"<p>{_linked(line)}</p>\n" for line in lines)
    small = "".join(f'<p style="font-size: 14px">{_linked(line)}</p>\n' for line in ending)
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head><meta charset="utf-8"><title>Compact Bot</title></head>\n'
        f'<body style="{_STYLE}">\n{body}<hr>\n{small}</body>\n</html>\n'
    )


def _linked(line: str) -> str:
    """Words as they are; an address can be followed."""
    return re.sub(r"https?://[^\s<>\"]+", lambda found: f'<a href="{found[0]}">{found[0]}</a>', html.escape(line))
