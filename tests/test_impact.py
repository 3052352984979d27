"""What a change of words does, told before it is merged."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ldn_print.project import Library
from tests.conftest import FOLDERS, Run, change
from tests.signing import approve_english, approve_translation, list_reviewers, start_repository

HELP = "templates/sections/help.html"


@pytest.fixture
def repository(small_copy: Library, run: Run) -> Library:
    """Return a library under version control, with signed words in two languages."""
    list_reviewers(small_copy.handouts)
    approve_english(run)
    approve_translation(run, "es-US")
    start_repository(small_copy.root)
    return small_copy


def test_shared_sentence_and_own_sentence(repository: Library, run: Run) -> None:
    """A shared one touches all, and loses what was signed; a handout's own touches that handout alone."""
    untouched = run("impact")
    assert untouched.out == "No words change.\n"
    change(repository.root / HELP, "Bad dreams.", "Very bad dreams.")
    assert run("update").code == 0

    ran = run("impact", "--json", "--pictures", "2", "--report", "change.html")

    data = json.loads(ran.out)
    english = {(row["leaflet"], row["edition"]) for row in data["touched"] if row["language"] == "en"}
    assert english == {(name, edition) for name in repository.handout_ids() for edition in ("standard", "guide")}
    losing = [row for row in data["touched"] if row["loses_approval"]]
    assert {(row["leaflet"], row["edition"], row["language"]) for row in losing} == {
        ("fibromyalgia", "standard", "en"),
        ("fibromyalgia", "standard", "es-US"),
    }
    assert data["messages"] == ["Very bad dreams."]
    assert data["words_left"] == {"es-US": 3, "ar": 3, "zh-Hans": 3, "hi": 3}
    first = next(row for row in data["touched"] if row["pages"])
    assert first["pages"] == 1
    assert first["changes"] == ["li [-Bad-]{+Very bad+} dreams. Poor sleep. Upset stomach."]
    html = Path("change.html").read_text(encoding="utf-8")
    assert "<del>Bad</del><ins>Very bad</ins>" in html.replace("<span></span>", "")
    assert html.count("data:image/png;base64") == 4
    assert "http" not in html

    subprocess.run(["git", "checkout", "-q", "."], cwd=repository.root, check=True)
    change(repository.handouts / "crohns-disease" / "handout.html", "It may not help you.", "It may help you.")
    own = json.loads(run("impact", "--json", "--pictures", "0").out)
    assert {row["leaflet"] for row in own["touched"]} == {"crohns-disease"}
    assert not any(row["loses_approval"] for row in own["touched"])


def test_table_says_it_in_words(repository: Library, run: Run) -> None:
    """A line per language, and sums."""
    change(repository.root / HELP, "Bad dreams.", "Very bad dreams.")

    ran = run("impact", "--pictures", "0")

    assert re.search(r"^en +3 +3 +0 +1 +0 +0$", ran.out, re.MULTILINE)
    assert re.search(r"^es-US +3 +3 +0 +1 +6 +3$", ran.out, re.MULTILINE)
    assert "2 wordings were signed, and lose it." in ran.out


def test_folder_stands_for_an_earlier_state(small_copy: Library, run: Run, tmp_path: Path) -> None:
    """Without version control."""
    before = tmp_path / "before"
    for name in FOLDERS:
        shutil.copytree(small_copy.root / name, before / name)
    change(small_copy.templates / "tools" / "diary.html", "{% trans %}", "{% trans %}New: ")

    ran = run("impact", str(before), "--pictures", "1")

    assert ran.code == 0, ran.err
    assert "Words change in 1 handouts or tools: diary." in ran.out
    assert "pages differ" in ran.err


def test_no_earlier_state_is_told(small_copy: Library, run: Run) -> None:
    """No repository, or no such revision."""
    ran = run("impact", "no-such-revision")

    assert ran.code == 3
    assert "no earlier state 'no-such-revision'" in ran.err
    assert "or a folder with the earlier library" in ran.err
