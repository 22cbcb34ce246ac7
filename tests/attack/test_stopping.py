"""A server stops its processes at every update: nothing on its way is lost, sent again, or held back for minutes."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.store.tables import Nudge
from tests.attack.program import running, slack_environment
from tests.faults.platform import fill
from tests.slack import workspace as slack
from tests.slack.workspace import TEAM, Workspace, wait_until
from tests.slack.workspace import running as running_workspace


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with running_workspace(Workspace()) as one:
        yield one


def to_slack(engine: Engine, number: int, channels: int = 0) -> None:
    fill(engine, number, channels=channels)
    with Session(engine) as session, session.begin():
        for nudge in session.scalars(select(Nudge)):
            nudge.platform, nudge.route = "slack", f"{TEAM}/C{nudge.route.removeprefix('channel '):0>8}"


def nudges(engine: Engine) -> list[tuple[str, str, bool, int]]:
    with Session(engine) as session:
        found = session.scalars(select(Nudge).order_by(Nudge.id)).all()
        return [(one.state, one.leased_by, one.lease_until is None, one.attempts) for one in found]


def test_sends_that_slack_has_taken_are_waited_for_and_recorded(
    both: Engine, database: str, workspace: Workspace, tmp_path: Path
) -> None:
    workspace.slow["chat.postMessage"] = 2.0
    to_slack(both, 1200)
    with running("worker", database, tmp_path, slack_environment(workspace)) as worker:
        wait_until(lambda: len(workspace.called("chat.postMessage")) >= 100, 15)
        took = worker.stop()
        assert worker.process.returncode == 0, worker.log()
    assert took < 10
    taken = Counter(call["channel"] for call in workspace.called("chat.postMessage"))
    states = Counter(state for state, *_ in nudges(both))
    assert set(taken.values()) == {1}
    assert states["sent"] == len(taken)
    assert states["waiting"] == 1200 - len(taken)
    assert states["waiting"] > 400  # what was not claimed by then is left to others


@pytest.mark.slow
def test_what_could_not_leave_in_time_is_handed_back_for_others_to_send(
    both: Engine, database: str, workspace: Workspace, tmp_path: Path
) -> None:
    """A platform that answers nothing for longer than a stop may take."""
    workspace.slow["chat.postMessage"] = 20.0
    to_slack(both, 60)
    with running("worker", database, tmp_path, slack_environment(workspace)) as worker:
        wait_until(lambda: len(workspace.called("chat.postMessage")) >= 2, 15)
        assert worker.stop() < 16
        assert worker.process.returncode == 0, worker.log()
    assert set(nudges(both)) == {("waiting", "", True, 0)}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_answers_being_made_are_finished_and_posted(database: str, workspace: Workspace, tmp_path: Path) -> None:
    workspace.slow["chat.postMessage"] = 2.0
    with running("run", database, tmp_path, slack_environment(workspace)) as program:
        said = slack.message('track payment "Q3" due 1 December 2026', channel="D00000001", channel_type="im")
        body = json.dumps(slack.event(said)).encode()
        headers = slack.signed(body, "application/json")
        assert httpx2.post(f"{program.base}/slack/events", content=body, headers=headers).status_code == 200
        assert program.stop() < 10
        assert program.process.returncode == 0, program.log()
    (posted,) = workspace.called("chat.postMessage")
    assert posted["text"].startswith("Saved as D1")
    assert program.log() == ""
