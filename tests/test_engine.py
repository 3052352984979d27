"""What the engine writes after it was mended: tags, languages, text, standards, size."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from ldn_print.clinic import parse_clinic
from ldn_print.engine import load
from ldn_print.errors import PdfError
from ldn_print.languages import all_languages, get_language
from ldn_print.pdf import make_pdf
from ldn_print.project import Library
from ldn_print.tables import Table
from tests.conftest import FEW, HANDOUTS, Printed, change, one_process, pdf_text
from tests.test_render import page
from tests.vera import find_all_failures, find_failures

TAGS = list(all_languages())
_SAME_LINE = 7  # pt: signs of two fonts in one line stand a little apart


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield the structure elements of a PDF in reading order."""

    def visit(node: Any) -> Iterator[Any]:
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from visit(child)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield node
            if "/K" in node:
                yield from visit(node.K)

    yield from visit(pdf.Root.StructTreeRoot.K)


def plain(text: str) -> str:
    """Return a text without spaces and marks of direction, for comparing."""
    kept = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in ("Zs", "Cc", "Cf"))
    return "".join(kept)


class _Messages(HTMLParser):
    """Collects the text of each element that carries a message."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._depth and tag != "br":
            self._depth += 1
        elif "data-message" in dict(attrs):
            self._depth = 1
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.texts[-1] += data


def page_words(library: Library, tag: str, handout: str) -> list[str]:
    """Return the texts of a page, message by message, as the source says them."""
    parser = _Messages()
    parser.feed(page(library, tag, handout=handout).html.split("<body>")[1])
    return [text for text in parser.texts if text.strip()]


@pytest.mark.parametrize("tag", TAGS)
@one_process
def test_every_file_is_pdf_ua_and_pdf_a(printed: Printed, tag: str) -> None:
    """VeraPDF finds nothing in any file of the matrix: PDF/UA-1 and PDF/A-2a (standards 68)."""
    paths = list(printed.paths(tag))

    assert len(paths) >= 2 * len(FEW)
    assert find_all_failures(paths) == {}


@one_process
def test_validator_can_say_no() -> None:
    """A file without tags is refused by the same validator, so its silence means something."""
    from weasyprint import HTML

    untagged = HTML(string="<p>x").write_pdf()
    page = HTML(string="<html lang=en><title>x</title><p>x")

    assert find_failures(untagged, "ua1")
    assert find_failures(untagged, "2a")
    both = find_failures(page.write_pdf(pdf_variant="pdf/ua-1"), "ua1", "2a")
    assert both
    assert all(row.startswith("2a: ") for row in both)


@pytest.mark.parametrize("tag", TAGS)
def test_sheet_is_two_pages_of_its_paper_and_prints_unscaled(printed: Printed, tag: str) -> None:
    """One duplex sheet, laid out natively on both papers (standards 43 and 44)."""
    for paper, size in (("letter", (612, 792)), ("a4", (595, 842))):
        with pikepdf.open(printed.path("fibromyalgia", tag, paper)) as pdf:
            assert len(pdf.pages) == 2
            assert tuple(round(float(length)) for length in pdf.pages[0].MediaBox[2:]) == size
            assert pdf.Root.ViewerPreferences.PrintScaling == "/None"
            assert pdf.Root.ViewerPreferences.Duplex == "/DuplexFlipLongEdge"


@pytest.mark.parametrize("tag", TAGS)
def test_document_names_language_and_title(printed: Printed, tag: str) -> None:
    """Language and title stand in the file, in the language of the sheet (standards 69)."""
    with pikepdf.open(printed.path("fibromyalgia", tag)) as pdf:
        assert str(pdf.Root.Lang) == tag
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        title = str(pdf.docinfo["/Title"])

    assert "LDN" in title
    assert (title == "Taking low dose naltrexone (LDN) for fibromyalgia") == (tag == "en")


def test_part_in_another_language_is_tagged_with_it(printed: Printed) -> None:
    """The English line of an Arabic sheet is read with an English voice (standards 70)."""
    with pikepdf.open(printed.path("fibromyalgia", "ar")) as pdf:
        languages = [str(element.Lang) for element in elements(pdf) if "/Lang" in element]

    assert "en" in languages


def test_header_cells_have_a_scope(printed: Printed) -> None:
    """A screen reader knows which heads belong to a cell (standards 71)."""
    with pikepdf.open(printed.path("fibromyalgia", "en")) as pdf:
        heads = [element for element in elements(pdf) if element.S == "/TH"]
        scopes = {str(head.A.Scope) for head in heads}

    assert len(heads) > 10
    assert scopes == {"/Row", "/Column"}


def test_running_texts_are_artifacts(printed: Printed) -> None:
    """State, language and footer are not read aloud on each page (standards 72)."""
    with pikepdf.open(printed.path("fibromyalgia", "en")) as pdf:
        content = [page.Contents.read_bytes() for page in pdf.pages]

    assert all(data.count(b"/Artifact") >= 4 for data in content)


def test_headings_and_lists_are_tagged_in_order(printed: Printed) -> None:
    """One h1, sections below it, signs as list items with bodies."""
    with pikepdf.open(printed.path("fibromyalgia", "en")) as pdf:
        kinds = [str(element.S) for element in elements(pdf)]
        items = [element for element in elements(pdf) if element.S == "/LI"]
        bodies = [[str(child.S) for child in item.K] for item in items]

    assert kinds.count("/H1") == 1
    assert kinds.index("/H1") < kinds.index("/H2") < kinds.index("/H3")
    assert len(items) >= 15
    assert all("/LBody" in body and set(body) <= {"/Lbl", "/LBody"} for body in bodies)


@pytest.mark.parametrize("tag", [tag for tag in TAGS if tag != "ar"])
@pytest.mark.parametrize("handout", HANDOUTS)
def test_extracted_text_is_the_source_text(printed: Printed, library: Library, tag: str, handout: str) -> None:
    """What a reader copies or a search finds is what was written, Hindi included (standards 74)."""
    if not printed.has(handout, tag):
        pytest.skip("not complete in this language, and listed as such")
    extracted = plain(pdf_text(printed.path(handout, tag)))
    words = page_words(library, tag, handout)

    assert len(words) > 80
    assert [text for text in words if plain(text) not in extracted] == []


def test_right_to_left_text_is_in_logical_order_for_assistive_technology(
    printed: Printed, library: Library
) -> None:
    """The structure tree of an Arabic sheet holds every text as it was written."""
    with pikepdf.open(printed.path("fibromyalgia", "ar")) as pdf:
        written = plain("".join(str(element.ActualText) for element in elements(pdf) if "/ActualText" in element))

    words = [text for text in page_words(library, "ar", "fibromyalgia") if re.search("[\u0600-\u06ff]", text)]
    words = [text for text in words if "2028" not in text]  # the footer is an artifact, not read aloud
    letters = re.compile("[^\u0600-\u06ff]")
    missing = [text for text in words if letters.sub("", plain(text)) not in letters.sub("", written)]
    assert len(words) > 60
    assert missing == []


def shown_text(path: Path, needle: str) -> list[str]:
    """Return the lines of a page in which a sign stands, character by character from left to right."""
    found: list[str] = []
    pdf = pypdfium2.PdfDocument(path)
    for sheet in pdf:
        text = sheet.get_textpage()
        signs = [
            (*text.get_charbox(index, loose=True)[:2], text.get_text_range(index, 1))
            for index in range(text.count_chars())
        ]
        for _, height in {(round(left), round(bottom)) for left, bottom, sign in signs if sign == needle[0]}:
            row = sorted((left, sign) for left, bottom, sign in signs if abs(bottom - height) < _SAME_LINE)
            found += [line for line in ["".join(sign for _, sign in row)] if needle in plain(line)]
        text.close()
        sheet.close()
    pdf.close()
    return found


@pytest.mark.parametrize("tag", TAGS)
def test_dose_is_shown_number_first_on_the_rendered_page(
    copy: Library, cache_folder: Path, tmp_path: Path, tag: str
) -> None:
    """On the page itself, measured by the place of each glyph: ``4.5 mg``, and never ``mg 4.5``."""
    change(copy.templates / "sections" / "steps.html", "dose(50)", "dose(4.5)")
    made = make_pdf(page(copy, tag), tag, cache_folder)
    assert made.data, made.findings
    path = tmp_path / "dose.pdf"
    path.write_bytes(made.data)

    assert any("4.5mg" in plain(line) for line in shown_text(path, "4.5"))
    assert not any("mg4.5" in plain(line) for line in shown_text(path, "4.5"))


@pytest.mark.parametrize("tag", TAGS)
def test_phone_numbers_are_shown_digit_by_digit(printed: Printed, tag: str) -> None:
    """A phone number in right-to-left text is not turned around."""
    assert any("1-800-222-1222" in plain(line) for line in shown_text(printed.path("fibromyalgia", tag), "222"))


@pytest.mark.parametrize("tag", TAGS)
def test_only_fonts_of_the_registry_are_used(printed: Printed, tag: str) -> None:
    """No other font of the machine gets onto a page, and every font is embedded in part."""
    listed = subprocess.run(
        ["pdffonts", printed.path("fibromyalgia", tag)], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    families = {family.replace(" ", "-") for family in get_language(tag).script.fonts} | {"Noto-Sans"}

    assert listed
    for line in listed:
        name = line.split()[0]
        assert re.match("[A-Z]{6}[+]", name)
        assert any(name[7:].startswith(family) for family in families), line


def test_file_holds_no_more_than_it_needs(printed: Printed) -> None:
    """A sheet is small enough for mail and portals, Chinese included: its font is cut to the signs in use."""
    for tag in TAGS:
        most = 140_000 if get_language(tag).script.cut else 70_000
        assert {path.name: path.stat().st_size for path in printed.paths(tag) if path.stat().st_size > most} == {}


def test_sign_that_is_not_in_the_cut_font_comes_from_the_whole_one(
    library: Library, cache_folder: Path, tmp_path: Path
) -> None:
    """A clinic's name may have signs that no message has."""
    clinic = parse_clinic(Table("clinic.toml", {"country": "US", "name": "龘靐齉诊所"}), Path())

    made = make_pdf(page(library, "zh-Hans", clinic), "zh-Hans", cache_folder)

    (tmp_path / "name.pdf").write_bytes(made.data)
    assert made.findings == ()
    assert "龘靐齉诊所" in plain(pdf_text(tmp_path / "name.pdf"))


def test_untested_engine_is_refused(monkeypatch: pytest.MonkeyPatch, cache_folder: Path) -> None:
    """The tag tree is mended for one version; beside another nothing is printed."""
    load.load_engine(cache_folder)
    load.load_engine.cache_clear()
    monkeypatch.setattr(load, "TESTED_VERSION", "69.0")
    try:
        with pytest.raises(PdfError, match=r"WeasyPrint 70\.0, tested is 69\.0"):
            load.load_engine(cache_folder)
    finally:
        load.load_engine.cache_clear()


def test_lines_to_write_on_fill_the_page(printed: Printed) -> None:
    """Room that is left goes to the pen: the dose plan ends near the foot of its page, and stays a grid."""
    with pikepdf.open(printed.path("fibromyalgia", "en", "a4")) as pdf:
        pages = len(pdf.pages)
    image = (
        pypdfium2.PdfDocument(printed.path("fibromyalgia", "en", "a4"))[0].render(scale=1).to_pil().convert("L")
    )
    middle = image.width // 2 - 8
    dark = [row for row in range(image.height) if image.getpixel((middle, row)) < 160]

    assert pages == 2
    assert max(row for row in dark if row < image.height * 0.93) > image.height * 0.9


def test_pages_survive_one_bit_black_and_white(printed: Printed) -> None:
    """A mono laser and a photocopier lose nothing: no grey text, little ink (standards 39 and 42)."""
    for sheet in pypdfium2.PdfDocument(printed.path("fibromyalgia", "en")):
        image = sheet.render(scale=2).to_pil().convert("L")
        dark = sum(image.histogram()[:128]) / (image.width * image.height)
        assert 0.01 < dark < 0.08


def test_nothing_stands_near_the_edge_of_the_paper(printed: Printed) -> None:
    """Laser printers cannot reach the last 6.4 mm (standards 43)."""
    for path in (printed.path(handout, tag) for tag in TAGS for handout in FEW):
        for sheet in pypdfium2.PdfDocument(path):
            image = sheet.render(scale=2).to_pil().convert("L").point(lambda value: 255 if value < 200 else 0)
            left, top, right, bottom = image.getbbox()
            edge = 6.4 / 25.4 * 72 * 2
            assert min(left, top, image.width - right, image.height - bottom) >= edge


def test_stream_of_bytes_opens_in_a_strict_reader(printed: Printed) -> None:
    """Pikepdf finds no problem in the syntax of any file."""
    for path in printed.paths():
        with pikepdf.open(io.BytesIO(path.read_bytes())) as pdf:
            assert pdf.check_pdf_syntax() == []
