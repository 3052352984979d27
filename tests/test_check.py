"""``check``: silent on the library, and a planted error of each kind is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ldn_print.checks.source import check_messages
from ldn_print.messages import MessageKey, SourceMessage
from ldn_print.project import Library
from tests.conftest import Run, change

STEPS = "templates/sections/steps.html"
TOML = "handouts/fibromyalgia/handout.toml"
STEP = "Missed a dose? Skip it. Never double: that is too much."


def codes(text: str, file: str = "templates/x.html") -> set[str]:
    """Return the codes of the findings about one English message."""
    return {finding.code for finding in check_messages([SourceMessage(MessageKey("", text), file, 1)])}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LDN cures pain.", {"S-claim"}),
        ("You will be pain-free.", {"S-claim"}),
        ("A miracle for many people.", {"S-claim"}),
        ("LDN is effective.", {"S-claim"}),
        ("LDN is proven to help.", {"S-claim"}),
        ("It is not proven.", set()),
        ("LDN is safe.", {"S-claim"}),
        ("We do not know if it is safe for years.", set()),
        ("It has no side effects.", {"S-claim"}),
        ("It is natural.", {"S-claim"}),
        ("It is FDA-approved.", {"S-claim"}),
        ("It boosts your immune system.", {"S-claim"}),
        ("It works better than opioids.", {"S-claim"}),
        ("Stop taking your medicine first.", {"S-claim"}),
        ("Do not stop your medicine.", set()),
        ("Take it q.d. with water.", {"S-notation"}),
        ("Take 1 µg.", {"S-notation"}),
        ("Pain & sleep.", {"S-notation"}),
        ("Titrate the dose.", {"S-jargon"}),
        ("It was no better than a placebo.", {"S-jargon"}),
        ("The patient should call.", {"S-person"}),
        ("Call us " + "and wait " * 12 + "now.", {"S-length"}),
        ("Call us if you feel sick.", set()),
    ],
)
def test_check_messages(text: str, expected: set[str]) -> None:
    """Claims, misread notation, hard words and long sentences are found; plain words pass."""
    assert codes(text) == expected


def test_instruction_in_the_passive_is_found_and_other_sentences_may_be_passive() -> None:
    """A step says who does what."""
    assert codes("The dose is written here.", "templates/sections/steps.html") == {"S-passive"}
    assert codes("The dose is written here.", "templates/sections/studies.html") == set()


def test_library_has_no_findings(run: Run) -> None:
    """The words that ship pass every check."""
    ran = run("check")

    assert (ran.code, ran.out, ran.err) == (0, "", "")


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        (STEPS, STEP, "LDN is guaranteed to help.", "S-claim"),
        (STEPS, STEP, "Take it b.i.d. at home.", "S-notation"),
        (STEPS, STEP, "Utilize the oral syringe.", "S-jargon"),
        (STEPS, STEP, "The capsule is swallowed whole.", "S-passive"),
        (TOML, "level = 3", "level = 2", "E-grade"),
        (TOML, 'direction = "mixed"', 'direction = "may help"', "E-grade"),
        (TOML, '"M79.7"', '"K50.90"', "C-code"),
        (TOML, "Taking low dose naltrexone (LDN) for", "Relief with low dose naltrexone (LDN) for", "S-title"),
        ("handouts/grades.toml", "fibromyalgia = ", "fibromyalgy = ", "E-grade"),
        ("locales/hi/LC_MESSAGES/ldn_print.po", "{weeks} हफ़्ते", "हफ़्ते", "T-placeholder"),
    ],
)
def test_planted_error_is_found_with_its_place(
    small_copy: Library, run: Run, file: str, old: str, new: str, code: str
) -> None:
    """Each kind of error is told with its file and a way out."""
    change(small_copy.root / file, old, new)

    ran = run("check", "--json")

    findings = [finding for finding in json.loads(ran.out)["findings"] if finding["code"] == code]
    assert ran.code == 1
    assert findings
    assert all(finding["place"] and finding["hint"] for finding in findings)


def test_hard_text_raises_the_grade(small_copy: Library, run: Run) -> None:
    """A handout above sixth grade is found as a whole."""
    hard = "Subsequent pharmacological investigation characterized heterogeneous symptomatological presentations. "
    change(
        small_copy.handouts / "fibromyalgia" / "handout.html",
        "{{ small }} small early",
        f"{hard * 40}{{{{ small }}}} small early",
    )

    assert "S-grade" in run("check").out


def test_report_is_a_page_per_leaflet_with_figures_and_long_sentences(small_copy: Library, run: Run) -> None:
    """An editor sees where the text is hard, handout by handout; what is no markup stays text."""
    change(
        small_copy.handouts / "fibromyalgia" / "handout.html",
        "A medicine to try for pain.",
        "A medicine to try & take for pain when nothing else that you or your care team tried has helped so far.",
    )

    ran = run("check", "--report", "pages")

    page = Path("pages/fibromyalgia.standard.readability.html").read_text(encoding="utf-8")
    assert len(list(Path("pages").iterdir())) == 2 * len(small_copy.handout_ids()) + len(small_copy.tool_ids())
    assert "pages: " in ran.err
    assert "21 words: A medicine to try &amp; take for pain" in page
    assert "<td>6</td>" in page


def test_evidence_shows_level_direction_and_each_source(run: Run) -> None:
    """What a handout rests on can be read on one screen."""
    out = run("evidence", "fibromyalgia").out

    assert "level 3 (some good studies), mixed" in out
    assert "says: 2 small early studies looked hopeful. Then 3 larger studies were done." in out
    assert "V   innova-2026: " in out
    assert "double-blind parallel trial, 98 people, 4.5 mg. Negative: " in out
