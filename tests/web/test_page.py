"""The local page, first as plain requests, then as somebody with a real browser meets it."""

import pytest
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from adapters.web.app import web_app
from adapters.web.render import reply_html
from compact_bot.bot import Bot
from compact_bot.conversation import Button, Citation, Fact, Reply
from compact_bot.understanding.acts import Done
from tests.conftest import NOW


@pytest.fixture
def client(bot: Bot) -> TestClient:
    return visiting(bot, [])


def visiting(bot: Bot, sent: list[Reply], caller: str = "127.0.0.1") -> TestClient:
    app = web_app(bot, lambda: NOW, lambda _: sent)
    return TestClient(app, base_url="http://127.0.0.1:8000", client=(caller, 50_000))


def test_the_form_works_without_scripts(client: TestClient) -> None:
    page = client.post("/say", data={"text": "how much notice before a grant ends"}).text
    assert "You said" in page
    assert '<a href="/compact#3.4.4">3.4.4</a>' in page
    assert "To give a minimum of 3 months&#39; notice in writing" in page


def test_a_visitor_keeps_a_conversation(client: TestClient) -> None:
    client.post("/say", data={"text": "we want to end the grant"})
    assert "section 3.4" in client.post("/say", data={"text": "and for VCOs?"}).text


def test_the_same_message_sent_twice_is_acted_on_once(client: TestClient) -> None:
    for _ in range(2):
        client.post("/say", data={"text": "set contact Jo, jo@example.org", "id": "one"})
    assert client.post("/say", data={"text": "contacts"}).text.count("jo@example.org") == 1


def test_hostile_text_stays_text(client: TestClient) -> None:
    page = client.post("/say", data={"text": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page
    everywhere = Reply(
        "<b>",
        (Citation("1", "<b>", "<b>", "<b>"),),
        (Fact("<b>", "<b>"),),
        "<b>",
        (),
        "<b>",
        "<b>",
        (Button("<b>", '">'),),
    )
    assert "<b>" not in reply_html(everywhere)


def test_the_full_text_has_an_anchor_for_every_clause(client: TestClient, bot: Bot) -> None:
    page = client.get("/compact").text
    for number in bot.search.agreement.clauses:
        assert page.count(f'id="{number}"') == 1, number


def test_only_this_machine_and_its_own_page_may_speak(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 403
    assert client.post("/say", data={"text": "hi"}, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post("/say", data={"text": "x" * 200_000}).status_code == 413
    assert client.get("/healthz").text == "ok"
    assert "default-src 'none'" in client.get("/").headers["content-security-policy"]


def test_nobody_from_elsewhere_reaches_the_page_by_a_proxy_either(client: TestClient, bot: Bot) -> None:
    assert visiting(bot, [], caller="192.0.2.7").get("/").status_code == 403
    assert client.get("/", headers={"x-forwarded-for": "192.0.2.7"}).status_code == 403
    assert visiting(bot, [], caller="192.0.2.7").get("/healthz").text == "ok"


def test_a_request_that_is_no_form_is_refused_without_a_crash(client: TestClient) -> None:
    assert client.post("/say", content=b"\xff\xfe", headers={"content-type": "application/json"}).status_code == 200
    assert "Your message was empty" in client.post("/say", data={}).text
    assert client.get("/say").status_code == 405


def test_the_nudges_that_were_sent_are_listed(bot: Bot) -> None:
    sent = [
        Reply(
            'Sent on Monday. D1, "<b>"',
            next_step="Type D1 to see it.",
            buttons=(Button("Mark done", Done((1,)), value="sealed <1>"),),
        )
    ]
    page = visiting(bot, sent).get("/nudges").text
    assert "D1, &#34;&lt;b&gt;&#34;" in page
    assert 'name="pressed" value="sealed &lt;1&gt;"' in page


# ---- in a real browser --------------------------------------------------------------------------------------------


def test_ask_by_keyboard_and_hear_the_answer_in_the_live_region(page: Page) -> None:
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("we're pulling the plug on the lunch club's money in six weeks, ok?")
    page.keyboard.press("Enter")
    log = page.get_by_role("log", name="Conversation")
    expect(log.get_by_role("blockquote")).to_contain_text("To give a minimum of 3 months' notice in writing")
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.get_by_label("Your question")).to_have_value("")
    assert log.get_attribute("aria-live") == "polite"


def test_a_button_says_its_sentence(page: Page) -> None:
    page.get_by_label("Your question").fill("3.4.4")
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("button", name="All of section 3.4").click()
    expect(page.get_by_role("log")).to_contain_text("Section 3.4, Clear arrangements")


def test_a_quotation_leads_to_its_clause_in_the_full_text(page: Page) -> None:
    page.get_by_label("Your question").fill("3.4.4")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="3.4.4", exact=True).click()
    page.wait_for_url("**/compact#3.4.4")
    clause = page.locator("[id='3.4.4']")
    expect(clause).to_be_in_viewport()
    expect(clause).to_contain_text("binds the public sector")


@pytest.mark.parametrize("path", ["/", "/compact"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_narrow_screen_in_light_and_dark(page: Page, path: str, scheme: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(path)
    if path == "/":
        page.get_by_label("Your question").fill("section 3.2")
        page.keyboard.press("Enter")
        expect(page.get_by_role("log")).to_contain_text("3.2.8")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
        "rgb(251, 250, 247)" if scheme == "light" else "rgb(23, 24, 26)"
    )


def test_a_lost_connection_is_said_and_the_words_are_kept(page: Page) -> None:
    page.route("**/say", lambda route: route.fulfill(status=503, body=""))
    page.get_by_label("Your question").fill("3.4.4")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("did not reach the assistant, and nothing was saved")
    expect(page.get_by_label("Your question")).to_have_value("3.4.4")
