"""Another agreement is spoken of in its own words, with its own numbers and periods, whatever these are."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from adapters.plain_text import plain_text
from compact_bot.agreements import Agreements
from compact_bot.bot import APOLOGY, Bot
from compact_bot.its_words import called, with_its_numbers
from knowledge.meanings import Meanings
from knowledge.served import open_served
from tests.conftest import ROOT, Chat

LEARNED = ROOT / "var" / "learned"
TEXT = """\
## 1 Talking

Council will:

1.1 The Council will answer letters within 10 working days.

1.2 Groups will say thank you.

## 2 Money

2.1 The Council will give notice before a grant ends.

2.2 The Council will consult everyone.
"""
ABOUT = """\
title = "Barth Parish Charter"
short = "{short}"

[[party]]
name = "Council"
words = ["council"]

[[party]]
name = "Groups"
words = ["groups", "charities"]
"""
SAID = """\
hello
help
help asking
help feedback
help leads
help settings
about privacy
contents
3.4.4
2.1
how much notice before a grant ends
what is the capital of France
what must the council do
when funding ends 31 March 2027
check notice given 20 Jan 2027 for 31 March 2027
check consultation 7 Dec to 1 Feb
when must a consultation close that opens 7 December 2026
track funding "Youth club" ends 31 March 2027
remind us that the library consultation closes 3 March 2027
track payment "Rent" due 1 March 2027
deadlines
D1
done D1 notice given today
move D1 30 April 2027
home
feedback
feedback 2.1 they told us late
log feedback
F1
review
leads
gaps
taught
teach
contacts
digest
nudges here
what changed in 2.1
settings agreement
""".splitlines()


def rules_of(kinds: list[tuple[str, str, int, str, str, str]]) -> str:
    lines = []
    for place, (name, what, number, unit, way, anchor) in enumerate(kinds):
        lines.append(
            f'[[kind]]\nname = "{name}-{place}"\ntitle = "{name}"\nwords = ["{name}"]\n'
            + (f'sum = "{what}"\n' if what else "")
            + f'[kind.asks.{anchor}]\nlabel = "when"\nwords = ["ends", "on"]\n'
            f'[[kind.milestone]]\nname = "step"\ntitle = "A step"\nwords = ["step"]\nclause = "2.1"\n'
            f'when = "{number} {unit}s {way} {anchor}"\n'
        )
    return "\n".join(lines)


def chat_of(folder: Path, engine: Engine, meanings: Meanings, rules: str | None, short: str = "Charter") -> Chat:
    folder.mkdir(exist_ok=True)
    (folder / "agreement.md").write_text(TEXT)
    (folder / "about.toml").write_text(ABOUT.format(short=short))
    (folder / "rules.toml").unlink(missing_ok=True)
    if rules is not None:
        (folder / "rules.toml").write_text(rules)
    served = open_served([folder], LEARNED)
    bot = Bot(engine, served[0].search, served[0].rules, meanings, "Europe/London", agreements=Agreements(served))
    return Chat(bot, organisation=f"barth {abs(hash(rules))}")


def everything_said(chat: Chat) -> Iterator[tuple[str, str]]:
    for text in SAID:
        reply = chat.say(text)
        assert reply.text != APOLOGY.text, text
        yield text, plain_text(reply)


@pytest.mark.parametrize("short", ["Charter", "Covenant", "Concordat"])
def test_an_agreement_is_called_what_it_is_in_every_sentence(
    tmp_path: Path, engine: Engine, meanings: Meanings, short: str
) -> None:
    chat = chat_of(tmp_path / "barth", engine, meanings, None, short)
    for text, heard in everything_said(chat):
        assert "Compact" not in heard.replace("Compact Bot", ""), (text, heard)
        assert "Sutton" not in heard, (text, heard)


def test_examples_name_clauses_that_exist(tmp_path: Path, engine: Engine, meanings: Meanings) -> None:
    chat = chat_of(tmp_path / "barth", engine, meanings, None)
    for text, heard in everything_said(chat):
        if text != "3.4.4":
            assert not [n for n in ("3.4.4", "3.3.4", "3.3.5", "3.2", "12 weeks") if n in heard], (text, heard)


def test_what_people_wrote_is_left_as_they_wrote_it(tmp_path: Path, engine: Engine, meanings: Meanings) -> None:
    chat = chat_of(tmp_path / "barth", engine, meanings, None)
    chat.say('track funding "Compact 3.4.4 party" ends 31 March 2027')
    assert '"Compact 3.4.4 party"' in chat.hear("D1")


def test_the_words_around_a_title_and_a_quotation_change_alone(
    tmp_path: Path, engine: Engine, meanings: Meanings
) -> None:
    agreement = chat_of(tmp_path / "barth", engine, meanings, None).bot.search.agreement
    assert called('Compact Bot: the Compact says "a Compact"', agreement) == 'Compact Bot: the Charter says "a Compact"'
    assert with_its_numbers("type 3.4.4 or £3.40, not 1.1", agreement) == "type 1.1 or £3.40, not 1.1"


NAMES = st.sampled_from(["funding", "consultation", "payment", "repair", "reply"])
KINDS = st.tuples(
    NAMES,
    st.sampled_from(["", "notice", "consultation", "payment"]),
    st.integers(1, 30),
    st.sampled_from(["day", "working day", "week", "month", "quarter"]),
    st.sampled_from(["before", "after"]),
    st.sampled_from(["ends", "opens", "closes", "known", "invoiced", "move-out"]),
)


@settings(max_examples=15, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(KINDS, max_size=3, unique_by=lambda kind: (kind[0], kind[1])))
def test_periods_of_any_unit_way_and_anchor_break_nothing(
    tmp_path: Path, engine: Engine, meanings: Meanings, kinds: list[tuple[str, str, int, str, str, str]]
) -> None:
    once = {what: (name, what, *rest) for name, what, *rest in kinds}
    chat = chat_of(tmp_path / "barth", engine, meanings, rules_of(list(once.values())))  # type: ignore[arg-type]
    assert list(everything_said(chat))


def test_a_consultation_is_never_kept_as_something_else(tmp_path: Path, engine: Engine, meanings: Meanings) -> None:
    rules = rules_of([("funding", "notice", 3, "month", "before", "ends")])
    chat = chat_of(tmp_path / "barth", engine, meanings, rules)
    heard = chat.hear("track consultation Library opens 7 December 2026 closes 1 February 2027")
    assert "funding" not in heard.casefold()


def test_no_page_is_written_for_a_compact_alone() -> None:
    for template in sorted((ROOT / "adapters" / "web" / "templates").glob("*.html")):
        assert not re.search(r"Compact(?! Bot\b)", template.read_text()), template.name
