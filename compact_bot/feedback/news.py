"""What somebody is told of feedback: its status, that it was given to them, and what waits for a Compact lead."""

from collections.abc import Iterable

from compact_bot.conversation import Button, Reply, Row
from compact_bot.dates import spoken
from compact_bot.nudges.queue import AboutFeedback, AboutWaiting
from compact_bot.nudges.waiting import WaitingFeedback
from compact_bot.understanding.acts import ShowFeedback


def outcome_said(outcome: str) -> str:
    """ " Outcome: the invoice was paid." """
    return f" Outcome: {outcome.rstrip('.')}." if outcome else ""


def news_said(about: AboutFeedback) -> str:
    """The status as it is when the news leaves, however often it changed before."""
    return f"which you logged, is {about.state} now.{outcome_said(about.outcome)}"


def given_said(about: AboutFeedback) -> str:
    return f"is yours to see to now. It is {about.state}."


def news_reply(about: AboutFeedback) -> Reply:
    number = about.number
    said = f"F{number} {given_said(about)}" if about.was_given else f"F{number}, {news_said(about)}"
    return Reply(
        said,
        typed=f"To see it, type F{number}.",
        buttons=(Button(f"Show F{number}", ShowFeedback(number)),),
    )


def waiting_rows(about: AboutWaiting) -> Iterable[Row]:
    """For a Compact lead: what came, and what nobody has settled for two weeks."""
    yield from (_row(one, "is new.") for one in about.new)
    for one in about.ageing:
        owner = f" {one.owner} sees to it." if one.owner else " Nobody sees to it yet."
        yield _row(one, f"is {one.state} since {spoken(one.logged_on)}.{owner}")


def _row(one: WaitingFeedback, said: str) -> Row:
    return Row((f"F{one.number}", said), (Button(f"Show F{one.number}", ShowFeedback(one.number)),))
