"""Web pages in a real Chromium: WCAG 2.2 AA as far as axe-core can tell, on phones, wide screens and paper."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser

from ldn_print.clinic import default_clinic
from ldn_print.jobs import Settings
from ldn_print.models import Edition
from ldn_print.press import Press
from ldn_print.project import Library
from ldn_print.schedule import load_schedule
from ldn_print.web_page import to_web_page
from tests.browser import NARROW, VARIABLE, NoBrowserError, find_chromium, find_faults
from tests.test_editions import made
from tests.test_render import page as rendered
from tests.test_schedule import clinic, plan

# Every part in some language and every language in some part; all pages in all languages would take minutes. The
# English guide is looked at in the dark.
PAGES: tuple[tuple[str, Edition, str], ...] = (
    *(("fibromyalgia", "guide", tag) for tag in ("ar", "zh-Hans", "hi")),
    ("fibromyalgia", "standard", "es-US"),
    ("fibromyalgia", "bilingual", "ar"),
    ("card", "tool", "en"),
    ("card", "tool", "ar"),
    ("diary", "tool", "zh-Hans"),
    ("dose-plan", "tool", "ar"),
    ("opioids", "tool", "hi"),
)
_CUT = "overflow: hidden; white-space: nowrap"
_BUTTON = '<button style="width: 9px; height: 9px; padding: 0; border: 0" aria-label="tick"></button>'
# Faults: what stands in the page, what it becomes, what is found.
FAULTS = (
    ('alt="A capsule', 'data-alt="A capsule', "320 px: image-alt"),
    ("<h2", '<h2 style="color: #aaa"', "1280 px: color-contrast"),
    ('<html lang="en"', "<html", "html-has-lang"),
    ("<main>", "<p>.</p><main>", "region"),
    ("<h3", "<h5", "heading-order"),
    ("</main>", f"{_BUTTON}{_BUTTON}</main>", "target-size"),
    ("</main>", f'<p style="{_CUT}">{"naltrexone" * 9}</p></main>', "320 px: sticks out: naltrexone"),
    ("</main>", '<p style="height: 1rem">one<br>two</p></main>', "1280 px: sticks out: one"),
    ("</main>", '<p style="width: 40rem">.</p></main>', "320 px: scrolls sideways"),
    ("</main>", '<p style="width: 40rem">.</p></main>', "200 %: scrolls sideways"),
    ("</main>", f'<p style="width: 15ch; white-space: nowrap">{"0" * 15}</p></main>', "wide spacing: sticks out"),
    ("</main>", '<img alt="dot" src="missing.png"></main>', "asks for file"),
)


@pytest.fixture(scope="module")
def press(library: Library, cache_folder: Path) -> Press:
    """Return a press over the real library."""
    return Press(Settings(library, default_clinic(), cache_folder))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a page may be written."""
    return tmp_path / "page.html"


@pytest.mark.parametrize(("name", "edition", "tag"), PAGES)
def test_web_page_keeps_nobody_out(
    press: Press, browser: Browser, path: Path, name: str, edition: Edition, tag: str
) -> None:
    """WCAG 2.2 AA: axe-core finds nothing at two widths; nothing too wide, nothing cut; nothing is fetched."""
    path.write_bytes(made(press, name, tag, edition, "html"))

    assert find_faults(browser, path) == []


def test_filled_plan_keeps_nobody_out(library: Library, cache_folder: Path, browser: Browser, path: Path) -> None:
    """A dose plan with dates and doses in it is legible on a phone."""
    settings = Settings(library, clinic(), cache_folder, schedule=load_schedule(plan(path.parent), clinic()))
    path.write_bytes(made(Press(settings), "dose-plan", "es-US", "tool", "html"))

    assert find_faults(browser, path) == []


def test_dark_web_page_keeps_nobody_out(press: Press, browser: Browser, path: Path) -> None:
    """Light hurts in a migraine: who asks the browser for dark pages gets one, with the same contrast."""
    path.write_bytes(made(press, "fibromyalgia", "en", "guide", "html"))

    assert find_faults(browser, path, "dark") == []


def test_fault_of_a_web_page_is_found(press: Press, browser: Browser, path: Path) -> None:
    """The same look finds each planted fault."""
    html = made(press, "fibromyalgia", "en", "standard", "html").decode()
    for old, new, _ in FAULTS:
        assert old in html
        html = html.replace(old, new, 1)
    path.write_text(html, encoding="utf-8")

    found = "\n".join(find_faults(browser, path))

    assert [fault for _, _, fault in FAULTS if fault not in found] == [], found


def test_web_page_needs_no_script(press: Press, browser: Browser, path: Path) -> None:
    """With scripts switched off the page is the same, to the last line."""
    path.write_bytes(made(press, "fibromyalgia", "en", "guide", "html"))
    shown = []
    for allowed in (True, False):
        with browser.new_context(java_script_enabled=allowed) as context:
            page = context.new_page()
            page.goto(path.as_uri())
            shown.append((page.inner_text("body"), page.locator("main").bounding_box()))

    assert shown[0] == shown[1]


def test_true_stop_of_a_rail_is_told_without_eyes(press: Press, browser: Browser, path: Path) -> None:
    """WCAG 1.3.1: which stop is the current one is heard; on a phone, cells keep their heads."""
    path.write_bytes(made(press, "fibromyalgia", "en", "standard", "html"))
    with browser.new_context(viewport={"width": NARROW, "height": 900}) as context:
        page = context.new_page()
        page.goto(path.as_uri())

        stop = page.get_by_role("cell", name="\u25cf Some good studies")
        assert stop.get_attribute("aria-current") == "true"
        assert page.get_by_role("cell", name="\u25cb Small studies").get_attribute("aria-current") is None
        assert page.get_by_role("row", name="How well studied?").count() == 1
        assert page.get_by_role("rowheader", name="Vivid dreams").count() == 1


@pytest.mark.parametrize("tag", ["en", "hi"])
def test_printed_web_page_fits_the_paper(press: Press, browser: Browser, path: Path, tag: str) -> None:
    """Who prints the page from a browser gets the dose plan on one sheet, black on white, with its state."""
    path.write_bytes(made(press, "dose-plan", tag, "tool", "html"))
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(path.as_uri())
        (sheet,) = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))

    assert "DRAFT" in sheet.get_textpage().get_text_bounded()
    assert sheet.render(scale=0.2).to_pil().convert("L").getpixel((2, 2)) == 255


def test_phone_numbers_are_called_by_a_tap(library: Library) -> None:
    """An emergency number is a link; where side effects are reported, and a number with an extension, are none."""
    page = rendered(library)
    phones = {"(512) 555-0142": "5125550142", "+44 (0)20 7946 0000": "+442079460000"}
    plain = ("www.fda.gov/medwatch", "512-555-0142 ext. 7")
    html = "".join(f'<bdi dir="ltr" class="tel tel-long">{text}</bdi>' for text in (*phones, *plain))

    found = dict(re.findall(r'<a href="tel:([^"]+)">([^<]+)</a>', to_web_page(replace(page, html=html))))
    assert found == {number: text for text, number in phones.items()}
    assert '<a href="tel:911">911</a>' in to_web_page(page)
    assert "tel:" not in page.html


def test_missing_browser_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a Chromium the tests fail and tell the way out; they never skip."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(NoBrowserError, match=r"no Chromium was found(.|\n)*apt-get install chromium"):
        find_chromium()

    monkeypatch.setenv(VARIABLE, "/none/chromium")
    with pytest.raises(NoBrowserError, match="/none/chromium cannot be started"):
        find_chromium()
