"""What surrounds the words that matter is taken off, at every door alike, before anything is understood."""

import pytest

from compact_bot.understanding.acts import Done, List, LookUp, Show, Smalltalk, Snooze, Which
from compact_bot.understanding.addressing import addressed
from tests.understanding.conftest import Listener

AROUND = (
    "{}.", "{}!", "{}?", "{}...", "{},", " {} ", "({})", '"{}"', "“{}”", "- {}", "• {}", "{} :)",
    "hi {}", "Hi, {}", "hello there, {}", "Hey bot, {}", "good morning! {}", "Good afternoon all, {}", "dear bot, {}",
    "please {}", "{} please", "{}, please", "pls {}", "{} pls", "{} plz", "can you {}", "could you {}",
    "can you please {}", "could you please {}?", "would you kindly {}", "hello, could you {} please?",
    "please can you {}", "can u {}",
    "{} thanks", "{}, thank you", "{} - thanks a lot!", "{} ta", "{} cheers", "thanks, {}", "many thanks. {}",
    "*{}*", "**{}**", "_{}_", "~{}~", "`{}`", "```{}```", "> {}", ">{}", "*> {}*",
    ":wave: {}", "{} :pray:", ":robot_face: {} :+1:", "👋 {}", "{} 🙏", "✨{}✨",
    "@bot {}", "@bot: {}", "bot, {}", "Compact Bot {}", "@Compact Bot, {}", "compact bot: {}", "@compactbot {}",
    "the compact bot, {}", "{} @bot", "{}, compact bot",
    "ok {}", "ok so {}", "right, {}", "um, {}", "sorry, {}", "quick one: {}", "also {}",
    "Hi :wave: *Compact Bot*, could you please {}? Thanks! 🙏",
)  # fmt: skip
COMMANDS = (
    ("deadlines", List()),
    ("overdue deadlines", List(Which.OVERDUE)),
    ("D1", Show((1,))),
    ("done D1 minimum-notice", Done((1,), "minimum-notice")),
    ("3.4.4", LookUp(("3.4.4",))),
)


@pytest.mark.parametrize("around", AROUND)
def test_a_command_is_the_same_whatever_surrounds_it(around: str, amina: Listener) -> None:
    for said, act in COMMANDS:
        assert amina.hear(around.format(said)).act == act, around.format(said)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ('rename D1 "The big one"', 'rename D1 "The big one"'),
        ("rename D1 “The big one”.", "rename D1 “The big one”"),
        ("clause 3.3.5(a)", "clause 3.3.5(a)"),
        ("drop D1 because of the cuts (all of them)", "drop D1 because of the cuts (all of them)"),
        ("please track it", "track it"),
        ("thank you letter for D1", "thank you letter for D1"),
        ("hire a hall", "hire a hall"),
        ("history of D1", "history of D1"),
        ("pleased with the council", "pleased with the council"),
        ("Heywood grant ends 3 May", "Heywood grant ends 3 May"),
        ("task force D1", "task force D1"),
        ("botany club grant", "botany club grant"),
    ],
)
def test_words_that_matter_stay(text: str, bare: str) -> None:
    assert addressed(text).bare == bare


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("hi", "greeting"),
        ("Good morning!", "greeting"),
        ("@bot", "greeting"),
        ("thanks", "thanks"),
        ("ta very much :)", "thanks"),
        ("Thank you so much 🙏", "thanks"),
        ("...", "nothing"),
        ("👀", "nothing"),
        ("!?", "nothing"),
    ],
)
def test_only_manners_are_small_talk(text: str, what: str, amina: Listener) -> None:
    assert amina.act(text) == Smalltalk(what)


def test_politeness_does_not_hide_a_duration(amina: Listener) -> None:
    act = amina.act("Hi bot, could you please snooze D1 for 2 weeks? Thanks")
    assert isinstance(act, Snooze)
    assert act.numbers == (1,)


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "*" * 2000, "hi " * 600, "please " * 280, "(" * 2000, '"' * 1999, ":a:" * 600]
)
def test_nothing_but_surroundings_is_read_without_trouble(text: str, amina: Listener) -> None:
    assert addressed(text).bare.strip() == addressed(text).bare
    amina.hear(text)
