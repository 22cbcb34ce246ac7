"""What README and Teams' privacy statement say is kept is what is kept: each table, and how long."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from adapters.teams.door import TeamsDoor
from adapters.web.app import doors_app
from compact_bot.membership import STAYS_OPEN
from compact_bot.privacy.subject import BY_ID, NAMES, WORDS
from compact_bot.settings import read_settings
from compact_bot.signing_in import SESSION_LASTS
from compact_bot.store.records import REMEMBERED_FOR
from tests.conftest import NOW, ROOT, every_table

KEPT = {
    "contacts": "contacts that were set, with who set them and when",
    "deadlines": "deadlines with their dates, owners",
    "milestones": "deadlines with their dates, owners",
    "changes": "who changed what and when",
    "nudges": "the nudges that were planned and sent",
    "organisation_settings": "where nudges go, when the digest comes, who leads",
    "closed_days": "closed days",
    "feedback": "feedback with its history and, unless it is anonymous, who logged it",
    "feedback_clauses": "feedback with its history",
    "taught_phrasings": "wordings that leads taught, with who taught them and when",
    "people": "id, name, how to reach them, the side they told, whether they lead",
    "sign_ins": "who is signed in to the pages, by a hash of what their browser holds",
    "places": "the places where it has posted",
    "conversation_references": "how to reach the chats and channels it was added to",
    "received_messages": "which messages were answered, by their ids",
    "outgoing": "has not taken yet",
    "threads": "was last about",
    "imports": "lists that were brought",
    "calendar_addresses": "addresses of calendars, by a hash of each",
    "mailboxes": "e-mail addresses that nudges go to",
    "partnerships": "which organisations share, and what their partners call them",
    "link_codes": "codes that link organisations, by a hash of each",
    "former_numbers": "numbers that deadlines and feedback had before a link",
    "question_counts": "how often in each month a question got no helpful answer, by clause and subject",
    "asked_questions": "the words of such questions, where others read them anyway or their asker passed them on",
}
OF_SLACK = {
    "slack_installations": "the tokens of each workspace, and who installed it",
    "slack_bots": "the tokens of each workspace",
    "open_homes": "who looked at App Home",
}
# The organisation's own id, when processes last did their round, and what is never written any more.
HOLD_NOTHING = {"organisations", "heartbeats", "slack_oauth_states"}


@pytest.fixture
def about() -> str:
    settings = read_settings({"TEAMS_LOCAL": "yes", "COMPACT_GAPS_DAYS": "45"}, ROOT / "no.env")

    async def nobody(_: object) -> None:
        return None

    door = TeamsDoor(settings, None, None, nobody, lambda: NOW, {})  # type: ignore[arg-type]  # nothing is asked of them
    return one_line(TestClient(doors_app(door.routes())).get("/about").text)


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def section() -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return one_line(readme.partition("## What is kept")[2].partition("\n## ")[0])


def test_every_table_is_told_of(about: str) -> None:
    assert {*KEPT, *OF_SLACK, *HOLD_NOTHING} == set(every_table().tables)
    for table, words in KEPT.items():
        assert words in section(), table
        assert words in about, table
    for table, words in OF_SLACK.items():
        assert words in section(), table


def columns_listed() -> dict[str, list[str]]:
    """The columns that PRIVACY.md lists, by table: whatever stands in its first column."""
    listed: dict[str, list[str]] = {}
    for part in (ROOT / "PRIVACY.md").read_text(encoding="utf-8").split("\n### ")[1:]:
        name, _, rows = part.partition("\n")
        first = [row.split("|")[1] for row in rows.splitlines() if row.startswith("| `")]
        listed[name.strip()] = [column for cell in first for column in re.findall(r"`(\w+)`", cell)]
    return listed


def test_every_column_of_every_table_is_told_of_once() -> None:
    have = {name: sorted(table.columns.keys()) for name, table in every_table().tables.items()}
    assert {name: sorted(columns) for name, columns in columns_listed().items()} == have


def test_what_tells_of_a_person_is_what_forgetting_empties() -> None:
    """Names, ids and places of people in PRIVACY.md and in compact_bot/privacy/subject.py are the same columns."""
    text = (ROOT / "PRIVACY.md").read_text(encoding="utf-8")
    of_people: set[tuple[str, str]] = set()
    words: set[tuple[str, str]] = set()
    for part in text.split("\n### ")[1:]:
        name, _, rows = part.partition("\n")
        for row in rows.splitlines():
            cells = [cell.strip() for cell in row.strip("|").split("|")]
            columns = {(name.strip(), column) for column in re.findall(r"`(\w+)`", cells[0])}
            of_people |= columns if cells[-1] == "a person" else set()
            words |= columns if cells[-1] == "their words" else set()
    assert {(c.class_.__tablename__, c.key) for c in NAMES} <= of_people
    for table in BY_ID:
        assert (table.__tablename__, "person_id") in of_people
    assert {(c.class_.__tablename__, c.key) for c in WORDS} <= words


def test_how_long_is_what_the_program_keeps_to(about: str) -> None:
    assert timedelta(days=1) == REMEMBERED_FOR
    assert timedelta(hours=1) == STAYS_OPEN
    assert "For a day: which messages were answered" in about
    assert "For 45 days: the words of such questions" in about
    assert "which messages were answered, by their ids | a day |" in section()
    assert "who looked at App Home | an hour |" in section()
    assert timedelta(hours=12) == SESSION_LASTS
    assert "where they asked for the link | 12 hours |" in section()
    assert "personal details and who asked | `COMPACT_GAPS_DAYS` |" in section()
