"""Drafts of rules.toml: periods found in the words, each with its sentence, for an officer to accept."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.adopting.parts import Part

_WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_COUNTS = {word: str(value) for value, word in enumerate(_WORDS, start=1)} | {
    "a": "1",
    "an": "1",
    "twenty": "20",
    "twenty-one": "21",
    "twenty-eight": "28",
    "thirty": "30",
    "sixty": "60",
    "ninety": "90",
}
_PERIOD = re.compile(
    rf"\b(?P<count>\d{{1,3}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})(?:\s*\(\d{{1,3}}\))?[\s-]+"
    r"(?P<unit>(?:clear |full |calendar )?(?:working |business )?(?:day|week|month|quarter))s?\b['’]?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Subject:
    """A kind of deadline that periods in an agreement may be about."""

    name: str
    title: str
    about: re.Pattern[str]
    ask: str
    label: str
    when: str
    milestone: str
    words: tuple[str, ...]


def _about(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


SUBJECTS = (
    Subject(
        "funding-notice", "Notice before funding changes or ends",
        _about(r"(?=.*\b(?:notice|warning|beforehand|in advance|made known|told|inform)).*\b(?:fund|grant|support|contract|agreement|service|reduc|withdr|cut|end)"),
        "ends", "when funding changes or ends", "before", "Last day for notice", ("funding", "grant", "contract", "notice"),
    ),
    Subject(
        "consultation", "A consultation", _about(r"\bconsult|\b(?:views|respon[ds]|repl(?:y|ies)|answer|comment)\b"),
        "opens", "when it opens", "after", "Earliest close", ("consultation", "survey"),
    ),
    Subject(
        "payment", "A payment", _about(r"\b(?:pay|paid|payment|invoice)"),
        "invoiced", "when the invoice was received", "after", "Payment made", ("payment", "invoice"),
    ),
)  # fmt: skip
_FEEDBACK = _about(r"\b(?:results?|feed ?back|outcome|closing|close of)\b")
_WITHIN = _about(r"\b(?:within|not later than|no later than)\b")


@dataclass(frozen=True)
class Draft:
    """A rule proposed: so much before or after an anchor, with the clause and the sentence that it was read from."""

    kind: str
    title: str
    ask: str
    label: str
    milestone: str
    when: str
    clause: str
    sentence: str
    words: tuple[str, ...]


def drafts_from(parts: Sequence[Part]) -> list[Draft]:
    return [draft for part in parts for draft in _drafts_of(part)]


def _drafts_of(part: Part) -> Iterator[Draft]:
    for sentence in re.split(r"(?<=[.;])\s+|\n", part.text):
        for period in _PERIOD.finditer(sentence):
            if re.match(
                r"\s*(?:of accounts|funding|old|long|review)|\s+(?:a|each|per) (?:year|month)", sentence[period.end() :]
            ):
                continue
            if re.search(r"\b(?:every|each)\s*$", sentence[: period.start()], re.IGNORECASE):
                continue
            subject = next(
                (
                    s
                    for s in SUBJECTS
                    if s.about.search(f"{part.heading} {sentence}" if s.name == "funding-notice" else sentence)
                ),
                None,
            )
            number = period["count"].casefold()
            size = f"{_COUNTS.get(number, number)} {_unit(period['unit'])}s"
            if subject and not (subject.name == "consultation" and _FEEDBACK.search(sentence)):
                yield Draft(
                    subject.name, subject.title, subject.ask, subject.label, subject.milestone,
                    f"{size} {subject.when} {subject.ask}", part.number, sentence.strip(), subject.words,
                )  # fmt: skip
            elif _WITHIN.search(sentence[: period.start()]):
                name = f"within-{len(part.number)}-{re.sub(r'[^a-z0-9]+', '-', part.number.casefold())}"
                yield Draft(
                    name, f"A period that {part.number} sets", "start", "the day from which it counts", "Last day",
                    f"{size} after start", part.number, sentence.strip(), (),
                )  # fmt: skip


def _unit(printed: str) -> str:
    unit = re.sub(r"\s+", " ", printed.casefold()).replace("business", "working")
    return re.sub(r"^(?:clear|full|calendar) ", "", unit)


OTHER = """[[kind]]
name = "other"
title = "Another date"
words = ["other", "date", "deadline", "reminder", "meeting"]

[kind.asks.date]
label = "the date"
words = ["on", "by", "date", "due", "for"]

[[kind.milestone]]
name = "date"
title = "The date itself"
when = "on date"
"""


def written(drafts: Sequence[Draft], accepted: frozenset[int] = frozenset()) -> str:
    """rules.toml with each kind once; a kind serves when the officer has accepted it."""
    lines = [
        "# Drafted by compact-bot adopt from the agreement's words. A kind serves when `accepted = true`;",
        "# read the sentence above each milestone first, and mend what was misread.",
        "",
        'leads = ["1 month", "2 weeks", "2 working days", "the day"]',
        "",
    ]
    for name in dict.fromkeys(draft.kind for draft in drafts):
        mine = [(i, draft) for i, draft in enumerate(drafts) if draft.kind == name]
        first = mine[0][1]
        yes = all(i in accepted for i, _ in mine)
        lines += [
            "[[kind]]",
            f'name = "{name}"',
            f"title = {_quoted(first.title)}",
            f"accepted = {'true' if yes else 'false'}",
        ]
        lines += [
            f"words = {json.dumps(list(first.words))}",
            "",
            f"[kind.asks.{first.ask}]",
            f"label = {_quoted(first.label)}",
        ]
        lines += [f'words = ["{first.ask}", "from", "on"]', ""]
        for place, (_, draft) in enumerate(mine, start=1):
            lines += [f"# {draft.clause}: {_one_line(draft.sentence)}", "[[kind.milestone]]"]
            lines += [f'name = "{name}-{place}"', f"title = {_quoted(draft.milestone)}"]
            lines += [f"clause = {_quoted(draft.clause)}", f'when = "{draft.when}"', ""]
    return "\n".join(lines) + "\n" + OTHER


def _one_line(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\s]+", " ", text)


def _quoted(text: str) -> str:
    return json.dumps(_one_line(text), ensure_ascii=False)
