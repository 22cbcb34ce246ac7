"""The command line: compact-bot run, web, worker, chat, say, review, nudges, migrate, learn, doctor and others."""

import argparse
import asyncio
import errno
import getpass
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from adapters.lists import EXPORTED, ListError, add_export, add_import, run_export, run_import
from compact_bot import operating, watching
from compact_bot.assemble import CLAUSES_LEARNED, Program, assemble
from compact_bot.logs import set_up_log, type_and_place
from compact_bot.place import home_of
from compact_bot.settings import SettingsError, read_settings
from compact_bot.store.database import DatabaseBehindError, DatabaseTooNewError
from knowledge.adopting.errors import AdoptError
from knowledge.agreement import AgreementError

if TYPE_CHECKING:
    import uvicorn
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from adapters.clock import Job
    from compact_bot.nudges.sending import Counts, Sender
    from compact_bot.store.tables import Nudge

STOPS_WITHIN = 10  # seconds for requests that are being answered when the process stops
WITH_DOORS = ("run", "web", "worker", "nudges", "doctor")  # the others never speak to a chat platform
PACKAGE = Path("compact-bot-teams.zip")
FIRST_YEAR, LAST_YEAR = 1990, 2100  # of --now; dates far off have no bank holidays, and at last no arithmetic
WAITING = 2_048  # connections that the system holds until they are taken


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
    run.add_argument("--port", type=_port, default=None, help="default 8000, or PORT")
    commands.add_parser("web", help="only what Slack and Teams call; listens at HOST and PORT")
    chat = commands.add_parser("chat", help="a conversation in this terminal")
    chat.add_argument("--as", dest="name", type=_name, default=None, help="who speaks")
    say = commands.add_parser("say", help="one message, for scripts and tests")
    say.add_argument("text", help="what to say")
    say.add_argument("--as", dest="name", type=_name, default=None, help="who speaks")
    say.add_argument("--now", help="pretend that it is this date or time, such as 2026-12-07 or 2026-12-07T09:30")
    say.add_argument("--json", action="store_true", help="the reply's parts as JSON")
    nudges = commands.add_parser("nudges", help="one pass over what is due, printed")
    nudges.add_argument("--now", help="pretend that it is this date or time")
    nudges.add_argument("--dry-run", action="store_true", help="print what would be sent, send nothing")
    nudges.add_argument("--failed", action="store_true", help="list what could not be delivered")
    nudges.add_argument("--retry", action="store_true", help="try again what could not be delivered")
    review = commands.add_parser("review", help="the yearly review as a file")
    review.add_argument("--out", type=Path, required=True, help="a file that ends in .html, .docx, .xlsx or .csv")
    review.add_argument("--period", default="", help='such as 2026, or "April 2026 to March 2027"; else 12 months')
    review.add_argument("--organisation", default="", help="as its chat platform names it; else this machine's own")
    review.add_argument("--now", help="pretend that it is this date or time")
    add_import(commands.add_parser("import", help="a list of grants, contracts, consultations or payments"), _name)
    add_export(commands.add_parser("export", help="deadlines or feedback as a spreadsheet, CSV or JSON"))
    commands.add_parser("worker", help="only sends nudges; several may share one PostgreSQL")
    commands.add_parser("doctor", help="check the set-up of Slack and Teams, and say what to do")
    commands.add_parser("migrate", help="bring the database up to date")
    operating.add_commands(commands)
    adopt = commands.add_parser("adopt", help="take in an agreement from its Word, PDF, web or text file")
    adopt.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="the agreement: .docx, .pdf, .html, .md, .txt"
    )
    adopt.add_argument("--into", type=Path, metavar="FOLDER", help="the folder to make; else named after the file")
    adopt.add_argument("--yes", action="store_true", help="write it without asking")
    adopt.add_argument("--page", action="store_true", help="look through it and mend it on a local page")
    adopt.add_argument("--whole", action="store_true", help="show every clause in the preview")
    commands.add_parser("learn", help="learn everything that is learned, so that nobody waits for it later")
    package = commands.add_parser("teams-package", help="write the app package that a Teams administrator uploads")
    package.add_argument("--out", type=Path, default=PACKAGE, help=f"default {PACKAGE}")
    return parser


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= 65_535:
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
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise SystemExit(_refuse(f"--now {text!r} is no year of ours; give one from {FIRST_YEAR} to {LAST_YEAR}"))
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _own_name() -> str:
    """The name of whoever runs this, where the machine knows it."""
    try:
        return _name(getpass.getuser())
    except (KeyError, OSError, argparse.ArgumentTypeError):
        raise SystemExit(_refuse("this machine does not say who you are; say it yourself: --as NAME")) from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0, or 2 with one clear line when the input or the set-up is wrong."""
    set_up_log()
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except AdoptError as error:
        return _refuse(str(error))
    except (AgreementError, SettingsError) as error:
        return _refuse("cannot start.\n" + str(error))
    except DatabaseTooNewError:
        return _refuse("cannot start: the database was made by a later version. Update this program.")
    except DatabaseBehindError:
        return _refuse("cannot start: the database is not up to date. Run: compact-bot migrate")
    except ListError as error:
        return _refuse(str(error))
    except BrokenPipeError:  # whoever read our output has had enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _refuse(f"cannot use {error.filename}: {error.strerror}. Check COMPACT_HOME and COMPACT_DATABASE_URL.")
    except SQLAlchemyError as error:
        # What SQLite calls it tells a file that is busy from one that is damaged or gone.
        kind = getattr(getattr(error, "orig", None), "sqlite_errorname", type(error).__name__)
        return _refuse(f"cannot open the database ({kind}). Check COMPACT_DATABASE_URL.")
    except Exception as error:  # its text may hold a password, as that of an address which cannot be read does
        _refuse(f"stopped by a mistake of its own: {type_and_place(error)}. Please tell whoever looks after it.")
        return 1


def _run(options: argparse.Namespace) -> int:
    if options.command == "adopt":
        from adapters.adopting import adopt_files, adopt_on_a_page

        kept_in = home_of(read_settings()) / CLAUSES_LEARNED
        if options.page:
            return adopt_on_a_page(options.files, options.into, kept_in, _serve_until)
        return adopt_files(options.files, options.into, options.yes, options.whole, kept_in)
    settings = read_settings()
    set_up_log(settings["COMPACT_LOG"])
    if options.command == "teams-package":
        from adapters.teams.package import write_package

        write_package(settings, options.out)
        print(f"Written: {options.out}. Upload it in the Teams admin centre, under Teams apps, Manage apps.")
        return 0
    if options.command == "learn":
        from compact_bot.learning import learn

        return learn(settings)
    text = getattr(options, "now", None)
    now = _moment(text, settings.timezone) if text else None
    clock = (lambda: now) if now else lambda: datetime.now(UTC)
    with assemble(
        settings, clock, migrating=options.command == "migrate", with_doors=options.command in WITH_DOORS
    ) as program:
        if options.command == "review":
            return _review(program, options)
        if options.command == "import":
            if options.file is not None and options.file.is_dir():
                return operating.bring_back(program, options.file)
            run_import(program, options, _own_name)
        if options.command == "export":
            if options.out is None and options.what not in EXPORTED:
                return operating.back_up(program, Path(options.what))
            run_export(program, options)
        if options.command in ("run", "web"):
            return _serve(program, getattr(options, "port", None) or settings.port, options.command == "run")
        if options.command == "doctor":
            return asyncio.run(_doctor(program))
        if options.command in operating.COMMANDS:
            return operating.COMMANDS[options.command](program, options)
        if options.command == "worker":
            asyncio.run(_work(program))
        if options.command == "nudges":
            _nudges(program, options)
        if options.command in ("chat", "say"):
            _talk(program, options)
    return 0


def _talk(program: Program, options: argparse.Namespace) -> None:
    from adapters import console
    from adapters.plain_text import plain_text, within

    name = options.name or _own_name()
    if options.command == "chat":
        console.chat(program.bot.reply_to, name, program.clock, program.home / "chat-history")
        return
    reply = program.bot.reply_to(console.message(options.text, name, program.clock()))
    if reply is not None:
        print(console.as_json(reply) if options.json else plain_text(within(reply)))


def _review(program: Program, options: argparse.Namespace) -> int:
    from adapters.console import LOCAL
    from adapters.review.publisher import MEDIA_TYPES, rendered
    from compact_bot.feedback.periods import PeriodError, read_period

    suffix = options.out.suffix.lower().lstrip(".")
    if suffix not in MEDIA_TYPES:
        return _refuse(f"--out must end in .{', .'.join(MEDIA_TYPES)}; for example --out review.docx")
    try:
        period = read_period(options.period, program.clock().astimezone(program.settings.timezone).date())
    except PeriodError as problem:
        return _refuse(f'{problem} For example: --period "April 2026 to March 2027"')
    review = program.publisher.load(options.organisation or LOCAL, period)
    try:
        options.out.write_bytes(rendered(review, suffix))
    except BrokenPipeError:  # whoever read our output has had enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _refuse(f"cannot write {options.out}: {error.strerror}")
    print(f"{options.out}: the review of {period}. Entries of feedback: {review.total.total}.")
    return 0


async def _work(program: Program) -> None:
    """Send nudges until stopped."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with _running(program, sends_only=True), _ticking(program, program.sender()):
        print("Compact Bot's worker is sending nudges - press Ctrl-C to stop.", flush=True)
        await stop.wait()


def _nudges(program: Program, options: argparse.Namespace) -> None:
    from compact_bot.nudges import outcomes, queue

    if options.retry:
        print(f"{outcomes.retry_failed(program.engine, program.clock())} nudges will be tried again.")
    if options.failed or options.dry_run:
        found = queue.failed(program.engine) if options.failed else queue.due_now(program.engine, program.clock())
        print("\n".join(map(_line, found)) or f"No nudge {'has failed' if options.failed else 'is due'}.")
        return
    counts = asyncio.run(_send_once(program))
    print(f"Sent {counts.sent}, to try again {counts.later}, given up {counts.gave_up}.")


async def _send_once(program: Program) -> "Counts":
    async with _running(program, sends_only=True):
        return await program.sender().send_due()


@asynccontextmanager
async def _running(program: Program, sends_only: bool = False) -> AsyncIterator[None]:
    """While the context is open, the doors can send, and hear what is said unless they only send."""
    from adapters.clock import spare_loaded_code

    spare_loaded_code()
    async with AsyncExitStack() as doors:
        for door in program.doors:
            await doors.enter_async_context(door.running(sends_only))
        yield


async def _doctor(program: Program) -> int:
    """Print what is well and what is not; 1 when something is not."""
    from adapters.door import Check
    from compact_bot.lost_places import lost_places

    found = [*operating.own_checks(program), *[check for door in program.doors for check in await door.checks()]]
    found += [
        Check(f"Nudges of {organisation}", False, f"they go to people instead: {because}. Add the app there again")
        for organisation, because in lost_places(program.engine)
    ]
    for check in found:
        print(f"{'good' if check.good else 'WRONG'}: {check.name}: {check.says}.")
    if not program.doors:
        print("Neither Slack nor Teams is set up. The terminal and the local page need nothing more.")
    return 0 if all(check.good for check in found) else 1


def _line(nudge: "Nudge") -> str:
    what = "digest" if nudge.purpose == "digest" else "feedback that waits"
    if nudge.milestone:
        what = f"D{nudge.milestone.deadline.number} {nudge.milestone.deadline.title}: {nudge.milestone.title}"
    if nudge.feedback:
        what = f"F{nudge.feedback.number}: {nudge.feedback.state}"
    failed = f" - {nudge.last_error}, {nudge.attempts} attempts" if nudge.last_error else ""
    return f"{nudge.planned_for:%d/%m/%Y} {nudge.platform}: {what}{failed}"


def _serve_until(app: Callable[..., Any], listening: socket.socket, over: threading.Event) -> None:
    """Serve a page on a socket of this machine until it says that it is over."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))

    def stop() -> None:
        over.wait()
        server.should_exit = True

    threading.Thread(target=stop, daemon=True).start()
    server.run([listening])


def _serve(program: Program, port: int, with_page: bool) -> int:
    """Serve until stopped: what the doors need, and with the page also the nudges."""
    from adapters.web.app import doors_app

    program.bot.search.find("notice")  # else the first to ask waits for what is made on demand, near Slack's limit
    host, public_url = program.settings["HOST"], program.settings["COMPACT_PUBLIC_URL"]
    routes = _routes(program, with_page)
    try:
        listening = _listening(host, port)
    except (socket.gaierror, UnicodeError):
        return _refuse("HOST: is not an address of this machine. Set it to 127.0.0.1, or 0.0.0.0 for everywhere")
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            return _refuse(f"HOST: this machine cannot listen there ({error.strerror}). Set it to 127.0.0.1")
        another = port % 65_535 + 1
        return _refuse(f"port {port} is in use or not allowed; try another: compact-bot run --port {another}")
    with listening:
        port = listening.getsockname()[1]
        names = ["the pages"] if public_url else ["the local page"] if with_page else []
        names += [door.platform.title() for door in program.doors]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        sender = program.sender()
        print(f"Compact Bot is at {address} for {', '.join(names) or 'nobody yet'} - press Ctrl-C to stop.", flush=True)
        meanwhile = partial(_working, program, sender) if with_page else partial(_answering_again, program)
        server = _server(doors_app(routes, meanwhile, program.answer), sender)
        with _stopped_by_nothing_else():
            server.run(sockets=[listening])
    return 0


def _routes(program: Program, with_page: bool) -> "list[BaseRoute]":
    """What tells how the program is, the doors, and the pages where anybody can reach them."""
    from adapters.web.app import pages
    from adapters.web.issuers import issuers_of
    from adapters.web.watched import watched_routes

    settings = program.settings
    key, public_url = settings["COMPACT_METRICS_KEY"], settings["COMPACT_PUBLIC_URL"]
    routes = [*watched_routes(program.engine, program.clock, program.metrics, key, public_url)]
    routes += [route for door in program.doors for route in door.routes()]
    if with_page or public_url:
        issuers = issuers_of(settings)
        routes += pages(program.bot, program.clock, program.sent_nudges, program.links, program.answer, issuers)
    return routes


def _server(app: "ASGIApp", sender: "Sender") -> "uvicorn.Server":
    import uvicorn

    from adapters.web.arriving import Arriving
    from adapters.web.guard import Guard

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            """Nudges stop being taken up at once, not only when the last request is answered."""
            sender.stop_claiming()
            super().handle_exit(sig, frame)

    config = uvicorn.Config(
        Guard(app),
        http=Arriving,
        ws="none",
        log_level="warning",
        log_config=None,  # ours is plain: see compact_bot/logs.py
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOPS_WITHIN,
    )
    return Server(config)


def _listening(host: str, port: int) -> socket.socket:
    """A socket that takes connections from now on, IPv4 where a name has both. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, _, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    # The protocol is named so that asyncio turns off Nagle's algorithm, which costs each answer 40 ms.
    listening = socket.socket(family, kind, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(WAITING)
    except OSError:
        listening.close()
        raise
    return listening


@contextmanager
def _stopped_by_nothing_else() -> Iterator[None]:
    """The server raises the signal that stopped it once more when it is done; the answers being made come first."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(name, lambda *_: None) for name in signals]
    try:
        yield
    finally:
        for name, handler in zip(signals, before, strict=True):
            signal.signal(name, handler)


@asynccontextmanager
async def _working(program: Program, sender: "Sender") -> AsyncIterator[None]:
    async with _running(program), _ticking(program, sender):
        yield


def _ticking(program: Program, sender: "Sender") -> AbstractAsyncContextManager[None]:
    from adapters.clock import DAY, EVERY, HOUR, Job, ticking
    from compact_bot.nudges.steady import SteadyClock

    clock = SteadyClock(program.clock)

    async def forget() -> None:
        await asyncio.to_thread(program.forget_old, clock())

    async def retain() -> None:
        await asyncio.to_thread(program.delete_what_is_over, clock())

    async def beat() -> None:
        if sender.is_moving:
            await asyncio.to_thread(watching.beat, program.engine, sender.worker, clock())

    jobs = [
        Job("heartbeat", beat, watching.BEATS_EVERY),
        Job("nudges", sender.send_due, EVERY),
        Job("forgetting", forget, HOUR),
        Job("retention", retain, DAY),
        *_answers_again(program),
    ]
    return ticking(jobs, sender.finish)


def _answers_again(program: Program) -> "list[Job]":
    """What sends the answers that a platform did not take, or that a process which died had in hand."""
    from adapters.clock import EVERY, Job

    boxes = [(door.platform.title(), door.outbox) for door in program.doors]
    return [Job(f"answers in {name}", outbox.send_waiting, EVERY) for name, outbox in boxes if outbox]


@asynccontextmanager
async def _answering_again(program: Program) -> AsyncIterator[None]:
    from adapters.clock import ticking

    async with _running(program), ticking(_answers_again(program), _nothing):
        yield


async def _nothing() -> None:
    """Nothing is to be finished: what waits is in the database."""


if __name__ == "__main__":
    raise SystemExit(main())
