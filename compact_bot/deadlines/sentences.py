"""What people say of deadlines, read into parts: `track funding "Youth club grant" ends 31 March 2027 owner Amina`."""

import re
from dataclasses import dataclass, field
from datetime import date

from compact_bot.dates import Written, find_dates
from compact_bot.deadlines.planning import short
from knowledge.rules import Asked, Kind, Rules

LONGEST_TITLE = 200
_QUOTED = re.compile("[\"“”](?P<title>[^\"“”]*)[\"“”]|(?<!\\w)['‘](?P<single>[^'‘’]+)['’](?!\\w)")
_OWNER = re.compile(
    r"(?i:\b(?:owner|owned by|owner is|for owner))[: ]+"
    r"(?P<owner>@?[\w.'-]+(?:(?: (?:van|von|de|der|den|da|di|la|le|al|el|bin|bint))* [A-Z][\w.'-]*){0,3})"
)
_BECAUSE = re.compile(r"\b(?:because|as|since|rationale:?|reason:?)\s+(?P<why>.+)$", re.IGNORECASE)
_CLAUSE = re.compile(r"\bclause (?P<clause>\d+(?:\.\d+)+)", re.IGNORECASE)
_JOINING = re.compile(r"\b(?:on|by|the|of|and|at|from|is|are|due|in|to|for|when|will|it|its)\b", re.IGNORECASE)


class UnreadError(Exception):
    """The sentence cannot be acted on; `says` tells why and `example` what to type."""

    def __init__(self, says: str, example: str) -> None:
        super().__init__(says)
        self.says = says
        self.example = example


@dataclass(frozen=True)
class Tracked:
    """A sentence that asks to track something, read. `exact` when every date was written out in full."""

    kind: Kind
    title: str
    given: dict[str, list[date]]
    owner: str = ""
    clause: str = ""
    rationale: str = ""
    exact: bool = True
    others: dict[str, date] = field(default_factory=dict)

    def sentence(self) -> str:
        """The same as an exact sentence, which a button or "yes" can say."""
        dates = [f"{word_for(self.kind.asked(name))} {short(day)}" for name, days in self.given.items() for day in days]
        pieces = [f'track {self.kind.name} "{self.title}"', *dates]
        pieces += [f"clause {self.clause}"] if self.clause else []
        pieces += [f"owner {self.owner}"] if self.owner else []
        pieces += [f"because {self.rationale}"] if self.rationale else []
        return " ".join(pieces)


def word_for(asked: Asked) -> str:
    return asked.words[0] if asked.words else asked.name


def example_for(kind: Kind) -> str:
    dates = [f"{word_for(a)} 31 March 2027" for a in kind.asks if not a.optional][:1]
    dates += [f"{word_for(a)} 30 June 2027" for a in kind.asks if not a.optional][1:2]
    return f'track {kind.words[0]} "{kind.title}" {" ".join(dates)}'


def read_tracked(words: str, rules: Rules, today: date) -> Tracked:
    """What stands after "track", read. Raises UnreadError with what to type."""
    because = _BECAUSE.search(_blank(words, _QUOTED))
    rationale = words[because.start("why") :].strip() if because else ""
    body = words[: because.start()] if because else words
    quoted = _QUOTED.search(body)
    bare = _blank(body, _QUOTED)
    owner = _OWNER.search(bare)
    bare = _blank(bare, _OWNER)
    clause = _CLAUSE.search(bare)
    bare = _blank(bare, _CLAUSE)
    kind, kind_end = kind_in(bare, rules)
    dates = find_dates(bare, today)
    check_dates(dates, today)
    given, exact, others = assign(kind, bare, dates)
    title = (
        (quoted["title"] or quoted["single"] or "") if quoted else _unquoted_title(bare, kind_end, kind, dates)
    ).strip()
    if len(title) > LONGEST_TITLE:
        raise UnreadError(
            f"That title has {len(title)} characters; the most I keep is {LONGEST_TITLE}. Nothing was saved.",
            example_for(kind),
        )
    if not title:
        raise UnreadError("What is it called? Put its name in quotation marks. Nothing was saved.", example_for(kind))
    if not given:
        raise UnreadError("I found no date in that. Nothing was saved.", example_for(kind))
    return Tracked(
        kind,
        title,
        given,
        owner["owner"] if owner else "",
        clause["clause"] if clause else "",
        rationale,
        exact,
        others,
    )


def check_dates(dates: list[Written], today: date) -> None:
    """Raises UnreadError when one of them cannot be a date."""
    for written in dates:
        if written.wrong:
            raise UnreadError(
                f"{written.wrong[0].upper()}{written.wrong[1:]}. Nothing was saved.",
                f"a date such as {short(today.replace(day=28))}",
            )


def kind_in(words: str, rules: Rules) -> tuple[Kind, int]:
    """The kind that the first words name, and where they end; "other" when they name none."""
    said = words.casefold()
    best: tuple[int, int, Kind] | None = None
    for kind in rules.kinds:
        for word in (kind.name, *kind.words):
            found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", said)
            if found and (best is None or (found.start(), -len(word)) < (best[0], best[0] - best[1])):
                best = (found.start(), found.end(), kind)
    if best is None:
        return rules.kinds[-1], 0
    return best[2], best[1]


def assign(kind: Kind, words: str, dates: list[Written]) -> tuple[dict[str, list[date]], bool, dict[str, date]]:
    """Each date to what it is for: by the word before it, else to the first date of the kind that is still missing."""
    given: dict[str, list[date]] = {}
    others: dict[str, date] = {}
    previous_end, last = 0, ""
    for written in dates:
        day = written.day
        if day is None:
            continue
        before = words[previous_end : written.start].casefold()
        asked = next((a for a in kind.asks if _says(a, before)), None)
        if asked is None:
            missing = [a for a in kind.asks if a.name not in given]
            many = next((a for a in kind.asks if a.name == last and a.many), None)
            asked = many or (missing[0] if missing else kind.asks[-1])
        given.setdefault(asked.name, []).append(day)
        if written.other:
            others[asked.name] = written.other
        previous_end, last = written.end, asked.name
    return given, all(written.exact for written in dates), others


def _says(asked: Asked, before: str) -> bool:
    words = asked.words or (asked.name,)
    return bool(re.search(rf"\b(?:{'|'.join(map(re.escape, words))})\b[^.;]{{0,12}}$", before))


def _unquoted_title(bare: str, kind_end: int, kind: Kind, dates: list[Written]) -> str:
    """The words up to the first date, without the word that says what the date is for."""
    end = min((written.start for written in dates), default=len(bare))
    title = bare[:end].strip(" ,:;-")
    for asked in kind.asks:
        for word in asked.words:
            title = re.sub(rf"\s+{re.escape(word)}(?:\s+(?:on|by|at))?$", "", title, flags=re.IGNORECASE)
    title = re.sub(r"^(?:that|of|about|the|a|an|our|for)\s+", "", title.strip(" ,:;-"), flags=re.IGNORECASE)
    alone = title.casefold() in (kind.name, *kind.words) or (kind_end == 0 and not _JOINING.sub("", title).strip())
    return "" if alone else title[:1].upper() + title[1:]


def _blank(words: str, pattern: re.Pattern[str]) -> str:
    """The words with every match replaced by spaces, so that positions stay."""
    return pattern.sub(lambda found: " " * len(found[0]), words)
