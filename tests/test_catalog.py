"""PO files: one definition of translated, every damage told with its line, stable bytes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import polib
import pytest

from ldn_print.catalog import Catalog, read_catalog, write_catalog
from ldn_print.errors import CatalogError
from ldn_print.languages import get_language
from ldn_print.messages import MessageKey, SourceMessage
from tests.conftest import ROOT

HEADER = (
    'msgid ""\nmsgstr ""\n"Language: es_US\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals=3; plural=(n != 1);\\n"\n"X-Status: draft-mt\\n"\n'
)
SPANISH = get_language("es-US")


def read(folder: Path, body: str, header: str = HEADER) -> Catalog:
    """Return the catalog with this body."""
    path = folder / "ldn_print.po"
    path.write_text(f"{header}\n{body}", encoding="utf-8")
    return read_catalog(path, get_language("es-US"))


def header() -> str:
    """Return a header with the plural forms that Babel has for Spanish."""
    return HEADER.replace("nplurals=3", f"nplurals={SPANISH.plural_count}")


def test_entry_is_translated_when_filled_and_not_fuzzy(tmp_path: Path) -> None:
    """A doubt or an empty form is not a translation."""
    body = 'msgid "a"\nmsgstr "x"\n\n#, fuzzy\nmsgid "b"\nmsgstr "y"\n\nmsgid "c"\nmsgstr ""\n'

    entries = read(tmp_path, body, header()).entries

    assert [entries[MessageKey("", text)].translated for text in "abc"] == [True, False, False]


def test_entry_knows_its_line(tmp_path: Path) -> None:
    """A finding can lead a translator to the line."""
    catalog = read(tmp_path, 'msgid "a"\nmsgstr "x"\n', header())
    line = int(catalog.place(catalog.entries[MessageKey("", "a")]).rpartition(":")[2])

    assert catalog.path.read_text(encoding="utf-8").splitlines()[line - 1] == 'msgid "a"'


def test_byte_order_mark_and_windows_line_ends_are_no_harm(tmp_path: Path) -> None:
    """A file saved on Windows reads the same."""
    path = tmp_path / "ldn_print.po"
    path.write_bytes(b"\xef\xbb\xbf" + f'{header()}\nmsgid "a"\nmsgstr "x"\n'.replace("\n", "\r\n").encode())

    assert read_catalog(path, SPANISH).entries[MessageKey("", "a")].strings == ("x",)


@pytest.mark.parametrize(
    ("body", "head", "words"),
    [
        ('msgid "a\nmsgstr "x"\n', None, "PO syntax error"),
        ('msgid "a"\nmsgstr x\n', None, "PO syntax error"),
        ("nonsense\n", None, "PO syntax error"),
        ('msgid "a"\nmsgstr "x"\n', "fuzzy", "header is marked fuzzy"),
        ('msgid "a"\nmsgstr "x"\n', "french", "the header says Language: fr"),
        ('msgid "a"\nmsgstr "x"\n', "plural", "the header says nplurals=7"),
        ('msgid "a"\nmsgid_plural "as"\nmsgstr[0] "x"\n', None, "1 plural forms"),
        ('msgid "a"\nmsgstr "x"\n\nmsgid "a"\nmsgstr "y"\n', None, "twice in the file"),
    ],
)
def test_damage_is_refused_with_its_place(tmp_path: Path, body: str, head: str | None, words: str) -> None:
    """A catalog that tools would read in different ways is not read at all."""
    good = header()
    heads = {
        None: good,
        "fuzzy": f"#, fuzzy\n{good}",
        "french": good.replace("es_US", "fr"),
        "plural": good.replace(f"nplurals={SPANISH.plural_count}", "nplurals=7"),
    }

    with pytest.raises(CatalogError) as caught:
        read(tmp_path, body, heads[head])

    assert words in str(caught.value)
    assert "ldn_print.po" in str(caught.value)


def test_missing_file_is_told(tmp_path: Path) -> None:
    """A catalog that is not there is an error with its path."""
    with pytest.raises(CatalogError, match="cannot be read"):
        read_catalog(tmp_path / "none.po", SPANISH)


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    """A catalog that was read and written again has the same bytes, without dates and line numbers."""
    message = SourceMessage(
        MessageKey("c", "a {days}"), "templates/x.html", 7, notes=("note",), examples=(("days", "14"),)
    )
    old = read(tmp_path, 'msgctxt "c"\nmsgid "a {days}"\nmsgstr "x {days}"\n', header())
    first = write_catalog([message], old, SPANISH)
    path = tmp_path / "ldn_print.po"
    path.write_bytes(first)

    second = write_catalog([message], read_catalog(path, SPANISH), SPANISH)

    assert second == first
    assert b"Date" not in first
    assert b":7" not in first
    assert b"{days} = 14" in first
    assert b"UNREVIEWED MACHINE DRAFT" in first


def test_changed_message_gets_no_guess(tmp_path: Path) -> None:
    """A new wording never takes over the translation of a similar one: that is how a wrong warning gets in."""
    old = read(tmp_path, '#: x.html\nmsgid "Do not take it."\nmsgstr "No lo tome."\n', header())
    path = tmp_path / "new.po"

    path.write_bytes(write_catalog([SourceMessage(MessageKey("", "Do take it."), "x.html", 1)], old, SPANISH))

    entry = read_catalog(path, SPANISH).entries[MessageKey("", "Do take it.")]
    assert (entry.strings, entry.fuzzy, entry.is_stale) == (("",), False, True)
    assert entry.previous == "Do not take it."
    assert entry.notes == ("was: No lo tome.",)


def test_message_in_another_context_or_file_is_not_the_one_that_changed(tmp_path: Path) -> None:
    """What stood before is offered only at its own place."""
    body = '#: x.html\nmsgctxt "c"\nmsgid "Stop it."\nmsgstr "A"\n\n#: y.html\nmsgid "Stop it."\nmsgstr "B"\n'
    old = read(tmp_path, body, header())

    data = write_catalog([SourceMessage(MessageKey("", "Stop it now."), "x.html", 1)], old, SPANISH).decode()

    assert "was:" not in data
    assert '#~ msgctxt "c"' in data


def test_translation_waits_until_its_words_come_back(tmp_path: Path) -> None:
    """What no template has any more is kept apart, and returns with its words."""
    old = read(tmp_path, 'msgid "a"\nmsgstr "x"\n', header())
    path = tmp_path / "new.po"
    path.write_bytes(write_catalog([], old, SPANISH))
    between = read_catalog(path, SPANISH)

    path.write_bytes(write_catalog([SourceMessage(MessageKey("", "a"), "x.html", 1)], between, SPANISH))

    assert not between.entries
    assert read_catalog(path, SPANISH).entries[MessageKey("", "a")].strings == ("x",)


def test_comments_of_translators_stay(tmp_path: Path) -> None:
    """A reason or a back-translation is never lost when templates change."""
    old = read(tmp_path, '# ok T-same: the same word\n# back 12345678: a\nmsgid "a"\nmsgstr "a"\n', header())
    path = tmp_path / "new.po"

    path.write_bytes(write_catalog([SourceMessage(MessageKey("", "a"), "x.html", 1)], old, SPANISH))

    notes = read_catalog(path, SPANISH).entries[MessageKey("", "a")].notes
    assert notes == ("ok T-same: the same word", "back 12345678: a")


@pytest.mark.parametrize("tool", ["poedit", "weblate", "msgcat", "polib"])
def test_file_of_another_tool_keeps_every_message(tmp_path: Path, tool: str) -> None:
    """Poedit wraps lines, Weblate adds headers, msgcat and polib write in their own way: nothing is lost."""
    path = tmp_path / "ldn_print.po"
    path.write_bytes((ROOT / "locales/es_US/LC_MESSAGES/ldn_print.po").read_bytes())
    before = read_catalog(path, SPANISH)

    _rewrite(path, tool)

    after = read_catalog(path, SPANISH)
    assert {key: entry.strings for key, entry in after.entries.items()} == {
        key: entry.strings for key, entry in before.entries.items()
    }
    assert {key: " ".join(entry.notes) for key, entry in after.entries.items()} == {
        key: " ".join(entry.notes) for key, entry in before.entries.items()
    }


def _rewrite(path: Path, tool: str) -> None:
    """Write a catalog as another tool does."""
    if tool == "msgcat":
        subprocess.run(["msgcat", "--no-wrap", "--sort-output", "-o", path, path], check=True)
    elif tool == "polib":
        polib.pofile(str(path), wrapwidth=0).save(str(path))
    elif tool == "weblate":
        text = path.read_text(encoding="utf-8")
        header = '"X-Generator: Weblate 5.8\\n"\n"PO-Revision-Date: 2026-11-20 10:00+0000\\n"\n"Language: '
        path.write_text(text.replace('"Language: ', header, 1), encoding="utf-8")
    else:
        file = polib.pofile(str(path), wrapwidth=78)
        file.metadata |= {"X-Generator": "Poedit 3.5", "PO-Revision-Date": "2026-11-20 10:00+0000"}
        file.save(str(path))
