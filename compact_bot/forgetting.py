"""Deleting what is due for deletion: now and then when people write, and every hour though nobody does."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Engine, column, delete, table

from compact_bot.feedback.unanswered import forget_old_questions
from compact_bot.importing.importer import forget_old_lists
from compact_bot.mail.mailboxes import forget_unproved
from compact_bot.membership import STAYS_OPEN
from compact_bot.signing_in import SESSION_LASTS
from compact_bot.store.again import transaction
from compact_bot.store.records import forget_old_talk
from compact_bot.store.tables import OpenHome, SignIn

# Slack's own store adds one for each visit of "Add to Slack", and deletes only those that come back.
_OAUTH_STATES = table("slack_oauth_states", column("expire_at", DateTime))


@transaction
def forget_old(engine: Engine, now: datetime, timezone: str, gaps_days: int) -> None:
    """A day's talk and lists, sign-ins and homes that are over, unfinished installations, old questions."""
    with engine.begin() as connection:
        forget_old_talk(connection, now)
        forget_old_lists(connection, now)
        forget_unproved(connection, now)
        forget_old_questions(connection, now.astimezone(ZoneInfo(timezone)).date(), gaps_days)
        connection.execute(delete(SignIn).where(SignIn.began_at < now - SESSION_LASTS))
        connection.execute(delete(OpenHome).where(OpenHome.opened_at < now - STAYS_OPEN))
        connection.execute(delete(_OAUTH_STATES).where(_OAUTH_STATES.c.expire_at < now.replace(tzinfo=None)))
