"""A new handout builds and passes every check from the first minute."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ldn_print.content import load_handout, load_references
from ldn_print.errors import ContentError
from ldn_print.files import write_file
from ldn_print.project import Library
from ldn_print.scaffold import plan_handout
from tests.conftest import Run


def test_new_handout_builds_passes_check_and_lists_what_is_to_do(copy: Library, run: Run) -> None:
    """An editor starts from something that works."""
    ran = run("new", "handout", "example")

    assert ran.code == 0
    assert "handout.toml:2: the title names medicine and condition" in ran.out
    assert "handout.html:3: what LDN is for here" in ran.out
    assert run("check").out == ""
    assert run("build", "example", "-l", "en").code == 0
    assert Path("out/en/example.standard.letter.pdf").is_file()


@pytest.mark.parametrize("name", ["Back Pain", "../x", "", "-a", "a--b", "é"])
def test_name_that_is_not_usable_is_refused(copy: Library, run: Run, name: str) -> None:
    """A name is a folder, a file name and part of a footer."""
    before = sorted(copy.root.rglob("*"))

    assert run("new", "handout", "--", name).code == 3
    assert sorted(copy.root.rglob("*")) == before


def test_handout_that_is_there_is_not_overwritten(copy: Library, run: Run) -> None:
    """Nobody's work is lost."""
    before = (copy.handouts / "fibromyalgia" / "handout.toml").read_bytes()

    assert "is there already" in run("new", "handout", "fibromyalgia").err
    assert (copy.handouts / "fibromyalgia" / "handout.toml").read_bytes() == before


def test_leap_day_has_a_review_date(copy: Library) -> None:
    """A handout started on 29 February is reviewed on 28 February."""
    for file in plan_handout(copy, "example", date(2028, 2, 29)):
        write_file(file.path, file.text.encode())

    assert load_handout(copy, "example", load_references(copy)).review_by == date(2030, 2, 28)


def test_row_of_the_grade_table_is_not_doubled(copy: Library) -> None:
    """A condition that was graded before its handout was written keeps its grade."""
    grades = plan_handout(copy, "migraine-with-aura", date(2026, 11, 23))[2].text

    assert grades.count("migraine-with-aura =") == 1
    with pytest.raises(ContentError):
        plan_handout(copy, "fibromyalgia", date(2026, 11, 23))
