"""Who is bound: read from headings, lead-ins and the subject of a sentence. Unknown is "" and said to be unknown."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_NOUNS = (
    r"(?:undertakings?|commitments?|(?:roles? and )?responsibilit(?:y|ies)|dut(?:y|ies)|obligations?|promises?"
    r"|pledges?|actions?|tasks?)"
)
_MADE_BY = r"(?:by|of|from|(?:to be )?(?:made|given|undertaken|accepted|required|expected) (?:by|of|from))"
_OF_SIDE = re.compile(rf"(?:.*\b)?{_NOUNS}\s+(?:{_MADE_BY}|for|on)\s+(?P<side>.+?)$", re.IGNORECASE)
_TOWARDS = re.compile(rf"(?P<side>.+?)(?:['’]s?)?\s+{_NOUNS}\s+(?:for|on|to|towards)\s", re.IGNORECASE)
_SIDE_OF = re.compile(
    rf"(?P<side>.+?)(?P<own>(?:['’]s?)?)\s+(?:(?:key|main|general|specific|shared)\s+)?{_NOUNS}$", re.IGNORECASE
)
_OWN = re.compile(r"(?P<side>.+?)['’]s?\s+(?:intentions?|roles?|contributions?|offer|part|aims)$", re.IGNORECASE)
_COMMITS = re.compile(
    r"(?:.*\b(?:commits|binds|obliges|requires)|we (?:ask|expect|invite|look to|want|require))\s+(?P<side>.+?)\s+to$",
    re.IGNORECASE,
)
_AGREED = re.compile(  # "It is agreed that the Council shall"
    r"^it is (?:\w+ )?(?:agreed|expected|understood|intended)(?: by [\w ]{2,30})? that\s+", re.IGNORECASE
)
_NEW_BODY = re.compile(r"an?\s+(?:\w+ )?(?:group|panel|board|committee|forum|party|team) of\s", re.IGNORECASE)
_PROMISES = r"(?:will|shall|must|undertakes?|agrees?|commits?|pledges?|promises?)"
_WHAT = re.compile(rf"(?:what|how)\s+(?P<side>.+?)\s+(?:{_PROMISES}\b.*|does|do|do together)$", re.IGNORECASE)
_WHAT_WILL = re.compile(r"what\s+(?:will|should|must|shall|does|do)\s+(?P<side>.+?)\s+do\b.*$", re.IGNORECASE)
_DOES_WHAT = re.compile(r"what\s.+\s(?:will|does|must|should) do$", re.IGNORECASE)
_EXPECTED = re.compile(
    r"what\s+(?:.+?\s+expects?\s+(?:of|from)|(?:this|it)\s+(?:means|asks)\s+(?:for|to|of))\s+(?P<side>.+)$",
    re.IGNORECASE,
)
_VERB = (
    rf"(?:(?:jointly |hereby |also |therefore |each |both |all )*(?:{_PROMISES}|accepts?|recogni[sz]es?|acknowledges?"
    r"|aims?|intends?|resolves?|needs? to|(?:is|are) (?:committed|responsible|required|expected|asked|obliged|to)\b))"
)
_AFTER_VERB = (
    r"(?:also|therefore|always|jointly|each|endeavour|seek|aim|work|continue|try|itself|themselves|to|that|for"
    r"|the following|do|keep|be|adhere|ensure|make sure|and|as follows)"
)
_ENDS_IN_VERB = re.compile(rf"(?P<before>.+?)\s+{_VERB}(?:\s+{_AFTER_VERB})*$", re.IGNORECASE)
_SUBJECT = re.compile(
    r"(?P<side>(?:the |all |each |any |every |both |either |our |a |an )?[\w&'’()/,. -]{2,90}?)\s+"
    r"(?:also |therefore |always |each |both |all |jointly )*"
    r"(?:will|shall|must|(?:undertakes?|agrees?|commits?|pledges?|promises?|aims?|intends?|seeks?) to"
    r"|(?:is|are) (?:committed to|responsible for|(?:required|expected|asked|obliged) to))(?:,[^,]{1,60},)?\s+"
    r"(?P<next>(?:\w+ly |also |always |not |never |only )*\w+)(?P<after>(?: \w+ly| also| always| not)*(?: \w+)?)",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(
    r"\s*(?:\w+ly |also |always |not |never )*(?:\w+ed|given|told|paid|sent|shown|met|kept|held|made|taken|seen|heard"
    r"|written|brought|dealt|known|set|found|left|chosen|drawn|put|spent|sought|able to)\b",
    re.IGNORECASE,
)
_AGENT = re.compile(
    r"(?:\w+ly |also |always )*be (?:\w+ly )?\w+(?: [\w-]+){0,4}? by (?P<side>(?:the |each |all )?[\w&'’()/ -]{2,70}?)"
    r"(?=[.,;:]|$|\s+(?:in|on|at|with|within|to|for|by|from|before|after|when|where|if|each|every|as|under)\b)",
    re.IGNORECASE,
)
_GETS = re.compile(r"(?:receive|get|benefit|gain|expect|have (?:the )?(?:right|access|opportunity))\b", re.IGNORECASE)
_SIDE_NOUNS = frozenset(
    """council councils authority authorities borough boroughs board boards trust trusts police constabulary force
    forces fire health nhs ccg icb icbs pct lhb sector sectors organisation organisations organizations groups
    group charities charity vco vcos vcs vcfs vcse vcfse cso csos cvs cvc csvs government ministers ministry
    department departments parishes parish town towns tenant tenants landlord landlords employer employers
    university college association associations clubs club members volunteers trustees funder funders
    commissioner commissioners provider providers community communities society enterprise enterprises bodies
    body service services agencies agency partnership officers councillors churches contractor contractors
    supplier suppliers schools school companies company businesses business firms firm regiment garrison base
    chamber prison prisons probation navy army marines raf hospice diocese
    alliance consortium foundation union unions ngo ngos
    infrastructure residents veterans personnel brigade assembly mayor users
    federation signatory hospital hospitals practices practice owner owners user hirer hirers tso tsos
    partners""".split()
)
_ROLE = r"(?:leader|deputy leader|chief executive|chief officer|chief constable|director|officers?|clerk|staff)"
_PERSON = r"(?:mayor|chair\w*|leader|clerk|head|manager|director|officer|chief executive)"
_PERSONS = re.compile(  # "the Mayor and the Chair of the Forum": people, who stand for no one side
    rf"\b{_PERSON}\b[^,]* and (?:the )?{_PERSON}\b|\b{_PERSON}\s+and\b|\band (?:the )?{_PERSON}$", re.IGNORECASE
)
_ROLES = re.compile(rf"^(?:the )?{_ROLE}(?:,? (?:and|or) (?:the )?{_ROLE})? of (?=the \w)", re.IGNORECASE)
_ACTING = re.compile(  # operators, providers, trustees, clerks: who does something, by the word's form
    r"^(?!(?:letter|paper|matter|number|order|register|newsletter|offer|voucher|computer|centre|poster|folder|chapter|quarter"
    r"|transfer|power|error|factor|indicator|sector|fee|committee|list|cost|post"
    r"|answer|tender|charter|reminder|calendar|ledger|banner|barrier|shelter|meter|disaster|printer|guarantee|degree"
    r"|checklist|shortlist|corridor|door|floor|border|dinner|winter|summer)s?$)"
    r"(?:\w{2,}(?:er|or|ee|ist|ian)s|(?:resident|student|parent|patient|applicant|agent|grantee|recipient|participant|clerk"
    r"|carer)s|staff|pupils|families)$",
    re.IGNORECASE,
)
_EVERYBODY = re.compile(
    r"\b(?:both|either|each other|all (?:the )?(?:parties|partners|sides|signatories|sectors|of us|members)|us|you|your"
    r"|them|parties|(?<!statutory )(?<!public )(?<!sector )(?<!government )"
    r"(?<!community )(?<!voluntary )(?<!vcs )(?<!vcse )(?<!nhs )(?<!health )"
    r"(?<!council )(?<!authority )partners|sides|signator(?:y|ies)|signed"
    r"|everyone|everybody|shared|joint|jointly|mutual|common|general|together|key|core|two|tiers|who|there|we"
    r"|(?:steering|liaison|monitoring|working) (?:group|party|committee|panel|board)"
    r"|our|ours|compact|charter|covenant|agreement|concordat"
    r"|document)\b",
    re.IGNORECASE,
)
_ALL_OF_THEM = re.compile(
    r"all(?:$|\s+(?:of (?:us|them)$"
    r"|(?:the\s+)?(?:councils|organisations|bodies|authorities|sectors|agencies|members|tiers)$))",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:we|they|it|this|these|those|he|she|you|there|who|which"
    r"|(?:the|this|our) (?:\w+ )?(?:compact|charter|covenant|agreement|concordat|document))$",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"\b(?:by|on|for|to|from|with|in|about|between|at|that|which|if|when|where|how|why|whether|than|as|is|are|was|has|have"
    r"|sets|says|describes|explains)\b",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"\b(?:London |Royal )?(?:Borough|City|County|Isle|District|Town|Parish|University|Diocese|Vale)s? of (?:the )?"
    r"[A-Z][\w-]+(?: (?:and|&) [A-Z]\w+)*"
)
_OPENING = re.compile(
    r"(?:in|by|to|as|when|under|for|through|on|with|where|if|during|at|within|wherever|since|having|after|before"
    r"|recognising)\b",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(
    r"(?P<side>(?:a|an|any|each|every|all|the)?\s*(?:\w+ ){0,3}?[\w'’-]+)(?<!and),?\s+(?:which|who|that|whose)\b.*$",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"^(?:in (?:return|turn|addition)|(?:for|on) (?:its|their|our) (?:own )?(?:part|side)|to (?:this|that) end|equally"
    r"|similarly|likewise|accordingly|(?:wherever|where|as far as) possible|at all times|(?:and|also|finally)\b),?\s+",
    re.IGNORECASE,
)
_SIGNING = re.compile(
    r"^(?:in|by) \w+ing(?: up)?(?: to)? (?:this|the|our)"
    r"(?: (?:[\w-]+ ){0,2}?(?:compact|charter|covenant|concordat|agreement|document|code|statement|protocol))?,?\s+"
    r"(?=\w+ \w)",
    re.IGNORECASE,
)
_AS_FAR_AS = re.compile(
    r",\s*(?:as|so) far as\b[^,]*$|,\s*(?:wherever|where|when) (?:possible|it can|they can)$", re.IGNORECASE
)
_APPOSED = re.compile(
    r"(?:[Yy]our|[Oo]ur|[Tt]he) (?P<kind>\w+), (?P<name>[A-Z][^,]+),?$"
)  # "Your landlord, Lathom Homes,"
_LONGEST_LEAD_IN = 400  # signs; a longer paragraph is read for its sentences' subjects alone


def _kind(*forms: str) -> re.Pattern[str]:
    return re.compile("|".join(forms), re.IGNORECASE)


_FAMILIES = (
    (
        "voluntary",
        _kind(
            r"voluntary|third sector|\bvcf?(?:o|s|se)s?\b|civil society|\bcsos?\b|charit|\btsos?\b|not.for.profit",
            r"community (?:groups?|organisations?|sector)|^(?:local )?(?:groups|organisations)$",
        ),
    ),
    ("parish", _kind(r"parish|town council|local council|community (?:and town )?council")),
    ("council", _kind(r"\bcouncil$|^(?:local )?authority$|(?:district|county|borough|city) council")),
    (
        "public",
        _kind(
            r"public (?:sector|bod)|statutory|government|health|nhs|police|fire\b|councils?$|authorit|commissioner",
            r"funder|landlord",
        ),
    ),
)


def sides_in(text: str) -> str | None:
    """The side that a heading or lead-in binds, as printed; "" where it binds everybody; None where it binds nobody."""
    said = re.sub(r"[\s:;,.…–—-]+$", "", text.strip().strip("*_").strip())
    said = re.sub(r"\s*\([^)]*\)$", "", said.rstrip("?"))
    said = _AS_FAR_AS.sub("", said)
    if len(said) > _LONGEST_LEAD_IN:
        return None
    if (found := _TOWARDS.match(said)) and (side := _side(found["side"])) is not None:
        return side
    for pattern in (_EXPECTED, _WHAT_WILL, _WHAT, _COMMITS, _OWN, _OF_SIDE):
        if found := pattern.match(said):
            return _side(_unqualified(found["side"]), named=bool(_DOES_WHAT.match(said)))
    if (found := _SIDE_OF.match(said)) and len(said.split()) <= 8:
        return _side(found["side"], named=bool(found["own"]))
    if found := _ENDS_IN_VERB.match(said):
        subject = _subject_of(found["before"])
        side = _side(subject)
        if side is None and "," in subject:  # "A parish has 21 days and, where its view differs, the Council will:"
            side = _side(subject.rsplit(",", 1)[1])
        return _trimmed(subject) if side is None and _is_name(_trimmed(subject)) else side
    return only_a_side(said) if text.rstrip().endswith(":") and _only_names(said) else None


def _only_names(said: str) -> bool:
    """Whether every word could belong to the name of a body: "The Third Sector Interface"."""
    words = said.split()
    return all(word[0].isupper() or word in _SMALL or word in _SIDE_NOUNS for word in words)


def only_a_side(text: str) -> str | None:
    """The side that a table's head or a short heading is: "The Council", "Parish Councils"."""
    said = _SOMEWHERE.sub("", re.sub(r"[\s:]+$", "", text.strip().strip("*_")))
    if (
        len(said.split()) > 8
        or re.search(rf"[:\d]|(?i:practice)|{_VERB}", said)
        or _NO_SUBJECT.search(_PLACES.sub("Place", said))
    ):
        return None
    last = said.split()[-1] if said else ""
    if last.islower() and last not in _SIDE_NOUNS and not _ACTING.search(last):  # "Council business"
        return None
    return _side(said)


def _subject_of(before: str) -> str:
    """The subject in what stands before the verb: "In signing this the Council" -> "the Council"."""
    sentence = _AGREED.sub("", _ASIDE.sub("", re.split(r"(?<=[.;])\s+", before)[-1]))
    if not _OPENING.match(sentence):
        return sentence
    if (signing := _SIGNING.match(sentence)) and "," not in sentence[signing.end() :]:
        return sentence[signing.end() :]
    if ", " in sentence:
        return sentence.split(", ", 1)[1]
    found = re.search(r".*\b(the|all|each|both)\s+(?P<rest>.+)$", sentence, re.IGNORECASE)
    return found["rest"] if found else sentence


_SOMEWHERE = re.compile(  # "the NHS in Dunmarsh"
    r"\s+(?i:in|at|across|within) (?:the )?[A-Z][\w-]+(?:(?: (?:and|of|&))? [A-Z][\w-]+)*$"
)


def _side(phrase: str, named: bool = False) -> str | None:
    phrase = re.sub(r"\s+", " ", phrase.strip(" ,.:;“”\"'‘’"))
    phrase = re.sub(r"^(?:and|then|so|therefore)\s+", "", phrase, flags=re.IGNORECASE)
    if (found := _APPOSED.match(phrase)) and found["kind"].casefold() in _SIDE_NOUNS:
        return found["name"]
    phrase = _SOMEWHERE.sub("", _ROLES.sub("", phrase))
    core = _trimmed(phrase)
    if _ALL_OF_THEM.match(phrase) or _NEW_BODY.match(phrase):
        return ""
    if not core or len(core.split()) > 14:
        return None
    if _EVERYBODY.search(core) and not re.search(r"\bpartnership\b", core, re.IGNORECASE):
        return ""
    if re.search(r"\b(?:the|all)\s+\w+ (?:and|&) the \w+ each\b", phrase, re.IGNORECASE):
        return ""
    if _NO_SUBJECT.search(_PLACES.sub("Place", core)):
        return None
    words = re.findall(r"[A-Za-z]+", _PLACES.sub("Council", core))
    if not words:
        return None
    if _is_part_of_something(core):
        return None
    if (
        any(word.casefold() in _SIDE_NOUNS for word in words[-3:])
        or _PARISH_MEETING.search(core)
        or _ACTING.search(words[-1])
    ):
        return core
    return core if named and core[0].isupper() and len(words) <= 4 else None


_PARISH_MEETING = re.compile(r"\bparish meetings?$", re.IGNORECASE)
_OF = re.compile(r"(?:.*\s)?(?P<head>[a-z]\w*)\s+of\s")


def _is_part_of_something(core: str) -> bool:
    """Whether a phrase names a thing that belongs to a side: "minute of each meeting", "number of groups"."""
    found = _OF.match(_PLACES.sub("Council", core))
    return found is not None and found["head"] not in _SIDE_NOUNS and not _ACTING.search(found["head"])


def _is_name(core: str) -> bool:
    """Whether words that are no known kind of body are still somebody's name: "Citizens Advice", "WDC", "T&PCs"."""
    if re.fullmatch(r"[A-Z][A-Z&]{1,7}s?", core):
        return True
    words = [word for word in core.split() if word not in ("and", "of", "the", "&")]
    named = all(word[0].isupper() and not re.search(r"(?:ing|tion|ment)s?$", word) for word in words)
    return 2 <= len(words) <= 5 and named and not core.isupper()


def _trimmed(phrase: str) -> str:
    core = re.sub(
        r"^(?:the|all(?: the)?|each|any|every|no|a|an|our|participating|local(?= (?:the)))\s+",
        "",
        phrase,
        flags=re.IGNORECASE,
    )
    core = re.sub(r"\s*\((?:“|\")?[^)]*\)", "", core)
    return re.sub(r",?\s+(?:each|both|jointly|also|together)$", "", core, flags=re.IGNORECASE).strip(" ,'’")


def subjects_of(text: str, known: frozenset[str] = frozenset()) -> list[str | None]:
    """For each sentence, the side that it binds by its subject: "" for everybody, None where the subject is no side.

    "Parishes will be told" binds whoever tells, so a passive names nobody. `known` are the sides named elsewhere.
    """
    found = []
    for sentence in re.split(r"(?<=[.;])\s+(?=[A-Z])|\n+", text):
        if subject := _SUBJECT.match(_without_opening(sentence)):
            following = f"{subject['next']}{subject['after']}"
            passive = re.match(r"(?:\w+ly |also |always |not |never )*be\b", following) and _PARTICIPLE.match(
                re.sub(r"^.*?\bbe\b", "", following + _rest_after(sentence, following))
            )
            if passive:
                found += _agent_in(_without_opening(sentence)[subject.start("next") :])
                continue
            if _GETS.match(following):
                continue
            said = _unqualified(subject["side"].strip())
            if not _NO_NAME.match(said):
                side = "" if _PERSONS.search(_ROLES.sub("", said)) else _side(said)
                named = _trimmed(said)
                found.append(named if side is None and named.casefold() in known else side)
    return found


def _unqualified(subject: str) -> str:
    """ "A parish" for "A parish which takes on a service"."""
    found = _QUALIFIED.match(subject)
    return found["side"] if found else subject


def _agent_in(predicate: str) -> list[str | None]:
    """ "the County Council" in "be sent by the County Council in Welsh": who does what is done."""
    agent = _AGENT.match(predicate)
    side = _side(agent["side"]) if agent else None
    return [side] if side is not None else []


def _rest_after(sentence: str, following: str) -> str:
    start = sentence.find(following)
    return sentence[start + len(following) : start + len(following) + 30] if start >= 0 else ""


def _without_opening(sentence: str) -> str:
    sentence = _AGREED.sub("", sentence)
    if _OPENING.match(sentence) and (comma := sentence.find(", ")) > 0:
        return sentence[comma + 2 :]
    return sentence


def family(side: str) -> str:
    """What kind of side a name is, for telling one side under two names, and two sides in one name."""
    kinds = {_family_of(part) for part in _parts(side)} - {""}
    return "several" if len(kinds) > 1 else next(iter(kinds), "")


def _family_of(side: str) -> str:
    return next((kind for kind, pattern in _FAMILIES if pattern.search(side)), "")


def _parts(side: str) -> list[str]:
    return [part.strip() for part in re.split(r",|\band\b|/", side) if part.strip()]


@dataclass(frozen=True)
class Sides:
    """The sides of one agreement, and the name by which each printed form goes."""

    names: dict[str, str]

    def name(self, printed: str) -> str:
        return self.names.get(printed.casefold(), printed)

    def all(self) -> list[str]:
        return [name for name in dict.fromkeys(self.names.values()) if name]

    def printed_as(self, name: str) -> list[str]:
        return [printed for printed, called in self.names.items() if called == name]


def settle(printed: Iterable[str]) -> Sides:
    """One name for each side out of the forms that the document prints, the more frequent first.

    "Barth & North East Council" and "the Council" are one while there is one such council; a name that joins sides
    which are also bound by themselves ("the Council and the parishes") binds everybody and so nobody in particular.
    """
    counted = Counter(side for side in printed if side)
    names: dict[str, str] = {}
    for kind in ("voluntary", "parish"):
        names |= _one_name([side for side in counted if family(side) == kind], counted)
    for side in counted:
        if names.get(side.casefold(), "").isupper() or side.casefold() not in names:
            names[side.casefold()] = _council(side)
    for side in counted:
        longer = [other for other in counted if other.casefold().endswith(" " + side.casefold())]
        longer = [other for other in longer if side not in map(_trimmed, _parts(other))]
        if len({names[other.casefold()] for other in longer}) == 1 and names[side.casefold()] == side:
            names |= _one_name([side, *longer], counted)
    for side in counted:
        if (owner := _owner_of(side)) in names and _family_of(side) in ("", "voluntary", _family_of(owner)):
            names |= {form: names[owner] for form, name in names.items() if name == names[side.casefold()]}
    for side in counted:
        many = next((names[form] for form in _plurals(side.casefold()) if form in names), "")
        names[side.casefold()] = many or names[side.casefold()]
    apart = {name.casefold() for name in names.values()}
    for side in counted:
        if _is_both(side) or _joins(side, names, apart):
            names[side.casefold()] = ""
    return Sides(names)


def _plurals(side: str) -> tuple[str, ...]:
    return (f"{side}s", f"{side}es", f"{side[:-1]}ies")


def _owner_of(side: str) -> str:
    """ "tenants" for "Tenants' groups": who are bound as a whole are bound in their groups."""
    found = re.match(r"(?P<owner>.+?)['’]s? \w+$", side)
    return found["owner"].casefold() if found else ""


def _one_name(forms: Sequence[str], counted: Counter[str]) -> dict[str, str]:
    best = max(forms, key=lambda side: (counted[side], not side.isupper()), default="")
    named = [side for side in forms if side.casefold() == best.casefold() and not side.isupper()]
    return {side.casefold(): legible((named or [best])[0]) for side in forms}


_SMALL = ("and", "of", "the", "for", "in", "with", "to", "by")


def legible(side: str) -> str:
    """Words in capitals as elsewhere in a sentence: "COUNCIL AND HEALTH BOARD" -> "Council and Health Board"."""
    if side.isupper() and len(side) > 5 and side.casefold() in _SIDE_NOUNS:
        return side.capitalize()
    if not side.isupper() or " " not in side:
        return side
    words = [word.lower() if word.lower() in _SMALL else word.capitalize() for word in side.split()]
    return " ".join([words[0].capitalize(), *words[1:]])


def _is_both(side: str) -> bool:
    kinds = {_family_of(part) for part in _parts(side)}
    return bool(kinds & {"voluntary", "parish"}) and bool(kinds & {"council", "public"})


def _joins(side: str, names: dict[str, str], apart: set[str]) -> bool:
    """Whether a name puts together all the sides that are bound apart elsewhere."""
    parts = {names.get(part.casefold(), _council(part)).casefold() for part in map(_trimmed, _parts(side)) if part}
    others = {other for other in apart - {side.casefold(), ""} if len(_parts(other)) == 1}
    return len(parts) > 1 and parts <= apart and others <= parts


def _council(side: str) -> str:
    """ "Council" for a council by its full name; other names as they are."""
    one = len(re.findall(r"\bcouncils?\b", side, re.IGNORECASE)) == 1 and re.search(r"\bcouncil$", side, re.IGNORECASE)
    if one and not re.search(r"parish|town|community|local|services", side, re.IGNORECASE):
        return "Council"
    return legible(side)
