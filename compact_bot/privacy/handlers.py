"""`my data`, `forget me`, and a lead's `forget @person`."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from compact_bot.asking_back import ask_back
from compact_bot.conversation import Audience, Button, Fact, Pending, Reply
from compact_bot.history import keep_change
from compact_bot.organisation import Actor, actor, leads_of, only_leads, people_called, person_meant, settings, today
from compact_bot.privacy.forgetting import SOMEBODY, Traces, forget, traces_of
from compact_bot.privacy.own_data import Section, files_of, sections_of
from compact_bot.privacy.subject import Subject, subject_of
from compact_bot.store.tables import KnownPerson
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import Act, ForgetMe, ForgetPerson, Leave, MyData
from compact_bot.understanding.saying import says
from compact_bot.understanding.understood import Understood

MOST_IN_CHAT = 5  # of each kind, where no file can be sent
_STAYS = (
    "What was done stays in the history, without who did it; feedback stays, without who logged it. "
    "Which messages I answered I know by their ids for a day."
)


def my_data(turn: Turn, _: MyData) -> Reply:
    """To the person alone: where others read along it is not even counted."""
    if turn.message.audience is not Audience.ALONE:
        raise Refused(
            Reply(
                "What I keep of you is for you alone, so I do not show it here.",
                next_step="In a direct message to me, type: my data",
                private=True,
            )
        )
    sections = sections_of(turn.session, _own(turn), ZoneInfo(settings(turn).timezone))
    files = files_of(sections, today(turn)) if turn.message.takes_files else ()
    return Reply(
        "This is what I keep of you." + (" The files hold all of it." if files else ""),
        facts=tuple(_said(section, bool(files)) for section in sections),
        note="What you logged anonymously is not here: nobody can tell that it is yours.",
        next_step="To have it deleted, type: forget me",
        buttons=(Button("Forget me", ForgetMe()),),
        files=files,
        private=True,
    )


def _said(section: Section, is_short: bool) -> Fact:
    number = len(section.lines)
    if is_short and number > 1:
        return Fact(section.title, f"{number:,}")
    left_out = f"; and {number - MOST_IN_CHAT:,} more" if number > MOST_IN_CHAT else ""
    return Fact(section.title, "; ".join(section.lines[:MOST_IN_CHAT]) + left_out)


def _own(turn: Turn) -> Subject:
    return subject_of(turn.session, turn.organisation, turn.person)


# ---- forgetting -----------------------------------------------------------------------------------------------------


def forget_me(turn: Turn, act: ForgetMe) -> Reply:
    subject = _own(turn)
    if not act.sure:
        return _shown_first(turn, subject, ForgetMe(sure=True), "you")
    owned = traces_of(turn.session, subject).owned
    alone = _is_only_lead(turn, turn.person)
    forget(turn.session, subject)
    nobody = Actor(SOMEBODY, "", turn.message.address, turn.message.sent_at)
    keep_change(
        turn.session, turn.organisation.id, nobody, None, "a person had themselves forgotten", None, undone=True
    )
    turn.thread.forget()
    return Reply(
        f"You are forgotten here. {_without_owner(owned)}".rstrip(),
        note=f"{_STAYS} {'Nobody leads on the Compact here now.' if alone else ''}".rstrip(),
        next_step="When you speak to me by name again, I will know you as somebody new.",
        private=True,
    )


def forget_person(turn: Turn, act: ForgetPerson) -> Reply:
    only_leads(turn, "have a colleague forgotten")
    subject = _meant(turn, act)
    if subject.person is not None and subject.person.id == turn.person.id:
        return forget_me(turn, ForgetMe(act.sure))
    traces = traces_of(turn.session, subject)
    if subject.person is None and traces.are_none:
        raise Refused(
            Reply(
                f"I keep nothing of anybody called {subject.name}. Nothing was changed.",
                next_step="Name them as they are named here, with @ where your chat does that.",
                private=True,
            )
        )
    if not act.sure:
        return _shown_first(turn, subject, ForgetPerson(act.who, sure=True), subject.name)
    forget(turn.session, subject)
    keep_change(turn.session, turn.organisation.id, actor(turn), None, "had a person forgotten", None, undone=True)
    turn.thread.forget()
    return Reply(
        f"That person is forgotten here. {_without_owner(traces.owned)}".rstrip(),
        note=f"{_STAYS} {_still_written(traces)}".rstrip(),
        next_step="Type deadlines to see what has no owner now." if traces.owned else "To see who leads, type leads.",
        private=True,
    )


def _meant(turn: Turn, act: ForgetPerson) -> Subject:
    """Raises Refused for a name that two people share: only one of them may have asked."""
    person = person_meant(turn, act.who)
    if person is not None:
        return subject_of(turn.session, turn.organisation, person)
    if len(people_called(turn.session, turn.organisation, act.who.name)) > 1:
        raise Refused(
            Reply(
                f"More than one person here is called {act.who.name}. Nothing was changed.",
                next_step="Name the one you mean with @, or let them type: forget me",
                private=True,
            )
        )
    return Subject(turn.organisation.id, act.who.name)


def _shown_first(turn: Turn, subject: Subject, sure: Act, who: str) -> Reply:
    traces = traces_of(turn.session, subject)
    leads = _is_only_lead(turn, subject.person) if subject.person else False
    facts = (
        Fact("Lines of history", f"{traces.changes:,}; they stay, by {SOMEBODY}"),
        Fact("Feedback logged by name", f"{traces.feedback:,}; it stays, by {SOMEBODY}"),
        Fact(
            "Open deadlines owned",
            f"{', '.join(traces.owned) or 'none'}{'; they stay, without an owner' if traces.owned else ''}",
        ),
        *((Fact("Their own words", _still_written(traces)),) if traces.mentioned_in else ()),
        *((Fact("Compact lead", "nobody would lead here any more; name another first if you can"),) if leads else ()),
    )
    return Reply(
        f"Forget {who}: name, id, how to reach {'you' if who == 'you' else 'them'}, and whose anything was? "
        "Nothing brings it back. Nothing is changed yet.",
        facts=facts,
        next_step=f"Press one, or type: {says(sure)}",
        buttons=(Button(f"Forget {who}"[:70], sure), Button("Leave it", Leave())),
        pending=Pending(sure),
        private=True,
    )


def _is_only_lead(turn: Turn, person: KnownPerson) -> bool:
    return [lead.id for lead in leads_of(turn.session, turn.organisation)] == [person.id]


def _without_owner(owned: object) -> str:
    numbers = tuple(owned) if isinstance(owned, list | tuple) else ()
    if not numbers:
        return ""
    return f"{', '.join(numbers)} {'has' if len(numbers) == 1 else 'have'} no owner now."


def _still_written(traces: Traces) -> str:
    """Words that people wrote are not rewritten behind their back: they are named, to be mended."""
    if not traces.mentioned_in:
        return ""
    places = ", ".join(traces.mentioned_in)
    hold = "record still holds" if len(traces.mentioned_in) == 1 else "records still hold"
    return f"{len(traces.mentioned_in)} {hold} the name in words: {places}. Mend them with rename, edit or rationale."


HANDLERS: Mapping[type[Act], Callable[[Turn, Any], Reply]] = {
    MyData: my_data,
    ForgetMe: forget_me,
    ForgetPerson: forget_person,
}
ASKS_BACK: Mapping[type[Act], Callable[[Turn, Understood], Reply]] = {ForgetMe: ask_back, ForgetPerson: ask_back}
