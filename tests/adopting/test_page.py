"""The page on which an officer mends what was read: real requests to the real program."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from knowledge.laying import read_laid
from knowledge.reader import read_agreement
from tests.adopting.test_layouts import AGREEMENTS
from tests.conftest import ROOT

RCT = AGREEMENTS / "rct" / "agreement.txt"


@dataclass
class Page:
    address: str
    running: subprocess.Popen[str]

    def read(self) -> str:
        return httpx2.get(self.address, timeout=20).text

    def send(self, to: str, **given: str) -> httpx2.Response:
        token = re.search(r'name="token" value="([^"]+)"', self.read())
        assert token is not None
        data = {"token": token[1], **given}
        return httpx2.post(f"{self.address}/{to}", data=data, timeout=20, follow_redirects=True)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    said = [sys.executable, "-m", "compact_bot", "adopt", str(RCT), "--into", str(tmp_path / "rct"), "--page"]
    with subprocess.Popen(said, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", running.stdout.readline())
        assert address is not None
        yield Page(address[0], running)
        running.terminate()


def test_the_source_stands_beside_its_clauses(page: Page) -> None:
    shown = page.read()
    assert '<th scope="row">' in shown
    assert re.search(r"<td>\(?d\)? pay invoices within 30 days\.</td>\s*<td><strong>6\.1\(d\)</strong>, binds", shown)
    assert "about: When money is paid" in shown
    assert "left out: contents list" in shown


def test_a_line_is_mended_where_it_stands_and_written_only_when_it_is_said(page: Page, tmp_path: Path) -> None:
    line = re.search(r'id="line-(\d+)">\s*<th scope="row">\d+</th>\s*<td>[^<]*pay invoices within 30 days', page.read())
    assert line is not None
    mended = page.send("mend", line=line[1], side="Third Sector").text
    assert re.search(r"6\.1\(d\)</strong>, binds Third Sector", mended)
    mended = page.send("mend", said=f"{line[1]} about training").text
    assert re.search(r"6\.1\(d\)</strong>, binds Third Sector, about: Training", mended)
    assert "There are no words on line 9999." in page.send("mend", said="9999 heading").text
    assert not (tmp_path / "rct").exists()
    assert "Written:" in page.send("finish", do="write", **{"date-0": "yes"}).text
    assert page.running.wait(timeout=20) == 0
    clause = read_agreement(tmp_path / "rct").clause("6.1(d)")
    assert clause is not None
    assert clause.party == "Third Sector"
    assert list(read_laid(tmp_path / "rct").clauses["6.1(d)"]) == ["training"]


def test_leaving_it_saves_nothing(page: Page, tmp_path: Path) -> None:
    assert "Nothing was saved" in page.send("finish", do="leave").text
    assert page.running.wait(timeout=20) == 1
    assert not (tmp_path / "rct").exists()


def test_a_form_from_elsewhere_changes_nothing(page: Page, tmp_path: Path) -> None:
    for to in ("mend", "finish"):
        forged = httpx2.post(f"{page.address}/{to}", data={"token": "guessed", "do": "write", "said": "9 heading"})
        assert forged.status_code == 403
    named = httpx2.get(page.address, headers={"Host": "evil.example"})
    assert named.status_code == 403
    assert not (tmp_path / "rct").exists()
