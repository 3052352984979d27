"""The sheet in two languages side by side: the same blocks, row by row, each in its own language."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from ldn_print.clinic import default_clinic
from ldn_print.errors import RenderError
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.languages import all_languages
from ldn_print.models import Leaflet
from ldn_print.outline import read_blocks
from ldn_print.press import Press
from ldn_print.project import Library
from tests.conftest import Run, change, one_process
from tests.test_engine import elements
from tests.test_render import page
from tests.vera import find_failures

OTHERS = [tag for tag in all_languages() if tag != "en"]


def make(library: Library, cache_folder: Path, tag: str, desk: str = "en") -> JobResult:
    """Return the sheet in a reader's language beside the clinic's."""
    clinic = replace(default_clinic(), language=desk)
    return Press(Settings(library, clinic, cache_folder)).make(
        Job(Leaflet("fibromyalgia", "bilingual"), tag, "letter")
    )


@pytest.fixture(scope="module")
def made(library: Library, cache_folder: Path) -> dict[str, JobResult]:
    """Return the sheet in every language beside English, and English beside Spanish."""
    pairs = [(tag, "en") for tag in OTHERS] + [("en", "es-US")]
    return {tag: make(library, cache_folder, tag, desk) for tag, desk in pairs}


@pytest.mark.parametrize("tag", all_languages())
@one_process
def test_two_languages_take_two_sheets_and_pass_both_standards(made: dict[str, JobResult], tag: str) -> None:
    """Standards 2.5: four pages; PDF/UA-1 and PDF/A-2a as every other file (68)."""
    result = made[tag]

    assert (result.findings, result.error, result.pages) == ((), None, 4)
    assert find_failures(result.data, "ua1", "2a") == []


@pytest.mark.parametrize("tag", OTHERS)
def test_every_message_stands_there_in_both_languages(library: Library, tag: str) -> None:
    """Both versions are identical: each message of the sheet comes once in each language, pair by pair."""
    sheet = [
        message
        for block in read_blocks(page(library, tag).html)
        for message in block.messages
        if "face" in block.classes
    ]
    html = page(library, tag, edition="bilingual").html

    for side in (tag, "en"):
        shown = _messages_in(html, side)
        assert set(sheet) - shown == set()


def _messages_in(html: str, tag: str) -> set[str]:
    """Return the ids of the messages inside elements of a language."""
    found: set[str] = set()
    inside: list[tuple[int, str]] = []
    depth = 0
    for closing, attributes in re.findall(r"<(/?)[a-z0-9]+((?:\s[^<>]*)?)>", _without_voids(html)):
        if closing:
            depth -= 1
            inside = [level for level in inside if level[0] < depth + 1]
            continue
        depth += 1
        language = re.search(r'\blang="([^"]+)"', attributes)
        if language:
            inside.append((depth, language[1]))
        message = re.search(r'data-message="([^"]+)"', attributes)
        if message and inside and inside[-1][1] == tag:
            found.add(message[1])
    return found


def _without_voids(html: str) -> str:
    return re.sub(r"<(?:br|img|meta|!doctype)[^<>]*>", "", html)


@pytest.mark.parametrize("tag", OTHERS)
@one_process
def test_each_half_is_read_in_its_own_voice(made: dict[str, JobResult], tag: str) -> None:
    """Standards 70: the English half says so in the tag tree, part by part."""
    with pikepdf.open(io.BytesIO(made[tag].data)) as pdf:
        assert str(pdf.Root.Lang) == tag
        languages = [str(element.Lang) for element in elements(pdf) if "/Lang" in element]

    assert languages.count("en") > 60


@pytest.mark.parametrize(("tag", "starts_left"), [("es-US", True), ("ar", False)])
@one_process
def test_reader_comes_first_on_the_own_start_side(made: dict[str, JobResult], tag: str, starts_left: bool) -> None:
    """The reader's language stands where the reader starts: at the right in Arabic."""
    sheet = pypdfium2.PdfDocument(made[tag].data)[0]
    text = sheet.get_textpage()
    box = text.get_charbox(text.search("Do not take any opioid").get_next()[0])

    assert (box[0] > sheet.get_width() / 2) == starts_left


@one_process
def test_pair_of_rows_stands_at_one_height(made: dict[str, JobResult]) -> None:
    """Rows are aligned: a step and its partner start at the same height."""
    text = pypdfium2.PdfDocument(made["es-US"].data)[1].get_textpage()
    tops = [text.get_charbox(text.search(words).get_next()[0])[3] for words in ("Trague", "Swallow")]

    assert abs(tops[0] - tops[1]) < 2


def test_clinics_own_language_is_refused_and_left_out(run: Run) -> None:
    """In a clinic that reads English nothing can stand beside English: named it is refused, else left out."""
    ran = run("build", "fibromyalgia", "--edition", "bilingual", "-l", "en")
    assert ran.code == 1
    assert "T-bilingual" in ran.err
    assert "clinic.toml" in ran.err

    ran = run("build", "fibromyalgia", "--edition", "bilingual", "-f", "text")
    assert ran.code == 0
    assert sorted(Path(line).parent.name for line in ran.out.split()) == sorted(OTHERS)


def test_text_in_one_language_alone_is_refused(copy: Library) -> None:
    """What a template shows in one language alone would have no partner: nothing is printed."""
    change(
        copy.templates / "sections" / "side-effects.html",
        '<table class="rows ruled">',
        '{% if language.is_source %}<p class="extra">x</p>{% endif %}<table class="rows ruled">',
    )

    with pytest.raises(RenderError, match="has no partner"):
        page(copy, "ar", edition="bilingual")
