"""The direction of imports, and the one home of each outside library."""

import ast
import re
from pathlib import Path

from tests.conftest import ROOT

ROOMS = ("knowledge", "compact_bot", "adapters")
ALLOWED = {"knowledge": {"knowledge"}, "compact_bot": {"knowledge", "compact_bot"}, "adapters": set(ROOMS)}
# Where the parts meet; nothing else in the core may know a door.
ASSEMBLES = {f"compact_bot/{name}.py" for name in ("assemble", "__main__", "evaluate", "operating")}
HOMES = {
    # In adapters/slack: Slack's own stores, on our engine; in the door of Teams: the engine's type, to hand it on.
    "sqlalchemy": (
        "compact_bot/",
        "adapters/slack/",
        "adapters/teams/door.py",
        "adapters/email/",
        "adapters/web/watched.py",
    ),
    "aiosmtplib": ("adapters/email/",),
    "slack_bolt": ("adapters/slack/",),
    "slack_sdk": ("adapters/slack/",),
    "aiohttp": ("adapters/",),
    "alembic": ("compact_bot/store/",),
    "starlette": ("adapters/",),
    "jinja2": ("adapters/web/", "adapters/review/page.py"),
    "docx": ("adapters/review/word.py", "knowledge/adopting/word.py"),
    "lxml": ("knowledge/adopting/",),
    "pdfminer": ("knowledge/adopting/pdf.py",),
    "openpyxl": ("adapters/review/sheets.py", "compact_bot/sheets/"),
    "icalendar": ("compact_bot/calendars/ics.py",),
    "tqdm": ("adapters/lists.py",),
    "itsdangerous": ("adapters/signing.py",),
    "phonenumbers": ("compact_bot/feedback/personal.py",),
    "botbuilder": ("adapters/teams/sdk.py",),
    "botframework": ("adapters/teams/sdk.py",),
    "msrest": ("adapters/teams/sdk.py",),
    "jwt": ("adapters/teams/keys.py", "adapters/web/openid.py"),
    "uvicorn": ("compact_bot/__main__.py", "adapters/web/arriving.py", "adapters/web/serving.py"),
    "apscheduler": ("adapters/clock.py",),
    "holidays": ("compact_bot/dates/",),
    "dateutil": ("compact_bot/dates/bank_holidays.py",),
    "dotenv": ("compact_bot/settings.py",),
    "structlog": ("compact_bot/logs.py", "compact_bot/tracing.py"),
    "prometheus_client": ("adapters/web/watched.py",),
    "cryptography": ("compact_bot/store/sealing.py", "adapters/teams/"),
    "numpy": ("knowledge/",),
    "sklearn": ("knowledge/learning.py",),
    "scipy": ("knowledge/learning.py",),
    "rapidfuzz": ("knowledge/", "compact_bot/feedback/anonymity.py", "compact_bot/understanding/"),
    "Stemmer": ("knowledge/words.py",),
}


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def files() -> list[tuple[str, Path]]:
    return [(str(f.relative_to(ROOT)), f) for room in ROOMS for f in (ROOT / room).rglob("*.py")]


def test_imports_point_from_the_doors_to_the_core_to_the_knowledge() -> None:
    for name, file in files():
        room = name.split("/")[0]
        allowed = set(ROOMS) if name in ASSEMBLES else ALLOWED[room]
        assert not (imports(file) & set(ROOMS)) - allowed, f"{name} reaches into a room that it must not know"


def test_each_library_has_one_home() -> None:
    for name, file in files():
        for library in imports(file) & set(HOMES):
            assert name.startswith(HOMES[library]), f"{name} uses {library}, whose home is {HOMES[library]}"


def modules(file: Path) -> set[str]:
    """What a file imports from, by full name."""
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}


def test_deadlines_know_nothing_of_feedback_and_the_queue_has_no_words() -> None:
    for name, file in files():
        if name.startswith("compact_bot/deadlines/"):
            assert not [one for one in modules(file) if one.startswith("compact_bot.feedback")], name
    queue = modules(ROOT / "compact_bot" / "nudges" / "queue.py")
    assert not [one for one in queue if one.startswith(("compact_bot.deadlines", "compact_bot.feedback", "knowledge"))]


def test_the_core_never_looks_at_the_clock() -> None:
    for name, file in files():
        if name.startswith(("knowledge/", "compact_bot/")) and name not in ASSEMBLES:
            calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Attribute)]
            clocks = [c for c in calls if isinstance(c.value, ast.Name) and c.value.id in ("datetime", "date", "time")]
            assert not [c for c in clocks if c.attr in ("now", "today", "utcnow", "time")], f"{name} asks for the time"


def test_the_top_level_is_as_chosen() -> None:
    chosen = {"compact_bot", "adapters", "knowledge", "tests", "pyproject.toml", "Procfile", "README.md"}
    guides = {"CONTRIBUTING.md", "MAINTAINING.md", "OPERATING.md", "PRIVACY.md", "LICENSE", "Dockerfile"}
    tools = {*guides, "Makefile", "CHANGELOG.md", "requirements.txt", "requirements-dev.txt"}
    made = {"var", "build"}
    here = {entry.name for entry in ROOT.iterdir() if not entry.name.startswith(".")}
    assert chosen | tools <= here
    assert {n for n in here - chosen - tools - made if not n.endswith(".egg-info")} == set()


def test_locked_files_name_no_index_and_hash_every_package() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "index" not in text
        pinned = [line for line in text.splitlines() if line and line[0].isalpha()]
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)


MAY_LOCK = ("compact_bot/patience.py", "compact_bot/store/database.py")


def test_nothing_that_reads_the_database_is_a_cached_property() -> None:
    """On Python 3.11 it holds one lock of the whole process while it works; with two threads in the database, for good.

    Other locks of threads guard words in memory only, compact_bot/patience.py, or are waited for no longer than the
    database itself would be, compact_bot/store/database.py.
    """
    for name, file in files():
        if name.startswith("knowledge/"):  # knows no database
            continue
        named = {
            node.attr if isinstance(node, ast.Attribute) else node.id
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Name | ast.Attribute)
        }
        assert "cached_property" not in named, f"{name} has a cached_property"
        threads = {"threading.Lock", "threading.RLock", "threading.Condition"} & set(
            re.findall(r"threading\.\w+", file.read_text())
        )
        assert not threads or name in MAY_LOCK, f"{name} holds {threads}"
