"""Reads and writes PO files through Babel: one definition of *translated*, stable bytes.

Translated means: filled and not fuzzy. A PO file is written unwrapped, in reading order, without dates
and line numbers, so that writing it twice changes nothing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ldn_print.errors import CatalogError, read_source
from ldn_print.languages import Language
from ldn_print.messages import MessageKey, SourceMessage, shorten

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog as BabelCatalog

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_LINE = re.compile(rf"\s*(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s+)?{_QUOTED}\s*)?")
_STATUS = re.compile(r'^"X-Status: ([a-z-]+)\\n"$', re.MULTILINE)
_SHOWN = 80
_VOLATILE = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Language-Team|Report-Msgid-Bugs-To):.*\n',
    re.MULTILINE,
)
DRAFT_STATUS = "draft-mt"


@dataclass(frozen=True)
class Entry:
    """A translation as it stands in a PO file. ``strings`` holds one text, or one per plural form."""

    strings: tuple[str, ...]
    fuzzy: bool
    line: int

    @property
    def translated(self) -> bool:
        """True when every form is filled and nobody left a doubt."""
        return not self.fuzzy and all(string.strip() for string in self.strings)


@dataclass(frozen=True)
class Catalog:
    """A locale's messages. ``status`` is the header X-Status, ``draft-mt`` for a machine draft."""

    path: Path
    entries: Mapping[MessageKey, Entry]
    status: str

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
    entries: dict[MessageKey, Entry] = {}
    for message in babel:
        if not message.id:
            continue
        plural = isinstance(message.id, tuple)
        strings = tuple(message.string or ()) if plural else (str(message.string or ""),)
        key = MessageKey(message.context or "", message.id[0] if plural else str(message.id))
        entries[key] = Entry(tuple(str(string or "") for string in strings), message.fuzzy, message.lineno or 0)
    status = _STATUS.search(text)
    return Catalog(path, entries, status[1] if status else "")


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


def write_catalog(messages: Iterable[SourceMessage], old: Catalog, language: Language) -> bytes:
    """Return a PO file that holds just these messages, with the old translations of the same words.

    No translation is guessed from a similar message: a near match is how a wrong safety sentence
    gets in. The header keeps its status.
    """
    babel = _new(language, old.status)
    for message in messages:
        _add(babel, message, old.entries.get(message.key))
    return _write(babel, old.status)


def _new(language: Language | None, status: str = "") -> BabelCatalog:
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
        babel.last_translator = "machine draft, no human reviewer yet" if status == DRAFT_STATUS else ""
    return babel


def _header_comment(language: Language | None, status: str) -> str:
    if language is None:
        return "# Patient handouts about low dose naltrexone: the messages to translate."
    lines = [f"# Patient handouts about low dose naltrexone: {language.english}."]
    if status == DRAFT_STATUS:
        lines.append("# UNREVIEWED MACHINE DRAFT. No human has checked these translations.")
        lines.append("# Every page printed from them says so until a named reviewer signs.")
    return "\n".join(lines)


def _add(babel: BabelCatalog, message: SourceMessage, entry: Entry | None) -> None:
    singular = message.key.text
    strings: str | tuple[str, ...] = ""
    if entry is not None:
        strings = entry.strings if message.plural else entry.strings[0]
    values = ", ".join(f"{{{name}}} = {value}" for name, value in message.examples)
    babel.add(
        (singular, message.plural) if message.plural else singular,
        strings,
        locations=[(message.file, 0)],
        flags=["fuzzy"] if entry is not None and entry.fuzzy else [],
        auto_comments=[*message.notes, *([values] if values else []), message.key.id],
        context=message.key.context or None,
    )


def _write(babel: BabelCatalog, status: str = "") -> bytes:
    from babel.messages.pofile import write_po

    out = io.BytesIO()
    write_po(out, babel, width=0, include_lineno=False)
    data = _VOLATILE.sub(b"", out.getvalue()).replace(b"ldn_print VERSION", b"ldn_print")
    return data.replace(b'"Language: ', b'"X-Status: %s\\n"\n"Language: ' % status.encode(), 1) if status else data
