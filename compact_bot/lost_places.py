"""A place of nudges that takes nothing: noted when it is found out, said where people look, over when it speaks."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.orm import Session

from compact_bot.conversation import Address, Fact, Message, Reply
from compact_bot.dates import spoken
from compact_bot.deadlines.finding import tracker
from compact_bot.deadlines.tracking import CHOSEN
from compact_bot.nudges.planning import NEVER_ADDED, REMOVED, REMOVED_FROM_PLACE
from compact_bot.outbox.rows import tell
from compact_bot.store.again import transaction
from compact_bot.store.records import organisation_called
from compact_bot.store.tables import Milestone, Organisation, OrganisationSettings, StepState
from compact_bot.turn import Turn
from compact_bot.understanding.acts import Act, Home, Show, Track

MOST_MISSED = 10
BACK = "back"
_WERE_REMOVED = (REMOVED, REMOVED_FROM_PLACE)
_SAYS_SO = (Show, Home, Track)


# ---- noted -----------------------------------------------------------------------------------------------------------


@transaction
def note_lost(engine: Engine, organisation: str, address: Address, because: str, now: datetime) -> None:
    """The place of an organisation's nudges takes nothing, as was found out when it was chosen."""
    with engine.begin() as connection:
        lose(connection, organisation_called(connection, organisation).id, address, because, now)


def lose(connection: Connection, organisation_id: int, address: Address, because: str, now: datetime) -> None:
    """Note it where this is the team's place, and it was not known yet."""
    connection.execute(
        update(OrganisationSettings)
        .where(OrganisationSettings.organisation_id == organisation_id, OrganisationSettings.lost_at.is_(None))
        .where(OrganisationSettings.platform == address.platform, OrganisationSettings.route == address.route)
        .values(lost_at=now, lost_because=because[:200])
    )


def spoke_again(connection: Connection, organisation: Organisation, message: Message) -> None:
    """Somebody spoke to us in the place of nudges, where others read along: it takes messages again."""
    connection.execute(
        update(OrganisationSettings)
        .where(OrganisationSettings.organisation_id == organisation.id, OrganisationSettings.lost_at.is_not(None))
        .where(OrganisationSettings.lost_because.not_in(_WERE_REMOVED))
        .where(OrganisationSettings.platform == message.address.platform)
        .where(OrganisationSettings.route == message.address.route)
        .values(lost_at=None, lost_because="")
    )


def lost_places(engine: Engine) -> list[tuple[str, str]]:
    """The organisations whose nudges cannot be posted, and why."""
    lost = select(Organisation.name, OrganisationSettings.lost_because).join(OrganisationSettings)
    with engine.connect() as connection:
        rows = connection.execute(lost.where(OrganisationSettings.lost_at.is_not(None)))
        return [(row.name, row.lost_because) for row in rows]


def place_without_us(engine: Engine, organisation: str, platform: str) -> str:
    """The route of the place of nudges from which we were removed, or to which we were never added; "" for none."""
    with Session(engine) as session:
        found = session.scalar(
            select(OrganisationSettings.route)
            .join(Organisation, Organisation.id == OrganisationSettings.organisation_id)
            .where(Organisation.name == organisation, OrganisationSettings.platform == platform)
            .where(OrganisationSettings.lost_because.in_((*_WERE_REMOVED, NEVER_ADDED)))
        )
    return found or ""


def nudged_routes(engine: Engine, platform: str) -> list[str]:
    """The places of nudges on a platform, of all organisations that have not stopped them."""
    chosen = select(OrganisationSettings.route).where(OrganisationSettings.platform == platform)
    with engine.connect() as connection:
        return list(connection.scalars(chosen.where(~OrganisationSettings.stopped)))


# ---- said ------------------------------------------------------------------------------------------------------------


def with_trouble(turn: Turn, act: Act, reply: Reply) -> Reply:
    """Where somebody looks at a deadline, at home or tracks, that nudges cannot be posted, and what mends it."""
    if not isinstance(act, _SAYS_SO):
        return reply
    kept = turn.session.get(OrganisationSettings, turn.organisation.id)
    if kept is None or kept.lost_at is None or kept.stopped:
        return reply
    since = spoken(kept.lost_at.astimezone(ZoneInfo(turn.timezone)).date())
    said = (
        f"Nudges cannot be posted where your team gets them, since {since} ({kept.lost_because}). They go to the owner "
        "and the Compact leads meanwhile. To mend it, add me there again, or say in another place: nudges here"
    )
    return replace(reply, note=" ".join(filter(None, (reply.note, said))))


# ---- back ------------------------------------------------------------------------------------------------------------


def back(turn: Turn) -> Reply | None:
    """Added again after having been removed: nudges go on, and what was missed is said once. None where it is new."""
    kept = turn.session.get(OrganisationSettings, turn.organisation.id)
    platform = turn.message.address.platform
    if kept is None or kept.lost_at is None or kept.lost_because not in _WERE_REMOVED or kept.platform != platform:
        return None
    since, place = kept.lost_at, Address(kept.platform, kept.route)
    kept.lost_at, kept.lost_because = None, ""
    keeper = tracker(turn)
    keeper.resume()
    missed = _missed(turn, since)
    reply = Reply(
        "I am back. What you track is as it was, and nudges come again."
        + (" Meanwhile these dates passed without a nudge:" if missed else " No date was missed."),
        facts=missed,
        next_step="To see everything, type deadlines.",
        act=BACK,
    )
    if (place.platform, place.route) != (platform, turn.message.address.route):
        tell(turn.connection, turn.organisation, place, reply, turn.message.sent_at)
    return reply


def _missed(turn: Turn, since: datetime) -> tuple[Fact, ...]:
    """The open steps whose day fell into the time without us."""
    keeper = tracker(turn)
    first = since.astimezone(ZoneInfo(turn.timezone)).date()

    def fell(step: Milestone) -> bool:
        return step.state is StepState.OPEN and first <= step.due_on <= keeper.today

    steps = ((deadline, step) for deadline in keeper.own_open() for step in deadline.milestones)
    found = [(step.due_on, deadline, step) for deadline, step in steps if fell(step)]
    return tuple(
        Fact(f"{deadline.code}, {deadline.title}", f"{step.title}, {spoken(day)}.")
        for day, deadline, step in sorted(found, key=lambda one: (one[0], one[1].number))[:MOST_MISSED]
    )


def chose_a_place(turn: Turn) -> bool:
    """Whether this very message chose where nudges go."""
    return turn.transaction.has_session and bool(turn.session.info.get(CHOSEN))
