"""Commands about what is kept of people: seeing it, and having it forgotten."""

import re

from compact_bot.understanding.acts import Act, ForgetMe, ForgetPerson, MyData
from compact_bot.understanding.commands import Command, command
from compact_bot.understanding.commands.quoting import QUOTED, unquoted
from compact_bot.understanding.context import Context

_PERSON = r"(?:<@\w+>|@[\w.'’ -]{1,100}?|[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3})"
_NOBODY = re.compile(
    r"(?:my|our|your|it|that|this|these|those|the|about|everything|anything|all|what|i)\b", re.IGNORECASE
)


def _forget(found: re.Match[str], context: Context) -> Act | None:
    """None for what is no name: "forget my side", "forget it". A name begins with a capital or an @."""
    said = found["who"]
    if _NOBODY.match(said) or not re.fullmatch(rf"{QUOTED}|{_PERSON}", said, re.DOTALL):
        return None
    return ForgetPerson(context.person(unquoted(said)), found["sure"] is not None)


PRIVACY: tuple[Command, ...] = (
    command(
        r"(?:(?:show|send|give|export|download|get)(?: me)? )?(?:all )?(?:of )?my(?: own)?(?: personal)? data"
        r"|what (?:data )?do you (?:have|hold|keep|know)(?: stored)? (?:about|on|of) me",
        MyData(),
        "settings",
        "my data",
        "in a direct message: what is kept of you, as a file where files can be sent",
    ),
    command(
        r"(?:forget|erase|delete) (?:(?:about )?me(?P<sure> for good)?|(?:all )?my(?: personal)? data)",
        lambda found, _: ForgetMe(found["sure"] is not None),
        "settings",
        "forget me",
        "deletes who you are from what is kept; it is shown first",
    ),
    command(
        rf"(?:forget|erase) (?P<who>{QUOTED}|.{{1,110}}?)(?P<sure> for good)?",
        _forget,
        "leads",
        "forget @Ben",
        "deletes who a colleague was from what is kept; for leads",
    ),
)
