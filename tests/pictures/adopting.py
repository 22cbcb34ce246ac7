"""python -m tests.pictures.adopting: pictures for the README of taking in another agreement, into .pictures/."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from adapters.adopting_page import AdoptingPage, style
from knowledge.adopting.adoption import adopt
from knowledge.laying import open_subjects
from tests.conftest import ROOT
from tests.pictures.browser import launched

FOLDER = ROOT / ".pictures"
LAYOUT = ROOT / "tests" / "agreements" / "wyrevale" / "agreement.txt"
LINE = "#line-22"


def main() -> None:
    subjects = open_subjects(ROOT / "var" / "learned")
    page_of = AdoptingPage(adopt([LAYOUT]), Path("wyrevale"), subjects, lambda _: None)
    with sync_playwright() as playwright, launched(playwright) as browser:
        page = browser.new_page(viewport={"width": 1100, "height": 760})
        page.set_content(page_of.html().replace("<head>", f"<head><style>{style()}</style>"))
        page.screenshot(path=FOLDER / "adopting-page.png")
        page.locator(f"{LINE} summary").click()
        page.locator(LINE).scroll_into_view_if_needed()
        page.screenshot(path=FOLDER / "adopting-mending.png")
        page.locator("form[action='/finish']").scroll_into_view_if_needed()
        page.screenshot(path=FOLDER / "adopting-dates.png")


if __name__ == "__main__":
    main()
