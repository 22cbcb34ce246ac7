"""Who is to see to something: a name as people write names, in any letters, in capitals or not. Pure functions."""

import re
from dataclasses import dataclass

from compact_bot.understanding.acts import Named
from compact_bot.understanding.commands.quoting import QUOTED, unquoted
from compact_bot.understanding.context import Context
from compact_bot.understanding.titles import surroundings

_CAPITAL = f"[{''.join(letter for letter in map(chr, range(0x41, 0x530)) if letter.isupper())}]"
_PART = rf"{_CAPITAL}[\w.'’-]*(?<![.'’-])"
_PARTICLE = r"(?:van|von|der|den|de|da|do|dos|di|du|la|le|el|al|bin|bint|ibn|ap|ó|mac)"
NAME = rf"@?{_PART}(?: (?:{_PARTICLE} )*{_PART}){{0,3}}"
"""A name in capitals: "José Álvarez", "Siobhán O'Neill", "Ludwig van der Berg"."""
_SAYS_WHO = re.compile(
    r"\b(?:(?:the )?owner(?:'s|’s)? ?(?:will be|should be|is to be|is|=|:)|(?<!the )owner(?: to)?|owned by"
    r"|(?:re)?assign(?:ed)?(?: it| this| that)? to|assigned:?|(?:the )?lead(?: officer)?(?: is|:)|for owner) +",
    re.IGNORECASE,
)
_ME = re.compile(
    r"\b(?:owner me|me as owner|i(?:'m| am|’m) (?:the )?owner|i(?:'ll| will|’ll|'m| am|’m) (?:own|look(?:ing)? after"
    r"|lead(?:ing)?"
    r" on|deal(?:ing)? with|handl(?:e|ing)) (?:it|this|that)|mine|my job)\b",
    re.IGNORECASE,
)
_SEES_TO_IT = re.compile(
    rf"(?P<name>{NAME}) (?i:leads on (?:it|this|that)|is (?:the )?(?:owner|lead)\b|is leading(?: on (?:it|this|that))?"
    r"|(?:will |is to |to )?(?:look(?:s|ing)? after|own(?:s)?|deal(?:s)? with|handles?|sees? to|run(?:s)?) (?:it|this"
    r"|that|them)\b"
    r"|is (?:looking after|dealing with|handling|seeing to|running) (?:it|this|that|them)|(?:is )?dealing\b|has (?:it"
    r"|this)\b|as owner)"
)
_HANDED_TO = re.compile(
    rf"\b(?i:to|over to|put|make|it'?s|it’s|that'?s|that’s|under|goes to|is with|with|got|has"
    rf"|belongs to) (?P<name>{NAME}|(?i:me|myself)\b)"
    rf"|^(?P<first>{NAME})(?:(?:'s|’s)? (?i:has|got|takes?|taking|will|is|owns|leads|now|to)\b|'s\b|’s\b)"
)
_TOKEN = re.compile(r" ?(?P<word>@?[^\W\d_][\w'’-]*(?:\.(?=[^\W\d_])[\w'’-]+)*|[^\W\d_]\.(?= ))")
_OWNER_OF = re.compile(rf"(?i:owner|assign|reassign) (?:(?i:of|for) )?.+?(?: (?i:is|to)|:)? (?P<name>{NAME}|(?i:me))$")
_ALSO = re.compile(rf" ?(?:,|&|\+|/|and|or) ?({NAME})(?! (?i:leads|is|will|has|looks))")
_LONGEST_NAME = 4  # words
# Words behind a name that are none: what comes next in the sentence.
_NO_NAME = frozenset(
    """ends end ending ended due closes close opens open starts start runs finishes stops nudge nudges nudged remind
    reminds reminder reminders tell warn track tracked clause because since please pls thanks ta cheers who she he they
    will but starting closing opening before after every weekly monthly also should must need needs want wants now
    instead as if""".split()
)
_GROUPS = frozenset("team office officers trustees committee board department group staff unit desk".split())


@dataclass(frozen=True)
class Who:
    """A person, and the words of a sentence that say so; `also` is a second one, whom nothing can have as well."""

    named: Named
    start: int
    end: int
    also: str = ""

    @property
    def doubts(self) -> tuple[str, ...]:
        return (f"one person sees to it, so I leave out {self.also}",) if self.also else ()


def owner_in(words: str, context: Context) -> Who | None:
    """Who is to see to it, as a sentence that keeps something says."""
    for person in context.mentioned:
        at = words.find(person.name)
        if at >= 0:
            return Who(person, at, at + len(person.name))
    for found in _SAYS_WHO.finditer(words):
        name, end = _name_at(words, found.end())
        if name:
            also = _ALSO.match(words, end)
            return Who(context.person(name), found.start(), also.end() if also else end, _bare(also[1]) if also else "")
    if me := _ME.search(words):
        return Who(context.sender, me.start(), me.end())
    sees = _SEES_TO_IT.search(words)
    return Who(context.person(_bare(sees["name"])), sees.start(), sees.end()) if sees else None


def owner_of(words: str, context: Context) -> Who | None:
    """ "owner zebra project Ben": the name at the end, behind that of the thing."""
    found = _OWNER_OF.match(words)
    return Who(context.person(_bare(found["name"])), found.start("name"), found.end()) if found else None


def handed_to(words: str, context: Context) -> Who | None:
    """ "give D7 to Mo", "that's Lorna's now", "D4 isn't mine, it's Marcus", "Ben Okoro takes over D3"."""
    found = _HANDED_TO.search(words)
    if not found:
        return None
    return Who(context.person(_bare(found["name"] or found["first"])), found.start(), found.end())


def people_in(name: str) -> tuple[str, ...]:
    """The people where several are named as one ("Ben and Amina Khan"); () for one, and for a team with "and" in it."""
    if any(word.casefold() in _GROUPS for word in re.findall(r"\w+", name)):
        return ()
    parts = [part.strip() for part in re.split(r",|;|/|\+|&|\band\b|\bor\b", name)]
    named = tuple(part for part in parts if part)
    return named if len(named) > 1 and all(re.fullmatch(rf"(?:{NAME}|[\w'’.-]+)", part) for part in named) else ()


def _bare(name: str) -> str:
    return re.sub(r"['’]s$", "", name.strip('"“”‘’ ,.;:')).removeprefix("@")


def _name_at(words: str, start: int) -> tuple[str, int]:
    """The name that begins at a place, and where it ends: quoted, in capitals, or small words up to the next pause."""
    if quoted := re.compile(QUOTED).match(words, start):
        return unquoted(quoted[0]), quoted.end()
    article = re.compile(r"(?:the|our) ", re.IGNORECASE).match(words, start)
    begins = article.end() if article else start
    tokens: list[re.Match[str]] = []
    at = begins
    while len(tokens) <= _LONGEST_NAME and (found := _TOKEN.match(words, at)):
        word = found["word"].casefold()
        if tokens and (word in _NO_NAME or (word in surroundings().edge and not re.fullmatch(_PARTICLE, word))):
            break
        tokens.append(found)
        at = found.end()
    if not tokens:
        return "", start
    kept = _parts_of_a_name([one["word"] for one in tokens])
    return _bare(words[begins : tokens[kept - 1].end()]), tokens[kept - 1].end()


def _parts_of_a_name(said: list[str]) -> int:
    """How many of some words are the name: all in capitals, two or three small ones, or up to "team"."""
    group = next((n for n, word in enumerate(said, 1) if word.casefold() in _GROUPS), 0)
    if group:
        return group
    if re.match(rf"@?{_CAPITAL}", said[0]):
        count = 1
        for n, word in enumerate(said[1:], 2):
            if re.match(_CAPITAL, word):
                count = n
            elif not re.fullmatch(_PARTICLE, word):
                break
        return count
    return len(said) if sum(not re.fullmatch(_PARTICLE, word) for word in said) <= 3 else 1
