"""The review in chat: what reads well aloud, each figure with the numbers of its records."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from compact_bot.conversation import Button, Fact, File, Reply
from compact_bot.feedback.finding import not_for_sharing
from compact_bot.feedback.periods import EXAMPLE, PeriodError, read_period
from compact_bot.feedback.records import review_of
from compact_bot.feedback.review import Gap, Group, Review, Tally
from compact_bot.organisation import today
from compact_bot.turn import Refused, Turn
from compact_bot.understanding import acts
from compact_bot.way_in import signs_in, way_in

NAMED = 5  # numbers of records in a line
CLAUSES = 5  # clauses in the summary


def review(turn: Turn, act: acts.Review) -> Reply:
    day = today(turn)
    try:
        period = read_period(act.period, day)
    except PeriodError as problem:
        raise Refused(
            Reply(f"{problem} Nothing was made.", next_step=f"For example: {EXAMPLE}, or: review 2026")
        ) from problem
    made = review_of(turn.session, turn.organisation, turn.agreement, turn.rules, period, day)
    return not_for_sharing(turn, _with_files(turn, made))


def _with_files(turn: Turn, made: Review) -> Reply:
    files: tuple[File, ...] = ()
    link = ""
    if turn.publisher is not None and turn.message.takes_files:
        files = turn.publisher.files(made)
    else:
        link = way_in(turn, f"/review?period={quote(made.period.code)}")
    open_it = (Button("Open the whole review", acts.Review(made.period.code), url=link),) if link else ()
    busiest = [group for group in made.clauses if group.name in turn.agreement.clauses]
    busiest = sorted(busiest, key=lambda group: -group.tally.total)[:CLAUSES]
    return Reply(
        _opening(made),
        facts=tuple(facts_of(made, busiest)),
        note=" ".join(filter(None, [_held_back(made), signs_in(link) if link else ""])),
        next_step=_next_step(made, link, bool(files)),
        buttons=(*open_it, *(_feedback_on(group.name) for group in busiest[:3])),
        files=files,
    )


def _feedback_on(clause: str) -> Button:
    return Button(f"Feedback on {clause}", acts.ListFeedback(clause=clause))


def _opening(made: Review) -> str:
    total = made.total
    period = f"The review of {made.period}"
    if not total.total:
        return f"{period}: no feedback was logged."
    count, kinds, states = _number(total.total, "entry", "entries"), _kinds(total), _states(total)
    if total.total == 1:
        return f"{period}: {count} of feedback, {kinds}, {states}."
    of_these = f"Of these, {states}" if states[0].isdigit() else f"All are {states}"
    return f"{period}: {count} of feedback, {kinds if kinds[0].isdigit() else f'all {kinds}'}. {of_these}."


def _number(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _kinds(tally: Tally) -> str:
    """ "1 kept, 5 not kept, 1 suggestion"; without a figure where all are of one kind, since it was said."""
    suggestions = "suggestion" if tally.suggestions == 1 else "suggestions"
    return _figures({"kept": tally.kept, "not kept": tally.not_kept, suggestions: tally.suggestions})


def _states(tally: Tally) -> str:
    return _figures({"resolved": tally.resolved, "without action": tally.no_action, "still open": tally.still_open})


def _figures(counts: Mapping[str, int]) -> str:
    told = [(what, count) for what, count in counts.items() if count]
    return told[0][0] if len(told) == 1 else ", ".join(f"{count} {what}" for what, count in told)


def facts_of(made: Review, clauses: Sequence[Group]) -> Iterable[Fact]:
    """By clause alone: sections and sides would say the same figures again, and are on the whole page."""
    for group in clauses:
        yield Fact(group.name, _line(group))
    yield from _kept_to_time(made)
    if made.records.gaps:
        yield Fact("Asked about and not covered", _asked(made.records.gaps))


def _asked(gaps: Sequence[Gap]) -> str:
    """ "7 questions: 4 near 3.4.4, 2 on trustees, 1 on other things." """
    asked = sum(gap.times for gap in gaps)
    most = [f"{gap.times} {whereabouts(gap)}" for gap in gaps[:NAMED]]
    more = [f"{sum(gap.times for gap in gaps[NAMED:])} on other things"] if len(gaps) > NAMED else []
    return f"{_number(asked, 'question', 'questions')}: {', '.join(most + more)}."


def whereabouts(gap: Gap) -> str:
    on = f"on {gap.subject[0].lower()}{gap.subject[1:]}" if gap.subject else ""
    near = f"near {gap.clause}" if gap.clause else ""
    return ", ".join(filter(None, (near, on))) or "near no clause"


def _kept_to_time(made: Review) -> Iterable[Fact]:
    """Notices, consultations and payments, as far as deadlines were tracked."""
    records = made.records
    if records.notices:
        yield Fact("Notices", _verdicts(records.notices, NOTICE_WORDS))
    if records.consultations:
        long_enough = [one for one in records.consultations if one.long_enough]
        shorter = [one for one in records.consultations if not one.long_enough]
        why = sum(bool(one.rationale) for one in shorter)
        yield Fact(
            "Consultations",
            f"{len(long_enough)} of {records.weeks} weeks or more{_codes('D', long_enough)}, {len(shorter)} shorter"
            f"{_codes('D', shorter)}, {why} of these with a rationale.",
        )
    if records.payments:
        yield Fact("Payments", _verdicts(records.payments, PAYMENT_WORDS))


def summed_up(made: Review) -> list[str]:
    """The review in a few lines, for the top of a page."""
    lines = [_opening(made), *(f"{fact.label}: {fact.value}" for fact in _kept_to_time(made)), _held_back(made)]
    return [line for line in lines if line]


NOTICE_WORDS = {
    "best practice": "met best practice",
    "minimum": "met the minimum",
    "short": "short of the minimum",
    "none given": "not given in time",
    "not due": "not due yet",
}
PAYMENT_WORDS = {"in time": "in time", "late": "late", "unpaid": "due and unpaid", "not due": "not due yet"}


def _verdicts(records: Sequence[object], words: dict[str, str]) -> str:
    said = []
    for verdict, how in words.items():
        found = [record for record in records if getattr(record, "verdict", "") == verdict]
        if found:
            said.append(f"{len(found)} {how}{_codes('D', found)}")
    return f"{', '.join(said)}."


def _codes(letter: str, records: Sequence[object]) -> str:
    """ " (D4, D9 and 3 more)": the records behind a figure."""
    return _numbers(letter, [getattr(record, "number", 0) for record in records])


def _numbers(letter: str, numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    named = ", ".join(f"{letter}{number}" for number in numbers[:NAMED])
    more = f" and {len(numbers) - NAMED} more" if len(numbers) > NAMED else ""
    return f" ({named}{more})"


def _line(group: Group) -> str:
    kinds, count = _kinds(group.tally), group.tally.total
    kinds = kinds if kinds[0].isdigit() else f"{count} {kinds}"
    return f"{kinds}; {_states(group.tally)}{_numbers('F', group.entries)}."


def _held_back(made: Review) -> str:
    if not made.held_back:
        return ""
    return "Anonymous entries in groups smaller than 3 are held back: they count in the whole, and in no group."


def _next_step(made: Review, link: str, attached: bool) -> str:
    if attached:
        return "The whole review is in the files. To read the records of one clause, type for example: feedback 3.3.4"
    if link.startswith("http"):
        return "Open the whole review for its tables, Word and spreadsheet files."
    run = f'compact-bot review --period "{made.period.code}" --out review.docx'
    if link:
        return f"The whole review is on the local page, under Yearly review. To have it as a file, run: {run}"
    return f"Type a number such as F1 to read one. To have the whole review as a file, run: {run}"
