"""Every screen has its pictures, and the README shows each picture that is kept and no other."""

import re

from tests.pictures.screens import ROOT, SCREENS

NAMES = {f"{s.name}-{size}-{scheme}.png" for s in SCREENS for size in ("phone", "desk") for scheme in ("light", "dark")}


def kept() -> set[str]:
    return {file.name for file in (ROOT / ".pictures").iterdir()}


def test_each_screen_has_its_pictures() -> None:
    assert kept() >= NAMES


def test_the_readme_shows_each_that_is_kept() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\.pictures/([\w.-]+)", readme)) == kept()
