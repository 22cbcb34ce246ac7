"""Conversations read aloud: what people of several kinds say over days, and what they hear, through the real core.

In `conversations/`: `@` the day and hour, `>` what is said, `= saved` where that changes something, `<` words of the
reply, or numbers of the clauses that it quotes. One person, in one place.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from compact_bot.bot import Bot
from tests.conftest import NOW, ROOT, Chat

FOLDER = ROOT / "tests" / "conversations"
_NUMBERS = re.compile(r"(?:\d+(?:\.\d+)+ ?)+")


@dataclass
class Said:
    at: datetime
    words: str
    saved: bool = False
    heard: list[str] = field(default_factory=list)


def read_aloud(file: Path) -> list[Said]:
    said: list[Said] = []
    at = NOW
    for line in file.read_text("utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "@":
            at = datetime.fromisoformat(f"{rest}+00:00")
        elif mark == ">":
            said.append(Said(at, rest.replace("\\n", "\n")))
        elif mark == "=":
            said[-1].saved = True
        elif mark == "<":
            said[-1].heard.append(rest)
    return said


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.txt")))
def test_a_conversation_is_understood_from_its_first_word_to_its_last(name: str, bot: Bot) -> None:
    chat = Chat(bot)
    for one in read_aloud(FOLDER / f"{name}.txt"):
        chat.now = max(one.at, chat.now) if chat.heard else one.at
        reply = chat.say(one.words)
        assert reply.changed == one.saved, one.words
        quoted = [citation.number for citation in reply.citations]
        for words in one.heard:
            if _NUMBERS.fullmatch(words):
                assert quoted[: len(words.split())] == words.split(), one.words
            else:
                assert words in " ".join(reply.text.split()), one.words


def test_there_are_conversations_of_five_kinds_of_people() -> None:
    assert len(list(FOLDER.glob("*.txt"))) >= 5
