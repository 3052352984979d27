"""Reads and writes PO files through Babel: one definition of *translated*, stable bytes.

Translated means: filled and not fuzzy. A PO file is written unwrapped, in reading order, without dates
and line numbers, so that writing it twice changes nothing.
"""

from __future__ import annotations

import ast
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from ldn_print.errors import CatalogError, read_source
from ldn_print.languages import Language
from ldn_print.messages import MessageKey, SourceMessage, shorten

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog as BabelCatalog
    from babel.messages.catalog import Message

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_LINE = re.compile(rf"\s*(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s+)?{_QUOTED}\s*)?")
_STATUS = re.compile(r'^"X-Status: ([a-z-]+)\\n"$', re.MULTILINE)
_SHOWN = 80
_VOLATILE = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Language-Team|Report-Msgid-Bugs-To):.*\n',
    re.MULTILINE,
)
DRAFT_STATUS = "draft-mt"  # a machine's draft
PERSON_STATUS = "draft"  # a person's draft, which nobody has reviewed
_WAS = "was:"  # above a message whose English changed: its translation until then
_ALIKE = 0.5  # of 1: two messages at one place that share half of their letters are one that was changed
_UNWRAPPED = 1_000_000  # letters in a line: nothing is wrapped, so that one changed word changes one line


@dataclass(frozen=True)
class Entry:
    """A translation as it stands in a PO file.

    ``strings`` holds one text, or one per plural form; ``notes`` are the translators' comments, a line each;
    ``previous`` is the English that an earlier translation belonged to, when that has changed since.
    """

    strings: tuple[str, ...]
    fuzzy: bool
    line: int
    notes: tuple[str, ...] = ()
    previous: str = ""
    files: tuple[str, ...] = ()

    @property
    def translated(self) -> bool:
        """True when every form is filled and nobody left a doubt."""
        return not self.fuzzy and all(string.strip() for string in self.strings)

    @property
    def mark(self) -> str:
        """Eight signs that stand for exactly this translation: a reviewer's comment names what it belongs to."""
        return hashlib.sha256("\x04".join(self.strings).encode()).hexdigest()[:8]

    @property
    def is_stale(self) -> bool:
        """True when the English changed and nobody has translated it again."""
        return bool(self.previous) and not self.translated


@dataclass(frozen=True)
class Catalog:
    """A locale's messages. ``status`` is the header X-Status, ``draft-mt`` for a machine draft.

    ``obsolete`` are translations of words that no template has any more, ``translator`` is the header's last one.
    """

    path: Path
    entries: Mapping[MessageKey, Entry]
    status: str
    obsolete: Mapping[MessageKey, Entry] = field(default_factory=dict)
    translator: str = ""

    def place(self, entry: Entry) -> str:
        """Where a translator finds an entry."""
        return f"{self.path}:{entry.line}"


def read_catalog(path: Path, language: Language) -> Catalog:
    """Return the catalog in a PO file.

    Raises:
        CatalogError: the file is missing, has a syntax error, a fuzzy or foreign header, the wrong
            plural forms or a message twice.
    """
    text = read_source(path, CatalogError).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    _check_lines(path, text, language)
    babel = _parse(path, text)
    _check_header(path, babel, language)
    status = _STATUS.search(text)
    obsolete = _entries(message for message in babel.obsolete.values() if message.id)
    entries = _entries(row for row in babel if row.id)
    translator = "" if "EMAIL@ADDRESS" in babel.last_translator else babel.last_translator
    return Catalog(path, entries, status[1] if status else "", obsolete, translator)


def _entries(messages: Iterable[Message]) -> dict[MessageKey, Entry]:
    """Return messages of the PO reader as entries by their key."""
    entries = {}
    for message in messages:
        plural = isinstance(message.id, (tuple, list))
        strings = tuple(message.string or ()) if plural else (str(message.string or ""),)
        key = MessageKey(message.context or "", message.id[0] if plural else str(message.id))
        entries[key] = Entry(
            strings=tuple(str(string or "") for string in strings),
            fuzzy=message.fuzzy,
            line=message.lineno or 0,
            notes=tuple(note for note in message.user_comments if note and not note.startswith("|")),
            previous=_previous(message.user_comments),
            files=tuple(str(file) for file, _ in message.locations),
        )
    return entries


def _previous(comments: Iterable[str]) -> str:
    """Return the text of the comment ``#| msgid "…"``, which the PO reader leaves among the translators' own."""
    lines = [line.removeprefix("|").strip() for line in comments if line.startswith("|")]
    singular = list(takewhile(lambda line: not line.startswith("msgid_plural"), lines))
    parts = (re.search(_QUOTED, line) for line in singular if not line.startswith("msgctxt"))
    return "".join(ast.literal_eval(part[0]) for part in parts if part)


def _check_lines(path: Path, text: str, language: Language) -> None:
    """Refuse what the PO reader would mend by guessing: open quotes, doubles, missing plural forms."""
    seen: set[tuple[str, ...]] = set()
    for start, block in _blocks(text):
        for number, line in enumerate(block, start):
            if not _LINE.fullmatch(line):
                raise CatalogError(
                    f"{path}:{number}: PO syntax error: {shorten(line, _SHOWN)}\n"
                    '  Every line is a comment, or text in quotes: msgstr "…". A quote inside is written \\".'
                )
        key = tuple(_key_lines(block))
        if key and key in seen:
            raise CatalogError(
                f"{path}:{start}: this message is twice in the file: {shorten(' '.join(key), _SHOWN)}\n"
                "  Keep the one that is right, delete the other."
            )
        seen.add(key)
        forms = [line for line in block if line.startswith("msgstr[")]
        if forms and len(forms) != language.plural_count:
            raise CatalogError(
                f"{path}:{start}: {len(forms)} plural forms, {language.english} has {language.plural_count}\n"
                f"  Write msgstr[0] to msgstr[{language.plural_count - 1}]."
            )


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each message's lines with the number of the first: a message ends before the next begins."""
    block: list[str] = []
    start, translated = 1, False
    for number, line in enumerate(text.splitlines(), start=1):
        begins = line.startswith(("#", "msgctxt", "msgid ")) or not line.strip()
        if begins and translated:
            yield start, block
            block, start, translated = [], number, False
        block.append(line)
        translated = translated or line.startswith("msgstr")
    if block:
        yield start, block


def _key_lines(block: list[str]) -> Iterator[str]:
    """Yield the lines that name a message: its context and its text."""
    inside = False
    for line in block:
        if not line.startswith('"'):
            inside = line.startswith(("msgctxt", "msgid"))
        if inside and line != 'msgid ""':
            yield line


def _parse(path: Path, text: str) -> BabelCatalog:
    from babel.messages.pofile import PoFileError, read_po

    try:
        return read_po(io.StringIO(text), abort_invalid=True)
    except PoFileError as problem:
        raise CatalogError(
            f"{path}:{problem.lineno + 1}: PO syntax error: {problem.args[0]}\n"
            "  Quotes come in pairs; each line of text stands in quotes after msgid or msgstr."
        ) from problem
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        raise CatalogError(f"{path}: is not a usable PO file: {problem}") from problem


def _check_header(path: Path, babel: BabelCatalog, language: Language) -> None:
    if babel.fuzzy:
        raise CatalogError(
            f"{path}:1: the header is marked fuzzy, so every tool would skip the whole file\n"
            "  Check the header and remove the line '#, fuzzy' above it."
        )
    if str(babel.locale or "") != str(language.babel):
        raise CatalogError(
            f"{path}:1: the header says Language: {babel.locale_identifier or '(nothing)'}\n"
            f"  This folder holds {language.english}: write Language: {language.locale}."
        )
    if babel.num_plurals != language.plural_count:
        raise CatalogError(
            f"{path}:1: the header says nplurals={babel.num_plurals}, {language.english} has "
            f"{language.plural_count} plural forms\n  Take the Plural-Forms line from Unicode CLDR."
        )


def write_template(messages: Iterable[SourceMessage]) -> bytes:
    """Return the template catalog (POT) as bytes."""
    babel = _new(None)
    for message in messages:
        _add(babel, message, None)
    return _write(babel)


def write_catalog(messages: Sequence[SourceMessage], old: Catalog, language: Language) -> bytes:
    """Return a PO file that holds just these messages, with the old translations of the same words.

    No translation is guessed from a similar message: a near match is how a wrong safety sentence gets in. A
    message that took the place of another one is empty; the other's English and translation stand above it. What
    no template has any more stands at the end, marked as obsolete. The header keeps its status.
    """
    babel = _new(language, old.status, old.translator)
    known = {message.key for message in messages}
    gone = {key: entry for key, entry in old.entries.items() if key not in known}
    before = find_before([message for message in messages if message.key not in old.entries], gone)
    for message in messages:
        entry = old.entries.get(message.key) or old.obsolete.get(message.key)
        if message.key in before:
            was = before[message.key]
            notes = (f"{_WAS} {_one_line(gone[was])}", *gone[was].notes)
            entry = Entry(("",), fuzzy=False, line=0, notes=notes, previous=was.text)
        _add(babel, message, entry)
    for key, entry in {**old.obsolete, **gone}.items():
        if key not in known and entry.translated:
            _add_obsolete(babel, key, entry)
    return _write(babel, old.status)


def write_entry(text: str, old: Catalog, message: SourceMessage, language: Language) -> str:
    """Return a PO file in which one message says something else, and every other line is as it was.

    Args:
        text: the file as it is, its lines ended by line feeds.
        old: the catalog with the message as it shall be, and the line of the file that it stands on.
        message: which one, with its notes.
        language: the file's.

    Raises:
        CatalogError: the message does not stand in the file.
    """
    entry = old.entries[message.key]
    for start, block in _blocks(text):
        if start <= entry.line < start + len(block):
            break
    else:
        raise CatalogError(f"{old.path}: {message.key.id} is not in this file\n  Run 'ldn-print update'.")
    babel = _new(language)
    _add(babel, message, entry)
    _, written = next(islice(_blocks(_write(babel).decode()), 1, None))  # the first one is the header
    blank = list(takewhile(lambda line: not line.strip(), block))
    lines = text.split("\n")
    lines[start - 1 : start - 1 + len(block)] = [*blank, *(line for line in written if line)]
    return "\n".join(lines)


def find_before(added: Sequence[SourceMessage], gone: Mapping[MessageKey, Entry]) -> dict[MessageKey, MessageKey]:
    """Return for each new message the translated one that it took the place of: alike, in the same file."""
    pairs = []
    for message in added:
        for key, entry in gone.items():
            if key.context == message.key.context and message.file in entry.files and any(entry.strings):
                likeness = SequenceMatcher(None, key.text, message.key.text, autojunk=False).ratio()
                pairs.append((-likeness, message.key, key))
    found: dict[MessageKey, MessageKey] = {}
    for likeness, new, old in sorted(pairs):
        if -likeness >= _ALIKE and new not in found and old not in found.values():
            found[new] = old
    return found


def _one_line(entry: Entry) -> str:
    return " | ".join(" ".join(string.split()) for string in entry.strings)


def _new(language: Language | None, status: str = "", translator: str = "") -> BabelCatalog:
    from babel.messages.catalog import Catalog as BabelCatalog

    babel = BabelCatalog(
        locale=language.locale if language else None,
        project="ldn_print",
        version="",
        fuzzy=False,
        charset="utf-8",
    )
    babel.header_comment = _header_comment(language, status)
    if status:
        babel.last_translator = "machine draft, no human reviewer yet" if status == DRAFT_STATUS else translator
    return babel


def _header_comment(language: Language | None, status: str) -> str:
    if language is None:
        return "# Patient handouts about low dose naltrexone: the messages to translate."
    lines = [f"# Patient handouts about low dose naltrexone: {language.english}."]
    if status == PERSON_STATUS:
        lines.append("# Draft. Nobody has reviewed these translations, and every page printed from them says so.")
    if status == DRAFT_STATUS:
        lines.append("# UNREVIEWED MACHINE DRAFT. No human has checked these translations.")
        lines.append("# Every page printed from them says so until a named reviewer signs.")
    return "\n".join(lines)


def _add(babel: BabelCatalog, message: SourceMessage, entry: Entry | None) -> None:
    singular = message.key.text
    strings: str | tuple[str, ...] = ""
    notes: tuple[str, ...] = ()
    if entry is not None:
        strings = entry.strings if message.plural else entry.strings[0]
        notes = tuple(note for note in entry.notes if entry.is_stale or not note.startswith(_WAS))
    values = ", ".join(f"{{{name}}} = {value}" for name, value in message.examples)
    babel.add(
        (singular, message.plural) if message.plural else singular,
        strings,
        locations=[(message.file, 0)],
        flags=["fuzzy"] if entry is not None and entry.fuzzy else [],
        auto_comments=[*message.notes, *([values] if values else []), message.key.id],
        user_comments=notes,
        previous_id=entry.previous if entry is not None and entry.is_stale else (),
        context=message.key.context or None,
    )


def _add_obsolete(babel: BabelCatalog, key: MessageKey, entry: Entry) -> None:
    """Keep a translation that no template needs, so that it is there when its words come back."""
    from babel.messages.catalog import Message

    string = entry.strings if len(entry.strings) > 1 else entry.strings[0]
    babel.obsolete[key.context, key.text] = Message(key.text, string, context=key.context or None)


def _write(babel: BabelCatalog, status: str = "") -> bytes:
    from babel.messages.pofile import write_po

    out = io.BytesIO()
    write_po(out, babel, width=_UNWRAPPED, include_lineno=False, include_previous=True)
    data = _VOLATILE.sub(b"", out.getvalue()).replace(b"ldn_print VERSION", b"ldn_print")
    return data.replace(b'"Language: ', b'"X-Status: %s\\n"\n"Language: ' % status.encode(), 1) if status else data
