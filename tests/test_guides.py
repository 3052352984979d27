"""The guide, the tools and what stands behind a handout: pages, shared words, standards, readable text."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest

from ldn_print.extract import Extractor
from ldn_print.models import Leaflet
from ldn_print.outline import read_blocks
from ldn_print.project import Library
from tests.conftest import FEW, FULL, HANDOUTS, PARTLY, Printed, Run, change, one_process, pdf_text
from tests.test_engine import plain
from tests.test_render import page
from tests.vera import find_all_failures

TOOLS = ("card", "diary", "dose-plan", "opioids", "visit")
OPIOIDS = (
    "buprenorphine butorphanol codeine fentanyl hydrocodone hydromorphone levorphanol meperidine methadone "
    "morphine oxycodone oxymorphone pentazocine tapentadol tramadol dihydrocodeine diphenoxylate eluxadoline "
    "loperamide kratom tianeptine heroin"
).split()


def pages(path: Path) -> int:
    """Return how many pages a file has."""
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def test_everything_is_printed(printed_guides: Printed) -> None:
    """Guides on both papers, each tool on one page, a handout with all tools on even pages."""
    assert printed_guides.report.refused == []
    guides = {handout: pages(printed_guides.path(handout, "en", edition="guide")) for handout in HANDOUTS}
    assert set(guides.values()) == {4}
    for paper in ("letter", "a4"):
        assert {pages(printed_guides.path(handout, "es-US", paper, "guide")) for handout in FEW} <= {4, 6}
    for tag in (*FULL, *PARTLY):
        for tool in TOOLS:
            assert pages(printed_guides.path(tool, tag, edition="tool")) == 1
        assert pages(printed_guides.path("fibromyalgia", tag, edition=f"standard+{'+'.join(TOOLS)}")) == 8


@pytest.mark.parametrize("tag", [*FULL, *PARTLY])
@one_process
def test_every_file_passes_both_standards(printed_guides: Printed, tag: str) -> None:
    """PDF/UA-1 and PDF/A-2a, by veraPDF (standards 68)."""
    paths = list(printed_guides.paths(tag))

    assert len(paths) > len(TOOLS)
    assert find_all_failures(paths) == {}


@pytest.mark.parametrize("handout", HANDOUTS)
def test_guide_starts_with_the_page_of_the_sheet(library: Library, handout: str) -> None:
    """Design 4: page 1 of the guide is page 1 of the sheet, word for word."""
    sheet, guide = (
        [block for block in read_blocks(page(library, handout=handout, edition=edition).html) if block.face == 1]
        for edition in ("standard", "guide")
    )

    assert sheet == guide


@pytest.mark.parametrize("handout", HANDOUTS)
def test_guide_says_all_that_the_sheet_says_in_the_same_messages(extractor: Extractor, handout: str) -> None:
    """Same messages where they say the same thing: nothing is translated twice, nothing can differ."""
    sheet, guide = (
        {message.key for message in extractor.messages(Leaflet(handout, edition)) if message.file != "state.html"}
        for edition in ("standard", "guide")
    )

    assert sheet < guide


@pytest.mark.parametrize("name", OPIOIDS)
def test_every_opioid_is_named_in_guide_and_check_list(printed_guides: Printed, name: str) -> None:
    """Facts 3.2: the full list of hidden opioids, in the guide and with a box each in the check list."""
    assert name in pdf_text(printed_guides.path("fibromyalgia", "en", edition="guide"))
    assert name in pdf_text(printed_guides.path("opioids", "en", edition="tool"))


@pytest.mark.parametrize("tag", [*FULL, *PARTLY])
def test_card_speaks_the_language_of_emergency_staff(printed_guides: Printed, tag: str) -> None:
    """Standards 7 (47): one side is for the team that finds the card, whatever the patient reads."""
    text = plain(pdf_text(printed_guides.path("card", tag, edition="tool")))

    assert "EMERGENCYCARD" in text
    assert "Donotgivenaltrexone" in text or "Nevergivenaltrexonetosomeonewhodependsonopioids." in text
    assert "1-800-222-1222" in text


def test_card_is_refused_where_staff_could_not_read_it(run: Run) -> None:
    """English never stands in for the language of the country of care."""
    Path("clinic.toml").write_text('country = "DE"\n', encoding="utf-8")

    ran = run("build", "card", "-l", "en", "--clinic", "clinic.toml")

    assert ran.code == 1
    assert "the language of emergency staff in Germany" in ran.err
    assert not list(Path().rglob("*.pdf"))


def test_card_that_does_not_fit_its_panel_is_refused(copy: Library, run: Run) -> None:
    """Nothing of a card may be cut off."""
    change(copy.templates / "sections" / "card-staff.html", "For emergency staff", "For emergency staff " * 12)

    ran = run("build", "card", "-l", "en")

    assert ran.code == 1
    assert "does not fit its column or the page [P-outside]" in ran.err


def test_back_of_the_card_stays_empty(printed_guides: Printed) -> None:
    """Standards 2.5: cutting the card out takes nothing away."""
    with pikepdf.open(printed_guides.path("fibromyalgia", "en", edition=f"standard+{'+'.join(TOOLS)}")) as pdf:
        assert len(pdf.pages) == 8
    text = pdf_text(printed_guides.path("fibromyalgia", "en", edition=f"standard+{'+'.join(TOOLS)}")).split("\f")

    assert "EMERGENCY CARD" in text[6]
    assert re.sub(r"(?s)DRAFT.*?English|LDN for.*", "", text[7]).split() == (
        "This side stays empty, so that you can cut out the card.".split()
    )


def test_tool_needs_only_its_own_messages(copy: Library, run: Run) -> None:
    """A sheet is printed although a tool is not translated; with the tool behind it, it is refused."""
    po = copy.catalog("es_US")
    text = po.read_text(encoding="utf-8")
    head, _, rest = text.partition('msgid "Stop going up and call us if:"')
    po.write_text(head + 'msgid "Something else"' + rest, encoding="utf-8")

    assert run("build", "fibromyalgia", "-l", "es-US").code == 0
    ran = run("build", "fibromyalgia", "-l", "es-US", "--with", "dose-plan")

    assert ran.code == 1
    assert "no translation of 'Stop going up and call us if:'" in ran.err


@pytest.mark.parametrize(("arguments", "word"), [(("--with", "dairy"), "diary"), (("dairy",), "not known")])
def test_unknown_tool_is_named_with_the_nearest(run: Run, arguments: tuple[str, ...], word: str) -> None:
    """A slip of the pen gets a hint."""
    ran = run("build", *arguments)

    assert ran.code == 3
    assert word in ran.err
