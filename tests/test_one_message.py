"""One translation is saved: its own lines change, and no other byte of the catalog."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ldn_print.catalog import Entry, read_catalog
from ldn_print.clinic import default_clinic
from ldn_print.context import describe_message, find_places
from ldn_print.errors import CatalogError
from ldn_print.jobs import Settings
from ldn_print.languages import get_language
from ldn_print.messages import SourceMessage
from ldn_print.one_message import ConflictError, Edit, former_texts, mark_of, save_message, shown_notes
from ldn_print.press import Press
from ldn_print.project import Library

TAGS = ("es-US", "ar", "zh-Hans", "hi")
ODD = ' "x" \\ {y}\nz'


@pytest.fixture(scope="module")
def messages(library: Library, cache_folder: Path) -> tuple[SourceMessage, ...]:
    """Return some messages of the real library, each with its notes."""
    press = Press(Settings(library, default_clinic(), cache_folder))
    places, handouts = find_places(press), len(library.handout_ids())
    return tuple(describe_message(row, places, handouts) for row in press.extractor.library[::40])


def as_it_is(entry: Entry) -> Edit:
    """Return the edit that changes nothing."""
    return Edit(entry.strings, entry.fuzzy, shown_notes(entry))


@pytest.mark.parametrize("tag", TAGS)
def test_there_and_back_gives_the_same_bytes(
    library: Library, messages: tuple[SourceMessage, ...], tmp_path: Path, tag: str
) -> None:
    """In every script, with quotes, lines and notes; the other entries stay as they are."""
    language = get_language(tag)
    path = Path(shutil.copy(library.catalog(language.locale), tmp_path / "x.po"))
    before, catalog = path.read_bytes(), read_catalog(path, language)
    for message in messages:
        old = catalog.entries[message.key]
        edit = Edit(
            tuple(text + ODD for text in old.strings), True, (*shown_notes(old), "a  note", "ok T-same: so")
        )
        new = save_message(path, language, message, edit, mark_of(old))
        entries = read_catalog(path, language).entries
        others = {key: replace(row, line=0) for key, row in entries.items() if key != message.key}
        saved = entries[message.key]

        assert replace(saved, line=0) == replace(new, line=0)
        assert saved.strings == edit.strings
        assert saved.notes == (*old.notes, "note: a note", "ok T-same: so")
        assert others == {key: replace(row, line=0) for key, row in catalog.entries.items() if key != message.key}
        save_message(path, language, message, as_it_is(old), mark_of(saved))
        assert path.read_bytes() == before


def test_what_other_programs_wrote_stays(
    library: Library, messages: tuple[SourceMessage, ...], tmp_path: Path
) -> None:
    """Line ends of another system, other wrapping, other headers: none of it is touched."""
    language, message = get_language("es-US"), messages[3]
    path = tmp_path / "x.po"
    text = library.catalog(language.locale).read_text().replace('"Language: ', '"X-Other: tool\\n"\n"Language: ')
    path.write_bytes(text.replace("\n", "\r\n").encode())
    old = read_catalog(path, language).entries[message.key]
    save_message(path, language, message, Edit(("Otra cosa",), False, ()), mark_of(old))
    lines = zip(text.split("\n"), path.read_bytes().decode().split("\r\n"), strict=True)

    assert [new for was, new in lines if was != new] == ['msgstr "Otra cosa"']


def test_stale_translation_is_cleared_by_a_new_one(
    library: Library, messages: tuple[SourceMessage, ...], tmp_path: Path
) -> None:
    """What stood there before is shown until somebody has translated it again."""
    language, message = get_language("es-US"), messages[3]
    path = tmp_path / "x.po"
    catalog = read_catalog(library.catalog(language.locale), language)
    text = library.catalog(language.locale).read_text()
    said = f'msgstr "{catalog.entries[message.key].strings[0]}"'
    source = f'msgid "{message.key.text}"'
    stale = f'# was: Zuvor\n#| msgid "Zuerst"\n{source}\nmsgstr ""'
    assert f"{source}\n{said}" in text
    path.write_text(text.replace(f"{source}\n{said}", stale))
    old = read_catalog(path, language).entries[message.key]
    save_message(path, language, message, Edit(("Ahora",), False, ()), mark_of(old))

    assert (old.is_stale, former_texts(old), shown_notes(old)) == (True, ("Zuvor",), ())
    assert "Zuvor" not in path.read_text()
    assert "Zuerst" not in path.read_text()


@pytest.mark.parametrize(
    ("edit", "mark", "words"),
    [
        (Edit(("a",), False, ()), "0" * 16, "somebody else changed"),
        (Edit(("a", "b"), False, ()), "", "1 forms are needed"),
        (Edit(("a\x1b",), False, ()), "", "signs that nobody sees"),
        (Edit(("a",), False, ("x" * 5001,)), "", "longer than 5000"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    library: Library, messages: tuple[SourceMessage, ...], tmp_path: Path, edit: Edit, mark: str, words: str
) -> None:
    """The file is as it was."""
    language, message = get_language("es-US"), messages[3]
    path = Path(shutil.copy(library.catalog(language.locale), tmp_path / "x.po"))
    before = path.read_bytes()
    now = read_catalog(path, language).entries[message.key]
    with pytest.raises(CatalogError, match=words) as refused:
        save_message(path, language, message, edit, mark or mark_of(now))

    assert isinstance(refused.value, ConflictError) is bool(mark)
    assert path.read_bytes() == before


def test_plural_forms_are_explained_by_numbers() -> None:
    """Who translates a form reads for which numbers it stands."""
    assert [get_language("es-US").counts_like(form) for form in (0, 1)] == ["1", "0, 2, 3, 4, 5 …"]
    assert get_language("ar").counts_like(2) == "2"
