"""A list sent in a personal chat of Teams: fetched from where Teams keeps it, shown, and kept on a press."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from adapters.teams.files import KIND, is_theirs
from adapters.teams.trust import Trust
from compact_bot.sheets.reading import LARGEST_FILE
from tests.importing.made import REGISTER
from tests.teams.conftest import Client, card_of


@pytest.fixture
def kept() -> Iterator[tuple[str, list[str]]]:
    """Where files are kept: a list, one that is too large, one that leads elsewhere; and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers.get('Authorization', '')}".strip())
            content = b"x" * (LARGEST_FILE + 1) if self.path == "/large.csv" else REGISTER.encode()
            self.send_response(302 if self.path == "/away.csv" else 200)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def attached(url: str) -> list[dict[str, object]]:
    return [{"contentType": KIND, "name": "grants.csv", "content": {"downloadUrl": url, "fileType": "csv"}}]


@pytest.mark.parametrize("said", ["import", "import this list please", ""])
def test_a_list_that_is_sent_is_shown_and_kept_on_a_press(
    client: Client, kept: tuple[str, list[str]], said: str
) -> None:
    where, asked = kept
    (shown,) = client.say(said, attachments=attached(f"{where}/grants.csv"))
    assert shown["summary"].startswith("grants.csv: 4 lines: 2 new")
    assert asked == ["/grants.csv"]  # without a token of ours
    client.press(card_of(shown), "Import 2")
    assert client.teams.sent()[-1]["summary"].startswith("Imported: D1 to D2, 2 deadlines.")


def test_a_file_is_not_fetched_for_anything_else_that_is_said(client: Client, kept: tuple[str, list[str]]) -> None:
    client.say("how much notice before a grant ends?", attachments=attached(f"{kept[0]}/grants.csv"))
    assert kept[1] == []


@pytest.mark.parametrize(
    "url", ["http://sharepoint.com/a", "https://sharepoint.com.evil.example/a", "file:///etc/passwd", "https://[x", ""]
)
def test_no_other_address_is_asked(client: Client, url: str) -> None:
    trust = Trust("an app", "https://api.botframework.com", frozenset())
    assert not is_theirs(url, trust)
    assert not is_theirs("http://127.0.0.1/a", trust)
    assert is_theirs("https://sutton-my.sharepoint.com/a", trust)
    (answer,) = client.say("import", attachments=attached(url))
    assert answer["summary"].startswith("I could not fetch the file from where Teams keeps it.")


@pytest.mark.parametrize(
    ("file", "words"),
    [("large.csv", "the most I read is 10 MB"), ("away.csv", "I could not fetch the file")],
)
def test_what_is_too_large_or_leads_elsewhere_is_refused(
    client: Client, kept: tuple[str, list[str]], file: str, words: str
) -> None:
    (answer,) = client.say("import", attachments=attached(f"{kept[0]}/{file}"))
    assert words in answer["summary"]
    assert "Nothing was saved." in answer["summary"]
