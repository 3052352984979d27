"""Many at once and the clinic's page in a real browser: news of a batch, the letterhead while somebody types."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import HEIGHT, WIDE
from tests.desk import CLINIC, Client

pytestmark = pytest.mark.xdist_group("desk-browser")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page of a browser whose faults fail the test."""
    with browser.new_context(viewport={"width": WIDE, "height": HEIGHT}) as context:
        page, complaints = context.new_page(), list[str]()
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        yield page
        assert complaints == []


def test_a_batch_tells_its_news_and_ends_with_a_zip(page: Page, desk: Client) -> None:
    """Ticked with one button, counted before it starts, followed without loading the page anew."""
    page.goto(f"{desk.address}/batch")
    page.get_by_role("button", name="All languages").click()
    page.get_by_role("checkbox", name="Emergency card").first.check()
    assert page.locator("#count").inner_text() == "5 files"
    page.get_by_role("button", name="Make them").click()
    page.evaluate("window.isTheSame = true")
    page.locator("#download").wait_for()

    assert page.evaluate("window.isTheSame")
    assert page.evaluate("document.activeElement.id") == "batch-head"
    with page.expect_download() as download:
        page.locator("#download").click()
    assert download.value.suggested_filename.endswith(".zip")


def test_enter_in_the_name_of_a_set_starts_no_batch(page: Page, desk: Client) -> None:
    """It saves the set."""
    page.goto(f"{desk.address}/batch?sheet=lupus&language=en&format=pdf")
    page.locator("#part-name summary").click()
    page.locator("#name").fill("Lupus")
    page.locator("#name").press("Enter")
    page.get_by_text("“Lupus” is saved.").wait_for()

    assert "Lupus" in page.locator(".sets").inner_text()


def test_the_letterhead_follows_what_is_typed(page: Page, desk: Client) -> None:
    """Half a second after a change; nothing is written. What is wrong is said in place of the picture."""
    page.goto(f"{desk.address}/clinic")
    page.locator("#name").fill("Quite Another Clinic")
    page.get_by_text("As typed, not saved.").wait_for()
    assert page.locator("#preview img").get_attribute("src").startswith("data:image/png")  # type: ignore[union-attr]
    page.locator("#phone").fill("call us")
    page.get_by_text("The preview waits until this is right:").wait_for()

    path = desk.state.options.clinic_file
    assert path
    assert path.read_text() == CLINIC
