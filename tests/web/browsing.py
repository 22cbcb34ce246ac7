"""A real browser at the pages, and what tests look at in every one of them."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import uvicorn
from playwright.sync_api import Page
from starlette.applications import Starlette

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def served(app: Starlette, port: int = 0, **more: str) -> Iterator[str]:
    """The address of an application on a port of its own, for as long as it is asked for; by HTTPS with a key."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", **more))  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    scheme = "https" if more else "http"
    yield f"{scheme}://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong: each rule with the elements that break it."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found["violations"]]


def width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def is_covered(page: Page) -> str:
    """The focused element, where something else lies over its middle or it is out of sight; "" where it is seen."""
    return str(
        page.evaluate(
            """() => {
              const one = document.activeElement, box = one.getBoundingClientRect();
              const x = box.left + box.width / 2, y = box.top + box.height / 2;
              const top = document.elementFromPoint(x, y);
              return top && (one.contains(top) || top.contains(one)) ? "" : one.outerHTML.slice(0, 120);
            }"""
        )
    )
