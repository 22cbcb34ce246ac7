"""A topic in a frame: "could you tell me what it says about carers, please" -> "carers"."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from knowledge.words import STOP_WORDS

FRAMES = Path(__file__).parent / "frames.md"
BARE = 5  # words; what is longer and stands in no frame is a sentence of its own
# Words of a question or a story; a message that holds one is no bare topic.
_SENTENCE = frozenset(
    """
    who whom whose when why how what what's which where whether if is are was were am be do does did don't doesn't can
    can't could should shouldn't would wouldn't will won't shall must may might has have had haven't i i'm we we're you
    they they're he she it's us me let
    """.split()
)
_SAYS_ABOUT = (["about"], ["re"], ["regarding"])
_IN_IT = (["in"], ["within"], ["from"], ["under"])
_WHAT_IT_IS = frozenset("what what's whats about explain summarise summary describe define".split())
_WHAT_IT_SAYS = frozenset("where say says said for in".split())


class Asked(StrEnum):
    """How a topic was put: in a frame, alone, in a question or story of its own, or the agreement itself."""

    FRAMED = "framed"
    BARE = "bare"
    WITHIN = "within"
    ITSELF = "itself"


@dataclass(frozen=True)
class Topic:
    """What a message is about once its frame is off."""

    words: tuple[str, ...]
    asked: Asked


@cache
def read_frames(file: Path = FRAMES) -> dict[str, frozenset[str]]:
    """The words under each heading, by the heading's first word: plain, telling, hinges, ends, names."""
    found: dict[str, set[str]] = {}
    kind = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind = line[3:].split(":")[0].casefold()
        elif line.startswith("- "):
            found.setdefault(kind, set()).update(line[2:].split())
    return {kind: frozenset(words) for kind, words in found.items()}


def topic_of(typed: list[str], said: list[str]) -> Topic:
    """The topic of a message, in the words as typed; `said` are the same words spelt right.

    A frame is cut at its last hinge that has something to say behind it, so that what follows is all topic.
    """
    frames = read_frames()
    plain, telling, names = frames["plain"], frames["telling"], frames["names"]
    empty = plain | names | STOP_WORDS | _WHAT_IT_IS
    cuts = _cuts(said)
    start = next((cut for cut in cuts if not empty.issuperset(said[cut : _end(said, cut)])), None)
    if start is None and _asks_what_it_is(said, names):
        return Topic((), Asked.ITSELF)
    start = cuts[0] if start is None else start
    stop = _end(said, start)
    before, behind = said[:start], said[stop:]
    told = bool(telling.intersection((*before, *behind)))
    begins = _past(said, start, stop, plain | names if told else (plain | names) - _SENTENCE)
    alone = not _SENTENCE.intersection(said[begins:stop])
    in_it = behind[:1] in _IN_IT and names.intersection(behind)
    if (told and (before or alone)) or before[-1:] in _SAYS_ABOUT or (in_it and alone and not before):
        return Topic(tuple(typed[begins:stop]), Asked.FRAMED)
    begins = _past(said, 0, stop, plain - _SENTENCE)
    topic = said[begins:stop]
    bare = len(topic) <= BARE and not _SENTENCE.intersection(topic)
    return Topic(tuple(typed[begins:stop]), Asked.BARE if bare else Asked.WITHIN)


def _asks_what_it_is(said: list[str], names: frozenset[str]) -> bool:
    return bool(names.intersection(said) and _WHAT_IT_IS.intersection(said) and not _WHAT_IT_SAYS.intersection(said))


def _past(said: list[str], start: int, stop: int, words: frozenset[str]) -> int:
    """Where a topic begins once such words in front of it are left out; one word is always left."""
    return next((i for i in range(start, stop) if said[i] not in words), stop - 1)


@cache
def frame_words() -> frozenset[str]:
    return frozenset[str]().union(*read_frames().values())


def _cuts(said: list[str]) -> list[int]:
    """Where the topic may begin: behind each hinge of the words of a frame that a message begins with, last first."""
    hinges = read_frames()["hinges"]
    begins = next((i for i, word in enumerate(said) if word not in frame_words()), len(said))
    return [i + 1 for i in reversed(range(min(begins, len(said) - 1))) if said[i] in hinges] + [0]


def _end(said: list[str], start: int) -> int:
    """Where the topic ends: at the first of the frame's ends behind which all words are a frame's."""
    ends = read_frames()["ends"]
    stop = len(said)
    for i in reversed(range(start + 1, len(said))):
        if said[i] not in frame_words():
            break
        if said[i] in ends:
            stop = i
    return stop
