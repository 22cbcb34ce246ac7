"""A calendar as other programs get it: read again with the icalendar package, and by what they are known to need."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from icalendar import Calendar, Component
from sqlalchemy import Engine, text
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message

from adapters.web.app import pages
from adapters.web.links import Links
from compact_bot.bot import Bot
from compact_bot.calendars.ics import Event, calendar_file
from compact_bot.conversation import Audience
from compact_bot.membership import removed
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.conftest import Chat

HOME = "https://compact.example.gov.uk"
GRANT = 'track funding "Youth club grant" ends 31 March 2027'


@pytest.fixture
def bot(engine: Engine, search: Search, rules: Rules, meanings: Meanings) -> Bot:
    return Bot(engine, search, rules, meanings, "Europe/London", pages=Links(HOME, "s" * 32, "this machine"))


@pytest.fixture
def client(chat: Chat) -> TestClient:
    from starlette.applications import Starlette

    links = Links(HOME, "s" * 32, "this machine")
    return TestClient(Starlette(routes=[*pages(chat.bot, lambda: chat.now, lambda _: [], links)]))


def address(chat: Chat, said: str = "calendar") -> str:
    found = re.search(rf"{HOME}(/calendar/[\w-]+\.ics)", chat.say(said).text)
    assert found is not None, chat.heard[-1].text
    return found[1]


def events(client: TestClient, where: str) -> dict[str, Component]:
    """By title; the whole is read by a strict reader."""
    response = client.get(where)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    return {str(event["summary"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}


def test_each_open_step_is_a_day_with_its_clause_what_to_do_and_its_page(chat: Chat, client: TestClient) -> None:
    chat.say(GRANT)
    found = events(client, address(chat))
    assert set(found) == {
        "Youth club grant: Minimum notice, in writing, with a rationale (D1)",
        "Youth club grant: Funding changes or ends (D1)",
    }
    notice = found["Youth club grant: Minimum notice, in writing, with a rationale (D1)"]
    assert notice["dtstart"].dt == date(2026, 12, 31)
    assert notice["dtend"].dt == date(2027, 1, 1)
    assert notice["status"] == "CONFIRMED"
    assert str(notice["url"]) == f"{HOME}/deadlines/D1"
    said = str(notice["description"])
    assert "Clause 3.4.4: “To give a minimum of 3 months' notice in writing" in said
    assert "When it is done, tell Compact Bot: done D1 minimum-notice" in said
    assert "Owner: Amina." in said


def test_an_event_stays_the_same_when_it_moves_and_says_that_it_changed(chat: Chat, client: TestClient) -> None:
    chat.say(GRANT)
    where, title = address(chat), "Youth club grant: Funding changes or ends (D1)"
    before = events(client, where)[title]
    chat.now += timedelta(hours=1)
    chat.say("move D1 30 April 2027")
    after = events(client, where)[title]
    assert after["uid"] == before["uid"]
    assert after["dtstart"].dt == date(2027, 4, 30)
    assert after["sequence"] == before["sequence"] + 1
    assert after["last-modified"].dt > before["last-modified"].dt
    assert after["dtstamp"].dt == after["last-modified"].dt == chat.now.replace(microsecond=0)


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("drop D1 because it was renewed", "Dropped: Youth club grant: Funding changes or ends (D1)"),
        ("done D1 all on 23 November 2026: by letter", "Done: Youth club grant: Funding changes or ends (D1)"),
    ],
)
def test_what_is_over_is_cancelled_for_a_month_and_then_gone(
    chat: Chat, client: TestClient, said: str, title: str
) -> None:
    chat.say(GRANT)
    where, uids = address(chat), {event["uid"] for event in events(client, address(chat)).values()}
    chat.say(said)
    found = events(client, where)
    assert {event["status"] for event in found.values()} == {"CANCELLED"}
    assert {event["uid"] for event in found.values()} == uids
    assert title in found
    chat.now += timedelta(days=31)
    assert events(client, where) == {}


def test_ones_own_calendar_shows_what_one_owns_and_everybodys_shows_all(chat: Chat, client: TestClient) -> None:
    chat.say('track payment "Mine" due 4 January 2027')
    chat.say('track payment "Ben\'s" due 5 January 2027 owner Ben')
    assert list(events(client, address(chat))) == ["Mine: Payment made (D1)"]
    everyone = address(chat, "calendar for everyone")
    assert list(events(client, everyone)) == ["Mine: Payment made (D1)", "Ben's: Payment made (D2)"]
    merton = replace(chat, organisation="Merton Council", heard=[])
    assert events(client, address(merton, "calendar for everyone")) == {}


def test_what_has_not_changed_is_not_sent_again(chat: Chat, client: TestClient) -> None:
    chat.say(GRANT)
    where = address(chat)
    first = client.get(where)
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    assert parsedate_to_datetime(changed) <= chat.now
    for headers in ({"If-None-Match": tag}, {"If-None-Match": f'"x", W/{tag}'}, {"If-Modified-Since": changed}):
        again = client.get(where, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    chat.now += timedelta(seconds=5)
    chat.say("move D1 30 April 2027")
    for headers in ({"If-None-Match": tag}, {"If-Modified-Since": changed}, {"If-Modified-Since": "soon"}):
        assert client.get(where, headers=headers).status_code == 200


def test_a_new_address_ends_the_old_ones(chat: Chat, client: TestClient) -> None:
    chat.say(GRANT)
    old, older = address(chat), address(chat)
    new = address(chat, "revoke calendar")
    assert "2 addresses ended" in chat.heard[-1].text
    assert [client.get(one).status_code for one in (old, older, new)] == [404, 404, 200]


def test_where_the_assistant_was_taken_out_no_calendar_shows_anything(
    chat: Chat, client: TestClient, engine: Engine
) -> None:
    made = [address(chat), address(chat, "calendar for everyone")]
    removed(engine, "Sutton Council", "test", chat.now)
    assert [client.get(one).status_code for one in made] == [404, 404]


def test_only_the_last_few_addresses_of_a_person_are_good(chat: Chat, client: TestClient) -> None:
    made = [address(chat) for _ in range(6)]
    assert [client.get(one).status_code for one in made] == [404] + [200] * 5


def test_everybodys_calendar_is_ended_by_a_lead_where_there_is_one(chat: Chat, client: TestClient) -> None:
    everyone = address(chat, "calendar for everyone")
    chat.say("lead me")
    ben = replace(chat, name="Ben", thread="his", heard=[])
    assert "Only a Compact lead can end the address" in ben.say("revoke calendar for everyone").text
    assert client.get(everyone).status_code == 200
    address(chat, "revoke calendar for everyone")
    assert client.get(everyone).status_code == 404


def test_the_address_is_nowhere_in_the_database_and_never_posted_among_others(chat: Chat, engine: Engine) -> None:
    token = address(chat).split("/")[-1].removesuffix(".ics")
    with engine.connect() as connection:
        tables = connection.execute(text("select name from sqlite_master where type = 'table'")).scalars().all()
        kept = "".join(str(connection.execute(text(f"select * from {table}")).all()) for table in tables)  # noqa: S608
    assert token not in kept
    among = chat.bot.reply_to(replace(chat.message("calendar"), audience=Audience.EVERYONE))
    assert among is not None
    assert HOME not in among.text
    assert "do not post it where others read" in among.text


async def statuses(app: ASGIApp, paths: list[str]) -> set[int]:
    """What the application answers, asked by itself: a client takes far longer than an answer."""
    found: set[int] = set()

    async def nothing() -> Message:
        return {"type": "http.request"}

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            found.add(message["status"])

    for path in paths:
        scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", "root_path": ""}
        await app(scope, nothing, sent)
    return found


def test_ten_thousand_guesses_find_nothing_and_keep_nobody_out(chat: Chat, client: TestClient, engine: Engine) -> None:
    chat.say(GRANT)
    good = address(chat)
    assert client.get(good).status_code == 200
    asked: list[str] = []

    def listen(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    from sqlalchemy import event

    event.listen(engine, "before_cursor_execute", listen)
    answers = asyncio.run(statuses(client.app, [f"/calendar/{number:043}.ics" for number in range(10_000)]))
    event.remove(engine, "before_cursor_execute", listen)
    assert answers == {404}
    assert len(asked) < 500
    assert client.get(good).status_code == 200
    for wrong in ("/calendar/x.ics", "/calendar/.ics", f"{good[:-5]}x.ics", "/calendar/%00.ics"):
        found = client.get(wrong)
        assert found.status_code == 404


def test_without_pages_it_says_why_there_is_no_calendar(
    search: Search, engine: Engine, rules: Rules, meanings: Meanings
) -> None:
    chat = Chat(Bot(engine, search, rules, meanings, "Europe/London"))
    assert "has not set up a public address" in chat.say("calendar").text


def test_a_deadline_can_be_added_by_hand(chat: Chat) -> None:
    chat.say(GRANT)
    chat.say('track payment "Rent" due 4 January 2027')
    reply = chat.bot.reply_to(replace(chat.message("calendar D1 and D2"), takes_files=True))
    assert reply is not None
    (file,) = reply.files
    assert (file.name, file.media_type) == ("compact-D1-D2.ics", "text/calendar; charset=utf-8")
    found = Calendar.from_ical(file.content)
    assert [str(event["summary"]) for event in found.walk("VEVENT")] == [
        "Youth club grant: Minimum notice, in writing, with a rationale (D1)",
        "Rent: Payment made (D2)",
        "Youth club grant: Funding changes or ends (D1)",
    ]
    assert chat.say("calendar D9").text == "There is no D9 here. Nothing was changed."


# ---- what programs are known to get wrong ---------------------------------------------------------------------------

# "\\n" and the like, cut between two lines, make Google drop an event, so every place of a line is tried.
HOSTILE = 'Kitchen, "hot"; Café\\n ' + "日本語" * 30 + " END:VEVENT\r\nBEGIN:VALARM\n\x00\x07" + "a\\" * 60 + "\\" * 200


def event_of(words: str) -> Event:
    return Event("1@x", date(2027, 3, 31), words, words, "", 3, datetime(2026, 11, 23, tzinfo=UTC), False)


@pytest.mark.parametrize("words", [HOSTILE, *(f"{'x' * n}, “a; b,\nc” " * 9 for n in range(8))])
def test_any_words_come_through_as_they_are_and_no_line_is_too_long(words: str) -> None:
    content = calendar_file("Café, all", "x", [event_of(words)])
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no character is cut
        assert (len(line) - len(line.rstrip(b"\\"))) % 2 == 0  # nor what stands for one
    assert b"\n" not in content.replace(b"\r\n", b"")
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    wanted = words.replace("\r\n", "\n").replace("\x00", "").replace("\x07", "").replace("\\", "/")
    assert str(event["summary"]) == str(event["description"]) == wanted
    assert b"NAME:Caf\xc3\xa9\\, all" in content


def test_it_has_what_outlook_google_and_apple_ask_for() -> None:
    content = calendar_file("All", "x", [event_of("Notice")]).decode()
    assert content.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    assert content.endswith("END:VCALENDAR\r\n")
    for line in (
        "METHOD:PUBLISH", "X-PUBLISHED-TTL:PT6H", "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "DTSTART;VALUE=DATE:20270331",
        "DTEND;VALUE=DATE:20270401", "DTSTAMP:20261123T000000Z", "LAST-MODIFIED:20261123T000000Z", "SEQUENCE:3",
        "UID:1@x",        "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ):  # fmt: skip
        assert f"\r\n{line}\r\n" in content, line
    assert "VTIMEZONE" not in content
    assert "VALARM" not in content


def test_nothing_is_compressed_which_outlook_cannot_subscribe_to(chat: Chat, client: TestClient) -> None:
    response = client.get(address(chat), headers={"Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in response.headers
