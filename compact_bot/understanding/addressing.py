"""What surrounds the words that matter: greetings, thanks, please, markup, the bot's name. One step for all doors."""

import re
from dataclasses import dataclass

_MARKUP = r"[\s*_~`>|#\-–—•.,;:!?\"“”()\[\]\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]"
_EMOJI_NAME = re.compile(r"(?<!\w):[a-z0-9+-][a-z0-9_+-]{0,40}:(?!\w)")
_LEADING = re.compile(rf"^{_MARKUP}+")
_TRAILING = re.compile(rf"{_MARKUP}+$")
_BOT = r"(?:@?(?:the )?compact[ -]?bot\b|@?(?:hey )?bot\b(?=\s*[,:!.-])|@bot\b)"
_GREETING = (
    r"(?:hi+(?:ya)?|hello+|hey+|dear|good (?:morning|afternoon|evening|day)|g'?day|(?:morning|afternoon"
    r"|evening)(?= ?(?:all|team|,|!|-|\.)))"
    r"(?: (?:there|all|everyone|everybody|team|folks|both|again|bot|compact ?bot|colleagues?|friends?|sir"
    r"|madam))*(?=[\s,!.:;-]|$)"
)
_WELL = (
    r"(?:(?:i )?(?:do )?(?:hope|trust) (?:you(?:'re|’re| are)|this (?:message |e-?mail |note |letter )?finds you"
    r"|all is|all's|everyone is)"
    r"(?: all| both| keeping)? (?:well|fine|good)|how are (?:you|things)(?: all)?(?: today| doing"
    r"| keeping)?)(?=[\s,.!?;:-]+\w)"
)
_FILLER = r"(?:ok(?:ay)?|so|right|well|um+|erm?|just|and|also|now|sorry|quick(?: one| question| q)?)(?=[\s,:-])"
_PLEASE = (
    r"(?:please|pls|plz|kindly|(?:can|could|would|will) (?:you|u)(?: (?:please|pls|kindly|just))*|"
    r"(?:i(?:'d|’d| would) (?:like|love) (?:you )?to|i (?:want|need) (?:you )?to|let'?s|go ahead and))(?=\s)"
)
_THANKS = (
    r"(?:many )?(?:please|pls|plz|ta|thx|ty|cheers|thanks?(?: you)?|thank u)"
    r"(?: (?:so much|very much|a lot|in advance|again|all|everyone|bot|compact ?bot|mate))?"
)
_OPENING = re.compile(rf"^(?:{_BOT}|{_GREETING}|{_WELL}|{_FILLER})", re.IGNORECASE)
_ASKED_NICELY = re.compile(rf"^(?:{_PLEASE}|{_THANKS}(?=[,.;:!–-]))", re.IGNORECASE)
_CLOSING = re.compile(
    rf"(?:^|[\s,.;:!-])(?:{_THANKS}|@(?:the )?(?:compact[ -]?)?bot|(?<=, )(?:compact[ -]?)?bot)$", re.IGNORECASE
)


_ASKS = re.compile(r"\?[^\w?]*(?:thanks?|ta|pls|please|cheers)?\W*$", re.IGNORECASE)


@dataclass(frozen=True)
class Addressed:
    """`said` is without greeting, markup and thanks, but asks where it asked; `bare` is without "please" and "can you"
    too. Both may be empty."""

    said: str
    bare: str


def addressed(text: str) -> Addressed:
    """What is left of a message when what only surrounds its words is taken off."""
    words = _edges(_EMOJI_NAME.sub(" ", text))
    while True:
        shorter = _edges(_CLOSING.sub("", _edges(_OPENING.sub("", words, count=1)), count=1))
        if shorter == words:
            break
        words = shorter
    bare = words
    while True:
        shorter = _edges(_OPENING.sub("", _edges(_ASKED_NICELY.sub("", bare, count=1)), count=1))
        if shorter == bare:
            return Addressed(f"{words}?" if words and _ASKS.search(text) else words, bare)
        bare = shorter


def _edges(text: str) -> str:
    """Without punctuation and markup at either edge; a quotation or bracket that is closed inside stays whole."""
    bare = _TRAILING.sub("", _LEADING.sub("", text))
    start = text.find(bare) if bare else 0
    before, after = text[:start], text[start + len(bare) :]
    for opening, closing in (('"', '"'), ("“", "”"), ("(", ")"), ("[", "]")):
        if closing in after and opening in bare and bare.count(opening) > bare.count(closing) - (opening == closing):
            bare = f"{bare}{closing}" if opening != closing or bare.count(opening) % 2 else bare
        if (opening in before and opening != closing and bare.count(closing) > bare.count(opening)) or (
            opening in before and opening == closing and bare.count(opening) % 2
        ):
            bare = f"{opening}{bare}"
    return bare
