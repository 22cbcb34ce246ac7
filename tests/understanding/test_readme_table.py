"""What the README says that people can say is understood: every example of its table, and as more than a question."""

import re

import pytest

from compact_bot.understanding.acts import Ask
from tests.conftest import ROOT
from tests.understanding.conftest import Listener

TABLE = (
    (ROOT / "README.md").read_text("utf-8").partition("## What people can say")[2].partition("\n\nThe same words")[0]
)
ROWS = [line.split("|")[1] for line in TABLE.splitlines() if line.startswith("| ") and "`" in line.split("|")[1]]
EXAMPLES = [example for row in ROWS[1:] for example in re.findall(r"`([^`]+)`", row) if not row.startswith(" after")]


def test_the_table_is_read() -> None:
    assert len(EXAMPLES) > 60


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_readme_is_understood(example: str, amina: Listener) -> None:
    said = (
        example.replace("...", "the bill was paid late").replace("NAME", "Amina Khan").replace("EMAIL", "a@example.org")
    )
    assert not isinstance(amina.act(said), Ask), example
