"""The agreement as clauses by number: who is bound, what stands under what, and its exact words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from knowledge.words import stem, words_of


class AgreementError(Exception):
    """A file of the agreement cannot be used; the message names the file and line."""


@dataclass(frozen=True)
class Place:
    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def is_printed(number: str) -> bool:
    """Whether people can read and type it: "3.4", "B2", "Money 1", "6.1(a)"; not "contact", which only we call so."""
    return number[0].isdigit() or bool(re.search(r"\d$|\)$", number))


@dataclass(frozen=True)
class Clause:
    """One numbered or named part. `text` is empty where a number only heads others."""

    number: str
    title: str
    text: str
    party: str
    parent: str
    place: Place
    heading: str = ""

    @property
    def is_numbered(self) -> bool:
        """Whether it is known by its number ("3.4", "B2.2", "Money 1") rather than by its title."""
        return not self.title or is_printed(self.number)


@dataclass(frozen=True)
class Block:
    """A piece of the document in printed order; `number` names the clause that it opens or belongs to."""

    kind: Literal["heading", "text"]
    text: str
    level: int
    number: str = ""


@dataclass(frozen=True)
class Party:
    """A side that can be bound, and the everyday words people use for it."""

    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class About:
    """What an editor says of the document in about.toml; every field has a workable default."""

    title: str
    source: str
    short: str = "Compact"
    parties: tuple[Party, ...] = ()
    remarks: dict[str, str] = field(default_factory=dict)
    status: str = ""
    contact: str = "contact"
    ask: str = ""
    edition: str = ""  # "2026", where there are several; answers then say theirs
    replaces: str = ""  # the folder of the edition before, beside this one's or by its path


@dataclass(frozen=True)
class Agreement:
    """One edition of an agreement. `name` is its folder's; `editions` are all that are served here, by name."""

    about: About
    blocks: tuple[Block, ...]
    clauses: dict[str, Clause]
    name: str = ""
    editions: Mapping[str, "Agreement"] = field(default_factory=dict, repr=False, compare=False)
    serving: Mapping[str, "Agreement"] = field(default_factory=dict, repr=False, compare=False)

    def under(self, name: str) -> "Agreement":
        """The edition of that name, under which something was made; this one where the name tells nothing."""
        return self.editions.get(name, self)

    def in_force(self, name: str) -> "Agreement":
        """What is asked by whoever chose that name: the edition that replaces it, where it is not itself served."""
        return self.serving.get(name, self)

    @property
    def before(self) -> "Agreement | None":
        """The edition that this one replaces."""
        return self.editions.get(Path(self.about.replaces).name) if self.about.replaces else None

    @property
    def chain(self) -> tuple[str, ...]:
        """Its name, and those of the editions before it; "" is for what was kept before editions had names."""
        names, edition = [""], self
        while edition.name not in names:
            names.append(edition.name)
            edition = edition.before or edition
        return tuple(names)

    @cached_property
    def parts(self) -> tuple[Clause, ...]:
        """Every clause that has words of its own, in printed order."""
        return tuple(clause for clause in self.clauses.values() if clause.text)

    @cached_property
    def _by_parent(self) -> dict[str, tuple[Clause, ...]]:
        found: dict[str, list[Clause]] = {}
        for clause in self.clauses.values():
            found.setdefault(clause.parent, []).append(clause)
        return {parent: tuple(children) for parent, children in found.items()}

    @cached_property
    def stems(self) -> frozenset[str]:
        """Every word that stands in a clause, stemmed."""
        return frozenset(stem(word) for clause in self.parts for word in words_of(clause.text))

    def clause(self, number: str) -> Clause | None:
        """The clause of that number, however it is typed: "6.1b", "6.1 (b)" and "6.1(B)" are one; so is "money 1"."""
        return self.clauses.get(number) or self.clauses.get(number.lower()) or self._by_key.get(typed_key(number))

    @cached_property
    def _by_key(self) -> dict[tuple[str, ...], Clause]:
        return {typed_key(number): clause for number, clause in reversed(self.clauses.items())}

    def numbers_named(self, text: str) -> list[str]:
        """The clauses that some words name by a number that is no plain one: "B2.2", "Commitment 4", "6.1b"."""
        found = (self._by_key.get(typed_key(named[0])) for named in self._naming.finditer(text))
        return list(dict.fromkeys(clause.number for clause in found if clause))

    def named_first(self, text: str) -> tuple[tuple[str, ...], str]:
        """The clauses that some words begin by naming so, and the words behind them."""
        found: list[str] = []
        while (named := self._naming.match(text)) and (clause := self._by_key.get(typed_key(named[0]))):
            found.append(clause.number)
            text = text[named.end() :].lstrip(" ,:-")
        return tuple(dict.fromkeys(found)), text

    def without_numbers(self, text: str) -> str:
        """The words without such numbers."""
        return self._naming.sub(" ", text)

    @cached_property
    def _naming(self) -> re.Pattern[str]:
        """Matches such numbers, the longest first; nothing where every number is plain."""
        named = [number for number in self.clauses if re.search(r"\d|\)", number) and not _PLAIN.fullmatch(number)]
        choices = (r"[\s.():,-]*".join(map(re.escape, typed_key(n))) for n in sorted(named, key=len, reverse=True))
        return re.compile(rf"(?<![\w.])(?:{'|'.join(choices) or '(?!)'})(?:\)|(?![\w]|\.\d))", re.IGNORECASE)

    def children(self, number: str) -> tuple[Clause, ...]:
        return self._by_parent.get(number, ())

    def descendants(self, number: str) -> Iterator[Clause]:
        for child in self.children(number):
            yield child
            yield from self.descendants(child.number)

    def between(self, first: str, last: str) -> tuple[Clause, ...]:
        """The clauses with words from one number to another, both included, in printed order."""
        numbers = list(self.clauses)
        start, end = sorted((numbers.index(first), numbers.index(last)))
        chosen = (self.clauses[number] for number in numbers[start : end + 1])
        return tuple(clause for clause in chosen if clause.text)

    def nearest(self, number: str) -> Clause:
        """The existing numbered clause whose number is closest to one that does not exist."""
        wanted = number_key(number)

        def distance(clause: Clause) -> tuple[int, bool, list[int]]:
            have = number_key(clause.number)
            steps = list(zip(wanted, have, strict=False))
            shared = next((i for i, (a, b) in enumerate(steps) if a != b), len(steps))
            return -shared, len(have) != len(wanted), [abs(a[1] - b[1]) for a, b in steps[shared:]]

        return min((clause for clause in self.clauses.values() if clause.is_numbered), key=distance)

    def party(self, name: str) -> Party | None:
        return next((party for party in self.about.parties if party.name == name), None)

    def party_called(self, who: str) -> Party | None:
        """The party that some everyday words name as a whole: "the charities" -> VCOs."""
        bare = re.sub(r"^(?:the|a|an|our|local|other) ", "", who.strip().casefold())
        for party in self.about.parties:
            if bare in (word.casefold() for word in (party.name, *party.words)):
                return party
        return None

    def bound(self, party: str) -> tuple[Clause, ...]:
        return tuple(clause for clause in self.parts if clause.party == party)


_PLAIN = re.compile(r"\d+(?:\.\d+)*")


def typed_key(number: str) -> tuple[str, ...]:
    """What of a number matters however it is typed: "6.1 (b)" -> 6, 1, b; "Money 1" -> money, 1."""
    return tuple(re.findall(r"\d+|[^\W\d_]+", number.casefold()))


def number_key(number: str) -> tuple[tuple[str, int], ...]:
    """A number as comparable steps: "3.4.4" -> (("", 3), ("", 4), ("", 4)); "4(a)" -> (("", 4), ("a", 1))."""
    return tuple(
        ("", int(step)) if step.isdecimal() else (step, ord(step) - 96 if len(step) == 1 else 0)
        for step in typed_key(number)
    )


def words_in_order(pieces: Iterable[str]) -> list[str]:
    """The bare words of some text, casefolded and without list marks, for comparing two editions."""
    return [word.casefold() for piece in pieces for word in piece.split() if word not in "-*"]
