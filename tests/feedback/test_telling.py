"""Reading what people tell: its kind, its clauses, for whom, when, and whether nobody is to know who told it."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from compact_bot.feedback.anonymity import WITH_NAME, is_settled
from compact_bot.turn import tidied
from compact_bot.understanding.acts import FeedbackKind, LogFeedback, Named
from compact_bot.understanding.commands import read_command
from compact_bot.understanding.commands.feedback import LOGGING
from compact_bot.understanding.context import Context
from compact_bot.understanding.saying import says
from compact_bot.understanding.telling import told
from compact_bot.understanding.understood import Understood
from knowledge.agreement import Agreement
from knowledge.rules import Rules

KEPT, NOT_KEPT, SUGGESTION = FeedbackKind.KEPT, FeedbackKind.NOT_KEPT, FeedbackKind.SUGGESTION


@pytest.fixture(scope="module")
def context(sutton: Agreement, rules: Rules) -> Context:
    return Context(date(2026, 11, 23), sutton, rules, Named("Amina"))


@pytest.fixture(scope="module")
def tell(context: Context) -> Callable[[str], Understood | None]:
    return lambda said: told(said, context)


def read(text: str, context: Context) -> Understood | None:
    return read_command(text, LOGGING, context)


@pytest.mark.parametrize(
    ("said", "act"),
    [
        (
            "feedback 3.3.4 council paid us five weeks late",
            LogFeedback(NOT_KEPT, "council paid us five weeks late", ("3.3.4",)),
        ),
        ("praise 3.2.2 a good talk", LogFeedback(KEPT, "a good talk", ("3.2.2",))),
        ("suggest 3.2.2: publish a calendar", LogFeedback(SUGGESTION, "publish a calendar", ("3.2.2",))),
        ("log that 3.3.4 was not kept", LogFeedback(NOT_KEPT, "was not kept", ("3.3.4",))),
        ("report 3.4.4 our grant was cut", LogFeedback(NOT_KEPT, "our grant was cut", ("3.4.4",))),
        ("feedback no clause: nobody answers", LogFeedback(NOT_KEPT, "nobody answers", no_clause=True)),
        (
            "feedback 3.3.4: paid late (about: the police) (when: 2 November 2026) (link: https://example.org/a)",
            LogFeedback(
                NOT_KEPT, "paid late", ("3.3.4",), about="the police", when=date(2026, 11, 2),
                link="https://example.org/a",
            ),
        ),
        (
            "feedback 3.3.4 paid late on 3 November on behalf of Sutton Carers",
            LogFeedback(
                NOT_KEPT, "paid late on 3 November", ("3.3.4",), behalf="Sutton Carers", when=date(2026, 11, 3)
            ),
        ),
        (
            "anonymous feedback 3.3.4 paid late",
            LogFeedback(NOT_KEPT, "paid late", ("3.3.4",), anonymous=True),
        ),
        (
            "feedback 3.3.4: paid late, keep my name out of it",
            LogFeedback(NOT_KEPT, "paid late", ("3.3.4",), anonymous=True),
        ),
        (
            f"feedback 3.3.4 paid late, in confidence {WITH_NAME}",
            LogFeedback(NOT_KEPT, "paid late, in confidence", ("3.3.4",), with_name=True),
        ),
        (
            "feedback 3.3.4 jo@example.org was paid late (as written)",
            LogFeedback(NOT_KEPT, "jo@example.org was paid late", ("3.3.4",), as_written=True),
        ),
    ],
)  # fmt: skip
def test_everyday_forms_are_read_as_one_act(said: str, act: LogFeedback, context: Context) -> None:
    assert read(said, context) == Understood(act)


@pytest.mark.parametrize("day", ["31 February 2026", "1 March 2027", "sometime"])
def test_a_day_that_is_given_and_cannot_be_read_is_asked_for(day: str, context: Context) -> None:
    understood = read(f"feedback 3.3.4 paid late (when: {day})", context)
    assert understood is not None
    assert understood.missing == ("when",)
    assert day in understood.doubts[0]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("council answered our letter of 3 November late", date(2026, 11, 3)),
        ("council asked us in June and never told us what came of it", None),
        ("council asked us last week and then forgot", None),
        ("council cut us off on 1 October and again on 2 November", None),
    ],
)
def test_a_month_or_a_week_named_in_passing_is_not_the_day_it_happened(
    words: str, day: date | None, context: Context
) -> None:
    understood = read(f"feedback 3.2.2 {words}", context)
    assert understood is not None
    assert isinstance(understood.act, LogFeedback)
    assert understood.act.when == day


@pytest.mark.parametrize(
    "said",
    ["feedback on a consultation", "praise as well as brickbats?", "suggestion box", "log in", "reports"],
)
def test_what_asks_or_means_something_else_is_not_told(said: str, context: Context) -> None:
    assert told(said, context) is None


def test_a_question_mark_that_was_taken_off_still_asks(context: Context, sutton: Agreement, rules: Rules) -> None:
    asked = Context(context.today, sutton, rules, Named("Amina"), asks=True)
    assert told("praise they gave us twelve weeks", context) is not None
    assert told("praise they gave us twelve weeks", asked) is None


@given(words=st.text(max_size=200))
def test_what_begins_as_anonymous_is_anonymous_in_any_words(
    words: str, tell: Callable[[str], Understood | None]
) -> None:
    said = tidied(f"anonymous feedback {words}")
    assume(not is_settled(said))
    understood = tell(said)
    assert understood is not None
    assert isinstance(understood.act, LogFeedback)
    assert understood.act.anonymous


@given(
    verb=st.sampled_from(("feedback", "praise 3.2.2", "log that", "suggest 3.3.4:", "report 3.4.4")),
    words=st.text(max_size=200),
)
def test_no_words_are_too_odd_and_none_are_invented(
    verb: str, words: str, tell: Callable[[str], Understood | None]
) -> None:
    said = tidied(f"{verb} {words}")
    understood = tell(said)
    assert understood is not None or not verb.endswith(":")  # a colon always tells; "report 3.4.4 %" does not
    if understood is not None:
        assert isinstance(understood.act, LogFeedback)
        kept = " ".join((understood.act.what, understood.act.about, understood.act.behalf, understood.act.link))
        assert all(word in said for word in kept.split())


@pytest.mark.parametrize(
    "what", ["paid late (about: them)", 'he said "never"', '"never"', "late (with my name)", "a: b", "“quoted”", "(x)"]
)
@pytest.mark.parametrize("with_name", [False, True])
def test_what_a_button_says_is_read_to_the_letter(what: str, with_name: bool, context: Context) -> None:
    act = LogFeedback(NOT_KEPT, what, ("3.3.4",), about="José (chair)", with_name=with_name)
    assert read(says(act), context) == Understood(act)
