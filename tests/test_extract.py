"""Finding the messages: nothing is left out in silence."""

from __future__ import annotations

import pytest

from ldn_print.errors import ContentError, RenderError
from ldn_print.extract import Extractor
from ldn_print.messages import MessageKey
from ldn_print.models import Leaflet
from ldn_print.project import Library
from tests.conftest import ROOT, Run, change


def test_messages_come_in_reading_order(extractor: Extractor) -> None:
    """A translator reads the sheet from top to bottom."""
    texts = [message.key.text for message in extractor.messages(Leaflet("fibromyalgia"))]
    wanted = [
        "At a glance",
        "WARNING",
        "What is LDN?",
        "Before you start",
        "When to get help",
        "About this sheet.",
    ]

    assert [text for text in texts if text in wanted] == wanted


def test_placeholder_is_explained_with_its_value(extractor: Extractor) -> None:
    """A translator sees what a placeholder stands for."""
    messages = {message.key.text: message for message in extractor.library}

    assert messages["Opioid in the last {days} days"].examples == (("days", "14"),)
    assert messages["Never split or crush {tablet} naltrexone. It is too strong."].examples == (
        ("tablet", "50 mg"),
    )


def test_same_words_with_two_uses_are_two_messages(extractor: Extractor) -> None:
    """A context keeps uses apart, and each danger sign in its tier."""
    keys = {message.key for message in extractor.library}

    assert MessageKey("emergency", "Confusion.") in keys
    assert MessageKey("today", "Dark urine.") in keys
    assert MessageKey("", "Confusion.") not in keys


def test_syntax_error_stops_the_extraction(copy: Library) -> None:
    """A template that cannot be read is an error with file and line, not a handout without messages."""
    change(copy.templates / "sections" / "warning.html", "</section>", "{% trans %}x\n</section>")

    with pytest.raises(RenderError) as caught:
        _ = Extractor(copy).library

    assert "sections/warning.html:" in str(caught.value)
    assert "syntax error" in str(caught.value)


def test_number_inside_a_message_is_refused(copy: Library) -> None:
    """A dose or a count in a message could be changed by a translator."""
    change(copy.templates / "sections" / "steps.html", "Never double: that is too much.", "Never take 2.")

    with pytest.raises(ContentError) as caught:
        _ = Extractor(copy).library

    assert "a number stands inside the message" in str(caught.value)
    assert "templates/sections/steps.html:" in str(caught.value)


def test_foreign_tag_inside_a_message_is_refused(copy: Library) -> None:
    """Only bold may stand in a message."""
    change(copy.templates / "sections" / "steps.html", "Never double: that is too much.", "Never <i>take</i> two.")

    with pytest.raises(ContentError, match="<i> inside the message"):
        _ = Extractor(copy).library


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ _(title) }}", "is not a plain text"),
        ("{% include title %}", "the name of the template is not a plain text"),
    ],
)
def test_what_cannot_be_found_before_printing_is_refused(copy: Library, text: str, words: str) -> None:
    """A message or a template that is only known while printing could not be translated."""
    change(copy.templates / "sections" / "steps.html", "<li>", f"{text}<li>")

    with pytest.raises(ContentError, match=words):
        _ = Extractor(copy).library


def test_catalogs_of_the_repository_are_current(copy: Library, run: Run) -> None:
    """What translators work from is what the templates say; every catalog has just these messages."""
    before = {path: path.read_bytes() for path in copy.locales.rglob("*.po*")}

    ran = run("update")

    assert ran.code == 0
    assert {path: path.read_bytes() for path in copy.locales.rglob("*.po*")} == before
    assert len(ran.out.splitlines()) == len(list(copy.locales.glob("**/*.po*")))
    assert "written" not in ran.out


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_template_catalog_is_the_same_for_any_hash_seed(copy: Library, run_program: Run, seed: str) -> None:
    """Python's random order of sets never reaches a file."""
    expected = (ROOT / "locales" / "ldn_print.pot").read_bytes()
    copy.template_catalog.unlink()

    ran = run_program("extract", PYTHONHASHSEED=seed, LDN_PRINT_LIBRARY=str(copy.root))

    assert ran.code == 0
    assert "ldn_print.pot: written" in ran.out
    assert copy.template_catalog.read_bytes() == expected


def test_extract_with_a_broken_template_writes_nothing(copy: Library, run: Run) -> None:
    """The command fails loudly and leaves the old file alone."""
    before = copy.template_catalog.read_bytes()
    change(copy.templates / "sections" / "sheet.html", "{% endcall %}", "")

    ran = run("extract")

    assert ran.code == 4
    assert "sheet.html:" in ran.err
    assert copy.template_catalog.read_bytes() == before
