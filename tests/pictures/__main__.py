"""python -m tests.pictures: every screen at every door, on a phone and at a desk, light and dark, into .pictures/.

The page is the real one. Slack's blocks and Teams' cards are the real renderers' too; their look is imitated.
"""

import base64
import struct
import sys
import zlib
from html import escape

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from adapters.console import for_terminal
from adapters.slack.blocks import messages
from adapters.slack.views import Opened, form_view, home_view
from adapters.teams import cards
from adapters.web.render import HERE, reply_html
from compact_bot.conversation import Reply
from tests.pictures import slack_look, teams_look
from tests.pictures.browser import launched
from tests.pictures.pages import take_pages
from tests.pictures.screens import ROOT, SCREENS, Screen, officer, shown

WIDTHS = {"phone": 375, "desk": 1280}
DOORS = {"phone": ("page", "slack", "teams"), "desk": ("page", "slack", "teams", "terminal")}
FOLDER = ROOT / ".pictures"
PIXELS = """async (png) => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const bytes = canvas.getImageData(0, 0, image.width, image.height).data;
  let text = "";
  for (let at = 0; at < bytes.length; at += 30000) text += String.fromCharCode(...bytes.subarray(at, at + 30000));
  return [image.width, image.height, btoa(text)];
}"""


def html_of(door: str, screen: Screen, reply: Reply, is_dark: bool, is_phone: bool) -> str:
    if door == "slack":
        if screen.name == "home":
            return slack_look.page(home_view(reply)["blocks"], is_dark, is_phone, "Home")
        if reply.form:
            view = form_view(reply.form, Opened("T1/C1"))
            return slack_look.page(view["blocks"], is_dark, is_phone, view["title"]["text"])
        return slack_look.page([block for said in messages(reply) for block in said.blocks], is_dark, is_phone)
    if door == "teams":
        return teams_look.page([cards.card(part) for part in cards.in_parts(reply)], is_dark)
    if door == "terminal":
        colours = "background: #111; color: #eee" if is_dark else "background: #fff; color: #111"
        words = escape(for_terminal(reply, False, 88))
        return f'<pre class="shown" style="{colours}; margin: 0; padding: 12px; width: 800px">{words}</pre>'
    css = (HERE / "static" / "page.css").read_text(encoding="utf-8")
    return f'<!doctype html><style>{css}</style><main><div id="log">{reply_html(reply)}</div></main>'


def picture(browser: Browser, html: str, width: int, is_dark: bool) -> bytes:
    """What there is of the conversation: not the page around it, and not the empty desk beside it."""
    context = browser.new_context(viewport={"width": width, "height": 200}, color_scheme="dark" if is_dark else "light")
    page = context.new_page()
    page.set_content(html)
    conversation = page.locator("#log, .shown")
    taken = conversation.screenshot() if conversation.count() else page.screenshot(full_page=True)
    context.close()
    return taken


def in_few_colours(browser: Browser, taken: bytes) -> bytes:
    """The same in 32 shades of each colour, which takes a quarter of the room."""
    page = browser.new_page()
    width, height, pixels = page.evaluate(PIXELS, base64.b64encode(taken).decode())
    page.close()
    seen = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(-1, 4)[:, :3] >> 3
    colours, indices = np.unique(seen, axis=0, return_inverse=True)
    if len(colours) > 256:
        return taken
    lines = np.zeros((height, width + 1), np.uint8)
    lines[:, 1:] = indices.reshape(height, width)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    palette = (colours.astype(np.uint16) * 255 // 31).astype(np.uint8).tobytes()
    parts = {b"IHDR": header, b"PLTE": palette, b"IDAT": zlib.compress(lines.tobytes(), 9), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts.items()
    )


def sheet(browser: Browser, pictures: list[bytes], is_phone: bool, is_dark: bool) -> bytes:
    """The doors beside each other on phones, below each other at a desk."""
    images = "".join(f'<img src="data:image/png;base64,{base64.b64encode(one).decode()}">' for one in pictures)
    ground, way = ("#000" if is_dark else "#ccc"), ("row" if is_phone else "column")
    style = f"margin: 0; background: {ground}; display: flex; gap: 12px; align-items: start; flex-direction: {way}"
    html = f'<body style="{style}">{images}'
    return in_few_colours(browser, picture(browser, html, 375 * 3 + 24 if is_phone else 840, is_dark))


def main(only: list[str]) -> None:
    wanted = [screen for screen in SCREENS if not only or screen.name in only]
    if not only:
        for stale in FOLDER.glob("*-*-*.png"):
            stale.unlink()
    with officer() as amina, sync_playwright() as playwright:
        browser = launched(playwright)
        for screen in wanted:
            reply = shown(amina, screen)
            for size, width in WIDTHS.items():
                for is_dark in (False, True):
                    is_phone = size == "phone"
                    htmls = [html_of(door, screen, reply, is_dark, is_phone) for door in DOORS[size]]
                    taken = [picture(browser, html, width, is_dark) for html in htmls]
                    file = f"{screen.name}-{size}-{'dark' if is_dark else 'light'}.png"
                    (FOLDER / file).write_bytes(sheet(browser, taken, is_phone, is_dark))
            print(screen.name)
        if not only or "pages" in only:
            take_pages(browser, amina.bot)
            print("pages")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
