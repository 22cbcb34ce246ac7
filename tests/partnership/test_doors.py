"""The same through the real doors: signed requests of Slack, tokens of Teams, one database; what each screen says."""

import json
import re

from tests.slack.conftest import Channel, button, channel, workspace  # noqa: F401  # fixtures
from tests.slack.workspace import AMINA
from tests.teams.conftest import Client, card_of, client, clock, door, teams  # noqa: F401  # fixtures


def words(posted: object) -> str:
    return json.dumps(posted, ensure_ascii=False)


def test_a_council_in_teams_and_a_charity_in_slack_share_one_set_of_deadlines(
    channel: Channel,  # noqa: F811
    client: Client,  # noqa: F811
) -> None:
    channel.direct("lead me")
    channel.direct("partnership name Sutton Carers")
    channel.direct('track payment "Rent" due 10 December 2026')
    client.install()
    client.say("partnership name Sutton Council")
    client.say('track funding "Youth club grant" ends 31 March 2027')

    given = channel.direct("link")
    (code,) = re.findall(r"Your code is ([A-Z]{4}-[A-Z]{4})\.", given["text"])
    assert button(given, "Change our name")
    (asked,) = client.say(f"link {code}")
    assert "This is the code of Sutton Carers (in Slack)." in words(asked)
    assert "Stays yours alone" in words(asked)
    client.press(card_of(asked), "Share one partnership")
    assert "You share deadlines, feedback and the yearly review with Sutton Carers (in Slack)" in words(
        client.teams.sent()
    )

    in_teams, in_slack = words(client.say("deadlines")), words(channel.direct("deadlines"))
    for title in ("Rent", "Youth club grant"):
        assert title in in_teams
        assert title in in_slack
    assert "Amina (Sutton Council)" in in_slack
    assert f"<@{AMINA}>" in in_slack  # Slack's own mention, for those who can read it
    assert AMINA not in in_teams
    assert "Owner: somebody at Sutton Carers" in in_teams  # Slack has told no name of hers yet
    channel.command("help")  # which comes with it
    assert "amina.khan (Sutton Carers)" in words(client.say("deadlines"))

    (parting,) = client.say("unlink")
    client.press(card_of(parting), "Leave the partnership")
    assert "Rent" not in words(client.say("deadlines"))
    assert "Youth club grant" not in words(channel.direct("deadlines"))


def test_nobody_in_slack_is_called_on_by_what_a_partner_types_in_teams(
    channel: Channel,  # noqa: F811
    client: Client,  # noqa: F811
) -> None:
    channel.direct("lead me")
    client.install()
    (code,) = re.findall(r"code is ([A-Z]{4}-[A-Z]{4})\.", channel.direct("link")["text"])
    client.say(f"link {code}")
    client.say("yes")
    client.say(f'track payment "Ask @{AMINA} soon" due 10 January 2027')
    client.say(f"feedback 3.3.4 the money that @{AMINA} sent came late")
    client.say(f"rationale D1 because @{AMINA} said so")
    for asked in ("deadlines", "D1", "D1 history", "F1", "feedback"):
        posted = channel.direct(asked)
        assert "Ask" in words(posted) or "late" in words(posted), asked
        assert f"<@{AMINA}>" not in words(posted), asked
        assert '"user_id"' not in words(posted), asked
