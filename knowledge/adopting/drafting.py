"""Drafts of rules.toml: periods found in the words, each with its sentence, for an officer to accept."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.adopting.parts import Part

_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_COUNTS = (
    {word: value for value, word in enumerate(_ONES + _TEENS, start=1)}
    | {word: 10 * value for value, word in enumerate(_TENS, start=2)}
    | {f"{ten}-{one}": 10 * n + m for n, ten in enumerate(_TENS, start=2) for m, one in enumerate(_ONES, start=1)}
    | {"a": 1, "an": 1}
)
_PERIOD = re.compile(
    rf"\b(?P<count>\d{{1,3}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})(?:\s*\(\d{{1,3}}\))?[\s-]+"
    r"(?P<unit>(?:clear |full |calendar )?(?:working |business )?(?:day|fortnight|week|month|quarter|year))s?\b['’]?",
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
            r".*\b(?:fund|grant|support|contract|agreement|service|reduc|withdr|cut|end|chang|clos|stop|rent|leas|charge)"
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
        about=_about(r"\bconsult|\b(?:views|comments?|respon(?:d|ses?)|repl(?:y|ies)|to answer)\b"),
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
_WITHIN = _about(r"\b(?:within|in|(?:not|no) (?:later|more) than|up to)\s*(?:a (?:maximum|period) of\s*)?$")
_AT_LEAST = _about(
    r"\b(?:at least|(?:not|no) (?:less|fewer|shorter) than|minimum of|within|notice of|than|up to)\s*(?:one )?$"
)
_NOTICE_AFTER = _about(r"(?:s['’]?\s+|\s+)?(?:(?:prior|advance|written|clear)\s+)*(?:notice|warning)\b")
_NOTICE_BEFORE = _about(r"\b(?:notice|warning)\b[^.;]{0,40}$")
_AHEAD = _about(r"\s*(?:before(?:hand)?|ahead|in advance|prior)\b")
_FROM_BILL = _about(r"\s*(?:of|after|from|following)\b.{0,40}\b(?:receipt|invoices?|claims?)\b")
_NO_DEADLINE = _about(
    r"['’]?\s*(?:of accounts|funding|old|long|review|in every|in each|(?:paid |unpaid )?leave|spending|running costs"
    r"|(?:a|each|per) (?:year|month)\b)"
)
_COMPLAINT = _about(
    r"\b(?:complain|concern|dispute|disagree|grievance|appeal|acknowledg|letter|e-?mail|enquir|quer(?:y|ies)\b|correspond)"
)
_TOLD = _about(r"\b(?:notice|warning|made known|tell|told|inform|decision|decide|notif)")
_ADDED = _about(r"\b(?:every|each|add|another|further|extra|additional)\s*$")


@dataclass(frozen=True)
class Draft:
    """A rule proposed: so much before or after an anchor, with the clause and the sentence that it was read from."""

    subject: Subject
    when: str
    clause: str
    sentence: str


def drafts_from(parts: Sequence[Part]) -> list[Draft]:
    by_number = {part.number: part for part in parts}
    return [draft for part in parts for draft in _drafts_of(part, by_number.get(part.parent))]


def _drafts_of(part: Part, above: Part | None) -> Iterator[Draft]:
    context = f"{part.heading} {above.text if above else ''}"
    for sentence in re.split(r"(?<=[.;])\s+(?=[A-Z“\"(])|\n", part.text):
        for period in _PERIOD.finditer(sentence):
            if not _is_deadline(sentence, period):
                continue
            size = _size(period["count"].casefold(), period["unit"])
            if subject := _subject_of(context, sentence, period):
                yield Draft(subject, f"{size} {subject.when} {subject.ask}", part.number, sentence.strip())
            elif _WITHIN.search(sentence[: period.start()]):
                way = "before" if _AHEAD.match(sentence, period.end()) else "after"
                yield Draft(_of_its_own(part.number), f"{size} {way} start", part.number, sentence.strip())


def _is_deadline(sentence: str, period: re.Match[str]) -> bool:
    """Whether a period is one to keep, rather than "every 3 months", "three years of accounts", "two days a year"."""
    before, noticed = sentence[: period.start()], _NOTICE_AFTER.match(sentence, period.end())
    if _ADDED.search(before) or _NO_DEADLINE.match(sentence, period.end()):
        return False
    if period["count"].casefold() in ("a", "an") and not noticed:  # "the first day of a month"
        return bool(_AT_LEAST.search(before))
    return bool(noticed) or not period["unit"].casefold().endswith("year")


def _subject_of(context: str, sentence: str, period: re.Match[str]) -> Subject | None:
    notice, consultation, payment = SUBJECTS
    before, end = sentence[: period.start()], period.end()
    within = bool(_WITHIN.search(before))
    ahead = bool(_AHEAD.match(sentence, end))
    noticed = _NOTICE_AFTER.match(sentence, end) or _NOTICE_BEFORE.search(before) or (ahead and _TOLD.search(sentence))
    if noticed and (ahead or not within) and notice.about.search(f"{context} {sentence}"):
        return notice
    if payment.about.search(sentence) and (within or _FROM_BILL.match(sentence, end)):
        return payment
    consulted = re.search(r"\bconsult", sentence, re.IGNORECASE)
    if within or (not consulted and (ahead or _COMPLAINT.search(sentence))):
        return None
    return consultation if consultation.about.search(f"{context} {sentence}") else None


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


def _size(count: str, printed: str) -> str:
    """ "3 months", "10 working days"; a year is twelve months and a fortnight two weeks."""
    number = int(count) if count.isdigit() else _COUNTS[count]
    unit = re.sub(r"\s+", " ", printed.casefold()).replace("business", "working")
    unit = re.sub(r"^(?:clear|full|calendar) ", "", unit)
    number, unit = {"year": (12 * number, "month"), "fortnight": (2 * number, "week")}.get(unit, (number, unit))
    return f"{number} {unit}{'' if number == 1 else 's'}"


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
