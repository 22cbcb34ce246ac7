"""Every screen of the page in a real browser: on a phone and at a desk, light and dark, by keyboard and by axe."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

TRACKED = [f'track payment "Payment {number}" due {number} December 2026' for number in range(1, 8)]
SAID = [*TRACKED, 'track funding "Youth club grant" ends 31 March 2027']
SCREENS = [
    "deadlines",
    "D8",
    "D8 working",
    "D8 history",
    "home",
    "help",
    "how much notice before a grant ends?",
    "review",
]
SIZES = {"phone": (375, 812), "desk": (1280, 800)}


@pytest.fixture(params=[(size, scheme) for size in SIZES for scheme in ("light", "dark")], ids="-".join)
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    size, scheme = request.param
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=size == "phone"
    )
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


def say(page: Page, text: str) -> None:
    before = page.locator(".reply").count()
    page.get_by_label("Your question").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".reply")).to_have_count(before + 1)


def test_each_screen_fits_its_width_and_is_easy_to_read(page: Page) -> None:
    for text in SAID:
        say(page, text)
    for text in SCREENS:
        page.evaluate("document.getElementById('log').replaceChildren()")
        say(page, text)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, text
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
        assert found.violations_count == 0, f"{text}: {found.generate_report()}"
        low = page.locator("#log button, #log summary").evaluate_all(
            "all => all.filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().height).filter(h => h < 44)"
        )
        assert low == [], text


def test_the_menu_of_a_row_opens_by_keyboard_and_does_what_it_says(page: Page) -> None:
    for text in (*SAID, "deadlines"):
        say(page, text)
    menu = page.locator(".reply").last.locator("summary").first
    expect(menu).to_have_attribute("aria-label", "What can be done with D1, Payment 1")
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    done = page.get_by_role("button", name="Mark done: D1, Payment 1")
    expect(done).to_be_focused()
    expect(done).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator(".reply .lead").last).to_have_text(
        "Done on Monday 23 November 2026: Payment made. D1 is finished; I will not nudge again."
    )


def test_a_list_goes_on_at_the_next_page(page: Page) -> None:
    for text in (*SAID, "deadlines"):
        say(page, text)
    expect(page.locator(".lead").last).to_have_text("Open deadlines: 8. Here are 1 to 5.")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".lead").last).to_have_text("Open deadlines: 8. Here are 6 to 8.")
    expect(page.locator(".reply").last.locator("tbody tr")).to_have_count(3)
