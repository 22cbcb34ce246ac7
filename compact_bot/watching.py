"""Whether nudges still go out, as the database tells it: every process of a deployment sees the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, select

from compact_bot.store.again import transaction
from compact_bot.store.database import inserting
from compact_bot.store.tables import Heartbeat, Nudge, NudgeState, Outgoing

BEATS_EVERY = 20  # seconds
SILENT_AFTER = timedelta(minutes=2)  # without a heartbeat nobody is sending nudges
LATE_AFTER = timedelta(minutes=15)  # due nudges that still wait then are late: a channel takes one a second
GONE_AFTER = timedelta(days=1)  # whose heartbeat is older was stopped long ago
LATELY = timedelta(days=1)


@dataclass(frozen=True)
class Condition:
    """Seconds since the last round of any sender, None where there never was one, and the age of what waits longest."""

    last_round: float | None
    oldest_due: float
    oldest_answer: float

    @property
    def problems(self) -> list[str]:
        """What is wrong, in plain words; [] when all is well."""
        wrong = []
        if self.last_round is None or self.last_round > SILENT_AFTER.total_seconds():
            seen = "never" if self.last_round is None else f"{self.last_round:.0f} seconds ago"
            wrong.append(f"nobody sends nudges: the last round was {seen}")
        if self.oldest_due > LATE_AFTER.total_seconds():
            wrong.append(f"nudges are late: the oldest was due {self.oldest_due:.0f} seconds ago")
        return wrong


@transaction
def beat(engine: Engine, worker: str, now: datetime) -> None:
    """A process has just done its round of nudges; those that stopped long ago are left out from now on."""
    with engine.begin() as connection:
        statement = inserting(connection.dialect.name, Heartbeat).values(worker=worker, beat_at=now)
        connection.execute(statement.on_conflict_do_update(index_elements=["worker"], set_={"beat_at": now}))
        connection.execute(delete(Heartbeat).where(Heartbeat.beat_at < now - GONE_AFTER))


def condition(engine: Engine, now: datetime) -> Condition:
    with engine.begin() as connection:
        last = connection.scalar(select(func.max(Heartbeat.beat_at)))
        waiting = Nudge.state.in_((NudgeState.WAITING, NudgeState.SENDING))
        oldest = connection.scalar(select(func.min(Nudge.due_at)).where(waiting, Nudge.due_at <= now))
        return Condition(_age(last, now) if last else None, _age(oldest, now), _age(_oldest_answer(connection), now))


def _age(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


def _oldest_answer(connection: Connection) -> datetime | None:
    """Since when the answer has waited that waits longest to be posted."""
    return connection.scalar(select(func.min(Outgoing.created_at)))


@dataclass(frozen=True)
class NudgeCounts:
    """Of the last day, but for `due`, which are those that wait now."""

    due: int
    sent: int
    late: int
    failed: int


def nudge_counts(engine: Engine, now: datetime) -> NudgeCounts:
    since = now - LATELY
    with engine.begin() as connection:

        def count(*condition: ColumnElement[bool]) -> int:
            return connection.scalar(select(func.count()).select_from(Nudge).where(*condition)) or 0

        waiting = Nudge.state.in_((NudgeState.WAITING, NudgeState.SENDING))
        times = connection.execute(
            select(Nudge.due_at, Nudge.sent_at).where(Nudge.state == NudgeState.SENT, Nudge.sent_at >= since)
        ).all()
        return NudgeCounts(
            due=count(waiting, Nudge.due_at <= now),
            sent=len(times),
            late=sum(row.sent_at - row.due_at > LATE_AFTER for row in times),
            failed=count(Nudge.state == NudgeState.GAVE_UP, Nudge.due_at >= since),
        )
