"""The page for the front desk: every language that can be printed, to point at."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from markupsafe import Markup

from ldn_print.chooser import render_chooser
from ldn_print.clinic import default_clinic
from ldn_print.countries import Paper
from ldn_print.extract import Extractor, library_leaflets
from ldn_print.jobs import Settings
from ldn_print.languages import all_languages, get_language
from ldn_print.localize import Translation
from ldn_print.models import Leaflet
from ldn_print.page import Order
from ldn_print.pdf import make_pdf
from ldn_print.press import Press
from ldn_print.project import Library
from tests.conftest import Run, change, one_process, pdf_text
from tests.test_engine import plain
from tests.vera import find_all_failures


@one_process
def test_every_language_stands_by_its_own_name(run: Run) -> None:
    """Own name, sentence, English name; each part tells its language; the file passes what every file passes."""
    ran = run("chooser", "--paper", "a4")
    assert (ran.code, ran.out, ran.err) == (0, "out/chooser.a4.pdf\n", "")
    path = Path(ran.out.strip())

    text = plain(pdf_text(path))
    for language in all_languages().values():
        assert plain(language.english) in text
        assert language.direction == "rtl" or plain(language.own) in text
    for sentence in ("Point here if this is your language.", "Señale aquí si este es su idioma."):
        assert plain(sentence) in text
    assert "DRAFT: machine translation, not checked" in pdf_text(path)
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1
        tags = {
            str(row.get("/Lang")) for row in pdf.objects if isinstance(row, pikepdf.Dictionary) and "/Lang" in row
        }
    assert set(all_languages()) <= tags
    assert find_all_failures([path]) == {}


@pytest.mark.parametrize(
    ("count", "paper", "most"), [(2, "letter", 1), (7, "a4", 1), (8, "letter", 1), (30, "letter", 2)]
)
def test_few_and_many_languages_fit(
    library: Library, cache_folder: Path, count: int, paper: Paper, most: int
) -> None:
    """From two languages to thirty: as many pages as are needed, and no finding."""
    press = Press(Settings(library, default_clinic(), cache_folder))
    sentence, spanish = Markup("Señale aquí si este es su idioma."), get_language("es-US")
    languages = [replace(spanish, own=f"Español {number}") for number in range(count)]
    leaflet = Leaflet("fibromyalgia")
    order = Order(leaflet, press.publication(leaflet), (), default_clinic(), paper)
    words = Translation(get_language("en"), None)
    page = render_chooser(press.renderer, order, words, dict.fromkeys(languages, sentence), Markup("DRAFT"))

    made = make_pdf(page, "chooser", cache_folder)

    assert (made.findings, made.pages) == ((), most)


def test_language_without_the_sentence_keeps_its_name(small_copy: Library, run: Run) -> None:
    """A catalog that is not yet brought up to date keeps nobody from pointing; no English stands in."""
    change(small_copy.catalog("es_US"), 'msgstr "Señale aquí si este es su idioma."', 'msgstr ""')

    ran = run("chooser")

    assert ran.code == 0
    assert ran.err.startswith("warning: ")
    assert "no translation of 'Point here" in ran.err
    text = pdf_text(Path(ran.out.strip()))
    assert "Español" in text
    assert text.count("Point here") == 1


def test_only_languages_that_can_be_printed_stand_there(small_copy: Library, run: Run) -> None:
    """Nobody points at a language that has nothing to hand out: too little translated, or not approved."""
    shutil.rmtree(small_copy.locales / "zh_Hans")
    text = small_copy.catalog("hi").read_text(encoding="utf-8")
    header, _, rest = text.partition("\n\n")
    emptied = "\n".join(line if not line.startswith("msgstr") else 'msgstr ""' for line in rest.splitlines())
    lines = (line for line in emptied.splitlines() if not line.startswith('"'))
    small_copy.catalog("hi").write_text(f"{header}\n\n" + "\n".join(lines) + "\n", encoding="utf-8")

    shown = pdf_text(Path(run("chooser").out.strip()))
    assert "Español" in shown
    assert not {"Chinese", "Hindi"} & set(shown.split())

    Path("clinic.toml").write_text('country = "US"\npolicy = "approved"\n', encoding="utf-8")
    ran = run("chooser", "--clinic", "clinic.toml")
    assert ran.code == 1
    assert "no language can be printed" in ran.err


def test_no_leaflet_waits_for_these_words(extractor: Extractor, library: Library) -> None:
    """What only the site and the chooser say is needed by no leaflet."""
    own = ("site/title.html", "site/choose.html", "site/index.html", "chooser-sentence.html")
    needed = {row.key for leaflet in library_leaflets(library) for row in extractor.messages(leaflet)}
    found = {row.key for row in extractor.on_pages(*own) if row.key.context != "clinic"}

    assert len(found) == 14
    assert not found & needed
    assert found <= {row.key for row in extractor.library}
