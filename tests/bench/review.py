"""The yearly review over 100,000 entries of feedback and 10,000 deadlines, in a process of its own."""

import json
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path

import psutil
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from compact_bot.feedback.periods import Period
from compact_bot.store.database import migrate, open_database
from compact_bot.store.tables import (
    Deadline,
    Feedback,
    FeedbackClause,
    Milestone,
    Organisation,
    OrganisationSettings,
)
from tests.bench.nudges import databases

ROOT = Path(__file__).parent.parent.parent
MEASURED_WITHIN = 300.0  # seconds
ENTRIES, DEADLINES = 100_000, 10_000
AT_ONCE = 5_000
FIRST = date(2026, 4, 1)
YEAR = Period(FIRST, date(2027, 3, 31))
TODAY = date(2027, 4, 1)
NOW = datetime(2027, 4, 1, tzinfo=UTC)
CLAUSES = ("3.1.1", "3.2.2", "3.2.3", "3.3.4", "3.3.5", "3.3.9", "3.4.3", "3.4.4", "3.5.1", "3.5.4")
KINDS = ("not kept", "kept", "not kept", "suggestion")
STATES = ("open", "acknowledged", "resolved", "no action")


def fill(engine: Engine) -> None:
    """A year of feedback on ten clauses about two hundred bodies, a tenth of it anonymous, and of deadlines."""
    with Session(engine) as session, session.begin():
        session.add(Organisation(id=1, name="Ours"))
        session.flush()
        session.add(OrganisationSettings(organisation_id=1, timezone="Europe/London", lead=""))
        session.flush()
        for first in range(1, ENTRIES + 1, AT_ONCE):
            numbers = range(first, first + AT_ONCE)
            session.execute(insert(Feedback), [_feedback(number) for number in numbers])
            session.execute(
                insert(FeedbackClause),
                [
                    {"feedback_id": number, "clause": CLAUSES[(number + place * 3) % len(CLAUSES)], "place": place}
                    for number in numbers
                    for place in range(1 + (number % 4 == 0))
                ],
            )
        kinds = cycle(("funding-notice", "consultation", "payment"))
        for first in range(1, DEADLINES + 1, AT_ONCE):
            rows = [_deadline(number, next(kinds)) for number in range(first, first + AT_ONCE)]
            session.execute(insert(Deadline), [row for row, _ in rows])
            session.execute(insert(Milestone), [milestone for _, milestones in rows for milestone in milestones])


def _feedback(number: int) -> dict[str, object]:
    day = FIRST + timedelta(days=number % 365)
    anonymous = number % 10 == 0
    return {
        "id": number, "organisation_id": 1, "number": number, "kind": KINDS[number % 4],
        "what": f"The council paid our invoice number {number} five weeks late and told nobody why", "behalf": "",
        "about": f"Body {number % 200}", "happened_on": day, "link": "", "anonymous": anonymous, "logged_on": day,
        "logged_at": None if anonymous else NOW, "who": "" if anonymous else "Amina", "owner": "", "content": "",
        "person_id": "" if anonymous else "U1", "platform": "" if anonymous else "stub", "route": "",
        "state": STATES[number % 3], "outcome": "",
    }  # fmt: skip


def _deadline(number: int, kind: str) -> tuple[dict[str, object], list[dict[str, object]]]:
    day = FIRST + timedelta(days=number % 365)
    anchors, dates = {
        "funding-notice": (
            {"ends": [(day + timedelta(days=92)).isoformat()]},
            {"best-practice-notice": day - timedelta(days=91), "minimum-notice": day, "ends": day + timedelta(days=92)},
        ),
        "consultation": (
            {"opens": [day.isoformat()], "closes": [(day + timedelta(days=60 + number % 60)).isoformat()]},
            {"opens": day, "closes": day + timedelta(days=60 + number % 60)},
        ),
        "payment": ({"due": [day.isoformat()]}, {"paid": day}),
    }[kind]
    deadline: dict[str, object] = {
        "id": number, "organisation_id": 1, "number": number, "kind": kind, "title": f"Deadline {number}",
        "owner": "Amina", "state": "open", "anchors": anchors, "leads": "", "clause": "", "rationale": "",
        "platform": "stub", "route": "here", "created_at": NOW,
    }  # fmt: skip
    milestones: list[dict[str, object]] = [
        {
            "deadline_id": number, "name": name, "title": name, "clause": "", "due_on": due,
            "state": "done" if number % 2 else "open", "done_note": "",
            "done_on": due + timedelta(days=number % 5 - 2) if number % 2 else None,
        }
        for name, due in dates.items()
    ]  # fmt: skip
    return deadline, milestones


def measured(database: str) -> dict[str, float]:
    """Seconds for the review and for its summary in chat, and the memory of the process at its highest."""
    asked = [sys.executable, "-m", "tests.bench.review", database]
    done = subprocess.run(asked, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=MEASURED_WITHIN)
    return dict(json.loads(done.stdout))


def once(database: str) -> None:
    """In the process that is measured: read and count it, as `review` does, and write its page."""
    from adapters.review.page import review_page
    from compact_bot.feedback.records import load_review
    from knowledge.reader import FOLDER, read_agreement
    from knowledge.rules import read_rules

    agreement = read_agreement(FOLDER / "sutton")
    rules, _ = read_rules(FOLDER / "sutton", agreement)
    engine = open_database(database)
    started = time.perf_counter()
    review = load_review(engine, agreement, rules, "Ours", YEAR, TODAY)
    seconds = time.perf_counter() - started
    highest = _highest_memory()
    started = time.perf_counter()
    page = review_page(review)
    written = time.perf_counter() - started
    assert review.total.total == ENTRIES
    found = {"seconds": seconds, "memory": highest, "page": written, "page_memory": _highest_memory()}
    print(json.dumps({**found, "page_size": len(page) / 1e6}))


def _highest_memory() -> float:
    """Megabytes."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return max(peak, psutil.Process().memory_info().rss / 1e6)


def main() -> None:
    print(f"A review over {ENTRIES:,} entries and {DEADLINES:,} deadlines (goal: <= 2 s, <= 300 MB)")
    with databases() as kinds:
        for kind, database in kinds.items():
            engine = open_database(database)
            migrate(engine)
            fill(engine)
            engine.dispose()
            runs = [measured(database) for _ in range(3)]
            best = min(runs, key=lambda run: run["seconds"])
            worst = max(run["seconds"] for run in runs)
            print(
                f"  {kind:12} {best['seconds']:5.2f} s (worst of 3 {worst:5.2f} s), {best['memory']:4.0f} MB; "
                f"its page of {best['page_size']:.1f} MB {best['page']:5.2f} s more, {best['page_memory']:4.0f} MB"
            )


if __name__ == "__main__":
    once(sys.argv[1])
