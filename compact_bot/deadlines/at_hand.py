"""What those who answer need at hand: the tracker of the person's organisation, and one deadline by its number."""

import re

from compact_bot.conversation import Reply
from compact_bot.deadlines import replies
from compact_bot.deadlines.planning import PlanError
from compact_bot.deadlines.sentences import UnreadError, word_for
from compact_bot.deadlines.tracking import Actor, Tracker, deadline_numbered, settings_of
from compact_bot.store.tables import Deadline, OrganisationSettings
from compact_bot.turn import Turn
from knowledge.rules import Kind

ID = r"d(?P<id>\d{1,6})"
LONGEST_REASON = 1_000


def actor(turn: Turn) -> Actor:
    message = turn.message
    return Actor(message.sender.name, message.sender.id, message.address, message.sent_at)


def settings(turn: Turn) -> OrganisationSettings:
    return settings_of(turn.session, turn.organisation, turn.timezone)


def tracker(turn: Turn) -> Tracker:
    return Tracker(turn.session, turn.organisation, settings(turn), turn.rules, actor(turn))


def unread(problem: UnreadError) -> Reply:
    return Reply(problem.says, next_step=f"For example: {problem.example}")


def unplanned(problem: PlanError, kind: Kind) -> Reply:
    dates = " ".join(f"{word_for(asked)} DATE" for asked in kind.asks)
    return Reply(f"{problem} Nothing was saved.", next_step=f'For example: track {kind.words[0]} "NAME" {dates}')


def found_deadline(turn: Turn, found: re.Match[str]) -> Deadline | Reply:
    deadline = deadline_numbered(turn.session, turn.organisation, int(found["id"]))
    if deadline is None:
        return Reply(
            f"There is no D{found['id']} here. Nothing was changed.",
            next_step="Type deadlines to see those there are.",
        )
    return deadline


def open_deadline(turn: Turn, found: re.Match[str]) -> Deadline | Reply:
    deadline = found_deadline(turn, found)
    if isinstance(deadline, Deadline) and deadline.state != "open":
        return Reply(
            f"{replies.code(deadline)} is already {deadline.state}. Nothing was changed.",
            next_step=f"Type {replies.code(deadline)} to see its history.",
        )
    return deadline


def kind_of(turn: Turn, deadline: Deadline) -> Kind:
    return turn.rules.kind(deadline.kind) or turn.rules.kinds[-1]
