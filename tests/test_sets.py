"""Choices of many sheets under a name: written, read again, edited by hand, and never overwritten unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from ldn_print.errors import ChangedError, ProjectError
from ldn_print.project import Library
from ldn_print.sets import SavedSet, Selection, delete_set, find_lacks, read_sets, save_set
from tests.conftest import change

CHOICE = Selection(("fibromyalgia", "diary"), ("en", "es-US"), "guide", "both", ("card",), ("pdf", "text"))


def save(path: Path, library: Library, name: str, choice: Selection = CHOICE) -> None:
    """Save a set as somebody does who has just looked at the list."""
    save_set(path, SavedSet(name, choice), read_sets(path, library).digest)


def test_a_set_comes_back_as_it_was_saved(tmp_path: Path, library: Library) -> None:
    """Nothing of a choice is lost on the way through the file."""
    path = tmp_path / "sets.toml"
    save(path, library, "New patients")

    assert read_sets(path, library).sets == (SavedSet("New patients", CHOICE),)


def test_a_set_takes_the_place_of_one_with_its_name(tmp_path: Path, library: Library) -> None:
    """What a person wrote between the lines stays, and so do the other sets."""
    path = tmp_path / "sets.toml"
    save(path, library, "New patients")
    save(path, library, "Pain group")
    change(path, 'name = "New patients"', '# for the front desk\nname = "New patients"')
    save(path, library, "new PATIENTS", Selection(("lupus",), ("hi",)))

    sets = read_sets(path, library).sets
    assert [(row.name, row.selection.sheets) for row in sets] == [
        ("new PATIENTS", ("lupus",)),
        ("Pain group", CHOICE.sheets),
    ]
    assert "# for the front desk" in path.read_text()


def test_a_set_is_deleted(tmp_path: Path, library: Library) -> None:
    """The last one takes its list with it; the next one is saved as the first one was."""
    path = tmp_path / "sets.toml"
    save(path, library, "One")
    delete_set(path, "one", read_sets(path, library).digest)
    assert read_sets(path, library).sets == ()

    save(path, library, "Two")
    assert [row.name for row in read_sets(path, library).sets] == ["Two"]


def test_what_somebody_else_wrote_is_not_overwritten(tmp_path: Path, library: Library) -> None:
    """A file that was changed since it was read is left alone."""
    path = tmp_path / "sets.toml"
    save(path, library, "One")
    before = read_sets(path, library)
    path.write_text(path.read_text() + "# mine\n")

    with pytest.raises(ChangedError, match=r"sets\.toml: was changed meanwhile"):
        save_set(path, SavedSet("Two", CHOICE), before.digest)
    assert path.read_text().endswith("# mine\n")


def test_mistakes_of_a_hand_are_told_and_harm_no_other_set(tmp_path: Path, library: Library) -> None:
    """Each mistake is named with its place; what is right can be used."""
    path = tmp_path / "sets.toml"
    save(path, library, "Good")
    path.write_text(
        path.read_text() + '\n[[set]]\nname = "Bad"\nsheets = ["fibromyalgi"]\nlanguages = ["xx-nowhere"]\n'
        'edition = "gide"\npaper = "legal"\nformats = ["doc"]\ncolour = "red"\n\n[[set]]\nname = "good"\n'
    )

    good, bad, twice = read_sets(path, library).sets
    assert (good.findings, twice.findings[0].fact) == ((), "'good' is there twice")
    told = "\n".join(map(str, bad.findings))
    for words in ("set[1].sheets[0]", "Did you mean fibromyalgia", "xx-nowhere", "guide", "letter, a4, both"):
        assert words in told
    assert ("'doc' is not known" in told, "colour: this key is not known" in told) == (True, True)


def test_a_broken_file_is_told_and_left_alone(tmp_path: Path, library: Library) -> None:
    """Nobody loses what they wrote by a missing quote."""
    path = tmp_path / "sets.toml"
    path.write_text('[[set]]\nname = "One\n')

    with pytest.raises(ProjectError, match="not valid TOML"):
        read_sets(path, library)
    with pytest.raises(ProjectError, match="not valid TOML"):
        save_set(path, SavedSet("Two", CHOICE), "")
    assert path.read_text() == '[[set]]\nname = "One\n'


@pytest.mark.parametrize(
    ("choice", "field", "words"),
    [
        (Selection((), ("en",)), "sheets", "at least one sheet"),
        (Selection(("lupus",), ()), "languages", "at least one language"),
        (Selection(("lupus",), ("en",), formats=()), "formats", "at least one kind"),
        (Selection(("lupus",), ("en",), "packet"), "sheets", "2 to 6 conditions; 1"),
        (Selection(("lupus", "diary"), ("en",), "packet"), "sheets", "made of conditions"),
    ],
)
def test_what_a_choice_lacks_is_said(library: Library, choice: Selection, field: str, words: str) -> None:
    """Before anything is made."""
    assert words in find_lacks(choice, library)[field]
