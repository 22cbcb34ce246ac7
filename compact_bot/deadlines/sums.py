"""Sums with dates: by when notice has to be given, when it could end, whether a consultation is long enough.

Nothing is saved. The verdict comes first, then the dates, the working, and the clause.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from compact_bot.closed_days import ClosedDays
from compact_bot.conversation import Button, Fact, Pending, Reply
from compact_bot.dates import counted, period_in_words, spoken, weeks_in_words
from compact_bot.deadlines import replies
from compact_bot.deadlines.finding import check_days, check_title, refused, tracker
from compact_bot.deadlines.planning import counted_from, earliest_end, inside, last_day, plan
from compact_bot.deadlines.track import exception_said
from compact_bot.turn import Turn
from compact_bot.understanding.acts import ConsultationDates, ConsultationSum, Given, NoticeDates, NoticeSum, Track
from compact_bot.understanding.saying import written_out
from compact_bot.understanding.understood import Understood
from knowledge.rules import Kind, MilestoneRule

MOST_SUMS = 10
_UNSAVED = "Nothing is saved."
NOTICE_EXAMPLE = "check notice given 20 January 2027 for 31 March 2027"
CONSULTATION_EXAMPLE = "check consultation 7 December 2026 to 1 March 2027"


@dataclass(frozen=True)
class _Sum:
    """What one sum comes to; `track` keeps it, where there is something to keep."""

    verdict: str
    facts: tuple[Fact, ...] = ()
    note: str = ""
    track: Track | None = None
    ask: str = ""


# ---- notice ---------------------------------------------------------------------------------------------------------


def notice_dates(turn: Turn, act: NoticeDates) -> Reply:
    kind = turn.rules.summed("notice")
    rules = kind.notices if kind else []
    if kind is None or not rules:
        raise refused(f"The {turn.agreement.about.short} dates no notice.", "Ask in your own words what it says.", "")
    _check(act.sums, NOTICE_EXAMPLE)
    keeper = tracker(turn)
    return _reply(
        turn, [_notice(kind, one, keeper.today, keeper.closed) for one in act.sums], act.sums, rules[0].clause
    )


def _notice(kind: Kind, one: NoticeSum, today: date, closed: ClosedDays) -> _Sum:
    check_days(day for day in (one.given, one.ends) if day)
    if one.given and one.ends:
        return _is_enough(kind, one, one.given, one.ends, today, closed)
    if one.ends:
        return _by_when(kind, one, one.ends, today, closed)
    if one.given:
        return _when_it_could_end(kind, one.given, closed)
    raise refused("When does it end, or when is notice given?", f"For example: {NOTICE_EXAMPLE}", _UNSAVED)


def _by_when(kind: Kind, one: NoticeSum, ends: date, today: date, closed: ClosedDays) -> _Sum:
    """The last safe day for the minimum, and for best practice."""
    counts = kind.notices
    planned = plan(kind, {counts[0].when.anchor: [ends]}, closed)
    by_rule = {one.rule.name: one for one in planned}
    dated = [by_rule[rule.name] for rule in counts]
    verdict = " ".join(f"{p.title}: by {spoken(p.day)}{', already past' if p.day < today else ''}." for p in dated)
    notes = []
    if dated[0].day < today <= ends:
        earliest = earliest_end(today, counts[0].when, closed).day
        verdict += f" If notice goes today, the earliest end is {spoken(earliest)}."
        notes.append(exception_said(kind))
    advised = [p for p in planned if p.rule.advised]
    notes += [f"Advised by {spoken(p.day)}: {p.title[0].lower()}{p.title[1:]} ({p.rule.clause})." for p in advised]
    return _Sum(
        verdict,
        replies.milestone_facts(dated, today),
        " ".join(filter(None, notes)),
        _track_notice(kind, one, ends) if ends >= today else None,
    )


def _when_it_could_end(kind: Kind, given: date, closed: ClosedDays) -> _Sum:
    """The earliest end that notice on a day allows."""
    said, facts = [], []
    for rule in kind.notices:
        end = earliest_end(given, rule.when, closed)
        said.append(f"{spoken(end.day)} ({'best practice' if rule.best_practice_of else 'the minimum'})")
        arguable = (
            f" {spoken(end.arguable)} is arguable; the later day is safe on every reading." if end.arguable else ""
        )
        facts.append(Fact(_length_said(rule), f"{spoken(end.day)}. {_plus(given, rule, end.day)}{arguable}"))
    return _Sum(f"With notice on {spoken(given)} the earliest end is {' or '.join(said)}.", tuple(facts))


def _plus(given: date, rule: MilestoneRule, day: date) -> str:
    return f"Working: {written_out(given)}, plus {_length(rule)}, = {written_out(day)}."


def _length(rule: MilestoneRule) -> str:
    return counted(-rule.when.number, rule.when.unit)


def _length_said(rule: MilestoneRule) -> str:
    return f"{'Best practice' if rule.best_practice_of else 'Minimum'}, {_length(rule)}"


def _is_enough(kind: Kind, one: NoticeSum, given: date, ends: date, today: date, closed: ClosedDays) -> _Sum:
    """Whether notice is long enough; where not, by how much it is short, and when it could end instead."""
    if given > ends:
        raise refused(
            f"{spoken(given)} is after {spoken(ends)}; notice comes first.", f"For example: {NOTICE_EXAMPLE}", _UNSAVED
        )
    least, *better = kind.notices
    last, earliest = last_day(ends, least.when, closed), earliest_end(given, least.when, closed)
    between = f"From {spoken(given)} to {spoken(ends)} is {period_in_words(given, ends)}"
    if given <= last.day:
        best = next((rule for rule in better if given <= last_day(ends, rule.when, closed).day), None)
        more = " and best practice" if best else ""
        missed = (
            ""
            if best or not better
            else f" Best practice was by {spoken(last_day(ends, better[-1].when, closed).day)}."
        )
        verdict = f"Enough: it meets the minimum in {least.clause}{more}. {between}.{missed}"
        ask = ""
    else:
        days = counted((given - last.day).days, "day")
        arguable = (
            f" It is arguable, since some count to {spoken(last.arguable)}."
            if last.arguable and given <= last.arguable
            else ""
        )
        verdict = (
            f"Not enough: {days} short of the minimum in {least.clause}. {between}.{arguable} "
            f"With notice on {spoken(given)} it could end on {spoken(earliest.day)} instead."
        )
        ask = f"{exception_said(kind)} What is the exception, and what is the rationale? " if least.exception else ""
    facts = tuple(_last_day(rule, given, ends, closed) for rule in (least, *better))
    return _Sum(verdict, facts, "", _track_notice(kind, one, ends) if ends >= today else None, ask)


def _last_day(rule: MilestoneRule, given: date, ends: date, closed: ClosedDays) -> Fact:
    day = last_day(ends, rule.when, closed).day
    in_time = "in time" if given <= day else "too late"
    return Fact(rule.title, f"{_length(rule)} before {spoken(ends)} is {spoken(day)}: {in_time}.")


def _track_notice(kind: Kind, one: NoticeSum, ends: date) -> Track:
    anchor = kind.notices[0].when.anchor
    return Track(kind.name, one.title or _named_by_date(kind, anchor, ends), (Given(anchor, (ends,)),))


def _named_by_date(kind: Kind, anchor: str, day: date) -> str:
    """ "Funding ends 31 March 2027": what to call a thing that was given no name."""
    return f"{kind.words[0].capitalize()} {(kind.asked(anchor).words or (anchor,))[0]} {written_out(day)}"


# ---- consultations --------------------------------------------------------------------------------------------------


def consultation_dates(turn: Turn, act: ConsultationDates) -> Reply:
    kind = turn.rules.summed("consultation")
    rule = kind.lasts if kind else None
    if kind is None or rule is None:
        raise refused(
            f"The {turn.agreement.about.short} gives consultations no length.",
            "Ask in your own words what it says.",
            "",
        )
    _check(act.sums, CONSULTATION_EXAMPLE)
    keeper = tracker(turn)
    sums = [_consultation(turn, kind, rule, one, keeper.today, keeper.closed) for one in act.sums]
    return _reply(turn, sums, act.sums, rule.clause)


def _consultation(
    turn: Turn, kind: Kind, rule: MilestoneRule, one: ConsultationSum, today: date, closed: ClosedDays
) -> _Sum:
    opens, closes = one.opens, one.closes
    check_days(day for day in (opens, closes) if day)
    if not 0 <= one.weeks <= 520:  # ten years
        raise refused("That is too many weeks.", f"For example: {CONSULTATION_EXAMPLE}", _UNSAVED)
    own = timedelta(weeks=one.weeks)
    if own and opens and not closes:
        closes = opens + own
    elif own and closes and not opens:
        opens = closes - own
    if opens and closes:
        return _is_long_enough(turn, kind, rule, one, opens, closes, closed)
    if opens:
        close = _earliest_close(opens, rule, closed)
        verdict = f"Opened on {spoken(opens)}, it can close on {spoken(close)} at the earliest, after {_lasting(rule)}."
        return _Sum(
            verdict,
            (
                Fact(
                    "Working",
                    f"{written_out(opens)}, plus {_lasting(rule)} ({(close - opens).days} days), "
                    f"= {written_out(close)}.",
                ),
            ),
            _inside_said(turn, opens, close),
            _track_consultation(kind, one, opens, None),
        )
    if closes:
        latest = _latest_opening(closes, rule, closed)
        verdict = f"To close on {spoken(closes)} after {_lasting(rule)}, it has to open by {spoken(latest)}."
        if latest < today <= closes:
            earliest = _earliest_close(today, rule, closed)
            verdict += f" That is past: opened today, it can close on {spoken(earliest)} at the earliest."
        return _Sum(
            verdict,
            (
                Fact(
                    "Working",
                    f"{written_out(closes)}, less {_lasting(rule)} ({(closes - latest).days} days), "
                    f"= {written_out(latest)}.",
                ),
            ),
            _inside_said(turn, latest, closes),
            _track_consultation(kind, one, latest, closes) if latest >= today else None,
        )
    raise refused("When does it open, or when does it close?", f"For example: {CONSULTATION_EXAMPLE}", _UNSAVED)


def _is_long_enough(
    turn: Turn, kind: Kind, rule: MilestoneRule, one: ConsultationSum, opens: date, closes: date, closed: ClosedDays
) -> _Sum:
    if closes <= opens:
        raise refused(
            f"{spoken(closes)} is not after {spoken(opens)}.", f"For example: {CONSULTATION_EXAMPLE}", _UNSAVED
        )
    days, earliest = (closes - opens).days, _earliest_close(opens, rule, closed)
    between = f"From {spoken(opens)} to {spoken(closes)} is {weeks_in_words(days)}"
    ask = ""
    if closes < earliest:
        latest = _latest_opening(closes, rule, closed)
        verdict = (
            f"Not long enough: {weeks_in_words((earliest - closes).days)} short of the {_lasting(rule)} "
            f"in {rule.clause}. "
            f"{between}. It could close on {spoken(earliest)}, or have opened by {spoken(latest)}."
        )
        ask = f'A shorter one needs "{rule.reason}". ' if rule.reason else ""
    else:
        verdict = f"Long enough: it meets the {_lasting(rule)} in {rule.clause}. {between}."
    facts = (
        Fact(f"{_lasting(rule)} ({(earliest - opens).days} days) from {spoken(opens)}", spoken(earliest)),
        Fact("Days open", str(days)),
    )
    return _Sum(verdict, facts, _inside_said(turn, opens, closes), _track_consultation(kind, one, opens, closes), ask)


def _earliest_close(opens: date, rule: MilestoneRule, closed: ClosedDays) -> date:
    return counted_from(opens, rule.when, closed)[0]


def _latest_opening(closes: date, rule: MilestoneRule, closed: ClosedDays) -> date:
    """The last day from which the length ends by the day on which it closes."""
    return last_day(closes, replace(rule.when, number=-rule.when.number), closed).day


def _lasting(rule: MilestoneRule) -> str:
    return counted(rule.when.number, rule.when.unit)


def _inside_said(turn: Turn, opens: date, closes: date) -> str:
    within = inside(opens, closes)
    if not within:
        return ""
    return (
        f"Inside it lie: {', '.join(within)}. The {turn.agreement.about.short} gives no extension for these, "
        "so this is only advice: think about allowing more time."
    )


def _track_consultation(kind: Kind, one: ConsultationSum, opens: date, closes: date | None) -> Track:
    given = (Given(kind.opening, (opens,)), *((Given(kind.closing, (closes,)),) if closes and kind.closing else ()))
    return Track(kind.name, one.title or _named_by_date(kind, kind.opening, opens), given)


def ask_for_dates(_: Turn, understood: Understood) -> Reply:
    """A sum that lacks its dates."""
    act = understood.act
    if isinstance(act, NoticeDates):
        asked, example = "When does it end, or when is notice given?", NOTICE_EXAMPLE
    else:
        asked, example = "When does it open, or when does it close?", CONSULTATION_EXAMPLE
    return Reply(f"{asked} {_UNSAVED}", next_step=f"For example: {example}", pending=Pending(act, understood.missing))


# ---- one answer for all ---------------------------------------------------------------------------------------------


def _check(sums: Sequence[NoticeSum | ConsultationSum], example: str) -> None:
    if not sums:
        raise refused("I need a date for that.", f"For example: {example}", _UNSAVED)
    if len(sums) > MOST_SUMS:
        raise refused(
            f"Those are {len(sums)} sums; I do up to {MOST_SUMS} at once.", "Send them in two messages.", _UNSAVED
        )
    for one in sums:
        if one.title:
            check_title(one.title, _UNSAVED)


def _row(number: int, one: NoticeSum | ConsultationSum) -> str:
    """Which of several sums a row is: by its name and the date that was given for it."""
    first, last = (one.given, one.ends) if isinstance(one, NoticeSum) else (one.opens, one.closes)
    days = " to ".join(spoken(day) for day in (first, last) if day)
    return f"{one.title or number}, {days}"


def _reply(turn: Turn, made: Sequence[_Sum], sums: Sequence[NoticeSum | ConsultationSum], clause: str) -> Reply:
    """One sum whole, or several in a row each."""
    citations = replies.cited(turn.agreement, [clause])
    if len(made) > 1:
        rows = tuple(
            Fact(_row(number, one), each.verdict) for number, (one, each) in enumerate(zip(sums, made, strict=True), 1)
        )
        kept = [each.track for each in made if each.track]
        return Reply(
            f"{len(made)} sums. {_UNSAVED}",
            citations=citations,
            facts=rows,
            note=" ".join(dict.fromkeys(each.ask.strip() for each in made if each.ask)),
            source=turn.agreement.about.source,
            next_step="To keep one with nudges, press its button." if kept else "To keep one, say track and its date.",
            buttons=tuple(Button(f"Track {act.title}"[:70], act) for act in kept[:5]),
        )
    (only,) = made
    track = only.track
    return Reply(
        f"{only.verdict} {_UNSAVED}",
        citations=citations,
        facts=only.facts,
        note=only.note,
        source=turn.agreement.about.source,
        next_step=f"{only.ask}To track it with nudges, type yes, or press Track."
        if track
        else f"{only.ask}To ask about another date, say it.",
        buttons=(Button("Track", track),) if track else (),
        pending=Pending(track) if track else None,
    )
