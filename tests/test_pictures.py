"""Every screen has its pictures, each linked from the README, and none is kept that nobody makes."""

import re

from tests.pictures.screens import ROOT, SCREENS

NAMES = {f"{s.name}-{size}-{scheme}.png" for s in SCREENS for size in ("phone", "desk") for scheme in ("light", "dark")}


def test_each_screen_has_its_pictures_and_no_other_is_kept() -> None:
    assert {file.name for file in (ROOT / ".pictures").iterdir()} == {*NAMES, "local-page.png"}


def test_the_readme_links_each() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\.pictures/([\w.-]+)", readme)) == {*NAMES, "local-page.png"}
