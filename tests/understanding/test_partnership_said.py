"""Linking and parting in everyday words; and what only sounds like it stays a question."""

import pytest

from compact_bot.understanding.acts import (
    Act,
    JoinPartnership,
    Link,
    LinkWith,
    NameOrganisation,
    ShowPartnership,
    Unlink,
)
from compact_bot.understanding.commands.table import said_in_help
from tests.understanding.conftest import Listener

SAID: tuple[tuple[str, Act | None], ...] = (
    ("link", Link()),
    ("please link us", Link()),
    ("connect our Teams with their Slack", Link()),
    ("can we link our Slack to the council's Teams?", Link()),
    ("how do we connect with the council's Teams", Link()),
    ("link our workspace and the Sutton Carers workspace", Link()),
    ("we want to share our deadlines with the other organisation", Link()),
    ("give me a link code", Link()),
    ("how do we link with the council?", Link()),
    ("please link us with Sutton Council", Link()),
    ("can we share our deadlines with the council", Link()),
    ("unlink us from the council", Unlink()),
    ("stop sharing our deadlines with the charity", Unlink()),
    ("link BKTM-WXZR", LinkWith("BKTM-WXZR")),
    ("link bktm wxzr", LinkWith("BKTM-WXZR")),
    ("Link with code BKTMWXZR", LinkWith("BKTM-WXZR")),
    ("join the partnership", JoinPartnership()),
    ("unlink", Unlink()),
    ("unlink us from their Slack", Unlink()),
    ("leave the partnership", Unlink()),
    ("we want to leave the partnership", Unlink()),
    ("disconnect our Teams from their Slack", Unlink()),
    ("stop sharing our deadlines with the other organisation", Unlink()),
    ("our partnership", ShowPartnership()),
    ("who are we linked with", ShowPartnership()),
    ("who can see our deadlines", ShowPartnership()),
    ("partnership name Ashby Council", NameOrganisation("Ashby Council")),
    ("link accounts", None),
    ("how do we connect with the council", None),
    ("should the council share information with partners", None),
    ("how should we work with our partners", None),
    ("partnership", None),
    ("what does the Compact say about leaving a partnership", None),
    ("can a charity join the partnership board", None),
    ("how does the council share information with the voluntary sector", None),
    ("end the partnership funding on 31 March 2027", None),
)


LINKING = (Link, LinkWith, JoinPartnership, Unlink, ShowPartnership, NameOrganisation)


@pytest.mark.parametrize(("said", "act"), SAID)
def test_each_is_understood(said: str, act: Act | None, amina: Listener) -> None:
    read = amina.act(said)
    assert read == act if act else not isinstance(read, LINKING)


def test_help_names_them() -> None:
    examples = [example for example, _ in said_in_help("settings")]
    assert {"link", "link BKTM-WXZR", "unlink", "our partnership"} <= set(examples)
