"""What people can say, and who answers. The first route that matches wins; the last is "a question"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from compact_bot import contacts, lookups, questions, sharing, sides, smalltalk
from compact_bot.conversation import MessageKind, Reply
from compact_bot.deadlines import changes, checks, choices, handlers
from compact_bot.deadlines.at_hand import ID
from compact_bot.deadlines.forms import DEADLINE_FORMS
from compact_bot.feedback import follow, gaps, roles, summary, taught
from compact_bot.feedback import handlers as feedback
from compact_bot.feedback.at_hand import ID as FEEDBACK_ID
from compact_bot.feedback.forms import FEEDBACK_FORMS
from compact_bot.feedback.sentences import SAYS
from compact_bot.forms import submitted
from compact_bot.home import HOME_FORMS, home
from compact_bot.route import Route
from compact_bot.turn import LONGEST_MESSAGE, Turn, beginning, tidied


def _help(turn: Turn, _: re.Match[str]) -> Reply:
    return smalltalk.help_reply(turn, [(route.example, route.does) for route in ROUTES if route.example])


_POLITE = r"(?:please |can you |could you |hi,? |ok |so )*"

DEADLINE_ROUTES = (
    Route(
        r"(?:what (?:if|about|happens|dates)?\s*)?when (?P<said>.+)",
        checks.what_if,
        "when funding ends 31 March 2027",
        "gives the dates that follow; nothing is saved",
    ),
    Route(
        r"check (?:the )?notice(?: given)?(?P<rest>.*)",
        checks.check_notice,
        "check notice given 20 January 2027 for 31 March 2027",
        "says whether it is enough",
    ),
    Route(
        r"check (?:the )?consultation(?P<rest>.*)",
        checks.check_consultation,
        "check consultation 7 December to 1 February",
        "says whether it is 12 weeks, and what lies inside",
    ),
    Route(
        r"track(?: that)?\s*(?P<rest>.*)",
        handlers.track,
        'track funding "Youth club grant" ends 31 March 2027 owner Amina',
        "tracks it with nudges; also consultation, payment, monitoring, early warning, end plan, improvement, other",
    ),
    Route(
        r"remind (?:us|me)(?: that| of| about| when| to)?\s*(?P<rest>.*)",
        handlers.remind,
        "remind us that the library consultation closes 3 March",
        "reads the date back before it saves",
    ),
    Route(
        r"(?:show |list |see |what are )?(?:the |all )?(?:our |(?P<before>my |overdue ))?deadlines?"
        r"\s*(?P<which>mine|ours|all|overdue|(?:in the |for the )?next(?: (?P<days>\d{1,3}) days)?)?",
        handlers.list_deadlines,
        "deadlines",
        "lists them; also deadlines mine, deadlines overdue, deadlines next 30 days",
    ),
    Route(ID, handlers.show, "D12", "shows one with its history"),
    Route(
        rf"(?:mark )?done {ID}\b[: ,]*(?P<rest>.*)",
        changes.done,
        "done D12 notice given by letter 12 Dec",
        "marks a step as done",
    ),
    Route(rf"snooze {ID}\s*(?P<rest>.*)", changes.snooze, "snooze D12 1 week", "keeps it quiet for a while"),
    Route(rf"(?:move|change) {ID}\b\s*(?P<rest>.*)", changes.move, "move D12 30 April 2027", "moves its dates"),
    Route(
        rf"drop {ID}\b\s*(?P<rest>.*)",
        changes.drop,
        "drop D12 because the grant was renewed",
        "ends tracking",
    ),
    Route(
        rf"leads {ID}\b\s*(?P<rest>.*)",
        changes.set_leads,
        "leads D12 3 months, 1 month, 1 week",
        "sets when nudges come",
    ),
    Route(rf"rationale {ID}\b\s*(?P<rest>.*)", changes.rationale, "rationale D12 because ...", "keeps a reason"),
    Route(r"undo", follow.undo, "undo", "takes back your last change, within 10 minutes"),
    Route(
        r"digest(?: on)? (?P<day>[a-z]+?)s?(?: (?:at )?(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?)?",
        choices.digest,
        "digest on Mondays 09:30",
        "sets the weekly digest",
    ),
    Route(r"(?:settings )?nudges here", choices.nudges_here, "settings nudges here", "sends nudges to this place"),
    Route(
        r"(?:settings )?(?:nudges (?:stop|off)|stop nudges)", choices.nudges_stop, "settings nudges stop", "ends them"
    ),
    Route(
        r"(?:settings )?(?:nudges (?:to )?me(?: too)?|nudge me(?: too| directly)?)(?P<stop> stop| off)?",
        choices.nudges_to_me,
        "settings nudges me",
        "sends you alone what you own, too; settings nudges me stop ends it",
    ),
    Route(
        r"home|overview|(?:what is|what's) due(?: for me| for us)?",
        home,
        "home",
        "what is due for you and for your team",
    ),
    Route(
        r"(?:we are )?closed(?: days?)?(?: on| from)?\s*(?P<rest>.*)",
        choices.closed,
        "closed 24 December 2026 to 1 January 2027",
        "keeps your own closed days",
    ),
    Route(r"(?P<said>.*(?:\d|next|end of|tomorrow| in ).*)", checks.what_if),
)

FEEDBACK_ROUTES = (
    Route(
        r"(?:show |list |see )?(?:the |our )?(?:(?P<before>my|open|all) )?feedback"
        r"(?: (?P<which>mine|open|all|acknowledged|resolved|no action|(?:by )?clause))?",
        feedback.list_feedback,
        "feedback",
        "lists what is open; also feedback mine, feedback by clause, feedback 3.3.4, feedback resolved",
    ),
    Route(
        r"(?:show |list )?feedback (?:on |about |for |by )?(?:clause |section )?(?P<number>\d+(?:\.\d+)*)",
        feedback.about_clause,
    ),
    Route(
        SAYS,
        feedback.log,
        "feedback 3.3.4 council paid us five weeks late",
        "logs it; your organisation can read it, only Compact leads see your name; also praise and suggest",
    ),
    Route(
        SAYS,
        feedback.log,
        "anonymous feedback 3.3.4 council paid us five weeks late",
        "logs it with nothing kept of who you are",
    ),
    Route(FEEDBACK_ID, feedback.show, "F7", "shows one, its status and its history"),
    Route(
        follow.STATUS,
        follow.set_status,
        "resolve F7 because the invoice was paid",
        "for Compact leads; also acknowledge, no action, reopen. Its reporter is told",
    ),
    Route(rf"{FEEDBACK_ID}(?: is| was)? (?P<kind>kept|not kept|a suggestion|suggestion)", follow.set_kind),
    Route(
        rf"(?:owner|assign) {FEEDBACK_ID}(?: is| to)? (?P<name>.+)",
        follow.set_owner,
        "owner F7 Amina",
        "says who sees to it",
    ),
    Route(
        rf"(?:settings )?(?:the )?(?:compact )?lead(?: is|:)? {roles.NAME}",
        roles.set_lead,
        "lead Amina",
        "names a Compact lead; only a lead can, once there is one",
    ),
    Route(rf"(?:remove|drop) lead {roles.NAME}", roles.remove_lead),
    Route(r"(?:show |list |the |our |compact )*leads", roles.show_leads, "leads", "who leads on the Compact here"),
    Route(
        r"(?:(?:show|make|the|our|annual|yearly) )*review(?:(?: of| for)?\b(?P<rest>.*))",
        summary.review,
        "review April 2026 to March 2027",
        "the yearly review; also review for the last 12 months, and review 2026",
    ),
    Route(r"(?:show |list |the )*gaps", gaps.show_gaps, "gaps", "what was asked in vain, for Compact leads"),
    Route(taught.TEACH, taught.teach, taught.EXAMPLE, "ties your own words to a clause, for Compact leads"),
    Route(r"taught(?P<export> (?:export|lines))?", taught.show_taught, "taught", "lists them; taught export as lines"),
    Route(r"(?:untaught|unteach)\b ?(?P<number>\S*)", taught.untaught, "untaught 1", "takes one away"),
)

ROUTES = (
    Route(r"", smalltalk.nothing_said, only_asks=True),
    Route(rf".{{{LONGEST_MESSAGE + 1},}}", smalltalk.too_long),
    Route(rf"{_POLITE}(?:help(?: me)?|menu|commands?|start|\?+|what can (?:you|i) (?:do|say|ask)(?: here)?)", _help),
    Route(r"[^a-z0-9]+", smalltalk.no_words, only_asks=True),
    Route(r"(?:yes|yep|yeah|y|save it|confirm|ok|okay|do it)(?: please)?", handlers.yes),
    Route(r"(?:no|nope|n|cancel|leave it|don'?t)(?: thanks?| thank you)?", handlers.no),
    Route(smalltalk.GREETING, smalltalk.greeting),
    Route(smalltalk.THANKS, smalltalk.thanks),
    Route(smalltalk.FAREWELL, smalltalk.farewell),
    Route(smalltalk.WHO_ARE_YOU, smalltalk.who_are_you),
    Route(gaps.HELPED_WORDS, gaps.helped),
    Route(gaps.UNHELPFUL_WORDS, gaps.unhelpful),
    Route(gaps.PASS_ON_WORDS, gaps.pass_on),
    Route(r"share (?P<id>\S*\d\S*)", sharing.share),
    *FEEDBACK_ROUTES,
    *DEADLINE_ROUTES,
    Route(
        r"(?P<text>.*\d.*)",
        lookups.numbers,
        "3.4.4",
        "reads that clause; so do 3.3.5 to 3.3.7 and section 3.2",
        only_asks=True,
    ),
    Route(lookups.WHOLE, lookups.contents, "contents", "lists the sections", only_asks=True),
    Route(
        r"(?:(?:show|list|see|view) )?(?:the |our |current )*contacts?(?: (?:details|list|us))?",
        contacts.show_contacts,
        "contacts",
        "whom to ask about the Compact",
    ),
    Route(
        r"(?:set|add|new)(?: the| our| a)*(?: current)? contact(?: is| to|:)?\s*(?P<details>.*)",
        contacts.set_contact,
        "set contact Amina Khan, amina@example.org",
        "keeps your own current contact",
    ),
    Route(r"(?:remove|delete|drop) contact\s*(?P<number>\S*).*", contacts.remove_contact),
    Route(
        sides.SIDE,
        sides.set_side,
        "we are a charity",
        'tells me your side, so that "what do we owe them" has an answer; or: we are the council',
    ),
    Route(r"forget (?:my|our) side|(?:we|i) (?:are|am) neither", sides.forget_side),
    Route(
        questions.DUTIES,
        questions.duties,
        "what must charities do about reporting",
        "answers for one side",
        only_asks=True,
    ),
    Route(questions.WHY, questions.why, "why", "shows which words led to the last answer"),
    Route(questions.FOLLOW_UP, questions.follow_up, "and for VCOs", "goes on from the last answer"),
    Route(
        r".*",
        questions.question,
        "how much notice before a grant ends",
        "finds the clause, or says that the Compact does not say",
        only_asks=True,
    ),
)

_COMPILED = [(re.compile(route.matches, re.IGNORECASE | re.DOTALL), route) for route in ROUTES]
_ASKING = [(pattern, route) for pattern, route in _COMPILED if route.only_asks]
_READ_ONLY = {"", "when", "check", "help", "why", "how", "and"}
_ORDERS = {route.example.partition(" ")[0] for route in ROUTES if not route.only_asks} - _READ_ONLY
MOST_LISTED = 60
ASK_FOR_LESS = "Ask for less at once: one section, one number or one name."
ONLY_ASKED = "I only looked these words up: nothing was done or saved. To have it done, say it to me yourself."

FORMS = {**DEADLINE_FORMS, **FEEDBACK_FORMS, **follow.FOLLOW_FORMS, **HOME_FORMS}


def answer(turn: Turn) -> Reply:
    """What is said to one message: no list in it is longer than anybody reads."""
    reply = _answered(turn)
    notes = [reply.note]
    for name in ("citations", "facts"):
        listed = getattr(reply, name)
        if len(listed) > MOST_LISTED:
            reply = replace(reply, **{name: listed[:MOST_LISTED]})
            notes += [f"The first {MOST_LISTED} of {len(listed):,} are shown. {ASK_FOR_LESS}"]
    return replace(reply, note=" ".join(filter(None, notes))) if notes[1:] else reply


def _answered(turn: Turn) -> Reply:
    """A form that was sent becomes a sentence first."""
    message = turn.message
    if message.filled is None:
        return _looked_up(turn) if message.only_asks else _routed(turn, _COMPILED)
    kind = FORMS.get(message.filled.form)
    said = submitted(turn, kind, message.filled) if kind else Reply("I do not know that form. Nothing was saved.")
    if isinstance(said, Reply):
        return said
    turn = replace(turn, message=replace(message, text=tidied(said), filled=None, link=""))
    asks = message.only_asks or (kind is not None and kind.only_asks)
    return _looked_up(turn) if asks else _routed(turn, _COMPILED)


def _looked_up(turn: Turn) -> Reply:
    """What the agreement says to some words: nothing in them is carried out, kept or remembered."""
    words, is_whole = beginning(turn.text, LONGEST_MESSAGE)
    message = replace(turn.message, text=words, kind=MessageKind.ASKED_ABOUT)
    reply = _routed(replace(turn, message=message), _ASKING)
    turn.thread.noted.clear()
    notes = ["" if is_whole else f"I read the first {LONGEST_MESSAGE:,} characters; the rest was left out."]
    notes += [ONLY_ASKED] if words.partition(" ")[0].casefold() in _ORDERS else []
    return replace(reply, note=" ".join(filter(None, [reply.note, *notes])))


def _routed(turn: Turn, routes: Sequence[tuple[re.Pattern[str], Route]]) -> Reply:
    said = turn.text.rstrip(" .!?,;") or turn.text
    for pattern, route in routes:
        found = pattern.fullmatch(said)
        if found and (reply := route.handler(turn, found)):
            return reply
    raise LookupError("the last route answers everything")
