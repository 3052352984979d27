"""Opens web pages in a real Chromium and tells what keeps a reader from them.

axe-core comes with a Python package, the browser from the system: Debian's package ``chromium``, Google Chrome, or
the one that ``LDN_PRINT_CHROMIUM`` names.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Error, Page, sync_playwright

VARIABLE = "LDN_PRINT_CHROMIUM"
COMMANDS = ("chromium", "google-chrome", "chromium-browser")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
NARROW, WIDE, HEIGHT = 320, 1280, 900
# Twice the type (WCAG 1.4.4), and the spacing of lines, words and letters of WCAG 1.4.12.
ENLARGED = "html { font-size: 36px !important }"
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    "p { margin-bottom: 2em !important }"
)
_SETTINGS = {ENLARGED: "type of 200 %", SPACED: "wide spacing"}
_AXE = "tags => axe.run({runOnly: tags, resultTypes: ['violations', 'incomplete']})"
# Words that stick out of their block are covered by the next one, or cut; signs may be taller than a line.
_OVERFLOW = """() => {
  const page = document.scrollingElement;
  const sticksOut = block => block.clientWidth > 1 && (block.scrollWidth > block.clientWidth + 1
    || block.scrollHeight > block.clientHeight + parseFloat(getComputedStyle(block).lineHeight) / 2);
  const faults = [...document.querySelectorAll("h1, h2, h3, h4, p, li, th, td")].filter(sticksOut)
    .map(block => "sticks out: " + block.innerText.slice(0, 40));
  return page.scrollWidth > innerWidth ? ["scrolls sideways: " + page.scrollWidth + " px", ...faults] : faults;
}"""


class NoBrowserError(Exception):
    """No Chromium is there, or it does not start."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"{why}\n"
            "  The tests of web pages need a Chromium. On Debian: apt-get install chromium. On Ubuntu that\n"
            "  package only points to a snap, which does not start in a container: take Google Chrome, or name\n"
            f"  any Chromium in {VARIABLE}."
        )


def find_chromium() -> str:
    """Return the path of a Chromium.

    Raises:
        NoBrowserError: none is there.
    """
    named = os.environ.get(VARIABLE)
    found = next(filter(None, map(shutil.which, [named] if named else COMMANDS)), None)
    if found is None:
        raise NoBrowserError(f"{named} cannot be started." if named else "no Chromium was found.")
    return found


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Yield a running browser.

    Raises:
        NoBrowserError: none is there, or it does not start.
    """
    path = find_chromium()
    with sync_playwright() as driver:
        try:
            browser = driver.chromium.launch(executable_path=path)
        except Error as problem:
            raise NoBrowserError(f"{path} does not start: {problem.message.splitlines()[0]}") from problem
        try:
            yield browser
        finally:
            browser.close()


def find_faults(browser: Browser, path: Path, scheme: Literal["light", "dark"] = "light") -> list[str]:
    """Return what is wrong with a page on a phone, on a wide screen, with large type and with wide spacing.

    Args:
        browser: a running one.
        path: the page, a file.
        scheme: the colours that the reader asked for.
    """
    with browser.new_context(color_scheme=scheme, viewport={"width": NARROW, "height": HEIGHT}) as context:
        page, asked = context.new_page(), list[str]()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        faults = look_over(page)
        wanted = [url for url in asked if not url.startswith("data:")]
    return faults + [f"asks for {url}" for url in wanted if url != path.as_uri()]


def look_over(page: Page) -> list[str]:
    """Return what is wrong with the page that is open, narrow and wide, with large type and with wide spacing."""
    page.evaluate(_axe_script())
    faults = [*_look(page, NARROW), *_look(page, WIDE)]
    for style, name in _SETTINGS.items():
        tag = page.add_style_tag(content=style)
        faults += [f"{name}: {fault}" for fault in page.evaluate(_OVERFLOW)]
        tag.evaluate("tag => tag.remove()")
    return faults


def _look(page: Page, width: int) -> list[str]:
    """Return what axe-core finds at a width, what it cannot decide, and what is too wide."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    answer = page.evaluate(_AXE, TAGS)
    broken = [*answer["violations"], *answer["incomplete"]]
    found = [f"{rule['id']}: {node['html']}" for rule in broken for node in rule["nodes"]]
    return [f"{width} px: {fault}" for fault in [*found, *page.evaluate(_OVERFLOW)]]


@cache
def _axe_script() -> str:
    """Return axe-core, which one of the packages of the tests carries."""
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
