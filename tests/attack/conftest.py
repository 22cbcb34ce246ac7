"""The doors as they are tried elsewhere: a channel of Slack, an officer's client in Teams."""

from tests.slack.conftest import channel, workspace
from tests.teams.conftest import client as officer
from tests.teams.conftest import door, teams

__all__ = ["channel", "door", "officer", "teams", "workspace"]
