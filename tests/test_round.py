"""The translator's round: start a language, bring it up to date, see how far it is, and see it on the page."""

from __future__ import annotations

import json
import re
import threading
import time
from pathlib import Path

import pikepdf
import pytest

from ldn_print import cli
from ldn_print.context import Place, describe_leaflets, describe_place
from ldn_print.extract import Extractor
from ldn_print.languages import find_language_for, get_language
from ldn_print.models import Leaflet
from ldn_print.project import Library
from ldn_print.pseudo import KINDS, disguise, text_width
from tests.conftest import Run, change

PO = "locales/es_US/LC_MESSAGES/ldn_print.po"


def test_new_language_has_all_it_needs(small_copy: Library, run: Run) -> None:
    """One command gives a row, a catalog with the right plural rule, a term base, and the next steps."""
    ran = run("new", "language", "pl")

    assert ran.code == 0, ran.err
    for words in ("Polski (Polish)", "plural forms", "terms.toml", "preview pl", "check -l pl", "build"):
        assert words in ran.out
    catalog = (small_copy.locales / "pl/LC_MESSAGES/ldn_print.po").read_text(encoding="utf-8")
    assert "nplurals=4" in catalog or "nplurals=3" in catalog
    assert '\nmsgstr "' in catalog
    terms = (small_copy.locales / "pl/terms.toml").read_text(encoding="utf-8")
    assert "capsule = { use = []" in terms
    assert "A small shell with medicine inside." in terms
    assert 'own = "Polski"' in small_copy.languages.read_text(encoding="utf-8")
    assert "pl " in run("status").out

    refused = run("build", "fibromyalgia", "-l", "pl")
    assert refused.code == 1
    assert "no translation of" in refused.err


def test_new_language_leaves_what_is_there(small_copy: Library, run: Run) -> None:
    """Nobody's work is lost when the command is given twice."""
    run("new", "language", "pl")
    terms = small_copy.terms("pl")
    terms.write_text("[negation]\n[terms]\n", encoding="utf-8")

    assert "is there already" in run("new", "language", "pl").out
    assert terms.read_text(encoding="utf-8") == "[negation]\n[terms]\n"
    assert small_copy.languages.read_text(encoding="utf-8").count("[pl]") == 1


@pytest.mark.parametrize(
    ("tag", "code", "words"),
    [
        ("xx", 3, "Unicode CLDR has no such language"),
        ("DE", 3, "not a usable tag"),
        ("../x", 3, "not a usable tag"),
        ("el", 3, "has no sizes and fonts yet"),
        ("en", 2, "English is the source"),
    ],
)
def test_language_that_cannot_be_started_is_told(
    small_copy: Library, run: Run, tag: str, code: int, words: str
) -> None:
    """A wrong tag leaves no file behind."""
    before = sorted(small_copy.root.rglob("*"))

    ran = run("new", "language", tag)

    assert ran.code == code
    assert words in ran.err
    assert sorted(small_copy.root.rglob("*")) == before


def test_changed_english_is_stale_until_it_is_translated(small_copy: Library, run: Run) -> None:
    """The old English and the old translation stand above the empty message, and the page is refused."""
    run("update")
    change(small_copy.templates / "sections/steps.html", "Swallow capsules whole,", "Swallow all capsules whole,")

    assert "1 added, 1 removed" in run("update", "es-US").out

    text = (small_copy.root / PO).read_text(encoding="utf-8")
    block = next(block for block in text.split("\n\n") if 'msgid "Swallow all capsules' in block)
    assert "# was: Trague" in block
    assert '#| msgid "Swallow capsules whole' in block
    assert 'msgstr ""' in block
    status = json.loads(run("status", "es-US", "--json").out)["languages"][0]
    assert (status["stale"], status["missing"]) == (1, 0)
    assert status["words_left"] == 11
    assert not any(row["complete"] for row in status["leaflets"] if row["edition"] == "standard")
    assert "[T-stale]" in run("build", "fibromyalgia", "-l", "es-US").err


def test_update_twice_changes_nothing(small_copy: Library, run: Run) -> None:
    """The bytes of a catalog do not depend on who writes it."""
    run("update")
    before = {path: path.read_bytes() for path in small_copy.locales.rglob("*.po*")}

    assert "written" not in run("update").out
    assert {path: path.read_bytes() for path in small_copy.locales.rglob("*.po*")} == before


def test_messages_tell_where_they_stand(library: Library) -> None:
    """A translator reads the place, the length and the weight of a message beside it."""
    text = (library.root / PO).read_text(encoding="utf-8")
    block = next(block for block in text.split("\n\n") if 'msgid "Missed a dose?' in block)

    assert "every handout; tool: dose-plan, under “How to take it”: point of a list" in block
    assert "Safety: a mistake here can harm." in block
    assert len(re.findall(r"^#\. .*: (?:paragraph|point|heading|cell|title|left)", text, re.MULTILINE)) > 400


def test_place_is_told_in_words() -> None:
    """Few leaflets are named, many are counted, and a short place says so."""
    leaflets = tuple(Leaflet(name, "guide") for name in "abcde")
    assert describe_leaflets(leaflets, 5) == "every handout (guide only)"
    assert describe_leaflets(leaflets[:4], 5) == "4 handouts (guide only)"
    assert describe_leaflets((Leaflet("a"), Leaflet.of_tool("card")), 5) == "a; tool: card"
    place = Place((Leaflet("a"),), "Help", "th")
    assert describe_place(place, 5)[1].startswith("Short:")


def test_reader_without_sheets_gets_the_language_that_serves(run: Run) -> None:
    """es-MX gets es-US and is told; another script or country gets nothing, and English stands in for nobody."""
    ran = run("build", "fibromyalgia", "-l", "es-MX")

    assert ran.code == 0
    assert "es-MX: no sheets of its own; this is es-US, Español (Spanish)" in ran.err
    assert Path("out/es-US/fibromyalgia.standard.letter.pdf").is_file()
    assert find_language_for("zh-CN") == get_language("zh-Hans")
    for tag in ("zh-Hant", "es-ES", "fr", "de"):
        assert run("build", "fibromyalgia", "-l", tag).code == 3


def test_too_long_page_names_the_messages(small_copy: Library, run: Run) -> None:
    """A translator learns which words to shorten, and by how many lines."""
    change(small_copy.root / PO, 'msgstr "Antes de empezar"', f'msgstr "{"Antes de empezar " * 20}ya"')

    ran = run("build", "fibromyalgia", "-l", "es-US")

    assert ran.code == 1
    first = next(line for line in ran.err.splitlines() if "[P-lines]" in line)
    assert "'Before you start' takes" in first
    assert re.search(r"ldn_print\.po:\d+: .* takes \d\d? lines, 1 in English", first)


def test_preview_shows_every_message_of_the_page(small_copy: Library, run: Run) -> None:
    """The booklet has a row for each message, with English, translation and what was found; the PDF too."""
    change(small_copy.root / PO, 'msgstr "Sarpullido."', 'msgstr ""')

    ran = run("preview", "es-US", "fibromyalgia")

    assert ran.code == 0, ran.err
    html = Path("preview/es-US/fibromyalgia.standard.html").read_text(encoding="utf-8")
    assert html.count("data:image/png") == 2
    assert "http://" not in html
    assert "https://" not in html
    assert '<p class=target lang="es-US" dir="ltr">Sarpullido' not in html
    assert "(not translated)" in html
    assert "[T-missing]" in html
    rows = dict(re.findall(r"<div class=row id=r(\d+)>.*?· (m-[0-9a-f]{8})", html, re.DOTALL))
    assert len(rows) > 100
    spots = set(re.findall(r'class="spot[^"]*" href="#r(\d+)"', html))
    unseen = {rows[number] for number in rows.keys() - spots}
    messages = {row.key.id: row for row in Extractor(small_copy).messages(Leaflet("fibromyalgia"))}
    seen_elsewhere = {"templates/state.html", "handouts/fibromyalgia/handout.toml"}  # in the margins of each page
    left = {messages[name].key.text for name in unseen if messages[name].file not in seen_elsewhere}
    # Texts in place of pictures, and what stands there for another clinic, country, handout or number of studies.
    assert left == {
        "LDN and opioid medicine, crossed out: not together.",
        "A capsule. An oral syringe, filled to its line.",
        "Scan to see if this sheet is up to date.",
        "A <b>compounding pharmacy</b> makes it for you. The government has not approved this use "
        "(<b>off-label</b>) or this product.",
        "Mixed",
        "Studies: {year}.",
    }
    with pikepdf.open("preview/es-US/fibromyalgia.standard.pdf") as document:
        assert len(document.pages) > 10


def test_preview_follows_each_save(small_copy: Library, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --watch the page is written again when the catalog is saved, and says when."""
    page, stamp = (Path(f"preview/es-US/fibromyalgia.standard.html{ending}") for ending in ("", ".js"))

    def save_and_stop() -> None:
        deadline = time.monotonic() + 60
        while not stamp.is_file() and time.monotonic() < deadline:
            sleep(0.05)
        sleep(0.5)
        before = stamp.read_bytes()
        change(small_copy.root / PO, 'msgstr "Sarpullido."', 'msgstr "Sarpullido rojo."')
        while stamp.read_bytes() == before and time.monotonic() < deadline:
            sleep(0.05)
        done.set()

    done = threading.Event()
    sleep = time.sleep

    def poll(seconds: float) -> None:
        if done.is_set():
            raise KeyboardInterrupt
        sleep(seconds)

    monkeypatch.setattr(time, "sleep", poll)
    helper = threading.Thread(target=save_and_stop)
    helper.start()
    code = cli.run(("preview", "es-US", "fibromyalgia", "--watch"))
    helper.join()

    assert code == 0
    assert "Sarpullido rojo." in page.read_text(encoding="utf-8")
    assert "setInterval" in page.read_text(encoding="utf-8")


def test_made_up_languages_show_what_breaks(small_copy: Library, run: Run) -> None:
    """Pages are written whatever is found, and each finding is told."""
    ran = run("pseudo", "fibromyalgia", "--grow", "40")

    assert ran.code == 1
    for kind in ("accented", "mirrored", "longest"):
        with pikepdf.open(f"pseudo/{kind}/fibromyalgia.standard.letter.pdf") as document:
            assert document.Root.Lang == f"x-{kind}"
    assert "mm too long" in ran.out
    assert "P-glyph" not in ran.out


def test_disguise_keeps_what_a_translator_must_keep() -> None:
    """Placeholders, tags and line breaks stay; the text grows by the share that was asked for."""
    text = "<b>Take {dose}.</b>\nThen rest at home for a while."

    for kind in KINDS:
        changed = disguise(text, kind, 0.5)
        assert changed.startswith("<b>")
        assert "{dose}" in changed
        assert "</b>\n" in changed
        assert text_width(changed) >= 1.3 * text_width(text)


def test_page_says_whether_a_machine_or_a_person_translated(small_copy: Library, run: Run) -> None:
    """Both are drafts; a person's work is not called a machine's."""
    run("build", "fibromyalgia", "-l", "es-US", "-f", "text")
    page = Path("out/es-US/fibromyalgia.standard.txt")
    assert "BORRADOR: traducción automática sin revisar" in page.read_text(encoding="utf-8")

    change(small_copy.root / PO, "X-Status: draft-mt", "X-Status: draft")
    run("build", "fibromyalgia", "-l", "es-US", "-f", "text")

    assert "BORRADOR: traducción sin revisar" in page.read_text(encoding="utf-8")
