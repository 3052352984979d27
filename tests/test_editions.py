"""Large print, page one alone, and the twins of a page: the same blocks in another form."""

from __future__ import annotations

import ctypes
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pypdfium2 import raw

from ldn_print.clinic import default_clinic
from ldn_print.jobs import Job, Settings
from ldn_print.languages import all_languages, get_language
from ldn_print.models import Edition, Format, Leaflet
from ldn_print.outline import read_blocks
from ldn_print.plain_text import to_plain_text
from ldn_print.press import Press
from ldn_print.project import Library
from ldn_print.web_page import to_web_page
from tests.conftest import Run, one_process, pdf_text
from tests.test_engine import plain
from tests.test_render import page
from tests.vera import find_failures

TAGS = list(all_languages())
PIXEL, POINTS_PER_MM = 0.75, 72 / 25.4
FORMS: tuple[Format, ...] = ("pdf", "html", "text")
TOOLS = ("card", "diary", "dose-plan", "opioids", "visit")
_LATIN, _CHINESE = 70, 35  # characters
# In pt: signs without ink are smaller, labels of rows stand further off.
_SMALLEST, _SAME_LINE, _A_WORD_APART = 3, 3, 6


@pytest.fixture(scope="module")
def press(library: Library, cache_folder: Path) -> Press:
    """Return a press over the real library."""
    return Press(Settings(library, default_clinic(), cache_folder))


def made(press: Press, name: str, tag: str, edition: Edition, form: Format = "pdf") -> bytes:
    """Return one file."""
    leaflet = Leaflet.of_tool(name) if edition == "tool" else Leaflet(name, edition)
    result = press.make(Job(leaflet, tag, "letter", form))
    assert result.findings == ()
    assert result.error is None
    return result.data


def shown_sizes(data: bytes) -> set[float]:
    """Return the sizes of all signs that have ink, in pt."""
    sizes = set()
    for sheet in pypdfium2.PdfDocument(data):
        text = sheet.get_textpage()
        for number in range(raw.FPDFText_CountChars(text)):
            red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
            raw.FPDFText_GetFillColor(text, number, red, green, blue, alpha)
            if alpha.value and chr(raw.FPDFText_GetUnicode(text, number)).strip():
                sizes.add(round(raw.FPDFText_GetFontSize(text, number) * PIXEL, 2))
    return sizes


@pytest.mark.parametrize("tag", TAGS)
@one_process
def test_large_print_has_nothing_below_18_points(press: Press, tag: str) -> None:
    """Standards 2.1 and 7 (34): every sign, footer and table included; on whole sheets of paper."""
    data = made(press, "fibromyalgia", tag, "large-print")

    assert min(shown_sizes(data)) >= 18
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) <= (6 if tag == "en" else 10)
        assert len(pdf.pages) % 2 == 0
    assert find_failures(data, "ua1", "2a") == []


def test_large_print_lines_are_short(press: Press) -> None:
    """Standards 7 (34): lines of running text are at most 152 mm wide."""
    sheets = pypdfium2.PdfDocument(made(press, "fibromyalgia", "en", "large-print"))

    for sheet in sheets:
        text = sheet.get_textpage()
        boxes = [text.get_rect(number) for number in range(text.count_rects())]
        body = [box for box in boxes if 110 < box[1] < sheet.get_height() - 70]
        assert (max(box[2] for box in body) - min(box[0] for box in body)) / POINTS_PER_MM <= 152


def _lines(sheet: pypdfium2.PdfPage) -> Iterator[str]:
    """Yield the lines of running text of a page: runs on one line that stand no further apart than words do."""
    text = sheet.get_textpage()
    boxes = [text.get_rect(number) for number in range(text.count_rects())]
    body = [box for box in boxes if 70 < box[1] < sheet.get_height() - 60 and box[3] - box[1] > _SMALLEST]
    line: list[float] = []
    for left, bottom, right, top in sorted(body, key=lambda box: (-round((box[1] + box[3]) / 2 / 4), box[0])):
        if (
            line
            and abs(line[1] + line[3] - bottom - top) < 2 * _SAME_LINE
            and 0 <= left - line[2] + 1 < _A_WORD_APART
        ):
            line = [line[0], min(bottom, line[1]), right, max(top, line[3])]
            continue
        if line:
            yield text.get_text_bounded(*line)
        line = [left, bottom, right, top]
    if line:
        yield text.get_text_bounded(*line)


def _width(text: str, most: int) -> float:
    """Return how many characters of a script a line has: on a Chinese page, a Latin letter is half of one."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) if most == _LATIN else wide + (len(text) - wide) / 2


@pytest.mark.parametrize(("tag", "most"), [("en", _LATIN), ("es-US", _LATIN), ("zh-Hans", _CHINESE)])
@pytest.mark.parametrize("edition", ["standard", "guide"])
def test_lines_have_as_many_characters_as_an_eye_follows(
    press: Press, tag: str, most: int, edition: Edition
) -> None:
    """Standards 7 (36): 70 characters at most, 35 in Chinese; a sentence that takes one line may have more."""
    sheets = pypdfium2.PdfDocument(made(press, "fibromyalgia", tag, edition))
    lines = [line.strip() for sheet in sheets for line in _lines(sheet)]

    assert len(lines) > 60 * len(sheets) / 2
    assert {line for line in lines if _width(line, most) > most and line[-1] not in ".。"} == set()


@pytest.mark.parametrize("edition", ["standard", "large-print"])
def test_editions_say_the_same(library: Library, edition: Edition) -> None:
    """Design 4: no edition has words that another lacks."""
    wanted, here = (
        {message for block in read_blocks(page(library, edition=row).html) for message in block.messages}
        for row in ("standard", edition)
    )

    assert here == wanted


@pytest.mark.parametrize("tag", TAGS)
def test_first_page_alone_keeps_the_patient_safe(press: Press, tag: str) -> None:
    """Standards 7 (46): opioid rule, dose, emergency number and clinic's phone stand on page 1."""
    data = made(press, "fibromyalgia", tag, "summary")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 1
    blocks = read_blocks(page(press.settings.library, tag).html)
    text = " ".join(block.text for block in blocks if block.face == 1)

    assert "911" in text
    assert {"warning", "plan", "steps"} <= {name for block in blocks if block.face == 1 for name in block.classes}


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("name", ["fibromyalgia", *TOOLS])
def test_twins_hold_every_message_of_the_page(press: Press, name: str, tag: str) -> None:
    """Standards 7 (75): HTML and plain text have the blocks of the printed page."""
    edition: Edition = "tool" if name in TOOLS else "guide"
    pdf, html, text = (made(press, name, tag, edition, form) for form in FORMS)
    assert pdf.startswith(b"%PDF")

    blocks = [block for block in read_blocks(html.decode()) if block.messages and "rail" not in block.classes]
    lines = plain(re.sub(r"_{8}|\[[ x]\]", "", text.decode()))
    missing = [block.text for block in blocks if comparable(block.text) not in lines]
    assert missing == []
    assert len(blocks) > 5


def comparable(text: str) -> str:
    """Return a block's text without its lines and boxes to fill in."""
    return plain(re.sub("[\ufffc\u2610\u2611]", "", text))


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("form", ["html", "text"])
def test_twin_says_its_state_and_language(press: Press, form: Format, tag: str) -> None:
    """Design 2.3: nothing unapproved looks approved, on a screen neither."""
    text = made(press, "fibromyalgia", tag, "standard", form).decode()

    assert "DRAFT" in text
    assert get_language(tag).label in text
    assert "fibromyalgia 0.1" in text


@pytest.mark.parametrize("tag", TAGS)
def test_web_page_stands_alone(press: Press, tag: str) -> None:
    """No script, nothing fetched, one main heading, language and direction named, pictures with words."""
    html = made(press, "fibromyalgia", tag, "guide", "html").decode()

    assert f'<html lang="{tag}" dir="{get_language(tag).direction}">' in html
    assert not re.search(r"<script|https?://(?!www\.w3\.org)|asset:|@import|<link", html)
    assert len(re.findall("<h1", html)) == len(re.findall("<main", html)) == 1
    assert html.index("<header") < html.index("<main") < html.index("<footer")
    assert all(re.search(r'alt="[^"]+"', image) for image in re.findall(r"<img[^>]*>", html))
    assert 'name="viewport"' in html


def test_plain_text_is_what_a_person_reads(press: Press) -> None:
    """Headings, points, steps, boxes and rows look like what they are; a rail tells its true stop alone."""
    text = made(press, "fibromyalgia", "en", "standard", "text").decode()

    assert text.startswith("DRAFT: not yet approved\nEnglish\n")
    assert "\n2 Before you start\n------------------\n" in text
    assert "\n[ ] Opioid in the last 14 days\n" in text
    assert "\n\u2022 Hard to breathe. Swollen face, lips or tongue.\n" in text
    assert "\n4. Never split or crush 50\u00a0mg naltrexone. It is too strong.\n" in text
    assert "\nHow well studied? Some good studies\n" in text
    assert "No good studies" not in text
    assert "\nPhone: ________\n" in text


def test_formats_are_written_with_their_names(run: Run) -> None:
    """PDF for each paper, HTML and text once."""
    ran = run("build", "fibromyalgia", "-l", "en", "-f", "html", "-f", "text", "-f", "pdf", "--paper", "both")

    assert ran.code == 0, ran.err
    assert sorted(path.name for path in Path("out/en").iterdir()) == [
        "fibromyalgia.standard.a4.pdf",
        "fibromyalgia.standard.html",
        "fibromyalgia.standard.letter.pdf",
        "fibromyalgia.standard.txt",
    ]


def test_boxes_and_lines_have_a_sign_in_the_text(press: Press, tmp_path: Path) -> None:
    """Standards 7 (73): who hears the page or reads it as text meets what is ticked and written on."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(made(press, "fibromyalgia", "en", "standard"))
    text = pdf_text(path)

    assert text.count("[ ]") == 8 + 3
    assert text.count("____") >= 3 + 2


def test_identity_is_told_once_in_the_text(press: Press) -> None:
    """Standards 7 (72): the margin is not read aloud; version and dates are told once in the text."""
    with pikepdf.open(io.BytesIO(made(press, "fibromyalgia", "en", "standard"))) as pdf:
        stream = pdf.pages[-1].Contents.read_bytes()

    assert stream.count(b"/Artifact") >= 3
    assert "heard" in page(press.settings.library).html


def test_web_page_and_text_are_made_from_the_same_page(library: Library) -> None:
    """Nothing is written twice: both start from one rendered page."""
    rendered = page(library)

    assert to_plain_text(rendered) == to_plain_text(rendered)
    assert set(re.findall(r'data-message="(m-\w+)"', to_web_page(rendered))) == set(
        re.findall(r'data-message="(m-\w+)"', rendered.html)
    )
