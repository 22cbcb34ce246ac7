"""Forms on the local page: without scripts as whole pages, and as somebody with a real browser meets them."""

import re

import pytest
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from adapters.web.app import web_app
from adapters.web.render import reply_html
from compact_bot.bot import Bot
from compact_bot.conversation import Button, Field, FieldKind, Form, Option, Reply
from tests.conftest import NOW


@pytest.fixture
def bot(local_bot: Bot) -> Bot:
    return local_bot


VALUES = {
    ".what": "Paid late", ".kind": "not kept", ".clauses": "3.3.4", ".about": "", ".behalf": "", ".when": "",
    ".link": "", ".anonymous": "named", "form": "feedback", "subject": "",
}  # fmt: skip


@pytest.fixture
def client(bot: Bot) -> TestClient:
    return TestClient(
        web_app(bot, lambda: NOW, lambda _: []), base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1)
    )


def test_without_scripts_a_form_is_filled_in_and_comes_back_with_its_problems(client: TestClient) -> None:
    form = client.post("/say", data={"text": "log feedback"}).text
    assert '<label for="form-what">What happened?</label>' in form
    assert '<input type="hidden" name="form" value="feedback">' in form
    refused = client.post("/say", data={**VALUES, ".clauses": "9.9.9"}).text
    assert 'id="form-clauses-problem">There is no clause 9.9.9.' in refused
    control = re.search(r'<input id="form-clauses"[^>]*>', refused)
    assert control
    assert 'aria-invalid="true"' in control[0]
    assert 'aria-describedby="form-clauses-hint form-clauses-problem"' in control[0]
    assert 'value="9.9.9"' in control[0]
    assert "Logged as F1: not kept, 3.3.4." in client.post("/say", data=VALUES).text


def test_a_form_stays_text_and_shows_every_kind_of_field() -> None:
    options = (Option('">', "<b>one"), Option("two", "<b>two"))
    fields = tuple(
        Field(kind.value, "<b>", kind, '">' if kind is FieldKind.CHOICES else "<b>", options, hint="<b>", problem="<b>")
        for kind in FieldKind
    )
    html = reply_html(Reply("x", form=Form("<b>", "<b>", fields, "<b>", "<b>"), buttons=(Button("<b>", "", '/">'),)))
    assert "<b>" not in html
    assert html.count("checked") == 1
    for part in ("<textarea", "<select", 'type="date"', 'type="checkbox"', "<fieldset", "<legend"):
        assert part in html


def test_a_button_with_an_address_is_a_link() -> None:
    html = reply_html(Reply("x", buttons=(Button("Open", "review", "/review?period=2026"),)))
    assert '<a class="button" href="/review?period=2026">Open</a>' in html


# ---- in a real browser ----------------------------------------------------------------------------------------------


def ask(page: Page, words: str) -> None:
    page.get_by_label("Your question").fill(words)
    page.keyboard.press("Enter")


def test_by_keyboard_a_form_is_filled_in_mended_and_sent(page: Page) -> None:
    ask(page, "log feedback")
    expect(page.get_by_label("What happened?")).to_be_focused()
    page.keyboard.type("Council paid us five weeks late")
    page.get_by_label("Clause").fill("9.9.9")
    page.get_by_label("When?").fill("2027-01-01")
    page.get_by_role("button", name="Log it").click()
    clause = page.get_by_label("Clause")
    expect(clause).to_be_focused()
    expect(clause).to_have_attribute("aria-invalid", "true")
    expect(clause).to_have_accessible_description(re.compile("There is no clause 9.9.9"))
    expect(page.get_by_label("What happened?")).to_have_value("Council paid us five weeks late")
    assert page.locator("form.fields").count() == 1
    clause.fill("3.3.4")
    page.get_by_label("When?").fill("2026-11-02")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("log")).to_contain_text("Logged as F1: not kept, 3.3.4.")
    expect(page.get_by_label("Your question")).to_be_focused()


def test_a_deadline_is_tracked_by_its_form(page: Page) -> None:
    ask(page, "track")
    page.get_by_label("What kind?").select_option(label="A payment to a VCO")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Name", exact=True).fill("Q3")
    page.get_by_label("When the payment is due").fill("2026-12-01")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("log")).to_contain_text('Saved as D1: "Q3".')


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_form_fits_a_narrow_screen(page: Page, scheme: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    ask(page, "log feedback")
    expect(page.get_by_label("What happened?")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_review_opens_from_the_page_and_its_figures_lead_to_their_records(page: Page) -> None:
    ask(page, "praise 3.2.2: a whole twelve weeks")
    expect(page.get_by_role("log")).to_contain_text("Logged as F1")
    ask(page, "review 2026")
    page.get_by_role("link", name="Open the whole review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How the Sutton Compact was kept")
    expect(page.get_by_role("img")).to_have_accessible_name("Entries of feedback in each month: November 2026 1.")
    page.get_by_role("region", name="By clause").get_by_role("link", name="F1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("F1")
    expect(page.get_by_role("main")).to_contain_text("a whole twelve weeks")
