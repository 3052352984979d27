"""Saves one translation into its catalog, for whoever edits message by message.

The rules are those of a spreadsheet (`exchange`): translation, doubt and notes may change and nothing else moves;
what somebody else changed meanwhile is never overwritten unseen.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ldn_print.catalog import Entry, read_catalog, write_entry
from ldn_print.errors import CatalogError
from ldn_print.files import locked, write_file
from ldn_print.languages import Language
from ldn_print.messages import SourceMessage

MOST_SIGNS = 5000  # of one text: several times the longest message
_NOTE = "note:"  # a translator's comment of their own
_WAS = "was:"  # above a message whose English changed: what it said until then
_RAW = re.compile(r"ok T-[a-z]+\b|back [0-9a-f]{8}:")  # comments with a meaning for the guard
_CONTROL = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True)
class Edit:
    """A translation as somebody wants it: one text per form, whether they are in doubt, notes, a line each."""

    strings: tuple[str, ...]
    is_unsure: bool
    notes: tuple[str, ...]


class ConflictError(CatalogError):
    """Somebody else changed a translation meanwhile; ``now`` is what stands there."""

    def __init__(self, place: str, now: Entry) -> None:
        super().__init__(
            f"{place}: somebody else changed this translation meanwhile\n  Compare both and save again."
        )
        self.now = now


def mark_of(entry: Entry) -> str:
    """Return what stands for a translation with its doubt and its notes: it changes when any of them does."""
    parts = (entry.strings, entry.fuzzy, entry.notes, entry.previous)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def shown_notes(entry: Entry) -> tuple[str, ...]:
    """Return the notes that a translator may change, as they read them."""
    return tuple(_shown(note) for note in entry.notes if not note.startswith(_WAS))


def former_texts(entry: Entry) -> tuple[str, ...]:
    """Return what a message said until its English changed."""
    return tuple(note.removeprefix(_WAS).strip() for note in entry.notes if note.startswith(_WAS))


def save_message(path: Path, language: Language, message: SourceMessage, edit: Edit, mark: str) -> Entry:
    """Write one translation into a catalog and return it as it stands there; without a change nothing is written.

    Args:
        path: the PO file.
        language: its language.
        message: which message, with its notes as `context.describe_message` writes them.
        edit: what it shall say.
        mark: `mark_of` the translation that was edited.

    Raises:
        ConflictError: somebody else changed it since.
        CatalogError: the file cannot be read, the message is not in it, or a text cannot be kept.
        OutputError: the file cannot be written.
    """
    with locked(path.parent):
        catalog = read_catalog(path, language)
        old = catalog.entries.get(message.key)
        if old is None:
            fact = f"{path}: the message {message.key.id} is not in this catalog yet"
            raise CatalogError(f"{fact}\n  Run 'ldn-print update {language.tag}', then load the page again.")
        if mark_of(old) != mark:
            raise ConflictError(catalog.place(old), old)
        new = _edited(old, edit, catalog.place(old))
        if new != old:
            changed = replace(catalog, entries={**catalog.entries, message.key: new})
            data = path.read_bytes()
            ends = "\r\n" if b"\r\n" in data else "\n"
            text = write_entry(data.decode().replace(ends, "\n"), changed, message, language)
            write_file(path, text.replace("\n", ends).encode(), is_lasting=True)
    return new


def _edited(old: Entry, edit: Edit, place: str) -> Entry:
    """Return a translation as somebody wants it.

    Raises:
        CatalogError: a text is too long, or has signs that nobody sees.
    """
    if len(edit.strings) != len(old.strings):
        raise CatalogError(f"{place}: {len(old.strings)} forms are needed\n  Load the page again.")
    for text in (*edit.strings, *edit.notes):
        if len(text) > MOST_SIGNS or any(unicodedata.category(sign) in _CONTROL for sign in text if sign != "\n"):
            fact = f"{place}: a text is longer than {MOST_SIGNS} signs, or has signs that nobody sees"
            raise CatalogError(f"{fact}\n  Type it again.")
    strings = tuple(_clean(text, was) for text, was in zip(edit.strings, old.strings, strict=True))
    return replace(old, strings=strings, fuzzy=edit.is_unsure and any(strings), notes=_notes(old, edit.notes))


def _clean(text: str, was: str) -> str:
    """Return a text without space around it, unless nothing else was changed."""
    return was if text.strip() == was.strip() else text.strip()


def _notes(old: Entry, lines: Sequence[str]) -> tuple[str, ...]:
    """Return the comments of a translation, those that a translator may change as somebody wrote them."""
    shown = {_shown(note): note for note in old.notes if not note.startswith(_WAS)}
    written = [" ".join(line.split()) for line in lines]
    if written == list(shown):
        return old.notes
    former = [note for note in old.notes if note.startswith(_WAS)]
    return (*former, *(shown.get(line, _to_comment(line)) for line in written if line))


def _shown(note: str) -> str:
    return " ".join(note.removeprefix(_NOTE).split())


def _to_comment(line: str) -> str:
    """Return a line as a comment of the catalog: a reason for the guard as it is, all others as a note."""
    return line if _RAW.match(line) else f"{_NOTE} {line}"
