"""The board of deadlines, and one deadline whole: what they show, and what their forms do."""

import html
import random
import re
import time
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from adapters.console import LOCAL
from adapters.web.app import web_app
from compact_bot.bot import Bot
from compact_bot.deadlines.board import Sifting, When, look_at_board
from compact_bot.deadlines.steps import ended_on, headline, is_overdue, kind_of
from compact_bot.store.records import organisation_called
from compact_bot.store.tables import Deadline, DeadlineState, Milestone, StepState
from knowledge.rules import Rules
from knowledge.search import Search
from tests.conftest import NOW, Chat
from tests.web.browsing import served
from tests.web.conftest import browsing

TODAY = NOW.date()


def listed(page: str) -> dict[str, list[str]]:
    """The names of the deadlines under each heading."""
    found: dict[str, list[str]] = {}
    for heading, part in re.findall(r'<h2 id="part-[^"]*">([^<]+)</h2>(.*?)</section>', page, re.DOTALL):
        found[heading] = re.findall(r'<h3><a href="/deadlines/D\d+">([^<]+)</a>', part)
    return found


def send(client: TestClient, path: str, **values: str) -> str:
    return client.post(path, data=values).text


# ---- what it shows ------------------------------------------------------------------------------------------------


def test_the_board_has_what_is_overdue_then_what_is_near_then_the_rest(filled: TestClient) -> None:
    page = filled.get("/board").text
    assert listed(page) == {
        "Overdue": ["D2, Lunch club", "D4, Payment to Sutton Carers"],
        "In the next 30 days": ["D3, Library opening hours"],
        "Later": ["D1, Youth club grant", "D5, Annual meeting"],
    }
    assert "Overdue since Thursday 15 October 2026: Minimum notice, in writing, with a rationale." in page
    assert "Owner: Ben Okoro" in page


def test_each_deadline_has_a_year_with_its_dates_in_words_too(filled: TestClient) -> None:
    strips = re.findall(
        r'<svg class="strip" role="img" aria-label="([^"]+)">(.*?)</svg>', filled.get("/board").text, re.S
    )
    youth = next((said, drawn) for said, drawn in strips if "31 March 2027" in said)
    assert "Best-practice notice, in writing, with a rationale 30 September 2026" in youth[0]
    assert "Minimum notice, in writing, with a rationale 31 December 2026" in youth[0]
    for shape in ('circle class="best"', 'circle class="binds"', 'line class="end"', 'line class="now"'):
        assert shape in youth[1]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("when=overdue", ["D2, Lunch club", "D4, Payment to Sutton Carers"]),
        ("owner=Amina+Khan", ["D3, Library opening hours", "D1, Youth club grant", "D5, Annual meeting"]),
        ("kind=payment", ["D4, Payment to Sutton Carers"]),
        ("title=LIBRARY", ["D3, Library opening hours"]),
        ("title=l%25e", []),
        ("owner=Nobody", []),
        ("state=done", []),
        ("when=nonsense&state=nonsense&page=x", 5),
        ("page=99999999999999999999", 5),
        ("page=2", []),
    ],
)
def test_the_address_says_what_is_wanted(filled: TestClient, query: str, names: list[str] | int) -> None:
    found = [name for part in listed(filled.get(f"/board?{query}").text).values() for name in part]
    assert (len(found) if isinstance(names, int) else found) == names


def test_what_is_wanted_stays_in_every_link_and_in_the_form(filled: TestClient) -> None:
    page = filled.get("/board?owner=Amina+Khan&title=l").text
    assert '<a href="/board?when=later&amp;owner=Amina+Khan&amp;title=l"' in page
    assert '<option value="Amina Khan" selected>' in page
    assert 'name="title" type="search" value="l"' in page


def test_hostile_words_stay_words(local_bot: Bot) -> None:
    Chat(local_bot, "<b>x", organisation=LOCAL).say(
        'track payment "<script>alert(1)</script> & co" due 1 December 2026'
    )
    app = web_app(local_bot, lambda: NOW, lambda _: [])
    client = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1))
    for path in ("/board", "/board?title=<script>", "/board?owner=<script>", "/deadlines/D1", "/deadlines/D1<script>"):
        page = client.get(path).text
        assert "<script>" not in page
        assert "<b>x" not in page


def test_the_database_sifts_as_the_rules_do(both: Engine, rules: Rules, search: Search) -> None:
    """Whatever steps are open, done, missed or passed, each deadline stands in the part that its headline says."""
    numbers = make_deadlines(both, rules, 300, random.Random(7))  # noqa: S311  # the same each time
    board = look_at_board(both, LOCAL, rules, "Europe/London", Sifting(state="all", to_print=True), NOW)
    assert {row.number for row in board.rows} == numbers
    with Session(both) as session:
        for row in board.rows:
            deadline = session.query(Deadline).filter_by(number=row.number).one()
            kind = kind_of(rules, deadline)
            first = headline(deadline, kind, TODAY)
            if deadline.state is not DeadlineState.OPEN or ended_on(deadline, kind, TODAY):
                wanted = When.OVER
            elif is_overdue(deadline, kind, TODAY):
                wanted = When.OVERDUE
            else:
                wanted = When.NEXT if first and first.due_on <= TODAY + timedelta(days=30) else When.LATER
            assert row.when is wanted, (row, first)
    assert [list(When).index(row.when) for row in board.rows] == sorted(list(When).index(r.when) for r in board.rows)


def make_deadlines(engine: Engine, rules: Rules, count: int, chance: random.Random) -> set[int]:
    """So many deadlines of all kinds with steps around today, written straight into the database."""
    states = (StepState.OPEN, StepState.OPEN, StepState.OPEN, StepState.DONE, StepState.MISSED)
    with engine.begin() as connection:
        ours = organisation_called(connection, LOCAL)
        deadlines, milestones = [], []
        for number in range(1, count + 1):
            kind = chance.choice(rules.kinds)
            steps = [
                {
                    "deadline_id": number,
                    "name": rule.name + chance.choice(("", "-2")),
                    "title": rule.title,
                    "clause": rule.clause,
                    "due_on": TODAY + timedelta(days=chance.randint(-60, 300)),
                    "state": chance.choice(states),
                    "done_note": "",
                }
                for rule in kind.milestones
            ]
            milestones += steps
            last_done = max((step["due_on"] for step in steps if step["state"] is StepState.DONE), default=date.min)
            still = any(  # else the program would have closed it
                step["state"] is StepState.OPEN and (rule.binds or not step["due_on"] < min(TODAY, last_done))
                for step, rule in zip(steps, kind.milestones, strict=True)
            )
            gone = DeadlineState.DROPPED if chance.random() < 0.1 else DeadlineState.OPEN
            deadlines.append(
                {
                    "id": number,
                    "organisation_id": ours.id,
                    "number": number,
                    "kind": kind.name,
                    "title": f"Grant {number} to the neighbours of the park",
                    "owner": f"Officer {number % 37}",
                    "state": gone if still else DeadlineState.DONE,
                    "anchors": {},
                    "leads": "",
                    "created_at": NOW,
                }
            )
        connection.execute(insert(Deadline), deadlines)
        connection.execute(insert(Milestone), milestones)
    return set(range(1, count + 1))


def test_ten_thousand_deadlines_come_by_the_page_and_soon(both: Engine, local_bot: Bot, rules: Rules) -> None:
    """The figure is for a quiet machine; here only what would grow with the number of deadlines is held."""
    make_deadlines(both, rules, 10_000, random.Random(8))  # noqa: S311
    bot = Bot(both, local_bot.search, rules, local_bot.meanings, "Europe/London")
    app = web_app(bot, lambda: NOW, lambda _: [])
    client = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1))
    seconds = []
    for _ in range(5):
        begun = time.perf_counter()
        page = client.get("/board")
        seconds.append(time.perf_counter() - begun)
    assert min(seconds) < 0.3
    assert len(page.content) < 45_000
    assert sum(map(len, listed(page.text).values())) == 25
    last = re.findall(r"Page 1 of (\d+)", page.text)[0]
    assert int(last) > 200
    assert listed(client.get(f"/board?page={last}").text)
    assert len(client.get("/board?print=yes&when=overdue").content) < 2_000_000


# ---- what its forms do ----------------------------------------------------------------------------------------------


def test_an_example_is_there_to_press_and_to_undo_where_nothing_is_tracked(local_bot: Bot) -> None:
    app = web_app(local_bot, lambda: NOW, lambda _: [])
    client = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1))
    page = client.get("/board").text
    assert "Nothing is tracked yet" in page
    (example,) = [html.unescape(one) for one in re.findall(r'name="text" value="(track funding [^>]*)">', page)]
    saved = send(client, "/board", text=example)
    assert "Saved as D1: &#34;Youth club grant&#34;" in saved
    assert listed(saved) == {"Later": ["D1, Youth club grant"]}
    (undo,) = re.findall(r'name="pressed" value="([^"]*)">Undo<', saved)
    assert "Nothing is tracked yet" in send(client, "/board", pressed=html.unescape(undo))


def test_a_form_of_a_page_does_what_chat_does(filled: TestClient) -> None:
    filled.cookies.set("called", "Amina%20Khan")
    moved = send(
        filled, "/deadlines/D5", form="move", subject="D5", **{".which": "date 2027-05-03", ".day": "2027-06-01"}
    )
    assert "Tuesday 1 June 2027" in moved
    assert "moved:" in moved
    done = send(filled, "/deadlines/D4", form="done", subject="D4 paid", **{".on": "2026-11-20", ".how": "by BACS"})
    assert "Done on Friday 20 November 2026 (by BACS)" in done
    assert "State</dt><dd>Done" in done
    renamed = send(filled, "/deadlines/D1", form="edit", subject="D1", **{".what": "title", ".to": "Youth clubs"})
    assert "<h1>D1, Youth clubs</h1>" in renamed
    owned = send(filled, "/deadlines/D1", form="owner", subject="D1", **{".owner": "Dee Ng"})
    assert "Owner</dt><dd>Dee Ng" in owned
    snoozed = re.findall(r'name="text" value="(snooze D1[^"]*)"', owned)[0]
    assert "quiet until Monday 30 November 2026" in send(filled, "/deadlines/D1", text=snoozed)
    dropped = send(filled, "/deadlines/D1", form="drop", subject="D1", **{".reason": "it was renewed"})
    assert "State</dt><dd>Dropped" in dropped
    assert "dropped because it was renewed" in dropped
    assert "Mark done" not in dropped


def test_what_is_anothers_is_asked_about_first_and_done_by_a_press(filled: TestClient) -> None:
    filled.cookies.set("called", "Dee")
    sent = {".on": "2026-11-20", ".how": "by BACS"}
    asked = send(filled, "/deadlines/D4", form="done", subject="D4 paid", **sent)
    assert "Nothing is changed yet." in asked
    assert "State</dt><dd>Open" in asked
    (press,) = re.findall(r'name="pressed" value="([^"]*)"[^>]*>Do it<', asked)
    assert "State</dt><dd>Done" in send(filled, "/deadlines/D4", pressed=html.unescape(press))


def test_what_is_wrong_in_a_form_stands_beside_its_field_and_nothing_is_saved(filled: TestClient) -> None:
    page = send(
        filled, "/deadlines/D1", form="move", subject="D1", **{".which": "ends 2027-03-31", ".day": "2020-01-01"}
    )
    assert "Nothing was saved yet." in page
    assert 'id="said-form-day-problem">Wednesday 1 January 2020 is past.' in page
    assert "31 March 2027" in filled.get("/deadlines/D1").text


def test_loading_the_page_again_after_a_form_does_nothing_twice(filled: TestClient) -> None:
    answer = filled.post("/board", data={"text": 'track payment "Q9" due 1 December 2026'}, follow_redirects=False)
    assert answer.status_code == 303
    for _ in range(2):
        assert filled.get(answer.headers["location"]).text.count("Q9</a>") == 1
    again = {"text": 'track payment "Q10" due 1 December 2026', "id": "the very same"}
    for _ in range(2):
        assert send(filled, "/board", **again).count("Q10</a>") == 1


def test_a_deadline_has_its_steps_their_working_their_clauses_and_its_history(filled: TestClient) -> None:
    page = filled.get("/deadlines/D1").text
    assert "<strong>Thursday 31 December 2026</strong>. 5 weeks 3 days left." in page
    assert "Working: 31 March 2027, less 3 months, = 31 December 2026, a Thursday." in page
    assert '<a href="/compact#3.4.4">3.4.4</a>' in page
    assert "tracked: Youth club grant" in page


@pytest.mark.parametrize("code", ["D99", "D0", "D", "x", "D1x", "D²", "d1", f"D{'9' * 5_000}", "D-1", "D99999999999"])
def test_a_number_that_is_not_there_is_said_so(filled: TestClient, code: str) -> None:
    answer = filled.get(f"/deadlines/{code}")
    assert answer.status_code == 404
    assert "Go back to the list." in answer.text


def test_the_deadlines_of_another_organisation_are_not_there(filled_bot: Bot, filled: TestClient) -> None:
    others = Chat(filled_bot, organisation="Police")
    for number in range(9):  # with numbers that nobody here has, too
        others.say(f'track payment "Theirs {number}" due 1 December 2026')
    page = filled.get("/board?state=all").text
    assert "Theirs" not in page
    assert "All <strong>5</strong>" in page
    assert filled.get("/deadlines/D9").status_code == 404
    assert "Theirs" not in filled.get("/deadlines/D1").text


# ---- in a real browser ----------------------------------------------------------------------------------------------


def test_the_board_is_sifted_by_keyboard_and_a_step_done_by_its_form(house: Page) -> None:
    house.goto("/")
    house.get_by_label("You are here as").fill("Chris Lee")
    house.get_by_role("button", name="Change").click()
    house.goto("/board")
    house.get_by_label("Owner").select_option("Chris Lee")
    house.get_by_label("Owner").press("Tab")
    house.get_by_role("button", name="Show").press("Enter")
    expect(house.get_by_role("heading", level=3)).to_have_text(["D4, Payment to Sutton Carers"])
    assert "owner=Chris+Lee" in house.url
    house.get_by_role("link", name="D4, Payment to Sutton Carers").click()
    house.get_by_role("link", name="Mark done: Payment made").click()
    house.get_by_label("When?").fill("2026-11-20")
    house.get_by_label("How?").fill("by BACS")
    house.get_by_role("button", name="Mark done").click()
    expect(house.locator("#said")).to_be_in_viewport()
    expect(house.locator("#said")).to_contain_text("D4")
    expect(house.get_by_role("main")).to_contain_text("Done on Friday 20 November 2026 (by BACS)")
    house.reload()
    expect(house.locator("#history + ol li")).to_have_count(2)
    house.get_by_role("button", name="Undo").click()
    expect(house.get_by_role("main")).to_contain_text("Overdue since Sunday 1 November 2026")


@pytest.fixture
def scriptless(browser: Browser, filled_bot: Bot) -> Iterator[Page]:
    for address in served(web_app(filled_bot, lambda: NOW, lambda _: [])):
        yield from browsing(browser, address, java_script_enabled=False)


def test_without_scripts_a_deadline_is_moved(scriptless: Page) -> None:
    scriptless.goto("/deadlines/D5?do=move")
    scriptless.get_by_label("New date").fill("2027-06-01")
    scriptless.get_by_role("button", name="Move").click()
    expect(scriptless.get_by_role("main")).to_contain_text("Tuesday 1 June 2027")


def test_on_paper_there_are_deadlines_and_no_controls(house: Page) -> None:
    house.goto("/board")
    house.emulate_media(media="print")
    for hidden in (house.get_by_role("navigation"), house.locator(".sift"), house.locator(".buttons").first):
        expect(hidden).not_to_be_visible()
    expect(house.get_by_text("D1, Youth club grant")).to_be_visible()
    assert date(2026, 12, 31).isoformat() not in house.content()
