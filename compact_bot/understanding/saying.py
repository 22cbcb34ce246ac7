"""The command that says an act, so that whatever a button or a form carries can be typed as well.

`understand(says(act)).act == act` holds for every act, whatever names and texts it carries (tests/understanding).
"""

from datetime import date
from functools import singledispatch

from compact_bot.dates import MONTHS, WEEKDAYS
from compact_bot.understanding import acts
from compact_bot.understanding.commands.asking import BOTH_SIDES
from compact_bot.understanding.commands.quoting import quote, quote_if_unclear


def written_out(day: date) -> str:
    """ "31 March 2027" """
    return f"{day.day} {MONTHS[day.month - 1].title()} {day.year}"


def codes(numbers: tuple[int, ...]) -> str:
    """ "D1", "D1, D2 and D3" """
    named = [f"D{number}" for number in numbers]
    return " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))


@singledispatch
def says(act: acts.Act) -> str:
    """The words to type. An act without words of its own is named as what it is."""
    raise TypeError(f"nothing says {type(act).__name__}")


_FIXED: dict[type[acts.Act], str] = {
    acts.Contents: "contents",
    acts.Why: "why",
    acts.Home: "home",
    acts.Settings: "settings",
    acts.Board: "board",
    acts.SignOutEverywhere: "sign out everywhere",
    acts.ShowContacts: "contacts",
    acts.ShowLeads: "leads",
    acts.ShowClosedDays: "closed",
    acts.NudgesHere: "nudges here",
    acts.NudgesStop: "nudges stop",
    acts.Gaps: "gaps",
    acts.Helped: "this helped",
    acts.Import: "import",
    acts.EmailStop: "email stop",
    acts.MyData: "my data",
    acts.Link: "link",
    acts.JoinPartnership: "join the partnership",
    acts.ShowPartnership: "our partnership",
    acts.Leave: "no",
    acts.Yes: "yes",
}
for _kind, _words in _FIXED.items():
    says.register(_kind)(lambda _, words=_words: words)


@says.register
def _(act: acts.Ask) -> str:
    return act.question


@says.register
def _(act: acts.LookUp) -> str:
    return f"{act.numbers[0]} to {act.last}" if act.numbers and act.last else f"clause {' and '.join(act.numbers)}"


@says.register
def _(act: acts.ChooseAgreement) -> str:
    return f"settings agreement {act.name}".strip()


@says.register
def _(act: acts.WhatChanged) -> str:
    return f"what changed in {act.number}" if act.number else "what changed in the new edition"


@says.register
def _(act: acts.DutiesOf) -> str:
    told = BOTH_SIDES if act.who == BOTH_SIDES else act.side
    return f"{told}: {act.question}" if told else act.question


@says.register
def _(act: acts.FollowUp) -> str:
    return f"and {act.rest}"


@says.register
def _(act: acts.SetSide) -> str:
    return f"we are {act.who}" if act.who else "forget my side"


@says.register
def _(act: acts.NoticeDates) -> str:
    return "; ".join(
        f"check notice{_named(one.title)}{_on('given', one.given)}{_on('for', one.ends)}" for one in act.sums
    )


@says.register
def _(act: acts.ConsultationDates) -> str:
    return "; ".join(
        f"check consultation{_named(one.title)}{_on('opens', one.opens)}{_on('closes', one.closes)}"
        + (f" for {one.weeks} weeks" if one.weeks else "")
        for one in act.sums
    )


@says.register
def _(act: acts.Track) -> str:
    pieces = [f"track {act.kind} {quote(act.title)}"]
    pieces += [f"{given.anchor} {', '.join(map(written_out, given.days))}" for given in act.given]
    pieces += [f"owner {quote(act.owner.name)}"] if act.owner else []
    pieces += [f"clause {act.clause}"] if act.clause else []
    pieces += [f"nudged {', '.join(act.leads)}"] if act.leads else []
    pieces += [f"because {act.rationale}"] if act.rationale else []
    return " ".join(pieces)


@says.register
def _(act: acts.Done) -> str:
    step = f" {act.step}" if act.step else ""
    sure = " for certain" if act.sure else ""
    return f"done {codes(act.numbers)}{step}{_on('on', act.on)}{sure}" + (f": {act.how}" if act.how else "")


@says.register
def _(act: acts.Move) -> str:
    which = f" {act.which}" if act.which else ""
    return f"move {codes(act.numbers)}{which}{_on('', act.was)} to {written_out(act.to)}"


@says.register
def _(act: acts.Renew) -> str:
    return f"renew D{act.number} until {written_out(act.until)}"


@says.register
def _(act: acts.Snooze) -> str:
    return f"snooze {codes(act.numbers)} until {written_out(act.until)}"


@says.register
def _(act: acts.Drop) -> str:
    return f"drop {codes(act.numbers)} because {act.reason}"


@says.register
def _(act: acts.SetOwner) -> str:
    return f"owner {codes(act.numbers)} {quote(act.owner.name)}"


@says.register
def _(act: acts.Rename) -> str:
    return f"rename D{act.number} {quote(act.title)}"


@says.register
def _(act: acts.SetKind) -> str:
    return f"kind D{act.number} {act.kind}"


@says.register
def _(act: acts.SetClause) -> str:
    return f"clause D{act.number} {act.clause}"


@says.register
def _(act: acts.SetLeads) -> str:
    return f"nudge {codes(act.numbers)} {', '.join(act.leads)} before"


@says.register
def _(act: acts.GiveRationale) -> str:
    return f"rationale D{act.number} because {act.rationale}"


@says.register
def _(act: acts.Undo) -> str:
    return f"undo change {act.change}" if act.change else "undo"


@says.register
def _(act: acts.List) -> str:
    which = f" {act.which}" if act.which is not acts.Which.ALL else ""
    within = f" {act.within} days" if act.which is acts.Which.NEXT else ""
    page = f" page {act.page}" if act.page != 1 else ""
    return f"deadlines{which}{within}{page}"


@says.register
def _(act: acts.Show) -> str:
    return f"{codes(act.numbers)} {act.part}".rstrip()


_LOGS = {
    acts.FeedbackKind.KEPT: "praise",
    acts.FeedbackKind.NOT_KEPT: "feedback",
    acts.FeedbackKind.SUGGESTION: "suggest",
}


@says.register
def _(act: acts.LogFeedback) -> str:
    pieces = ["anonymous"] if act.anonymous else []
    pieces += [_LOGS[act.kind]]
    pieces += [", ".join(act.clauses)] if act.clauses else ["no clause"] if act.no_clause else []
    pieces += [f"about {quote(act.about)}"] if act.about else []
    pieces += [f"on behalf of {quote(act.behalf)}"] if act.behalf else []
    pieces += [f"on {written_out(act.when)}"] if act.when else []
    pieces += [f"link {quote(act.link)}"] if act.link else []
    pieces += ["as written"] if act.as_written else []
    named = " (with my name)" if act.with_name else ""
    return f"{' '.join(pieces)}: {quote_if_unclear(act.what)}{named}"


@says.register
def _(act: acts.ListFeedback) -> str:
    page = f" page {act.page}" if act.page != 1 else ""
    if act.clause:
        return f"feedback {act.clause}{page}"
    return f"feedback{page}" if act.which is acts.Listed.OPEN else f"feedback {act.which}{page}"


@says.register
def _(act: acts.ShowFeedback) -> str:
    return f"F{act.number}"


@says.register
def _(act: acts.SetStatus) -> str:
    verbs = {
        acts.FeedbackState.OPEN: "reopen",
        acts.FeedbackState.ACKNOWLEDGED: "acknowledge",
        acts.FeedbackState.RESOLVED: "resolve",
        acts.FeedbackState.NO_ACTION: "no action",
    }
    return f"{verbs[act.state]} F{act.number}" + (f" because {act.outcome}" if act.outcome else "")


@says.register
def _(act: acts.SetFeedbackOwner) -> str:
    return f"owner F{act.number} {quote(act.owner.name)}"


@says.register
def _(act: acts.SetFeedbackKind) -> str:
    return f"F{act.number} is {act.kind}"


@says.register
def _(act: acts.EditFeedback) -> str:
    return f"edit F{act.number}{' as written' if act.as_written else ''}: {act.what}"


@says.register
def _(act: acts.DeleteFeedback) -> str:
    return f"delete F{act.number}{' for good' if act.sure else ''}"


@says.register
def _(act: acts.Review) -> str:
    return f"review {act.period}".rstrip()


@says.register
def _(act: acts.Teach) -> str:
    return f"teach {quote(act.words)} {act.clause}" if act.words else "teach"


@says.register
def _(act: acts.ShowTaught) -> str:
    return "taught export" if act.as_lines else "taught"


@says.register
def _(act: acts.Untaught) -> str:
    return f"untaught {act.number}"


@says.register
def _(act: acts.Unhelpful) -> str:
    return f"not what I asked: {act.question}" if act.question else "not what I asked"


@says.register
def _(act: acts.PassOn) -> str:
    return f"pass on: {act.question}"


@says.register
def _(act: acts.NudgesToMe) -> str:
    return "nudges me" if act.wanted else "nudges me stop"


@says.register
def _(act: acts.Digest) -> str:
    return "digest off" if act.weekday is None else f"digest on {WEEKDAYS[act.weekday].title()}s {act.at}"


@says.register
def _(act: acts.CloseDays) -> str:
    return f"closed {written_out(act.first)} to {written_out(act.last)}"


@says.register
def _(act: acts.OpenDays) -> str:
    return f"open {written_out(act.first)} to {written_out(act.last)}"


@says.register
def _(act: acts.NameLead) -> str:
    return f"lead {quote(act.who.name)}"


@says.register
def _(act: acts.RemoveLead) -> str:
    return f"remove lead {quote(act.who.name)}"


@says.register
def _(act: acts.SetContact) -> str:
    return f"set contact {quote(act.details)}"


@says.register
def _(act: acts.RemoveContact) -> str:
    return f"remove contact {act.number or ''}".rstrip()


@says.register
def _(act: acts.ReadList) -> str:
    pieces = [f"sheet {quote(act.sheet)}"] if act.sheet else []
    pieces += [f"kind {act.kind}"] if act.kind else []
    pieces += [f"column {quote(name)} is {role}" for name, role in act.columns]
    return f"read list {act.number} {', '.join(pieces)}".rstrip()


@says.register
def _(act: acts.KeepList) -> str:
    return f"keep list {act.number}{' without broken lines' if act.leave_out else ''}"


@says.register
def _(act: acts.LeaveList) -> str:
    return f"leave list {act.number}"


@says.register
def _(act: acts.Export) -> str:
    return f"export {act.what} as {act.form}"


@says.register
def _(act: acts.Calendar) -> str:
    return "calendar" if act.whose is acts.Whose.MINE else "calendar for everyone"


@says.register
def _(act: acts.RevokeCalendar) -> str:
    return "revoke calendar" if act.whose is acts.Whose.MINE else "revoke calendar for everyone"


@says.register
def _(act: acts.CalendarFile) -> str:
    return f"calendar {codes(act.numbers)}"


@says.register
def _(act: acts.EmailNudges) -> str:
    return f"email {'team ' if act.for_team else ''}nudges to {act.address}"


@says.register
def _(act: acts.ConfirmEmail) -> str:
    return f"email code {act.code}"


@says.register
def _(act: acts.ForgetMe) -> str:
    return f"forget me{' for good' if act.sure else ''}"


@says.register
def _(act: acts.ForgetPerson) -> str:
    return f"forget {quote(act.who.name)}{' for good' if act.sure else ''}"


@says.register
def _(act: acts.LinkWith) -> str:
    return f"link {act.code}"


@says.register
def _(act: acts.Unlink) -> str:
    return f"unlink{' for good' if act.sure else ''}"


@says.register
def _(act: acts.NameOrganisation) -> str:
    return f"partnership name {quote(act.called)}"


@says.register
def _(act: acts.Help) -> str:
    return f"help {act.topic}".rstrip()


@says.register
def _(act: acts.About) -> str:
    return f"about {act.topic}"


@says.register
def _(act: acts.Smalltalk) -> str:
    return {"greeting": "hello", "thanks": "thanks", "farewell": "goodbye", "wrong": "that's wrong"}.get(
        act.what, "..."
    )


@says.register
def _(act: acts.Share) -> str:
    return f"share {act.message}"


@says.register
def _(act: acts.OpenForm) -> str:
    return f"form {act.form} {act.subject}".rstrip()


def _named(title: str) -> str:
    return f" {quote(title)}" if title else ""


def _on(word: str, day: date | None) -> str:
    return f" {word} {written_out(day)}".replace("  ", " ") if day else ""
