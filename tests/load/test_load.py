"""Two web and two worker processes over one PostgreSQL, many organisations, and one of each killed on the way.

Bounded, and on loopback: it tells that nothing is lost or done twice, not how fast a machine is.
"""

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from compact_bot.store.tables import Deadline, Nudge, NudgeState, Organisation
from tests.attack.program import Running, running
from tests.faults.platform import fill
from tests.slack import workspace as slack
from tests.slack.workspace import Workspace, wait_until
from tests.slack.workspace import running as running_workspace

ORGANISATIONS = 60
NUDGES = 400
TRACK = 'track payment "Rent" due 1 March 2027'


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with running_workspace(Workspace()) as one:
        yield one


def team(number: int) -> str:
    return f"T{number:08}"


def install(engine: Engine, workspace: Workspace) -> None:
    """Each organisation is a workspace with a token of its own, in clear until the first start seals it."""
    store = SQLAlchemyInstallationStore("111.222", engine)
    for number in range(1, ORGANISATIONS + 1):
        token = f"xoxb-{number}"
        workspace.tokens[token] = team(number)
        store.save(Installation(team_id=team(number), user_id="U1", bot_token=token, bot_user_id="UBOT", app_id="A1"))


def fill_with_nudges(engine: Engine) -> None:
    fill(engine, NUDGES)
    with Session(engine) as session, session.begin():
        for nudge in session.scalars(select(Nudge)):
            nudge.platform, nudge.route = "slack", f"{team(1)}/C{nudge.route.removeprefix('channel '):0>8}"
        for table in ("organisations", "deadlines", "milestones", "nudges"):  # which came with numbers of their own
            last = f"(select coalesce(max(id), 0) + 1 from {table})"  # noqa: S608
            session.execute(text(f"select setval(pg_get_serial_sequence('{table}', 'id'), {last}, false)"))


def said(number: int) -> bytes:
    """The very same event each time, as a platform's retry is."""
    message = slack.message(TRACK, user="U00000007", channel=f"D{number:08}", channel_type="im")
    return json.dumps(slack.event({**message, "ts": f"1795600000.{number:06}"}, team=team(number))).encode()


def post(program: Running, body: bytes) -> int:
    """The status; 0 where the process is gone."""
    try:
        headers = slack.signed(body, "application/json")
        return httpx2.post(f"{program.base}/slack/events", content=body, headers=headers, timeout=30).status_code
    except httpx2.HTTPError:
        return 0


@pytest.mark.slow
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_nothing_is_lost_or_done_twice_when_processes_share_a_database_and_die(
    both: Engine, database: str, workspace: Workspace, tmp_path: Path
) -> None:
    install(both, workspace)
    fill_with_nudges(both)
    environment = {
        "SLACK_CLIENT_ID": "111.222",
        "SLACK_CLIENT_SECRET": "of the app",
        "SLACK_SIGNING_SECRET": slack.SECRET,
        "SLACK_API_URL": f"{workspace.url}api/",
        "COMPACT_SECRET_KEY": "k" * 40,
    }
    with ExitStack() as stack:

        def start(command: str, name: str) -> Running:
            (tmp_path / name).mkdir()
            return stack.enter_context(running(command, database, tmp_path / name, environment))

        webs = [start("web", "web 1"), start("web", "web 2")]
        start("worker", "worker 1")
        dying = start("worker", "worker 2")
        wait_until(lambda: len(workspace.called("chat.postMessage")) > NUDGES // 10, 60)
        dying.process.send_signal(signal.SIGKILL)
        bodies = [said(number) for number in range(1, ORGANISATIONS + 1)]
        with ThreadPoolExecutor(8) as pool:
            # Every message comes at both, as when a platform is not sure; the second process dies in between.
            first = list(pool.map(lambda body: post(webs[0], body), bodies))
            half = list(pool.map(lambda body: post(webs[1], body), bodies[: ORGANISATIONS // 2]))
            webs[1].process.send_signal(signal.SIGKILL)
            again = start("web", "web 3")
            rest = list(pool.map(lambda body: post(again, body), bodies))
        assert set(first + half + rest) == {200}
        ends = time.monotonic() + 60
        while deadlines(both) < ORGANISATIONS and time.monotonic() < ends:
            time.sleep(0.2)
        with both.begin() as connection:  # spare the ten minutes until the leases of the dead one lapse
            connection.execute(
                text("update nudges set lease_until = now() - interval '1 second' where state = 'sending'")
            )
        wait_until(lambda: not waiting(both), 90)
        workspace.settle()
    assert deadlines(both) == ORGANISATIONS
    posted = Counter(call["channel"] for call in workspace.called("chat.postMessage"))
    answers = {channel: times for channel, times in posted.items() if channel.startswith("D0")}
    assert set(answers.values()) == {1}, "somebody was answered twice"
    assert len(answers) == ORGANISATIONS, "somebody was not answered"
    nudged = {channel: times for channel, times in posted.items() if channel.startswith("C")}
    assert len(nudged) == NUDGES, "a nudge was lost"
    twice = sum(times - 1 for times in nudged.values())
    assert twice <= 400, "more came twice than a worker has on its way"
    with both.connect() as connection:
        assert connection.scalar(text("select count(*) from slack_bots where bot_token not like 'sealed:%'")) == 0


def deadlines(engine: Engine) -> int:
    with Session(engine) as session:
        ours = (
            select(func.count()).select_from(Deadline).join(Organisation, Organisation.id == Deadline.organisation_id)
        )
        return session.scalar(ours.where(Organisation.name.like("slack:%"))) or 0


def waiting(engine: Engine) -> int:
    with Session(engine) as session:
        states = (NudgeState.WAITING, NudgeState.SENDING)
        due = select(func.count()).select_from(Nudge).where(Nudge.state.in_(states), Nudge.due_at < func.now())
        return session.scalar(due) or 0
