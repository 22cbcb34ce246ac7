"""144 messages of nine people, none of them learned: what each is taken for, and that a question saves nothing."""

import json

import pytest

from compact_bot.understanding.acts import READING
from compact_bot.understanding.families import family_of
from compact_bot.understanding.understood import Understood
from tests.conftest import ROOT
from tests.understanding.conftest import Listener

SAID = [json.loads(row) for row in (ROOT / "tests" / "questions" / "said.jsonl").read_text("utf-8").splitlines()]
CHANGES = {"done", "change-date", "snooze", "drop"}  # of one family, as the measurement has it
ONE_FAMILY = {"track-notice": "track", "track-consultation": "track", "track-other": "track", "lookup": "ask"}


@pytest.fixture(scope="module")
def understood(amina: Listener) -> list[tuple[str, str, Understood]]:
    """The act that is wanted, what was said, and what was made of it where nothing is tracked."""
    alone = amina.knowing(items=lambda: ())
    return [(row["act"], row["q"], alone.hear(row["q"])) for row in SAID]


def is_right(wanted: str, heard: Understood, amina: Listener) -> bool:
    got = family_of(heard.act, amina.context.rules)
    return ONE_FAMILY.get(wanted, wanted) == ONE_FAMILY.get(got, got) or {wanted, got} <= CHANGES


def test_nineteen_in_twenty_are_understood(understood: list[tuple[str, str, Understood]], amina: Listener) -> None:
    wrong = [(wanted, said) for wanted, said, heard in understood if not is_right(wanted, heard, amina)]
    assert len(wrong) <= len(SAID) / 20, wrong


def test_no_question_is_taken_for_an_order(understood: list[tuple[str, str, Understood]]) -> None:
    asked = [(said, heard.act) for wanted, said, heard in understood if wanted in ("ask", "lookup", "help", "list")]
    assert [one for one in asked if not isinstance(one[1], READING)] == []


def test_what_is_reckoned_is_never_kept(understood: list[tuple[str, str, Understood]]) -> None:
    reckoned = [(said, heard.act) for wanted, said, heard in understood if wanted.startswith("date-")]
    assert [one for one in reckoned if not isinstance(one[1], READING)] == []
