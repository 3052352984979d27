"""The form of a leaflet: each planted fault is found, with its place and a way out."""

from __future__ import annotations

from datetime import date

import pytest

from ldn_print.cli import places
from ldn_print.errors import Severity
from ldn_print.outline import read_blocks
from ldn_print.project import Library
from ldn_print.review import review
from tests.conftest import Run, change
from tests.test_render import page

STEP = "<li>{% trans %}Missed a dose? Skip it. Never double: that is too much.{% endtrans %}</li>\n"
LONG = "word " * 50


# A fault: the template, the words in it, what they become, the code and some words of the finding.
FAULTS = {
    "long heading": ("help.html", "When to get help", "When to get help" + " now" * 6, "S-heading", "words"),
    "two sentences": ("help.html", "When to get help", "Get help. Do it", "S-heading", "two sentences"),
    "long list": ("steps.html", STEP, STEP * 2, "S-list", "6 points"),
    "long paragraph": ("steps.html", "Never double: that is too much.", LONG, "S-paragraph", "one paragraph"),
    "long column": ("dose-plan.html", "Start on", "Start on " + "day " * 6, "S-table", "a long head"),
    "many words": ("before-you-start.html", "None of these", LONG, "S-budget", "words in part 1"),
    "term": ("what-it-is.html", "has not approved this use (<b>off-label</b>)", "is off-label", "S-term", "off"),
    "other term": ("warning.html", "Do not take any opioid", "Never take naloxone", "S-term", "naloxone"),
    "no purpose": ("head.html", "How to take it safely, and when to call.", "A page.", "S-purpose", "words"),
    "no about": ("sheet.html", '{% include "sections/about.html" %}\n', "", "S-locked", "the part 'about'"),
    "no steps": ("sheet.html", '{% include "sections/steps.html" %}', "", "S-action", "1 steps"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_of_form_is_found(small_copy: Library, run: Run, fault: str) -> None:
    """Standards 1.1 and 1.2: every item that a program can judge is judged."""
    file, old, new, code, words = FAULTS[fault]
    change(small_copy.templates / "sections" / file, old, new)

    ran = run("check")

    assert ran.code == 1
    found = [line for line in ran.out.splitlines() if f"[{code}]" in line and words in line]
    assert found, ran.out
    assert found[0].startswith(("templates/", "handouts/"))


def test_handout_that_knows_everything_is_found(small_copy: Library, run: Run) -> None:
    """CDC item 11: what is not known has to be said."""
    for path in small_copy.handouts.glob("*/handout.html"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("<b>We do not know</b>", "<b>We ask</b>"), encoding="utf-8")

    assert "nothing says what is not known [S-unknown]" in run("check").out


def test_date_that_has_passed_is_a_warning(library: Library) -> None:
    """A source or a text that somebody had to look at again is told, and refuses nothing."""
    press = places.press()

    early, late = (review(press, day) for day in (date(2026, 11, 23), date(2029, 1, 1)))

    assert early == ()
    assert {finding.severity for finding in late} == {Severity.WARNING}
    assert {finding.code for finding in late} == {"E-recheck", "R-review"}
    assert len(late) == len(press.references) + len(library.handout_ids()) + len(library.tool_ids())


def test_blocks_come_in_reading_order_with_their_face_and_messages(library: Library) -> None:
    """What checks and other formats read is the page as a person meets it."""
    blocks = [block for block in read_blocks(page(library).html) if block.face]
    texts = [block.text for block in blocks]

    assert blocks[0].kind == "h1"
    assert (
        texts.index("At a glance")
        < texts.index("Do not take any opioid with LDN.")
        < texts.index("4 When to get help")
    )
    assert {block.face for block in blocks} == {1, 2}
    sign = next(block for block in blocks if block.text.startswith("Hard to breathe."))
    assert (sign.kind, len(sign.messages)) == ("li", 2)
