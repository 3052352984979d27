"""Versions of a handout: derived from its words and layout, with a list of changes."""

from __future__ import annotations

import pytest

from ldn_print.project import Library
from tests.conftest import Run, change, pdf_text

FILE = "handouts/fibromyalgia/handout.toml"


def test_library_has_a_version_for_the_words_of_today(run: Run) -> None:
    """Every handout and tool: nothing changed without being said."""
    ran = run("version")

    lines = ran.out.splitlines()[1:]
    assert len(lines) == 36
    assert "words changed" not in ran.out


def test_changed_words_need_a_version(small_copy: Library, run: Run) -> None:
    """`check` names each handout; one command gives them all their version, and tells why in each file."""
    change(small_copy.templates / "sections" / "help.html", "Bad dreams.", "Very bad dreams.")
    found = run("check")
    assert found.code == 1
    assert found.out.count("[V-version]") == 3
    assert "the words of standard and guide are no longer those of version 0.1.0" in found.out
    wrong = run("version", "--layout", "Wider columns.")
    assert wrong.code == 3
    assert "that is no change of layout" in wrong.err

    ran = run("version", "--wording", "Stronger word for dreams.")

    assert ran.out.count("0.1.0 is now 0.2.0") == 3
    assert "[V-version]" not in run("check").out
    shown = run("version", "fibromyalgia")
    assert "wording: Stronger word for dreams." in shown.out
    assert "first: First draft." in shown.out
    assert run("version", "--wording", "Again.").out == "Nothing changed since the last versions.\n"
    assert run("build", "fibromyalgia", "-l", "en").code == 0
    assert "fibromyalgia 0.2.0 ·" in pdf_text(next(iter(small_copy.root.parent.glob("here/out/en/*.pdf"))))


def test_another_advice_is_a_new_first_number(small_copy: Library, run: Run) -> None:
    """Only the handout that says something else."""
    change(small_copy.handouts / "fibromyalgia" / "handout.html", "It may not help you.", "It may help you.")

    ran = run("version", "--advice", "Another claim.")

    assert ran.out.count("is now") == 1
    assert "0.1.0 is now 1.0.0" in ran.out


def test_layout_alone_is_a_new_last_number(small_copy: Library, run: Run) -> None:
    """A style sheet changes every handout and tool, and no words."""
    change(small_copy.templates / "css" / "blocks.css", ".about { margin-top: 1.4mm", ".about { margin-top: 1.5mm")
    assert "[V-version]" not in run("check").out
    assert "layout changed" in run("version", "fibromyalgia").out

    ran = run("version", "fibromyalgia", "--layout", "A little more air.")

    assert "0.1.0 is now 0.1.1" in ran.out
    text = (small_copy.root / FILE).read_text(encoding="utf-8")
    assert text.endswith('"\n')
    assert text.count("[[change]]") == 2


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('version = "0.1.0"', 'version = "0.1"', "'0.1' is not a version"),
        ('kind = "first"', 'kind = "big"', "'big' is not one of the choices"),
        ("date = 2026-11-23", "date = 2029-11-23", "months after issued"),
        (
            "[[change]]",
            '[[change]]\nversion = "2.0.0"\ndate = 2026-11-23\nkind = "advice"\nwhat = "x"\n\n[[change]]',
            "follow",
        ),
        ('what = "First draft."\n', "", "what: is missing"),
        ("[[change]]", "[[changes]]", "change: is missing"),
        ("words = {", "words = { poster = 'x', ", "this key is not known"),
        ('owner = "ldn_print editors"\n', "", "owner: is missing"),
    ],
)
def test_faults_of_the_list_are_told(small_copy: Library, run: Run, old: str, new: str, words: str) -> None:
    """With file, key and next step."""
    change(small_copy.root / FILE, old, new)

    ran = run("build", "fibromyalgia", "-l", "en")

    assert ran.code == 3
    assert words in ran.err


def test_date_of_review_is_two_years_later_unless_it_is_said(small_copy: Library, run: Run) -> None:
    """Handout standards 5.2: 24 months, 36 at most."""
    change(small_copy.root / FILE, "review_by = 2028-11-23\n", "")

    assert "2026-11-23  2028-11-23" in run("version", "fibromyalgia").out


def test_options_exclude_each_other(run: Run) -> None:
    """One change is of one kind, and has words."""
    assert run("version", "--advice", "a", "--wording", "b").code == 2
    assert run("version", "--wording", " ").code == 2
