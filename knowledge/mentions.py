"""Where words stand in the agreement, whatever was learned: the second voice before anything is called silent."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from knowledge.agreement import Agreement, Clause
from knowledge.words import NAMED_HERE, STOP_WORDS, compounds, root, stem, units_of, words_of

_COMMON_TOPICS = NAMED_HERE | frozenset("compact need clause".split())
_SENTENCE = re.compile(r"[^.;!?\n]+(?:\.(?=\w)[^.;!?\n]*)*[.;!?]*")


class Closeness(IntEnum):
    """How a topic stands in a sentence, best last."""

    EVERYDAY = 1
    SCATTERED = 2
    KIN = 3
    TOGETHER = 4
    TO_THE_LETTER = 5


@dataclass(frozen=True)
class Mention:
    """A clause in which a topic stands, and the sentence around it: an exact part of its text, "" for its heading."""

    number: str
    sentence: str
    closeness: Closeness


@dataclass(frozen=True)
class _Line:
    number: str
    sentence: str
    said: str
    content: str


class Mentions:
    """An index from stems to the sentences and headings of every clause that has words of its own."""

    def __init__(self, agreement: Agreement, vocabulary: dict[str, str]) -> None:
        self._vocabulary = vocabulary
        self._lines: list[_Line] = []
        self._places: dict[str, dict[int, tuple[int, ...]]] = {}
        self._roots: dict[str, set[str]] = {}
        for number, sentence, printed in _lines(agreement):
            self._add(number, sentence, printed)

    def _add(self, number: str, sentence: str, printed: str) -> None:
        line = len(self._lines)
        said = words_of(printed)
        content = (word for word in said if word not in STOP_WORDS)
        self._lines.append(_Line(number, sentence, f" {' '.join(said)} ", f" {' '.join(content)} "))
        place = 0
        for compound in compounds(printed):
            pieces = {*compound, "".join(compound)}
            place += any(piece not in STOP_WORDS for piece in pieces)
            for form in {_form(piece) for piece in pieces}:
                here = self._places.setdefault(form, {})
                here[line] = (*here.get(line, ()), place)
                self._roots.setdefault(root(form), set()).add(form)

    def of(self, topic: Sequence[str]) -> dict[str, Mention]:
        """The clauses in which all of a topic's words stand in one sentence, by number, each with its closest."""
        wanted = _content(topic)
        if not wanted:
            return {}
        stems = [_form(word) for word in wanted]
        found = self._standing([{form} for form in stems], topic)
        if len(wanted) > 1 and (joined := stem("".join(wanted))) in self._places:
            found |= self._standing([{joined}], topic)
        kin = self._standing([self._kin(form) for form in stems], ())
        close = {n: replace(m, closeness=Closeness.KIN) for n, m in kin.items() if m.closeness > Closeness.KIN}
        return close | found or kin or self._everyday(stems)

    def _kin(self, form: str) -> set[str]:
        return {form} | self._roots.get(root(form), set())

    def _everyday(self, stems: list[str]) -> dict[str, Mention]:
        units = [(said, meant) for said, meant in units_of(stems, self._vocabulary)]
        forms = [{*self._kin(said), *(self._kin(meant) if meant else ())} for said, meant in units]
        found = self._standing(forms, ())
        return {number: replace(mention, closeness=Closeness.EVERYDAY) for number, mention in found.items()}

    def _standing(self, forms: list[set[str]], topic: Sequence[str]) -> dict[str, Mention]:
        places = [_merged(self._places[form] for form in unit if form in self._places) for unit in forms]
        if not places or not all(places):
            return {}
        found: dict[str, Mention] = {}
        letters, content = f" {' '.join(topic)} ", f" {' '.join(_content(topic))} "
        for line in sorted(set.intersection(*(set(place) for place in places))):
            one = self._lines[line]
            together = _adjacent([place[line] for place in places])
            close = Closeness.SCATTERED
            if together:
                printed = topic and (letters in one.said or content in one.content)
                close = Closeness.TO_THE_LETTER if printed else Closeness.TOGETHER
            best = found.get(one.number)
            if best is None or (close, bool(one.sentence)) > (best.closeness, bool(best.sentence)):
                found[one.number] = Mention(one.number, one.sentence, close)
        return found


def _form(word: str) -> str:
    """The stem under which a word is listed; a common word stands for itself alone, or "wills" would be "will"."""
    return f"={word}" if word in STOP_WORDS else stem(word)


def _content(topic: Sequence[str]) -> list[str]:
    """The words that carry a topic; where all are common ones, those that can be a topic all the same."""
    return [word for word in topic if word not in STOP_WORDS] or [word for word in topic if word in _COMMON_TOPICS]


def _merged(places: Iterable[dict[int, tuple[int, ...]]]) -> dict[int, tuple[int, ...]]:
    merged: dict[int, tuple[int, ...]] = {}
    for by_line in places:
        for line, at in by_line.items():
            merged[line] = (*merged.get(line, ()), *at)
    return merged


def _adjacent(places: list[tuple[int, ...]]) -> bool:
    """Whether the words follow each other; the pieces of one compound share a place."""
    reached = set(places[0])
    for at in places[1:]:
        reached = {place for place in at if place in reached or place - 1 in reached}
    return bool(reached)


def _lines(agreement: Agreement) -> Iterator[tuple[str, str, str]]:
    """Number, sentence and words of each sentence; and of each heading, with the first clause that stands under it."""
    opened: list[str] = []
    for block in agreement.blocks:
        clause = agreement.clause(block.number) if block.number else None
        if block.kind == "heading" or not clause:
            opened.append(block.text)
        if clause and clause.text:
            yield from ((clause.number, "", heading) for heading in opened)
            opened = []
    for clause in agreement.parts:
        if clause.title:
            yield clause.number, "", clause.title
        yield from ((clause.number, sentence, sentence) for sentence in sentences(clause))


def sentences(clause: Clause) -> list[str]:
    return [found[0].strip() for found in _SENTENCE.finditer(clause.text) if found[0].strip()]
