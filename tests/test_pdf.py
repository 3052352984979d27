"""A page that cannot be read is not written: each fault is a finding with its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ldn_print.errors import PdfError
from ldn_print.page import RenderedPage
from ldn_print.pdf import PdfResult, check_html, make_draft, make_pdf
from ldn_print.project import Library
from tests.test_render import page


def make(rendered: RenderedPage, folder: Path, old: str = "", new: str = "", css: str = "") -> PdfResult:
    """Return what becomes of a page with something changed in it."""
    if old:
        assert old in rendered.html
    changed = replace(
        rendered, html=rendered.html.replace(old, new, 1) if old else rendered.html, css=rendered.css + css
    )
    return make_pdf(changed, "the page", folder)


@pytest.fixture(scope="module")
def sheet(library: Library) -> RenderedPage:
    """Return a good page."""
    return page(library)


def test_good_page_has_no_findings(sheet: RenderedPage, cache_folder: Path) -> None:
    """The real sheet is printed on two pages, with room to spare."""
    made = make(sheet, cache_folder)

    assert (made.findings, made.pages) == ((), 2)
    assert made.data.startswith(b"%PDF-")
    assert all(left > 0 for left in made.spare_mm)


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("Hard to breathe.", "Hard to \u1200breathe.", "P-glyph", "no font has a sign for"),
        ("Hard to breathe.", "Hard to \ue123breathe.", "P-glyph", "no font has a sign for"),
        ("Hard to breathe.", "\U0001f600", "P-glyph", "no font has a sign for"),
        ("At a glance", "At a glance " + "and more " * 300, "P-budget", "part 1 is"),
        (
            "Side effects",
            "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk" * 3,
            "P-outside",
            "does not fit",
        ),
        ("Vivid dreams", "Unaufschiebbarkeitserkrankungen", "P-outside", "does not fit its column"),
        ("<h1 ", "<h2 ", "P-heading", "the first heading is not the only h1"),
        (
            "LDN for fibromyalgia ·",
            "LDN for " + "fibromyalgia and more " * 9,
            "P-edge",
            "where printers cannot reach",
        ),
        ("DRAFT: not yet approved", "DRAFT: " + "not yet approved " * 12, "P-edge", "where printers cannot reach"),
        ("<h3", "<h5", "P-heading", "after an h2 comes an h5"),
        ("<title", "<nothing", "P-title", "the page has no title"),
        ('<html lang="en" dir="ltr">', "<html>", "P-lang", "does not name its language"),
        ("<h1", '<img src="asset:icons/phone.svg"><h1', "P-alt", "has no text in its place"),
        ('<bdi dir="ltr"', "<bdi", "P-dir", "without dir"),
        ('<div class="face" id="face-2" data-pages="1">', "<div>", "P-faces", "1 of 2 pages belong to no part"),
    ],
)
def test_fault_of_a_page_is_a_finding(
    sheet: RenderedPage, cache_folder: Path, old: str, new: str, code: str, words: str
) -> None:
    """Nothing with a fault is written; the finding names the page, the fact and a way out."""
    made = make(sheet, cache_folder, old, new)

    assert made.data == b""
    found = [finding for finding in made.findings if finding.code == code]
    assert found, made.findings
    assert any(words in finding.fact for finding in found)
    assert all(finding.hint and finding.place.startswith("the page") for finding in found)


@pytest.mark.parametrize(
    ("old", "new", "css", "code", "words"),
    [
        ("Hard to breathe.", "Hard to breathe. " * 700, "", "P-torn", "starts on the page before"),
        (
            '<section class="section">',
            '<h2>Alone</h2><section class="section" style="break-before: page">',
            "",
            "P-heading",
            "stands at the foot of its page",
        ),
    ],
)
def test_what_a_page_break_tears_apart_is_a_finding(
    sheet: RenderedPage, cache_folder: Path, old: str, new: str, css: str, code: str, words: str
) -> None:
    """Handout standards, item 45: no split box, row or step; no heading at the foot of a page."""
    made = make(sheet, cache_folder, old, new, css)

    assert made.data == b""
    assert any(finding.code == code and words in finding.fact for finding in made.findings), made.findings


def test_warning_of_the_engine_is_a_finding(sheet: RenderedPage, cache_folder: Path) -> None:
    """A style that the engine does not know refuses the page."""
    made = make(sheet, cache_folder, css="p { colour: red }")

    assert [finding.code for finding in made.findings] == ["P-engine"]


@pytest.mark.parametrize(
    "reference",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/x.png",
        "data:image/png;base64,iVBORw0KGgo=",
        "asset:icons/nowhere.svg",
        "ftp://127.0.0.1/x",
        "../../etc/passwd",
    ],
)
@pytest.mark.parametrize("form", ['<img src="{}" alt="x">', '<p style="background: url({})">x</p>'])
def test_page_can_reach_nothing_but_its_pictures(
    sheet: RenderedPage, cache_folder: Path, reference: str, form: str
) -> None:
    """Design §2.7: no network, no file, no inline data; the page is refused, and never printed without."""
    if ":" not in reference:  # an address without a scheme leads nowhere, and the engine says so
        made = make(sheet, cache_folder, "<h1", form.format(reference) + "<h1")
        assert made.data == b""
        assert "P-engine" in {finding.code for finding in made.findings}
        return
    with pytest.raises(PdfError, match="is not one of its pictures"):
        make(sheet, cache_folder, "<h1", form.format(reference) + "<h1")


def test_page_that_breaks_the_engine_is_an_error_in_words(sheet: RenderedPage, cache_folder: Path) -> None:
    """What the engine cannot do is told as such."""
    with pytest.raises(PdfError, match="the layout engine gave up"):
        make(sheet, cache_folder, "<h1", "<div>" * 400 + "<h1")


def test_draft_shows_what_a_real_sheet_would_refuse(sheet: RenderedPage, cache_folder: Path) -> None:
    """A translator sees the page with its faults; they are warnings there."""
    longer = replace(sheet, html=sheet.html.replace("At a glance", "At a glance " + "and more " * 300))

    made = make_draft(longer, "the page", cache_folder)

    assert made.data
    assert {finding.severity.value for finding in made.findings} == {"warning"}


def test_finding_about_length_tells_lines_of_each_message(sheet: RenderedPage, cache_folder: Path) -> None:
    """Whoever has to shorten a side learns which messages are long."""
    made = make(sheet, cache_folder, "Rest, drink water", "Rest, drink water and " + "wait " * 80)

    assert made.spare_mm[1] < 0
    assert max(made.lines.values()) > 6


@pytest.mark.parametrize(("words", "pages"), [(0, 2), (120, 4)])
def test_script_that_may_take_two_sheets_stays_on_even_pages(
    library: Library, cache_folder: Path, words: int, pages: int
) -> None:
    """A page budget of two leaves: longer text takes four pages, and a third page never stands alone."""
    rendered = page(library)
    language = replace(rendered.language, script=replace(rendered.language.script, leaves=2))
    roomy = replace(rendered, language=language)

    made = make(roomy, cache_folder, "Rest, drink water", "Rest, drink water" + " and wait" * words)

    assert made.findings == ()
    assert made.pages == pages


def test_check_html_passes_a_good_page(sheet: RenderedPage) -> None:
    """The lint of the page is silent on a good one."""
    assert list(check_html(sheet.html, "the page")) == []
