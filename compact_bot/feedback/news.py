"""What its reporter is told when the status of feedback changes."""

from compact_bot.conversation import Button, Reply
from compact_bot.understanding.acts import ShowFeedback


def outcome_said(outcome: str) -> str:
    """ " Outcome: the invoice was paid." """
    return f" Outcome: {outcome.rstrip('.')}." if outcome else ""


def news_reply(number: int, state: str, outcome: str) -> Reply:
    """The status as it is when the news leaves, however often it changed before."""
    said = outcome_said(outcome)
    return Reply(
        f"F{number}, which you logged, is {state} now.{said}",
        typed=f"To see it, type F{number}.",
        buttons=(Button(f"Show F{number}", ShowFeedback(number)),),
    )
