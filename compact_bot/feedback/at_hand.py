"""What those who answer about feedback need at hand."""

import re
from dataclasses import replace
from datetime import date

from compact_bot.conversation import Audience, Reply
from compact_bot.deadlines.at_hand import settings
from compact_bot.deadlines.tracking import local_today
from compact_bot.feedback import replies
from compact_bot.feedback.log import feedback_numbered
from compact_bot.store.tables import Feedback
from compact_bot.turn import Turn

ID = r"f(?P<id>\d{1,7})"
LONGEST_WHAT = 1_000
LONGEST_NAME = 100
LONGEST_LINK = 400


def today(turn: Turn) -> date:
    return local_today(settings(turn), turn.message.sent_at)


def found_feedback(turn: Turn, found: re.Match[str]) -> Feedback | Reply:
    return feedback_numbered(turn.session, turn.organisation, int(found["id"])) or replies.unknown(found["id"])


def is_reporter(turn: Turn, feedback: Feedback) -> bool:
    sender, address = turn.message.sender, turn.message.address
    return not feedback.anonymous and (feedback.person_id, feedback.platform) == (sender.id, address.platform)


def unkept(turn: Turn, reply: Reply) -> Reply:
    """For its asker alone where nobody reads along: an answer that can be shared is kept with the time, and two of
    them would tell between which hours an anonymous entry came."""
    return replace(reply, private=turn.message.audience is not Audience.EVERYONE)
