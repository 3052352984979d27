"""The desk in a real browser: two keystrokes to a printed sheet, with the keyboard alone, and without a script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser import HEIGHT, WIDE, look_over
from tests.desk import Client

pytestmark = pytest.mark.xdist_group("desk-browser")
DRAWN = "rows => Promise.all(rows.map(row => row.decode())).then(() => true)"
SPANISH = "/?sheet=fibromyalgia&language=es-US"
BOARDS = ("/batch", "/clinic", "/translate", "/approvals")
PAGES = {
    "light": ("/", "/?q=pain", SPANISH, "/sheet.pdf?sheet=no", *BOARDS),
    "dark": (SPANISH, "/clinic"),
}


def is_complaint(line: ConsoleMessage) -> bool:
    """Tell whether a browser complains; that a form was not usable is an answer like any other."""
    return line.type == "error" and "status of 422" not in line.text


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page of a browser that nobody used before; what it has to say against a page fails the test."""
    with browser.new_context(viewport={"width": WIDE, "height": HEIGHT}) as context:
        page, complaints = context.new_page(), list[str]()
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        page.on("console", lambda line: complaints.append(line.text) if is_complaint(line) else None)
        yield page
        assert complaints == []


@pytest.mark.parametrize(
    ("typed", "language", "own"),
    [
        ("fibro spanish", "es-US", "Español"),
        ("arab fibro", "ar", "العربية"),
        ("纤维肌痛 中文", "zh-Hans", "简体中文"),
    ],
)
def test_type_enter_enter_prints(page: Page, desk: Client, typed: str, language: str, own: str) -> None:
    """Letters, Enter for the sheet, Enter for the printer: no mouse, and the file is that of the desk."""
    page.goto(desk.address)
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.locator("#sheet .own", has_text=own).wait_for()
    page.wait_for_function("document.activeElement.id === 'print'")
    assert page.locator(".paper img").count() == 2
    assert page.locator(".paper img").evaluate_all(DRAWN)
    with page.expect_response("**/sheet.pdf*") as answer:
        page.keyboard.press("Enter")

    assert answer.value.headers["content-type"] == "application/pdf"
    assert f"language={language}" in answer.value.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    path = download.value.path()
    assert path.read_bytes() == desk.get(f"/sheet.pdf?sheet=fibromyalgia&language={language}").data


def test_arrows_choose_from_the_list(page: Page, desk: Client) -> None:
    """Down, Enter: the second of what was found."""
    page.goto(desk.address)
    page.keyboard.type("nerve")
    page.locator("#results-head", has_text="3 found").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#results .marked strong").inner_text()
    page.keyboard.press("Enter")
    page.locator("#results [aria-current] strong", has_text=chosen).wait_for()

    assert page.locator("#print").count() == 1


def test_printed_lately_is_offered_again(page: Page, desk: Client) -> None:
    """The browser remembers sheets, and nothing else."""
    page.goto(desk.address + SPANISH)
    page.get_by_role("link", name="Print", exact=True).nth(1).click()
    page.goto(desk.address)
    page.locator("#recent a", has_text="LDN for fibromyalgia, Spanish").click()
    page.locator("#sheet .own", has_text="Español").wait_for()

    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "sheet=fibromyalgia" in kept
    assert kept.count("http") == 0


def test_copy_for_a_patient_is_gone_on_reload(page: Page, desk: Client) -> None:
    """Filled in, shown, printed from memory; after a reload no letter of it is left in the page or the browser."""
    page.goto(desk.address + SPANISH)
    page.locator("#patient > summary").click()
    page.get_by_label("Name").fill("Zyxwvut Canary")
    page.get_by_role("button", name="Show it first").click()
    page.locator("#copy-head").wait_for()
    assert page.locator(".paper img[src^='data:image/png']").count() == 2
    with page.expect_response("**/patient.pdf") as answer:
        page.get_by_role("button", name="Print this copy").click()
    assert answer.value.headers["cache-control"] == "no-store"
    assert "Canary" not in page.url
    page.reload()

    assert page.locator("#name").input_value() == ""
    assert "Zyxwvut" not in page.content() + page.evaluate("JSON.stringify(localStorage)")


def test_what_is_wrong_is_shown_without_losing_the_rest(page: Page, desk: Client) -> None:
    """A step too high: said above the form, and the other fields stand as they were."""
    page.goto(desk.address + SPANISH)
    page.locator("#patient > summary").click()
    page.get_by_label("Prescriber").fill("Dr. Example")
    page.get_by_label("Strength").fill("4.5")
    page.get_by_label("Step 1: mg a day").fill("9")
    page.get_by_label("Step 1: weeks").fill("2")
    page.get_by_role("button", name="Print this copy").click()
    page.locator("#sheet .notice", has_text="above the clinic's highest_dose").wait_for()

    assert page.get_by_label("Prescriber").input_value() == "Dr. Example"


def test_without_a_script_the_way_is_the_same(browser: Browser, desk: Client) -> None:
    """Type, Enter, Print: one page at a time."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(desk.address)
        page.locator("#q").fill("fibro spanish")
        page.locator("#q").press("Enter")
        page.locator("#print").wait_for()
        answer = context.request.get(desk.address + (page.locator("#print").get_attribute("href") or ""))
        assert answer.headers["content-type"] == "application/pdf"
        page.locator("#patient > summary").click()
        page.locator("#name").fill("Example Patient")
        page.locator("#show-copy").click()
        page.locator("#copy-head").wait_for()
        assert page.locator("#name").input_value() == "Example Patient"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_a_reader_out(browser: Browser, desk: Client, scheme: Literal["light", "dark"]) -> None:
    """Every page on a phone and a wide screen, with large type and wide spacing, by axe-core's rules."""
    found: list[str] = []
    with browser.new_context(color_scheme=scheme, bypass_csp=True, reduced_motion="reduce") as context:
        page = context.new_page()
        for path in PAGES[scheme]:
            page.goto(desk.address + path)
            if page.locator("#patient > summary").count():
                page.locator("#patient > summary").click()
            found += [f"{path}: {fault}" for fault in look_over(page)]

    assert found == []
