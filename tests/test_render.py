"""From messages and values to the page: language, direction, ids, and nothing that does not belong there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from ldn_print.cli.places import cache_folder
from ldn_print.clinic import default_clinic, parse_clinic
from ldn_print.countries import Paper
from ldn_print.errors import RenderError
from ldn_print.jobs import Settings
from ldn_print.languages import all_languages, get_language, use_languages_of
from ldn_print.messages import to_markup, to_plain
from ldn_print.models import Clinic, Edition, Leaflet
from ldn_print.page import Order, RenderedPage, Staff
from ldn_print.press import Press
from ldn_print.project import Library
from ldn_print.render import Renderer
from ldn_print.tables import Table
from tests.conftest import ROOT, change

TAGS = list(all_languages())


def page(
    library: Library,
    tag: str = "en",
    clinic: Clinic | None = None,
    handout: str = "fibromyalgia",
    edition: Edition = "standard",
    paper: Paper = "letter",
) -> RenderedPage:
    """Return a rendered page of a library.

    The real library does not change while tests run, and its templates and catalogs are read once; a copy may
    have been damaged since, and is read each time.
    """
    clinic = clinic or default_clinic()
    press, renderer = _open_real() if library.root == ROOT else _open(library)
    use_languages_of(library.languages)
    leaflet = Leaflet(handout, edition)
    words = press.completeness(leaflet, get_language(tag)).translation()
    english = press.completeness(leaflet, get_language("en")).translation()
    order = Order(leaflet, press.handout(handout), (), clinic, paper)
    return renderer.render(order, words, Staff(english, english))


def _open(library: Library) -> tuple[Press, Renderer]:
    """Return what makes the pages of a library; the clinic of a page comes with its order."""
    return Press(Settings(library, default_clinic(), cache_folder())), Renderer(library)


@cache
def _open_real() -> tuple[Press, Renderer]:
    return _open(Library(ROOT))


@pytest.mark.parametrize("tag", TAGS)
def test_page_names_its_language_and_direction(library: Library, tag: str) -> None:
    """Design §2.1: a handout names its language."""
    html = page(library, tag).html
    language = get_language(tag)

    assert f'<html lang="{tag}" dir="{language.direction}">' in html
    assert f">{language.label}<" in html


@pytest.mark.parametrize("tag", TAGS)
def test_every_text_block_carries_the_id_of_its_message(library: Library, tag: str) -> None:
    """Every message on the page can be found again; the same ones stand there in every language."""
    pattern = re.compile(r'data-message="(m-[0-9a-f]{8})"')
    marks = {"m-0993fa5e", "m-53fe9a5e"}

    here, english = (set(pattern.findall(page(library, row).html)) - marks for row in (tag, "en"))

    assert here == english
    assert len(here) > 80
    assert not re.search("[\ue000-\uf8ff]", page(library, tag).html)


def test_unapproved_sheet_says_so_in_its_language_and_in_the_clinics(library: Library) -> None:
    """Design §2.3: nothing unapproved looks approved."""
    html = page(library, "ar").html

    assert '<p lang="ar" dir="rtl">' in html
    assert '<p lang="en" dir="ltr">DRAFT: machine translation, not checked</p>' in html
    assert "DRAFT: not yet approved" in page(library, "en").html


def test_clinic_without_a_phone_gets_lines_to_write_on(library: Library) -> None:
    """A missing phone is never a blank label."""
    html = page(library).html

    assert html.count('data-blank="clinic phone"') == 2
    assert "None" not in re.sub(r">None of these<", "", html)


def test_clinic_with_everything_is_shown(library: Library) -> None:
    """Name, address and phones stand in the corner, the phone also where it is needed."""
    table = Table(
        "clinic.toml",
        {
            "country": "IE",
            "name": "Example Clinic & Sons",
            "address": ["1 Example Street", "Example Town"],
            "phone": "555-0142",
            "after_hours": "555-0143",
        },
    )

    html = page(library, clinic=parse_clinic(table, Path())).html

    assert "Example Clinic &amp; Sons" in html
    assert html.count("555-0142") == 3
    assert "555-0143" in html
    assert ">112<" in html
    assert "HPRA" in html
    assert "911" not in html


def test_unconfirmed_regulator_is_not_named(library: Library) -> None:
    """Where the regulator's name was not confirmed, the sheet says government."""
    html = page(library, clinic=parse_clinic(Table("clinic.toml", {"country": "DE"}), Path())).html

    assert "BfArM" not in html
    assert "The government has not approved this use" in html


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ nonsense }}", "'nonsense' is undefined"),
        ("{{ handout.nonsense }}", "has no attribute 'nonsense'"),
        ("{{ ''.__class__.__mro__ }}", "is unsafe"),
        ("{{ page.catalog.__init__.__globals__ }}", "is unsafe"),
        ("{{ dose(0) }}", "not a dose"),
        ("{{ number(-1) }}", "not a whole number"),
        ('{% include "nowhere.html" %}', "nowhere.html"),
    ],
)
def test_fault_in_a_template_is_told_with_its_place(copy: Library, text: str, words: str) -> None:
    """Undefined names, unsafe looks and impossible doses stop the page, with file and line."""
    change(copy.templates / "sections" / "steps.html", "<li>", f"{text}<li>")

    with pytest.raises((RenderError, Exception)) as caught:
        page(copy)

    assert type(caught.value).__name__ in ("RenderError", "ContentError")
    assert words in str(caught.value)
    assert ".html" in str(caught.value)


def test_translation_cannot_bring_markup_or_code() -> None:
    """What a translator writes is text: markup is escaped, braces fetch nothing but values."""
    shown = to_markup("<b>a</b> <i>b</i> {x} {{ 7 * 7 }} {x.__class__}", {"x": "<v>"})

    assert shown == "<b>a</b> &lt;i&gt;b&lt;/i&gt; &lt;v&gt; {{ 7 * 7 }} {x.__class__}"


def test_placeholder_without_a_value_stops_the_page() -> None:
    """A hole in a sentence is never printed."""
    with pytest.raises(KeyError):
        to_markup("Call {phone}.", {})


def test_line_break_of_a_title_is_kept_on_the_page_and_not_in_the_metadata() -> None:
    """A translator may say where a title breaks."""
    assert to_markup("a\nb", {}) == "a<br>b"
    assert to_plain("a\n<b>b</b>", {}) == "a b"


def test_fingerprint_changes_with_the_words_and_with_nothing_else(copy: Library) -> None:
    """Equal pages have equal fingerprints; another word gives another one."""
    first, again = page(copy), page(copy)
    change(copy.templates / "sections" / "steps.html", "Never double: that is too much.", "Two are too much.")

    assert first.fingerprint == again.fingerprint
    assert page(copy).fingerprint != first.fingerprint
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}", first.fingerprint)
    assert first.fingerprint in first.html


def test_paper_changes_the_page_size_only(library: Library) -> None:
    """Letter and A4 are laid out natively from the same page."""
    letter, a4 = page(library), page(library, paper="a4")

    assert "215.9mm 279.4mm" in letter.css
    assert "210.0mm 297.0mm" in a4.css
    assert letter.html.replace(letter.fingerprint, a4.fingerprint) == a4.html


def test_handout_cannot_drop_the_warning(copy: Library) -> None:
    """Safety parts stand outside of any block: a condition's template cannot reach them."""
    template = copy.handouts / "fibromyalgia" / "handout.html"
    template.write_text(template.read_text() + "{% block warning %}{% endblock %}{% block help %}{% endblock %}")

    html = page(copy).html

    assert "Do not take any opioid with LDN." in html
    assert "Hard to breathe." in html


@pytest.mark.parametrize("tag", TAGS)
def test_dose_is_the_same_in_every_language_of_a_country(copy: Library, tag: str) -> None:
    """A sheet says what the label of the country of care says, in whatever language it is."""
    change(copy.templates / "sections" / "steps.html", "dose(50)", "dose(4.5)")
    norway = parse_clinic(Table("clinic.toml", {"country": "NO"}), Path())

    assert '<bdi dir="ltr" class="dose">4,5\u00a0mg</bdi>' in page(copy, tag, norway).html
    assert '<bdi dir="ltr" class="dose">4.5\u00a0mg</bdi>' in page(copy, tag).html
