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
    ask_words: tuple[str, ...] = ("from", "on")
    sum: str = ""


def _about(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


SUBJECTS = (
    Subject(
        name="funding-notice",
        title="Notice before funding changes or ends",
        about=_about(
            r"(?=.*\b(?:notice|warning|beforehand|in advance|made known|told|inform))"
            r".*\b(?:fund|grant|support|contract|agreement|service|reduc|withdr|cut|end)"
        ),
        ask="ends",
        label="when funding changes or ends",
        when="before",
        milestone="Last day for notice",
        words=("funding", "grant", "contract", "notice"),
        ask_words=("end", "ending", "stops", "stop", "changes", "change", "finishes", "finish", "for"),
        sum="notice",
    ),
    Subject(
        name="consultation",
        title="A consultation",
        about=_about(r"\bconsult|\b(?:views|respon[ds]|repl(?:y|ies)|answer|comment)\b"),
        ask="opens",
        label="when it opens",
        when="after",
        milestone="Earliest close",
        words=("consultation", "survey"),
        ask_words=("open", "opening", "starts", "start", "from", "launches"),
        sum="consultation",
    ),
    Subject(
        name="payment",
        title="A payment",
        about=_about(r"\b(?:pay|paid|payment|invoice)"),
        ask="invoiced",
        label="when the invoice was received",
        when="after",
        milestone="Payment made",
        words=("payment", "invoice"),
    ),
)
_FEEDBACK = _about(r"\b(?:results?|feed ?back|outcome|closing|close of)\b")
_WITHIN = _about(r"\b(?:within|not later than|no later than)\b")


@dataclass(frozen=True)
class Draft:
    """A rule proposed: so much before or after an anchor, with the clause and the sentence that it was read from."""

    subject: Subject
    when: str
    clause: str
    sentence: str


def drafts_from(parts: Sequence[Part]) -> list[Draft]:
    return [draft for part in parts for draft in _drafts_of(part)]


def _drafts_of(part: Part) -> Iterator[Draft]:
    for sentence in re.split(r"(?<=[.;])\s+|\n", part.text):
        for period in _PERIOD.finditer(sentence):
            if not _is_deadline(sentence, period):
                continue
            number = period["count"].casefold()
            size = f"{_COUNTS.get(number, number)} {_unit(period['unit'])}s"
            if subject := _subject_of(part.heading, sentence):
                when = f"{size} {subject.when} {subject.ask}"
                yield Draft(subject, when, part.number, sentence.strip())
            elif _WITHIN.search(sentence[: period.start()]):
                yield Draft(_of_its_own(part.number), f"{size} after start", part.number, sentence.strip())


def _is_deadline(sentence: str, period: re.Match[str]) -> bool:
    """Whether a period is one to keep, rather than "every 3 months", "three years of accounts", "two days a year"."""
    if re.search(r"\b(?:every|each)\s*$", sentence[: period.start()], re.IGNORECASE):
        return False
    return not re.match(
        r"\s*(?:of accounts|funding|old|long|review|(?:a|each|per) (?:year|month))", sentence[period.end() :]
    )


def _subject_of(heading: str, sentence: str) -> Subject | None:
    notice, consultation, payment = SUBJECTS
    if notice.about.search(f"{heading} {sentence}"):
        return notice
    if consultation.about.search(sentence):
        return None if _FEEDBACK.search(sentence) else consultation
    return payment if payment.about.search(sentence) else None


def _of_its_own(number: str) -> Subject:
    return Subject(
        name=f"period-{re.sub(r'[^a-z0-9]+', '-', number.casefold()).strip('-')}",
        title=f"A period that {number} sets",
        about=_WITHIN,
        ask="start",
        label="the day from which it counts",
        when="after",
        milestone="Last day",
        words=(),
    )


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
    for name in dict.fromkeys(draft.subject.name for draft in drafts):
        mine = [(i, draft) for i, draft in enumerate(drafts) if draft.subject.name == name]
        yes = all(i in accepted for i, _ in mine)
        lines += _kind_lines(mine[0][1], yes)
        for place, (_, draft) in enumerate(mine, start=1):
            lines += [f"# {draft.clause}: {_one_line(draft.sentence)}", "[[kind.milestone]]"]
            lines += [f'name = "{name}-{place}"', f"title = {_quoted(draft.subject.milestone)}"]
            lines += [f"clause = {_quoted(draft.clause)}", f'when = "{draft.when}"', ""]
    return "\n".join(lines) + "\n" + OTHER


def _kind_lines(first: Draft, accepted: bool) -> list[str]:
    subject = first.subject
    lines = [
        "[[kind]]",
        f'name = "{subject.name}"',
        f"title = {_quoted(subject.title)}",
        f"accepted = {'true' if accepted else 'false'}",
        f"words = {json.dumps(list(subject.words))}",
        *([f'sum = "{subject.sum}"'] if subject.sum else []),
        "",
        f"[kind.asks.{subject.ask}]",
        f"label = {_quoted(subject.label)}",
        f"words = {json.dumps([subject.ask, *subject.ask_words])}",
        "",
    ]
    if subject.sum != "consultation":
        return lines
    return [*lines[:-1], "optional = true", "", *CLOSING, f'otherwise = "{first.when}"', "", *_closes(first.clause)]


CLOSING = (
    "[kind.asks.closes]",
    'label = "when it closes"',
    'words = ["closes", "close", "closing", "ends", "end", "to", "until"]',
    "optional = true",
)


def _closes(clause: str) -> list[str]:
    return [
        "[[kind.milestone]]",
        'name = "closes"',
        'title = "Consultation closes"',
        f"clause = {_quoted(clause)}",
        'when = "on closes"',
        "",
    ]


def _one_line(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\s]+", " ", text)


def _quoted(text: str) -> str:
    return json.dumps(_one_line(text), ensure_ascii=False)
