"""What people say when they log feedback, in everyday forms: "feedback 3.3.4 council paid us five weeks late"."""

import re
from dataclasses import replace
from datetime import date

from compact_bot.dates import find_dates
from compact_bot.feedback.anonymity import Wish, is_order, is_settled, wish_in, without_wish
from compact_bot.understanding.acts import FeedbackKind, LogFeedback
from compact_bot.understanding.commands.quoting import BRACKETED
from compact_bot.understanding.context import Context
from compact_bot.understanding.understood import Understood
from knowledge.numbers import numbers_asked
from knowledge.words import content_stems

_OPENING = r"(?:please |can you |could you |can i |i want to |i'd like to |i would like to )*"
TELLS = (
    rf"{_OPENING}(?:(?P<first>anonymous(?:ly)?)[ :,]+)?(?P<verb>feedback|praise|suggest(?:ion)?|log|report)"
    r"(?![\w'’-])(?P<rest>.*)"
)
_TELLS = re.compile(TELLS, re.IGNORECASE | re.DOTALL)
_NOT_TO_LOG = re.compile(r"log[ -]?(?:in|on|out|off|me in|me out)\b", re.IGNORECASE)
_SAID_AFTER = re.compile(
    r"^[ :,]*(?:this |it |that |an |some |feedback |praise |suggestion )*anonymous(?:ly)?\b[ :,]*(?:feedback\b[ :,]*)?",
    re.IGNORECASE,
)
_SAID_LAST = re.compile(r"[,.;]? *(?:\banonymously|\(anonymous(?:ly)?\)|\bas anonymous)[ .!]*$", re.IGNORECASE)

_NUMBER = r"\d{1,3}(?:\.\d{1,3})+(?:\([a-z]{1,5}\))*"
_NUMBERS = re.compile(
    r"(?:(?:of|against|on|about|under) )?(?:(?:clauses?|sections?) )?"
    rf"(?P<numbers>{_NUMBER}(?:\s*(?:,|and|&)\s*{_NUMBER})*)"
    rf"(?![\w.]|\s*(?:%|percent|k\b|m\b))[\s:,-]*",
    re.IGNORECASE,
)
_NO_CLAUSE = re.compile(r"(?:no clause|none of these)[\s:,-]*", re.IGNORECASE)
_KIND = re.compile(r"(?P<kind>not kept|kept|suggestion)\b[\s:,-]*", re.IGNORECASE)
_NAMED_KIND = re.compile(
    r"[\s:,-]*(?:(?:some|an?|the) )?(?:(?P<what>feedback|praise|suggestion|breach|success)\b)?[\s:,-]*"
    r"(?:(?:that|how|which is that)\b[\s:,-]*)?",
    re.IGNORECASE,
)
_FRAME_FIRST = re.compile(
    r"^(?:(?:please|pls|can you|could you|just|i should like it|i would like it|i'd like it|i want it|to be|be) )*"
    r"(?:(?:(?:note|noted|log|logged|record|recorded|put on record|register|registered|logging)(?: (?:this|that|it"
    r"|down))?|for the record"
    r"|as feedback|feedback)(?: as feedback)?(?: that|[:,-]+|(?= the | we | our | they ))\s*)",
    re.IGNORECASE,
)
_FRAME_LAST = re.compile(
    r"(?:[,;.]|\s[-–])\s*(?:and |so |please |pls |can you |could you )*(?:log|note|record|register|put) ?(?:that|this"
    r"|it)?(?: down| please| pls"
    r"| as feedback| for the record| on record| in the review)*[.!\s]*$",
    re.IGNORECASE,
)
_BEHALF_LAST = re.compile(r"[,;]?\s*\bon behalf of (?P<behalf>[^,.;:()]{2,100})[.!]?$", re.IGNORECASE)
_BEHALF_FIRST = re.compile(r"^on behalf of (?P<behalf>[^,.;:()]{2,100})[,:]\s*", re.IGNORECASE)

# "I want to complain anonymously about", "could you log": what comes before the matter itself.
_ACT_FIRST = re.compile(
    r"^(?:(?:hi|hello|please|can|could|would|may|you|i|we|i'd|i’d|want|wish|need|like|have|to|just|also|must)[ ,]+)*"
    r"(?:complain|report|raise|log|note|record|flag|tell you|say|make|register|lodge|submit|share|disclose|pass on)\b"
    r"(?:[ ,]+(?:anonymously|confidentially|privately|in confidence|in private|off the record|to you|you|an?|this|it"
    r"|something|anonymous|confidential|concern|complaint|report|feedback|issue|matter)\b)*"
    r"[ ,]*(?:about|that|against|regarding|how)?[ :,]*",
    re.IGNORECASE,
)

_A_STEP = re.compile(
    r" (?:report|summary|letter|document|session|note|statement|paper)s? .*\b(?:published|sent|out|issued|done|given"
    r"|posted|up|gone|went|held)\b",
    re.IGNORECASE,
)

# "feedback on a consultation" asks; "feedback council paid us late" tells.
_ASKS = frozenset(
    """about after again all and any are as at before between by can could do does during every following for from go
    goes has have how if in into is it's its legally must need of on or over procedure required requirements should
    than that these to under until via what when where which who why will with within without would you""".split()
)
_HAPPENED = re.compile(
    r"\b(?:(?!need|feed|speed|indeed)\w{2,}ed|paid|gave|given|got|was|were|did|didn't|didn’t|had|hasn't|haven't"
    r"|wasn't|weren't|never|not|late"
    r"|told|took|sent|made|left|kept|held|cut|came|went|won't|refuses|keeps|ignores)\b",
    re.IGNORECASE,
)
_OF_THE_WISH = frozenset(
    content_stems(
        "anonymous anonymously anonymity anon confidential confidentially confidence name named names record log report"
        " complain complaint feedback private privately say tell stay remain keep kept know secret give make treat use"
        " please possible"
    )
)


# ---- by its words alone, before anything is known of who says it ----------------------------------------------------


def asks_to_be_anonymous(text: str) -> bool:
    """Whether a message logs something and says, at its beginning or end, that nobody is to know who did."""
    found = _TELLS.fullmatch(text.strip())
    if not found or is_settled(text):
        return False
    return bool(found["first"] or _SAID_AFTER.match(found["rest"]) or _SAID_LAST.search(found["rest"]))


def logs_something(text: str) -> bool:
    """Whether a message begins as one that logs something does, though it may turn out to ask."""
    return _TELLS.fullmatch(text.strip()) is not None


def is_no_log(text: str) -> bool:
    """ "log in", "log out please" """
    return _NOT_TO_LOG.match(text.strip()) is not None


def may_tell(text: str) -> bool:
    """Whether a message may log something, in whatever words: by its beginning, or by telling of what happened."""
    words = text.strip()
    return logs_something(words) or ("?" not in words and _HAPPENED.search(words) is not None and not is_order(words))


def opens_the_form(text: str) -> bool:
    """ "log feedback", "praise": a message that has nothing to log yet."""
    found = _TELLS.fullmatch(text.strip(" .!"))
    if found is None or (found["verb"].lower() == "feedback" and not found["first"]):
        return found is not None and found["rest"].strip().lower() == "form"
    rest = _without_opening(found["verb"], _SAID_AFTER.sub("", found["rest"]))
    for beginning in (_KIND, _NO_CLAUSE, _NUMBERS, _KIND):
        rest = rest[begun.end() :] if (begun := beginning.match(rest)) else rest
    return not rest.strip(" :,-")


def without_verb(text: str) -> str:
    """ "feedback on", "log": the words behind the first, for a form to hold."""
    return re.sub(r"^\w+\s*", "", text)


# ---- as an act ------------------------------------------------------------------------------------------------------


def told(text: str, context: Context) -> Understood | None:
    """Feedback in some words, read; None when they ask about feedback rather than log it."""
    found = _TELLS.fullmatch(text.strip())
    if not found or is_no_log(text) or _is_to_keep(found["verb"], found["rest"], context.today):
        return None
    anonymous, rest = asks_to_be_anonymous(text), found["rest"]
    if not anonymous and wish_in(text) is Wish.STATED:
        read = told(without_wish(text), context)
        return read and _nameless(read)
    if anonymous:
        rest = _SAID_LAST.sub("", _SAID_AFTER.sub(" ", rest))
    read = _parts(_kind(found["verb"], rest), _without_opening(found["verb"], rest), context)
    if anonymous:
        return _nameless(read)
    asks = context.asks or text.rstrip().endswith("?")
    return read if _tells(found["verb"], found["rest"], read.act, asks) else None


def _is_to_keep(verb: str, rest: str, today: date) -> bool:
    """ "log: libraries consultation, opens 1 February 2027" keeps a date, and "feedback report published" is a step."""
    if verb.casefold() == "feedback":
        return bool(_A_STEP.match(rest))
    if verb.casefold() != "log" or _HAPPENED.search(rest):
        return False
    return any(one.day and one.day > today for one in find_dates(rest, today))


def without_frames(words: str) -> str:
    """What happened, without the order to note it at either end: "please note ...", "..., log that"."""
    bare = _FRAME_LAST.sub("", _FRAME_FIRST.sub("", words, count=1), count=1).strip(" :,-")
    return bare if len(bare.split()) > 2 else words


def any_words(text: str, context: Context) -> LogFeedback:
    """Words that may be meant as feedback, as what they would log; `what` is empty where they hold no matter."""
    bare = without_wish(text)
    read = told(bare, context) or _parts(FeedbackKind.NOT_KEPT, _ACT_FIRST.sub("", bare), context)
    act = _logs(read)
    return act if set(content_stems(act.what)) - _OF_THE_WISH else replace(act, what="")


def _logs(read: Understood) -> LogFeedback:
    assert isinstance(read.act, LogFeedback)  # noqa: S101  # nothing else is read here
    return read.act


def _nameless(read: Understood) -> Understood:
    return replace(read, act=replace(_logs(read), anonymous=True))


def _kind(verb: str, rest: str) -> FeedbackKind:
    named = _NAMED_KIND.match(rest)
    word = ((named and named["what"]) or verb).lower()
    if word in ("praise", "success"):
        return FeedbackKind.KEPT
    return FeedbackKind.SUGGESTION if word.startswith("suggest") else FeedbackKind.NOT_KEPT


def _without_opening(verb: str, rest: str) -> str:
    opening = _NAMED_KIND.match(rest) if verb.lower() in ("log", "report") else None
    return rest[opening.end() :] if opening else rest.strip(" :,-")


def _parts(kind: FeedbackKind, rest: str, context: Context) -> Understood:
    """Kind and clauses in front, parts in brackets behind, "on behalf of" at either end; what is left is the matter."""
    given: dict[str, str] = {}
    while part := BRACKETED.search(rest):
        given.setdefault((part["flag"] or part["label"]).lower(), (part["value"] or "").strip())
        rest = rest[: part.start()]
    if told_kind := _KIND.match(rest):
        kind, rest = FeedbackKind(told_kind["kind"].lower()), rest[told_kind.end() :]
    none, numbers = _NO_CLAUSE.match(rest), _NUMBERS.match(rest)
    clauses: tuple[str, ...] = ()
    if numbers:
        clauses = tuple(dict.fromkeys(number.lower() for number in re.findall(_NUMBER, numbers["numbers"])))
        rest = rest[numbers.end() :]
    elif none:
        rest = rest[none.end() :]
    else:
        clauses, rest = context.agreement.named_first(rest)
    if told_kind := _KIND.match(rest):
        kind, rest = FeedbackKind(told_kind["kind"].lower()), rest[told_kind.end() :]
    behalf = _BEHALF_FIRST.search(rest) or _BEHALF_LAST.search(rest)
    if behalf and not given.get("on behalf of"):
        given["on behalf of"] = behalf["behalf"].strip()
        rest = rest[: behalf.start()] + rest[behalf.end() :]
    what = without_frames(rest.strip(" :,-"))
    if not clauses and not none:
        clauses = tuple(number for number in numbers_asked(what, context.agreement) if context.agreement.clause(number))
    act = LogFeedback(
        kind,
        what,
        clauses,
        bool(none),
        given.get("about", ""),
        given.get("on behalf of", ""),
        _day(given["when"], context.today) if given.get("when") else _day_in(what, context.today),
        given.get("link", ""),
        as_written="as written" in given,
        with_name="with my name" in given,
    )
    if given.get("when") and act.when is None:
        return Understood(act, ("when",), (f'I cannot read "{given["when"]}" as a day that is past',))
    return Understood(act)


def _day(words: str, today: date) -> date | None:
    """The one past day that some words are."""
    dates = find_dates(words, today, prefer_past=True)
    return dates[0].day if len(dates) == 1 and dates[0].day and dates[0].day <= today else None


def _day_in(what: str, today: date) -> date | None:
    """The one day that what happened names, where it is past; "in June" names no day."""
    dates = find_dates(what, today, prefer_past=True)
    days = {written.day for written in dates if written.day and not written.until}
    past = [day for day in days if day <= today]
    return past[0] if len(days) == 1 and past else None


def _tells(verb: str, rest: str, act: object, asks: bool) -> bool:
    """Whether these words tell of something that happened, rather than ask."""
    assert isinstance(act, LogFeedback)  # noqa: S101  # as read above
    if act.clauses or act.no_clause or act.as_written or re.match(r"\s*:", rest):
        return True
    words = act.what.casefold().split()
    if asks or not words:
        return not words
    match verb.lower():
        case "log" if re.match(r"\s*(?:that|a|an|some|feedback|praise|how)\b", rest, re.IGNORECASE):
            return True
        case "praise":
            return len(words) > 1
        case "suggestion":  # "suggestion box": what is meant to be logged has a colon or a clause
            return False
        case "suggest":
            return len(words) > 2 and words[0] not in _ASKS - {"that", "the", "a", "we", "our", "all", "every"}
        case "report":
            return False
    return len(words) > 2 and words[0] not in _ASKS and bool(_HAPPENED.search(act.what))
