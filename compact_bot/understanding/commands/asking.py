"""Commands that ask: clauses by number, sides, and the assistant itself."""

import re
from dataclasses import replace

from compact_bot.understanding.acts import (
    About,
    Act,
    Board,
    ChooseAgreement,
    Contents,
    DutiesOf,
    FollowUp,
    Help,
    Helped,
    Home,
    Leave,
    LookUp,
    OpenForm,
    RemoveContact,
    SetContact,
    SetSide,
    Settings,
    Share,
    ShowContacts,
    SignOutEverywhere,
    Smalltalk,
    Unhelpful,
    WhatChanged,
    Why,
    Yes,
)
from compact_bot.understanding.commands import Command, command
from compact_bot.understanding.commands.quoting import unquoted
from compact_bot.understanding.context import Context
from knowledge.numbers import numbers_asked, range_asked

_NUMBERED = (
    r"(?:what(?:'s| is| does)? |show |read |see |give me |open |quote )*(?:me )?[^a-z\d]*"
    r"(?:(?:clauses?|sections?|paras?|paragraphs?|parts?|no\.?|§)[^a-z\d]*)?"
    r"\d(?:[^a-z]|\b(?:and|to|until|or|clauses?|sections?)\b|(?<=\()[a-z]{1,5}(?=\)))*(?:say)?"
)
_SHOW = r"(?:(?:show|list|read|see|view|open|give me|get)(?: me)? )?"
FIRST_PERSON = ("we", "us", "our", "my", "i", "me", "our side")
BOTH_SIDES = "both sides"
OTHER_SIDE = ("they", "them", "their", "the other side", "others")
_WHAT_MUST = re.compile(
    r"(?:must|should|do|does|shall) (?P<who>[a-z ]{2,40}?) (?:have to )?(?:do|owe)[ ?.!]*", re.IGNORECASE
)
_CODE = re.compile(r"\b[df]\d{1,7}\b", re.IGNORECASE)
_LONGEST_FOLLOW_UP = 12  # words; a longer message stands on its own

DUTIES = re.compile(
    r"(?:(?:so|and|ok|hi|please|tell me|show me|list) )*(?:what|which)? ?(?:(?:are|is|all|of) )*"
    r"(?:(?:must|should|shall|do|does|did|are|is|has|have|will) (?P<who>[a-z'’ ]{2,40}?) "
    r"(?:(?:have|has|need|needs|got|supposed|expected|meant|obliged|required|bound) to(?: do)?|owe|do"
    r"|(?:promised?|agreed?|committed?|undertaken?|undertake|signed up)(?: to)?(?: do)?)"
    r"|(?P<whose>our|my|their|[a-z ]{2,40}?)(?:'s|’s|['’])? (?:duties|obligations|undertakings|commitments|promises)"
    r"|(?:duties|obligations|undertakings|commitments|promises) (?:of|for|by|on) (?P<of>[a-z'’ ]{2,40}?))"
    r"(?P<rest>(?: (?:about|on|when|if|for|over|in|with|around|regarding|to|as|them|us|under)\b.*)?)",
    re.IGNORECASE,
)


def _numbers(found: re.Match[str], context: Context) -> Act | None:
    """None when the digits are not clause numbers ("in 6 weeks", "£3.40", "31.3.2027")."""
    if span := range_asked(found[0]):
        return LookUp((span[0],), span[1])
    numbers = numbers_asked(found[0], context.agreement)
    return LookUp(tuple(numbers)) if numbers else None


def _duties(found: re.Match[str], context: Context) -> Act | None:
    """None where nobody who is bound is named: "what do carers need to know"."""
    who = (found["who"] or found["whose"] or found["of"] or "").strip().casefold()
    named = who in FIRST_PERSON + OTHER_SIDE or context.agreement.party_called(who)
    return DutiesOf(who, found["rest"].strip(), found[0]) if named else None


def _duties_told(found: re.Match[str], context: Context) -> Act | None:
    """The same by somebody who says which side they are on."""
    told, asked = found["told"].strip(), DUTIES.fullmatch(found["asked"].strip())
    duties = _duties(asked, context) if asked else None
    if not isinstance(duties, DutiesOf):
        return None
    if told.casefold() == BOTH_SIDES:
        return replace(duties, who=BOTH_SIDES)
    party = context.agreement.party_called(told)
    return replace(duties, side=party.name) if party else None


def _follow_up(found: re.Match[str], _: Context) -> Act | None:
    """None for what stands on its own, or names something tracked or logged ("what about D2?")."""
    if _CODE.search(found["rest"]):
        return None
    if duties := re.fullmatch(
        r"(?:must|should|do|does|shall) (?P<who>[a-z ]{2,40}?) (?:have to )?(?:do|owe)[ ?.!]*",
        found["rest"],
        re.IGNORECASE,
    ):
        return FollowUp(f"for {duties['who']}")
    rest = found["rest"].strip(" ?.!")
    return FollowUp(rest) if rest and len(rest.split()) <= _LONGEST_FOLLOW_UP else None


def _side(found: re.Match[str], context: Context) -> Act | None:
    who = found["who"].casefold().replace("’", "'")
    return SetSide(who) if context.agreement.party_called(who) else None


def _what_changed(found: re.Match[str], context: Context) -> Act | None:
    """None where what is named is no clause of this edition or the one before."""
    if found["edition"]:
        return WhatChanged()
    now = context.agreement
    named = re.sub(r"^(?:clause|section|paragraph|part) ", "", found["number"].strip(" ?.!"), flags=re.IGNORECASE)
    clause = now.clause(named) or (now.before.clause(named) if now.before else None)
    return WhatChanged(clause.number) if clause else None


def _about(found: re.Match[str], _: Context) -> Act | None:
    topic = found["topic"].casefold()
    return About(topic) if topic in ABOUT else None


ABOUT = ("start", "asking", "tracking", "feedback", "privacy", "text", "nudges", "settings", "undo", "bot")

CONVERSATION: tuple[Command, ...] = (
    command(r"(?:yes|yep|yeah|y|yup|save it|save|confirm|do it|that's right|correct|go on)", Yes()),
    command(r"(?:no|nope|n|cancel|leave it|don'?t|never ?mind|i was only asking|only asking|just asking)", Leave()),
    command(
        r"(?:yes,? )?(?:this|that|it) (?:really )?(?:helped|helps|was helpful|is helpful)(?: thanks?| thank you)?",
        Helped(),
    ),
    command(r"not what i asked: *(?P<question>.+)", lambda found, _: Unhelpful(found["question"])),
    command(r"not what i asked", Unhelpful()),
    command(r"share (?P<id>\S*\d\S*)", lambda found, _: Share(found["id"])),
    command(r"nothing|\.\.\.", Smalltalk("nothing")),
)

ASKING: tuple[Command, ...] = (
    command(
        rf"(?P<text>{_NUMBERED})",
        _numbers,
        "asking",
        "3.4.4",
        "reads that clause; so do 3.3.5 to 3.3.7 and section 3.2",
    ),
    command(
        rf"{_SHOW}(?:the |all |whole |full |table of )*"
        r"(?:contents|sections|headings|clauses|compact|agreement|document|text)(?: list)?(?: in full)?",
        Contents(),
        "asking",
        "contents",
        "lists the sections",
    ),
    command(
        r"why|how come|why (?:this|that)(?: clause| one| answer)?|explain(?: that| this)?",
        Why(),
        "asking",
        "why",
        "shows which words led to the last answer",
    ),
    command(
        r"(?:(?:we|i)(?:'re|'m|’re|’m| are| am)?(?: work(?:ing)?)?(?: from| at| for| in| with)?"
        r"(?: part of)?(?: the| an?)?(?: small| tiny| local| large| big| national)? )"
        r"(?P<who>[a-z][a-z '’-]{1,50}?)(?: side)?",
        _side,
        "asking",
        "we are a charity",
        'tells me your side, so that "what do we owe them" has an answer',
    ),
    command(r"forget (?:my|our) side|(?:we|i) (?:are|am) neither", SetSide("")),
    command(r"(?P<told>[a-z ]{2,40}): (?P<asked>.+)", _duties_told),
    command(DUTIES.pattern, _duties, "asking", "what must charities do about reporting", "answers for one side"),
    command(
        r"(?:(?:and|or|but)(?: what| how)?(?: about)?|what about|how about|same for)\b,? ?(?P<rest>.*)",
        _follow_up,
        "asking",
        "and for VCOs",
        "goes on from the last answer",
    ),
)

ASSISTANT: tuple[Command, ...] = (
    command(r"help(?: me)?|menu|commands?|start|\?+|what can (?:you|i) (?:do|say|ask)(?: here)?", Help()),
    command(
        r"help (?:with |about |on |for )?(?P<topic>asking|deadlines|feedback|leads|lists|settings)",
        lambda found, _: Help(found["topic"].casefold()),
    ),
    command(r"about (?P<topic>[a-z]+)", _about),
    command(
        r"form (?P<form>[a-z]+)(?: (?P<subject>.+))?", lambda found, _: OpenForm(found["form"], found["subject"] or "")
    ),
    command(
        r"home|overview|(?:what is|what's) due(?: for me| for us)?",
        Home(),
        "deadlines",
        "home",
        "what is due for you and for your team",
    ),
    command(
        rf"{_SHOW}(?:the |our |my )*(?:deadlines? )?board(?: of (?:the |our )?deadlines)?|{_SHOW}(?:the |our )*pages?",
        Board(),
        "deadlines",
        "board",
        "a private link to the page of all deadlines",
    ),
    command(
        r"(?:sign|log) (?:me )?out(?: of (?:all|the) pages)? everywhere",
        SignOutEverywhere(),
        "settings",
        "sign out everywhere",
        "ends every sign-in of yours to the pages",
    ),
    command(
        r"(?:settings |set |use |choose )(?:the )?(?:agreement|compact|charter|covenant|concordat)"
        r"(?: is| to|:)?(?: (?P<name>\S.{0,99}))?",
        lambda found, _: ChooseAgreement(unquoted(found["name"] or "")),
        "settings",
        "settings agreement",
        "which agreement your organisation uses, where there are several",
    ),
    command(
        r"what(?:'s|’s| is| has| was)?(?: been)? (?:changed?|new|different)(?: (?:in|to|about|at|from))"
        r"(?: (?:the )?(?P<edition>(?:(?:new|last|latest|this|earlier) )?(?:edition|version|agreement|compact|charter"
        r"|covenant|concordat))| (?:the )?(?P<number>\S.{0,60}?))",
        _what_changed,
        "asking",
        "what changed in the new edition",
        "the edition before and this one, side by side; or of one clause: what changed in NUMBER",
    ),
    command(
        r"settings|preferences|options", Settings(), "settings", "settings", "what can be set, and how it is set now"
    ),
    command(
        rf"{_SHOW}(?:the |our |current )*contacts?(?: (?:details|list|us))?",
        ShowContacts(),
        "asking",
        "contacts",
        "whom to ask about the Compact",
    ),
    command(
        r"(?:set|add|new)(?: the| our| a)*(?: current)? contact(?: is| to|:)?\s*(?P<details>.*)",
        lambda found, _: SetContact(unquoted(found["details"])),
        "settings",
        "set contact Amina Khan, amina@example.org",
        "keeps your own current contact",
    ),
    command(
        r"(?:remove|delete|drop) contact\s*(?P<number>\d{0,4})",
        lambda found, _: RemoveContact(int(found["number"] or 0)),
    ),
)
