"""Handout files: every finding at once, in the author's words."""

from __future__ import annotations

import pytest

from ldn_print.content import load_handout, load_references
from ldn_print.errors import ContentError
from ldn_print.project import Library
from tests.conftest import change

FILE = "handouts/fibromyalgia/handout.toml"


def load(library: Library, handout_id: str = "fibromyalgia") -> None:
    """Load a handout of a damaged copy."""
    load_handout(library, handout_id, load_references(library))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('owner = "ldn_print editors"\n', "", "owner: is missing"),
        ('owner = "ldn_print editors"', "owner = 7", "owner: expected text, got whole number 7"),
        ('owner = "ldn_print editors"', 'owner = ""', "owner: is empty"),
        ("level = 3", "level = 4", "evidence.level: 4 is out of range"),
        ("level = 3", "level = true", "evidence.level: expected a whole number"),
        ('direction = "mixed"', 'direction = "mixd"', "Did you mean 'mixed'"),
        ('owner = "ldn_print editors"', 'ownr = "ldn_print editors"', "ownr: this key is not known"),
        ('"M79.7"', '"M797"', "does not look like an ICD-10-CM code"),
        ('"younger-2009"', '"younger-2008"', "'younger-2008' is not in references.toml"),
        ("review_by = 2028-11-23", "review_by = 2030-11-23", "48 months after issued"),
        ("review_by = 2028-11-23", 'review_by = "soon"', "review_by: expected a date such as 2026-11-23"),
        ('id = "fibromyalgia"', 'id = "fibro"', "is 'fibro', but its place says 'fibromyalgia'"),
        ('version = "0.1.0"', 'version = "draft"', "'draft' is not a version"),
        ("[evidence]", "[evidence", "is not valid TOML"),
    ],
)
def test_finding_names_file_key_and_fact(copy: Library, old: str, new: str, words: str) -> None:
    """Each mistake is told with its place and what is wrong."""
    change(copy.root / FILE, old, new)

    with pytest.raises(ContentError) as caught:
        load(copy)

    assert words in str(caught.value)
    assert "fibromyalgia/handout.toml" in str(caught.value)


def test_all_findings_are_told_at_once(copy: Library) -> None:
    """An author mends a file in one go."""
    change(copy.root / FILE, 'owner = "ldn_print editors"', 'ownr = "x"')
    change(copy.root / FILE, "level = 3", "level = 9")

    with pytest.raises(ContentError) as caught:
        load(copy)

    assert {"C-missing-key", "C-unknown-key", "C-value"} <= {finding.code for finding in caught.value.diagnostics}


def test_reference_from_memory_may_not_be_cited(copy: Library) -> None:
    """A source marked M is not cited as checked."""
    change(copy.references, 'year = 2009\nstatus = "V"', 'year = 2009\nstatus = "M"')

    with pytest.raises(ContentError, match="marked M"):
        load(copy)


def test_unknown_handout_is_answered_with_near_names(copy: Library) -> None:
    """A slip of the pen is answered with what was probably meant."""
    with pytest.raises(ContentError, match="Did you mean fibromyalgia"):
        load(copy, "fibromialgia")


def test_missing_template_is_a_finding(copy: Library) -> None:
    """A handout without its template does not load."""
    (copy.handouts / "fibromyalgia" / "handout.html").unlink()

    with pytest.raises(ContentError, match=r"handout\.html: this file is missing"):
        load(copy)


def test_file_that_is_not_utf8_is_told_so(copy: Library) -> None:
    """An editor that saved in another encoding gets a clear answer."""
    (copy.root / FILE).write_bytes(b'title = "caf\xe9"')

    with pytest.raises(ContentError, match="is not UTF-8"):
        load(copy)
