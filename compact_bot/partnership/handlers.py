"""`link`, `link CODE`, `unlink`: one partnership of organisations on whichever platforms they are."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from compact_bot.asking_back import ask_back, echo
from compact_bot.conversation import Address, Button, Fact, Field, Filled, Form, Pending, Reply
from compact_bot.dates import counted, spoken
from compact_bot.forms import FormKind
from compact_bot.history import keep_change
from compact_bot.organisation import LONGEST_NAME, actor, no_guest, only_leads
from compact_bot.partnership import codes
from compact_bot.partnership.linking import join, leave_partnership, name_of, named, note, partners_of, tell_all, where
from compact_bot.partnership.names import read_anew
from compact_bot.partnership.numbers import Renumbered
from compact_bot.store.records import deadline_numbered
from compact_bot.store.tables import Deadline, Feedback, LinkCode, Organisation, Partnership
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import (
    Act,
    JoinPartnership,
    Leave,
    Link,
    LinkWith,
    List,
    NameOrganisation,
    OpenForm,
    ShowPartnership,
    Unlink,
)
from compact_bot.understanding.understood import Understood

MOST_RENUMBERED = 20  # in one answer; each number says by itself what became of it
_NAME = re.compile(r"[\w&'’.,/-]+(?: [\w&'’.,/-]+)*")
SHARED = "deadlines, feedback and the yearly review"
_STAYS_YOURS = (
    "questions and direct messages, who logged feedback, your people and leads, contacts, settings, closed days, and "
    "where nudges go: each deadline's come where its own organisation chose"
)
_WHO_CHANGES = (
    "everybody sees all of it and adds to it; what another organisation made is changed only after a question, and its "
    "owner is told"
)
_NAMES = "whoever owns or changes a deadline is named with their organisation, as in Amina ({called})"
_NUMBERS = "a D or F number that both have is replaced for both; you are told which, and the old one says the new"
_KEEPS = "each organisation keeps what its own people made, before you were linked and since"


# ---- a code ----------------------------------------------------------------------------------------------------------


def link(turn: Turn, _: Link) -> Reply:
    """A code for a Compact lead of the other organisation."""
    _only_leads(turn, "link your organisation with another")
    ours = _ours(turn)
    code = codes.as_shown(codes.new_code(turn.session, ours.id, turn.message.sent_at))
    until = (turn.message.sent_at + codes.LASTS).astimezone(ZoneInfo(turn.timezone))
    keep_change(turn.session, ours.id, actor(turn), None, "made a code to link with another organisation", None, True)
    members = partners_of(turn.session, ours.id)
    already = f" They join you and {named(members, ours.id)}." if len(members) > 1 else ""
    return Reply(
        f"Your code is {code}. It works once, until {until:%H:%M}.{already}",
        facts=(Fact("They read your name as", ours.called), Fact("Shared once they join", SHARED)),
        note="Give the code only to a Compact lead of the organisation that you mean. Nothing is shared yet.",
        next_step=f"In their Slack or Teams a Compact lead types to me: link {code}",
        buttons=(_RENAME,),
        private=True,
    )


def link_with(turn: Turn, act: LinkWith) -> Reply:
    """Whose code it is and what would be shared, before anything is. A wrong one is counted."""
    _only_leads(turn, "link your organisation with another")
    ours, now = _ours(turn), turn.message.sent_at
    if (until := codes.pause_until(ours, now)) is not None:
        raise Refused(_too_many(turn, until))
    held = codes.take(turn.session, ours, codes.as_typed(act.code), now)
    if held is None:
        codes.note_wrong(ours, now)
        paused = codes.pause_until(ours, now)
        return _too_many(turn, paused) if paused else _NO_SUCH_CODE
    theirs = turn.session.get_one(Organisation, held.organisation_id)
    _check_can_be_linked(turn, ours, theirs)
    return _shown_first(turn, ours, theirs)


_NO_SUCH_CODE = Reply(
    "That code is not one that I know, or it is over: each works once and for ten minutes. Nothing was changed.",
    next_step="Look at it again, or ask for a new one: there, a Compact lead types to me: link",
    private=True,
)


def _too_many(turn: Turn, until: datetime) -> Reply:
    at = until.astimezone(ZoneInfo(turn.timezone))
    return Reply(
        f"That makes too many wrong codes. I look at no code from here before {at:%H:%M} on {spoken(at.date())}. "
        "Nothing was changed.",
        next_step="Ask for a new code meanwhile: there, a Compact lead types to me: link",
        private=True,
    )


def _check_can_be_linked(turn: Turn, ours: Organisation, theirs: Organisation) -> None:
    """Raises Refused for oneself, for a partner, for two partnerships, and for two agreements."""
    if ours.id == theirs.id:
        raise _refused(
            "That is your own organisation's code.", "Type it in the Slack or Teams of the organisation that you mean."
        )
    if ours.partnership_id is not None and ours.partnership_id == theirs.partnership_id:
        raise _refused(f"You are linked with {theirs.called} already.", "To see who is in it, type: our partnership")
    if ours.partnership_id is not None and theirs.partnership_id is not None:
        raise _refused(
            f"Both you and {theirs.called} are in a partnership already, and each organisation is in one at most.",
            "One of you leaves its own first: unlink",
        )
    agreements = turn.agreements
    if agreements is None:
        return
    own, other = (agreements.of(turn.connection, one.id).search.agreement.about.title for one in (ours, theirs))
    if own != other:
        raise _refused(
            f"Partners must have the same agreement: yours is “{own}”, that of {theirs.called} is “{other}”.",
            "To use another agreement, a Compact lead types: settings agreement NAME",
        )


def _shown_first(turn: Turn, ours: Organisation, theirs: Organisation) -> Reply:
    others = partners_of(turn.session, theirs.id)
    with_whom = "them" if len(others) == 1 else named(others, 0)
    theirs_too = partners_of(turn.session, ours.id)
    called_alike = [one.called for one in others if one.called.casefold() == ours.called.casefold()]
    if called_alike:
        raise Refused(
            Reply(
                f"You and a partner would both be called {ours.called}. Nothing was changed.",
                next_step="Say first what yours is called: partnership name NAME. Then type the code again.",
                buttons=(_RENAME,),
                private=True,
            )
        )
    more = f" So would {named(theirs_too, ours.id)}." if len(theirs_too) > 1 else ""
    return Reply(
        f"This is the code of {theirs.called}{where(theirs)}. Share one partnership with {with_whom}?{more} "
        "Nothing is changed yet.",
        facts=(
            Fact("Shared from then on", f"{SHARED}; of yours that is {_counted(turn, ours.id)}"),
            Fact("Stays yours alone", _STAYS_YOURS),
            Fact("Who changes what", _WHO_CHANGES),
            Fact("Names", _NAMES.format(called=ours.called)),
            Fact("Numbers", _NUMBERS),
            Fact("When you part", f"{_KEEPS}. To part, type: unlink"),
        ),
        typed="Type yes to share, or no to leave it.",
        buttons=(Button("Share one partnership", JoinPartnership()), _RENAME, Button("Leave it", Leave())),
        pending=Pending(JoinPartnership()),
        private=True,
    )


def _counted(turn: Turn, *organisations: int) -> str:
    """ "12 deadlines and 1 entry of feedback" """
    deadlines, entries = (
        turn.session.scalar(select(func.count()).where(table.organisation_id.in_(organisations))) or 0
        for table in (Deadline, Feedback)
    )
    return f"{counted(deadlines, 'deadline')} and {entries:,} {'entry' if entries == 1 else 'entries'} of feedback"


# ---- together --------------------------------------------------------------------------------------------------------


def join_partnership(turn: Turn, _: JoinPartnership) -> Reply:
    _only_leads(turn, "link your organisation with another")
    ours, now = _ours(turn), turn.message.sent_at
    held = codes.held_by(turn.session, ours.id, now)
    if held is None:
        raise _refused(
            "No code waits here: each works once and for ten minutes.",
            "Ask for a new one: there, a Compact lead types to me: link",
        )
    theirs = turn.session.get_one(Organisation, held.organisation_id)
    _check_can_be_linked(turn, ours, theirs)
    changed = join(turn.session, ours, theirs, turn.timezone, now)
    ours, theirs = _ours(turn), turn.session.get_one(Organisation, theirs.id)
    members = partners_of(turn.session, ours.id)
    keep_change(turn.session, ours.id, actor(turn), None, f"linked with {named(members, ours.id)}", None, True)
    for member in members:
        if member.id != ours.id:
            note(turn.session, member, f"linked with {named(members, member.id)}", ours.called, now)
        tell_all(turn.session, member, lambda one: _linked(turn, one, members, changed), now, _here(turn))
    return _linked(turn, ours, members, changed)


def _linked(turn: Turn, member: Organisation, members: Sequence[Organisation], changed: Sequence[Renumbered]) -> Reply:
    own = [one for one in changed if one.organisation_id == member.id]
    more = f" The first {MOST_RENUMBERED} of {len(own):,} are shown." if len(own) > MOST_RENUMBERED else ""
    renumbered = f" Numbers that both had are new, {len(own):,} of yours among them.{more}" if own else ""
    return Reply(
        f"You share {SHARED} with {named(members, member.id)} from now on.{renumbered}",
        facts=tuple(
            Fact(f"{one.letter}{one.old}{_called(turn, one)}", f"is {one.letter}{one.new} now")
            for one in own[:MOST_RENUMBERED]
        ),
        note="Nudges come where they came before.",
        typed="Type deadlines to see all, our partnership to see who is in it, or unlink to leave it.",
        buttons=(Button("All deadlines", List()), Button("Who is in it", ShowPartnership())),
    )


def _called(turn: Turn, one: Renumbered) -> str:
    """ ", Youth club grant" """
    deadline = deadline_numbered(turn.session, turn.organisation, one.new) if one.letter == "D" else None
    return f", {deadline.title}" if deadline else ""


def show_partnership(turn: Turn, _: ShowPartnership) -> Reply:
    ours = _ours(turn)
    members = partners_of(turn.session, ours.id)
    if len(members) < 2:
        return Reply(
            "Your organisation shares with nobody: what you track and log is seen by your own people alone.",
            next_step="To share one set of deadlines with another organisation, a Compact lead types: link",
            buttons=(Button("Get a code", Link()),),
        )
    begun = turn.session.get_one(Partnership, ours.partnership_id).began_at.astimezone(ZoneInfo(turn.timezone))
    return Reply(
        f"You share {SHARED} with {named(members, ours.id)}. The partnership began on {spoken(begun.date())}.",
        facts=(
            *(Fact(f"{one.called}{where(one)}", _counted(turn, one.id)) for one in members),
            Fact("Stays each one's own", _STAYS_YOURS),
        ),
        typed="For a Compact lead: link has another join, unlink leaves, and partnership name NAME renames you.",
        buttons=(Button("Get a code", Link()), _RENAME, Button("Leave the partnership", Unlink())),
    )


# ---- apart -----------------------------------------------------------------------------------------------------------


def unlink(turn: Turn, act: Unlink) -> Reply:
    """Shown first: what stays, and what is out of sight then."""
    _only_leads(turn, "leave the partnership")
    ours = _ours(turn)
    members = partners_of(turn.session, ours.id)
    if len(members) < 2:
        if turn.session.scalar(select(LinkCode.id).where(LinkCode.organisation_id == ours.id)) is not None:
            leave_partnership(turn.session, ours.id, turn.message.sent_at)
            return Reply(
                "Your code no longer works. You are linked with nobody.", next_step="For a new code, type: link"
            )
        raise _refused("Your organisation is linked with nobody.", "To link it with another, type: link")
    if not act.sure:
        return _parting_shown_first(turn, ours, members)
    with_whom = named(members, ours.id)
    leave_partnership(turn.session, ours.id, turn.message.sent_at)
    keep_change(turn.session, ours.id, actor(turn), None, f"left the partnership with {with_whom}", None, True)
    reply = Reply(
        f"You no longer share anything with {with_whom}. They are told.",
        note=f"As agreed, {_KEEPS}. Numbers stay as they are, and no number of theirs is given to anything of yours.",
        typed="Type deadlines to see yours. To link again, type: link",
        buttons=(Button("All deadlines", List()),),
    )
    tell_all(turn.session, _ours(turn), lambda _: reply, turn.message.sent_at, _here(turn))
    return reply


def _parting_shown_first(turn: Turn, ours: Organisation, members: Sequence[Organisation]) -> Reply:
    theirs = [one.id for one in members if one.id != ours.id]
    sure = Unlink(sure=True)
    return Reply(
        f"Leave the partnership with {named(members, ours.id)}? Nothing is changed yet.",
        facts=(
            Fact("Stays yours", f"{_counted(turn, ours.id)}: what your own people made, before and since"),
            Fact("Is theirs alone then", _counted(turn, *theirs)),
            Fact("In the history", "changes by the other side stay, by their organisation and without their names"),
        ),
        typed="Type yes to leave, or no to stay.",
        buttons=(Button("Leave the partnership", sure), Button("Leave it", Leave())),
        pending=Pending(sure),
    )


# ---- what it is called -----------------------------------------------------------------------------------------------


def name_organisation(turn: Turn, act: NameOrganisation) -> Reply:
    _only_leads(turn, "say what your organisation is called")
    called, ours = act.called.strip(), _ours(turn)
    if problem := _no_name(called):
        raise _refused(problem, "For example: partnership name Ashby Council")
    others = [one.called.casefold() for one in partners_of(turn.session, ours.id) if one.id != ours.id]
    if called.casefold() in others:
        raise _refused(f"A partner is called {called}.", "Choose another name: partnership name NAME")
    ours.called = called
    turn.session.flush()
    read_anew(turn.session)
    return Reply(
        f"Partners read your organisation's name as {called} from now on.",
        next_step="To see who they are, type: our partnership",
    )


def _no_name(called: str) -> str:
    if not called or len(called) > LONGEST_NAME:
        return f"Please give a name of at most {LONGEST_NAME} characters."
    return "" if _NAME.fullmatch(called) else "A name holds letters, digits, and signs such as & and -."


def _name_form(turn: Turn, _: str) -> Form:
    hint = "Your partners read it beside your people's names. For example Ashby Council."
    held = _ours(turn).called
    field = Field("called", "What is your organisation called?", value=held, longest=LONGEST_NAME, hint=hint)
    return Form("organisation", "Your organisation's name", (field,))


def _name_given(_: Turn, filled: Filled) -> Act | dict[str, str]:
    called = filled.values["called"].strip()
    return {"called": problem} if (problem := _no_name(called)) else NameOrganisation(called)


def _code_form(_: Turn, __: str) -> Form:
    hint = "Eight letters, such as BKTM-WXZR, that a Compact lead of the other organisation got from: link"
    field = Field("code", "Their code", longest=20, hint=hint)
    return Form("link", "Link with another organisation", (field,), "Look at it")


def _code_given(_: Turn, filled: Filled) -> Act | dict[str, str]:
    code = codes.as_typed(filled.values["code"])
    if len(code) != codes.LENGTH:
        return {"code": f"A code has {codes.LENGTH} letters."}
    return LinkWith(codes.as_shown(code))


_RENAME = Button("Change our name", OpenForm("organisation"))


# ---- what all of these ask first -------------------------------------------------------------------------------------


def _only_leads(turn: Turn, what: str) -> None:
    no_guest(turn)
    only_leads(turn, what)


def _ours(turn: Turn) -> Organisation:
    """As it stands now, with the name that its partners read."""
    ours = turn.session.get_one(Organisation, turn.organisation.id)
    if not ours.called:
        ours.called = name_of(turn.session, ours)
    return ours


def _here(turn: Turn) -> Address:
    return Address(turn.message.address.platform, turn.message.address.route)


def _refused(problem: str, next_step: str) -> Refused:
    return Refused(Reply(f"{problem} Nothing was changed.", next_step=next_step, private=True))


@echo.register
def _(_: Link) -> str:
    return "Make a code that links your organisation with another"


@echo.register
def _(_: Unlink) -> str:
    return "Leave the partnership"


HANDLERS: Mapping[type[Act], Callable[[Turn, Any], Reply]] = {
    Link: link,
    LinkWith: link_with,
    JoinPartnership: join_partnership,
    Unlink: unlink,
    ShowPartnership: show_partnership,
    NameOrganisation: name_organisation,
}
ASKS_BACK: Mapping[type[Act], Callable[[Turn, Understood], Reply]] = {
    act: ask_back for act in HANDLERS if act is not ShowPartnership
}
FORMS = {"organisation": FormKind(_name_form, _name_given), "link": FormKind(_code_form, _code_given)}
