"""Several handouts in one file: what they share once, a page of each, the tools, one list of contents."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path

import pikepdf
import pytest

from ldn_print.clinic import default_clinic
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.languages import all_languages
from ldn_print.models import Leaflet
from ldn_print.outline import read_blocks
from ldn_print.press import Press
from ldn_print.project import Library
from tests.conftest import Run, one_process, pdf_text
from tests.vera import find_failures

HANDOUTS = ("fibromyalgia", "depression")
TOOLS = ("card", "diary")


@pytest.fixture(scope="module")
def press(library: Library, cache_folder: Path) -> Press:
    """Return a press over the real library."""
    return Press(Settings(library, default_clinic(), cache_folder))


@pytest.fixture(scope="module")
def made(press: Press) -> dict[str, JobResult]:
    """Return a packet of two handouts and two tools in every language."""
    leaflet = Leaflet.of_packet(HANDOUTS, TOOLS)
    return {tag: press.make(Job(leaflet, tag, "letter")) for tag in all_languages()}


@pytest.mark.parametrize("tag", all_languages())
@one_process
def test_packet_is_whole_sheets_and_passes_both_standards(made: dict[str, JobResult], tag: str) -> None:
    """A cover, the shared sheet, a page of each handout, then the tools; PDF/UA-1 and PDF/A-2a (standards 68)."""
    result = made[tag]

    assert (result.findings, result.error, result.pages) == ((), None, 10)
    assert find_failures(result.data, "ua1", "2a") == []


@pytest.mark.parametrize(("tag", "with_tools"), [("es-US", True), ("ar", False)])
def test_longest_packet_fits(press: Press, library: Library, tag: str, with_tools: bool) -> None:
    """Six handouts, those with the longest names and pages, alone and with every tool behind them."""
    names = ("inflammatory-arthritis", "complex-regional-pain-syndrome", "painful-neuropathy", "depression")
    leaflet = Leaflet.of_packet((*names, "postherpetic-neuralgia", "anxiety"), library.tool_ids() * with_tools)
    made = press.make(Job(leaflet, tag, "letter"))

    assert (made.findings, made.error) == ((), None)


def test_what_handouts_share_stands_there_once(press: Press) -> None:
    """The side effects, the tiers of help and the steps come once; what belongs to a condition comes for each."""
    job = Job(Leaflet.of_packet(HANDOUTS, ()), "en", "letter", "html")
    texts = Counter(block.text for block in read_blocks(press.make(job).data.decode()))

    for shared in ("5 Side effects", "EMERGENCY", "2 Before you start", "3 How to take it"):
        assert texts[shared] == 1
    assert texts["1 You and LDN"] == len(HANDOUTS)
    assert texts["Before you start LDN, tell us about any past suicide attempt."] == 1
    assert texts["\u2610 Do the study results fit someone like me?"] == 1


@one_process
def test_contents_name_the_true_pages(made: dict[str, JobResult], tmp_path: Path) -> None:
    """Each line of the contents names the page on which the part starts."""
    path = tmp_path / "packet.pdf"
    path.write_bytes(made["en"].data)
    pages = pdf_text(path).split("\f")
    lines = re.findall(r"^((?:Low dose|LDN for|My) .+) (\d+)$", pages[0], re.MULTILINE)

    assert [int(number) for _, number in lines] == [2, 4, 5, 7, 9]
    for title, number in lines:
        name = title.removeprefix("LDN for ").casefold()
        assert name in pages[int(number) - 1].replace("\n", " ").casefold()


@one_process
def test_card_keeps_an_empty_back(made: dict[str, JobResult], tmp_path: Path) -> None:
    """The card stands on a front side: cutting it out takes nothing away (standards 2.5)."""
    path = tmp_path / "packet.pdf"
    path.write_bytes(made["en"].data)
    pages = pdf_text(path).split("\f")

    assert "EMERGENCY CARD" in pages[8]
    assert "This side stays empty" in pages[9]


@one_process
def test_packet_has_one_outline(made: dict[str, JobResult]) -> None:
    """One title, and every handout and tool below it."""
    with pikepdf.open(io.BytesIO(made["en"].data)) as pdf, pdf.open_outline() as outline:
        assert len(outline.root) == 1
        titles = [str(item.title) for item in outline.root[0].children]

    for name in ("Taking low dose naltrexone (LDN) for fibromyalgia", "My diary with low dose naltrexone (LDN)"):
        assert name in titles


@pytest.mark.parametrize("names", [(), ("fibromyalgia",), tuple("abcdefg")])
def test_packet_needs_two_to_six_names(run: Run, names: tuple[str, ...]) -> None:
    """A wrong number of handouts is told with the right one."""
    ran = run("build", *names, "--edition", "packet")

    assert ran.code in (2, 3) if names == tuple("abcdefg") else ran.code == 2
    assert ran.err
    assert not list(Path.cwd().glob("out/**/*.pdf"))


def test_card_is_an_edition_too(run: Run) -> None:
    """The wallet card can be asked for as an edition: it is the same for every handout."""
    ran = run("build", "--edition", "card", "-l", "en")

    assert [Path(line).name for line in ran.out.split()] == ["card.tool.letter.pdf"]
