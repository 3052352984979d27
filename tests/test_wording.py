"""The exact words that are signed: their file, its digest, and what changes it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ldn_print.extract import Extractor, is_state
from ldn_print.languages import get_language
from ldn_print.messages import TAG
from ldn_print.models import Leaflet
from ldn_print.project import Library
from ldn_print.sources import Sources
from ldn_print.word_diff import as_text, changed_lines
from ldn_print.wording import Line, Wording, plain, read_wording
from tests.conftest import ROOT, Run, change

SHEET = Leaflet("fibromyalgia")
VECTOR = Wording(
    name="example",
    edition="standard",
    language="ar",
    evidence="3 mixed",
    sources=("one-2020", "two-2021"),
    lines=(Line("h1", "عنوان"), Line("li", "☐ Naltrexone 4.5 mg"), Line("p", "{emergency}")),
)
VECTOR_TEXT = (
    "ldn_print wording 1\nleaflet: example\nedition: standard\nlanguage: ar\nevidence: 3 mixed\n"
    "sources: one-2020 two-2021\n\nh1 عنوان\nli ☐ Naltrexone 4.5 mg\np {emergency}\n"
)
VECTOR_DIGEST = "9b0cd77c32ff636ba4d3bcf3c096d73f442b490b96341eb288b23fa380305235"


def wording(library: Library, cache: Path, tag: str = "en", leaflet: Leaflet = SHEET) -> Wording:
    """Return a leaflet's words, read anew."""
    return Sources(library, cache).wording(leaflet, get_language(tag))


def test_vector_has_its_digest() -> None:
    """The form of the file and its digest never change: signatures of today have to count in ten years."""
    assert VECTOR.text == VECTOR_TEXT
    assert VECTOR.digest == hashlib.sha256(VECTOR_TEXT.encode()).hexdigest()
    assert VECTOR.digest == VECTOR_DIGEST
    head, lines = read_wording(VECTOR.text)
    assert head["language"] == "ar"
    assert head["sources"] == "one-2020 two-2021"
    assert lines == ("h1 عنوان", "li ☐ Naltrexone 4.5 mg", "p {emergency}")


@pytest.mark.parametrize(
    ("written", "signed"),
    [
        ("4.5\u00a0mg", "4.5 mg"),
        ("\u20664.5\u202fmg\u2069", "4.5 mg"),
        ("low\u00ad dose\u200b", "low dose"),
        ("e\u0301", "é"),
        ("क्\u200dष", "क्\u200dष"),
        ("می\u200cخورم", "می\u200cخورم"),
        ("  two \n lines ", "two lines"),
    ],
)
def test_text_is_signed_as_a_reader_sees_it(written: str, signed: str) -> None:
    """Spaces and signs that steer lines are no words; joiners change how words are read."""
    assert plain(written) == signed


def test_command_prints_what_is_hashed(run: Run) -> None:
    """Anybody can check a digest with a tool of their own."""
    ran = run("approvals", "fibromyalgia", "-e", "standard", "-l", "en", "--words")
    state = run("approvals", "fibromyalgia", "-e", "standard", "-l", "en")

    assert ran.out.startswith("ldn_print wording 1\nleaflet: fibromyalgia\n")
    assert hashlib.sha256(ran.out.encode()).hexdigest()[:12] in state.out
    assert "li Never split or crush 50 mg naltrexone. It is too strong.\n" in ran.out
    assert "li Plans to end your life. Or call {crisis}.\n" in ran.out
    assert "911" not in ran.out
    assert "2026-11" not in ran.out
    assert "DRAFT" not in ran.out


@pytest.mark.parametrize("tag", ["en", "es-US", "ar", "zh-Hans", "hi"])
@pytest.mark.parametrize("leaflet", [SHEET, Leaflet("lupus", "guide"), Leaflet.of_tool("card")])
def test_every_message_is_signed(library: Library, cache_folder: Path, tag: str, leaflet: Leaflet) -> None:
    """No word of a leaflet gets onto paper past the signature: also what only some copies show."""
    sources = Sources(library, cache_folder)
    words = sources.wording(leaflet, get_language(tag))
    messages = [row for row in Extractor(library).messages(leaflet) if not is_state(row)]

    assert {row.key.id for row in messages} <= set(words.messages)
    translation = sources.completeness(leaflet, get_language(tag)).translation()
    for message in messages:
        for text in translation.strings(message.key):
            parts = [plain(part) for part in TAG.sub("", text).replace("}", "{").split("{")[::2]]
            assert all(part in words.text for part in parts), message.key.text


def test_words_change_the_digest_and_nothing_else_does(small_copy: Library, tmp_path: Path) -> None:
    """Style, names of classes and the clinic are no words; a dose, a sentence, an order, a level are."""
    first = wording(small_copy, tmp_path).digest
    (small_copy.templates / "css" / "blocks.css").write_text("p { color: #000 }", encoding="utf-8")
    change(
        small_copy.templates / "sections" / "help.html", '<div class="tier now">', '<div class="tier now else">'
    )
    assert wording(small_copy, tmp_path).digest == first

    seen = {first}
    for path, old, new in (
        ("templates/sections/steps.html", "dose(50)", "dose(60)"),
        ("templates/sections/help.html", "Take no LDN.", "Take LDN."),
        ("templates/sections/help.html", ', pgettext("today", "Rash.")', ""),
        ("templates/sections/help.html", "<h3>", "<h4>"),
        ("handouts/fibromyalgia/handout.toml", "level = 3", "level = 2"),
        ("handouts/fibromyalgia/handout.toml", '"bested-2023", ', ""),
        ("templates/macros/plan.html", "%}evening{%", "%}night{%"),
    ):
        change(small_copy.root / path, old, new)
        digest = wording(small_copy, tmp_path).digest
        assert digest not in seen, new
        seen.add(digest)


def test_shared_sentence_touches_every_sheet_and_its_section_alone(small_copy: Library, tmp_path: Path) -> None:
    """The digests of sections show where a change is."""
    before = {name: wording(small_copy, tmp_path, leaflet=Leaflet(name)) for name in small_copy.handout_ids()}
    change(small_copy.templates / "sections" / "help.html", "Bad dreams.", "Very bad dreams.")

    for name, old in before.items():
        new = wording(small_copy, tmp_path, leaflet=Leaflet(name))
        changed = {part for part in old.sections if old.sections[part] != new.sections[part]}
        assert changed == {"help"}
        (line,) = changed_lines(read_wording(old.text)[1], read_wording(new.text)[1])
        assert as_text(line) == "li [-Bad-]{+Very bad+} dreams. Poor sleep. Upset stomach."


def test_change_in_a_script_without_spaces_is_shown_sign_by_sign() -> None:
    """A reviewer of Chinese sees the sign that changed, not a whole sentence."""
    (line,) = changed_lines(["p 不要服用阿片类药物。"], ["p 可以服用阿片类药物。"])

    assert as_text(line) == "p [-不要-]{+可以+}服用阿片类药物。"


def test_documentation_shows_words_that_are_there() -> None:
    """The form that docs/approvals.md tells is the form that the program writes."""
    text = (ROOT / "docs" / "approvals.md").read_text(encoding="utf-8")

    for line in ("ldn_print wording 1", "li Never split or crush 50 mg naltrexone. It is too strong."):
        assert line in text
