"""The command line: compact-bot run, chat, say."""

import argparse
import getpass
import socket
import sys
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from compact_bot.assemble import KEPT, Program, assemble
from compact_bot.settings import SettingsError, read_settings
from compact_bot.store.database import DatabaseTooNewError
from knowledge.agreement import AgreementError

HOST = "127.0.0.1"


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one clear line."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise SystemExit(_refuse(f"{message}. Try: compact-bot --help"))


def _refuse(line: str) -> int:
    print(f"compact-bot: {line}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="compact-bot", description="Answers questions about a Compact with its exact words.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    run = commands.add_parser("run", help="everything in one process; the chat page on this machine")
    run.add_argument("--port", type=_port, default=8000, help="default 8000")
    chat = commands.add_parser("chat", help="a conversation in this terminal")
    chat.add_argument("--as", dest="name", type=_name, default=None, help="who speaks")
    say = commands.add_parser("say", help="one message, for scripts and tests")
    say.add_argument("text", help="what to say")
    say.add_argument("--as", dest="name", type=_name, default=None, help="who speaks")
    say.add_argument("--now", help="pretend that it is this date or time, such as 2026-12-07 or 2026-12-07T09:30")
    say.add_argument("--json", action="store_true", help="the reply's parts as JSON")
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a number from 1 to 65535")
    return int(text)


def _name(text: str) -> str:
    if not 1 <= len(text.strip()) <= 100:
        raise argparse.ArgumentTypeError("a name has 1 to 100 characters")
    return text.strip()


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SystemExit(_refuse(f"--now {text!r} is not a date or time; for example 2026-12-07T09:30")) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0, or 2 with one clear line when the input or the set-up is wrong."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except (AgreementError, SettingsError) as error:
        return _refuse("cannot start.\n" + str(error))
    except DatabaseTooNewError:
        return _refuse("cannot start: the database was made by a later version. Update this program.")
    except OSError as error:
        return _refuse(f"cannot use {error.filename}: {error.strerror}. Is COMPACT_DATABASE_URL right?")
    except SQLAlchemyError as error:
        return _refuse(f"cannot open the database ({type(error).__name__}). Check COMPACT_DATABASE_URL.")


def _run(options: argparse.Namespace) -> int:
    settings = read_settings()
    if options.command == "run":
        with assemble(settings) as program:
            return _serve(program, options.port)
    from adapters import console
    from adapters.plain_text import plain_text

    name = options.name or getpass.getuser()
    if options.command == "chat":
        with assemble(settings) as program:
            console.chat(program.bot.reply_to, name, program.clock, KEPT / "chat-history")
        return 0
    now = _moment(options.now, settings.timezone) if options.now else None
    with assemble(settings, lambda: now) if now else assemble(settings) as program:
        reply = program.bot.reply_to(console.message(options.text, name, program.clock()))
    if reply is not None:
        print(console.as_json(reply) if options.json else plain_text(reply))
    return 0


def _serve(program: Program, port: int) -> int:
    import uvicorn

    from adapters.web.app import web_app

    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
        except OSError:
            return _refuse(
                f"port {port} is in use or not allowed; try another: compact-bot run --port {port % 65_535 + 1}"
            )
        port = listening.getsockname()[1]
        print(f"Compact Bot is at http://{HOST}:{port} - press Ctrl-C to stop.", flush=True)
        app = web_app(program.bot, program.clock)
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        uvicorn.Server(config).run(sockets=[listening])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
