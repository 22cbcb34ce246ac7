"""Commands that link organisations and part them."""

import re

from compact_bot.understanding.acts import (
    Act,
    JoinPartnership,
    Link,
    LinkWith,
    NameOrganisation,
    ShowPartnership,
    Unlink,
)
from compact_bot.understanding.commands import Command, command
from compact_bot.understanding.commands.quoting import QUOTED, unquoted
from compact_bot.understanding.context import Context

_PLATFORM = r"(?:slack|(?:microsoft |ms )?teams|workspaces?|tenants?|chats?|organisations?|side)"
_WHOSE = r"(?:(?:our|my|this|the|your|their|another|an?|[\w'’]+(?: [\w'’]+){0,2}['’]s?) )?"
_HERE = rf"{_WHOSE}(?:own )?{_PLATFORM}"
_THERE = rf"{_WHOSE}(?:other )?(?:[\w'’]+ ){{0,3}}?{_PLATFORM}"
# Whom one shares with, where the verb leaves no doubt what is meant.
_PARTNER = (
    rf"(?:{_THERE}|(?:the |our |another |an? |some )?(?:[\w'’]+ ){{0,2}}?(?:council|charity|partners?|cvs|vcos?))"
)
_PLEASE = (
    r"(?:(?:please|(?:can|could) (?:you|we)|we(?:'d| would) like to|(?:we|i) want to|how (?:do|can) (?:we|i|you)) )?"
)
_ALL = r"(?:deadlines|feedback)(?: and (?:deadlines|feedback))?"
_CODE = r"(?P<code>[a-z0-9]{4}\s?[-–—]?\s?[a-z0-9]{4})"
_SAFE_CODE = re.compile(r"[BCDFGHJKMNPQRTVWXZ]{8}")


def _typed(found: re.Match[str], _: Context) -> Act | None:
    """Eight letters in small type may be a word: only what has no vowels, or is written like a code, is one."""
    said = found["code"]
    bare = re.sub(r"[^a-z0-9]", "", said, flags=re.IGNORECASE)
    if not (_SAFE_CODE.fullmatch(bare.upper()) or said != said.lower() or "-" in said):
        return None
    return LinkWith(f"{bare[:4]}-{bare[4:]}".upper())


PARTNERSHIP: tuple[Command, ...] = (
    command(
        rf"{_PLEASE}(?:link|pair)(?: (?:us|up|our organisation))?(?: code)?"
        rf"|{_PLEASE}(?:get|give|make|create|i need|we need)(?: (?:me|us))? (?:a |the )?(?:link(?:ing)?|pairing) code"
        rf"|{_PLEASE}(?:link|connect|join|pair|hook up|bring together|couple)(?: up)? {_HERE}"
        rf"(?: up)? (?:with|to|and|into) {_THERE}\??"
        rf"|{_PLEASE}(?:link|connect|pair|join)(?: us)?(?: up)? (?:with|to|and) {_THERE}\??"
        rf"|{_PLEASE}(?:link|pair)(?: us| up| our organisation)? with {_PARTNER}\??"
        rf"|{_PLEASE}share (?:our|one set of|these) {_ALL} with {_PARTNER}\??",
        Link(),
        "settings",
        "link",
        "a code with which another organisation shares your deadlines, feedback and review; for leads",
    ),
    command(
        rf"(?:link|join|pair|connect)(?: with)?(?: (?:the )?code)?:? {_CODE}",
        _typed,
        "settings",
        "link BKTM-WXZR",
        "what would be shared with the organisation whose code it is; asked first",
    ),
    command(r"join(?: the partnership)?", JoinPartnership()),
    command(
        rf"{_PLEASE}(?:unlink(?: (?:us|our organisation|{_HERE}))?(?: from {_PARTNER})?(?P<sure> for good)?"
        r"|(?:leave|quit|end|dissolve|get out of) (?:the|our|this) (?:partnership|link)"
        rf"|(?:disconnect|uncouple)(?: (?:us|{_HERE}))? (?:from|and) {_THERE}"
        rf"|stop sharing (?:our )?(?:{_ALL} |everything )?with {_PARTNER}"
        r"|(?:we|i) (?:want|would like|wish) to leave (?:the|our|this) partnership)",
        lambda found, _: Unlink(found["sure"] is not None),
        "settings",
        "unlink",
        "leaves the partnership; what would stay yours is shown first; for leads",
    ),
    command(
        r"(?:show |about )?our partnership"
        r"|(?:who|which organisations?) (?:is|are) (?:in our partnership|we linked (?:with|to)|linked(?: with us)?)"
        rf"|(?:who|whom) (?:do|are) we (?:share|sharing|linked)(?: (?:our )?{_ALL})? with"
        rf"|who (?:else )?(?:can see|sees|shares) our {_ALL}",
        ShowPartnership(),
        "settings",
        "our partnership",
        "whom you share your deadlines with, and what stays your own",
    ),
    command(
        rf"(?:our )?partnership name(?: is)?:? (?P<name>{QUOTED}|.{{1,120}}?)",
        lambda found, _: NameOrganisation(unquoted(found["name"])),
        "settings",
        "partnership name Ashby Council",
        "what your partners read beside your people's names; for leads",
    ),
)
