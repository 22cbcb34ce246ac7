"""A list attached to a message in Slack: fetched from Slack alone, shown, and kept on a press."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from adapters.slack.files import is_theirs
from adapters.web.links import Links
from compact_bot.bot import Bot
from compact_bot.sheets.reading import LARGEST_FILE
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.importing.made import REGISTER
from tests.slack.conftest import Channel, button, slack_settings, talking
from tests.slack.workspace import TOKEN, Workspace, wait_until

HOME = "https://compact.example.gov.uk"


@pytest.fixture
def bot(engine: Engine, search: Search, rules: Rules, meanings: Meanings) -> Bot:
    return Bot(engine, search, rules, meanings, "Europe/London", pages=Links(HOME, "s" * 32, "this machine"))


@pytest.fixture
def channel(workspace: Workspace, engine: Engine, bot: Bot) -> Iterator[Channel]:
    workspace.scopes += ",files:read"
    workspace.kept |= {"grants.csv": REGISTER.encode(), "large.csv": b"x" * (LARGEST_FILE + 1), "away.csv": b"x"}
    with talking(slack_settings(workspace), workspace, engine, bot) as one:
        yield one


@pytest.mark.parametrize("said", ["import", "import this list please", ""])
def test_a_list_in_a_direct_message_is_shown_and_kept_on_a_press(channel: Channel, said: str) -> None:
    shown = channel.direct(said, subtype="file_share", files=[channel.workspace.file("grants.csv")])
    assert shown["text"].startswith("grants.csv: 4 lines: 2 new")
    assert [call.token for call in channel.workspace.calls if call.method == "downloaded"] == [TOKEN]
    channel.press(button(shown, "Import 2"))
    made = "Imported: D1 to D2, 2 deadlines."
    wait_until(lambda: any(one["text"].startswith(made) for one in channel.workspace.called("chat.postMessage")))


def test_a_list_of_another_organisation_is_asked_for_by_its_id(channel: Channel) -> None:
    hidden = {"id": "grants.csv", "mode": "file_access", "file_access": "check_file_info", "created": 0}
    assert channel.direct("import", files=[hidden])["text"].startswith("list: 4 lines: 2 new")


def test_where_the_scope_is_missing_it_says_so_and_gives_the_page(channel: Channel) -> None:
    channel.workspace.scopes = "chat:write"
    shown = channel.direct("import", files=[channel.workspace.file("grants.csv")])
    assert shown["text"].startswith("I am not allowed to open files in this Slack: that takes the scope files:read.")
    assert "Nothing was saved." in shown["text"]
    assert f"{HOME}/sign-in/" in str(shown["blocks"])
    assert channel.workspace.called("downloaded") == []


@pytest.mark.parametrize(
    ("file", "words"),
    [("large.csv", "the most I read is 10 MB"), ("away.csv", "I am not allowed to open files in this Slack")],
)
def test_what_is_too_large_or_leads_to_a_page_to_sign_in_at_is_refused(channel: Channel, file: str, words: str) -> None:
    shown = channel.direct("import", files=[channel.workspace.file(file)])
    assert words in shown["text"]
    assert "Nothing was saved." in shown["text"]


def test_a_page_in_the_place_of_the_file_is_not_read(channel: Channel) -> None:
    channel.direct("import", files=[channel.workspace.file("grants.csv")])
    channel.workspace.scopes = "chat:write"  # taken away, which is noticed ten minutes later
    shown = channel.direct("import", files=[channel.workspace.file("grants.csv")])
    assert shown["text"].startswith("I am not allowed to open files in this Slack")


def test_the_token_goes_to_slack_alone(channel: Channel) -> None:
    api = "https://slack.com/api/"
    theirs = "https://files.slack.com/files-pri/T1-F1/download/grants.csv"
    assert is_theirs(theirs, api)
    for url in (
        theirs.replace("https", "http"), theirs.replace("slack.com", "slack.com.evil.example"), "https://[x", "",
        theirs.replace("//", "//slack.com@evil.example/"), "https://drive.google.com/a", "http://127.0.0.1/files-pri/a",
    ):  # fmt: skip
        assert not is_theirs(url, api), url
    elsewhere = {**channel.workspace.file("grants.csv"), "url_private_download": "http://127.0.0.1:1/grants.csv"}
    shown = channel.direct("import", files=[elsewhere])
    assert shown["text"].startswith("That file is not kept in Slack itself, so I cannot open it.")


def test_several_lists_and_files_beside_other_words_are_not_fetched(channel: Channel) -> None:
    files = [channel.workspace.file("grants.csv"), channel.workspace.file("large.csv")]
    assert channel.direct("import", files=files)["text"].startswith("Several files came with that")
    assert "3.4.4" in channel.direct("how much notice before a grant ends?", files=files[:1])["text"]
    assert channel.workspace.called("downloaded") == []
