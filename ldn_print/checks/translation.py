"""What makes a translation unfit to be printed.

Each check compares one source message with its translation and returns findings; it changes nothing.
Safety comes first: none of these can be silenced.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from ldn_print.catalog import Catalog, Entry
from ldn_print.errors import Diagnostic
from ldn_print.messages import PLACEHOLDER, TAG, SourceMessage, placeholders, shorten, tags


def check_message(message: SourceMessage, catalog: Catalog) -> list[Diagnostic]:
    """Return every finding about a message in a catalog; without one it may be printed."""
    entry = catalog.entries.get(message.key)
    if entry is None or not any(entry.strings):
        return [_missing(message, catalog, entry)]
    if entry.fuzzy or not entry.translated:
        return [_fuzzy(message, catalog, entry)]
    return check_entry(message, entry, catalog.place(entry))


def check_entry(message: SourceMessage, entry: Entry, place: str) -> list[Diagnostic]:
    """Return the findings about one filled translation."""
    findings: list[Diagnostic] = []
    for string in entry.strings:
        findings += _check_placeholders(message, string, place)
        findings += _check_tags(message, string, place)
        findings += _check_numbers(string, place)
    return findings


def _missing(message: SourceMessage, catalog: Catalog, entry: Entry | None) -> Diagnostic:
    place = catalog.place(entry) if entry else str(catalog.path)
    return Diagnostic(
        "T-missing",
        place,
        f"no translation of {shorten(message.key.text)!r} ({message.place})",
        "Translate it." if entry else "Run 'ldn-print update', then translate it.",
    )


def _fuzzy(message: SourceMessage, catalog: Catalog, entry: Entry) -> Diagnostic:
    return Diagnostic(
        "T-fuzzy",
        catalog.place(entry),
        f"the translation of {shorten(message.key.text)!r} is marked fuzzy or is not filled in every form",
        "Check it against the source, then remove the mark.",
    )


def _check_placeholders(message: SourceMessage, string: str, place: str) -> Iterator[Diagnostic]:
    """Every placeholder of the source stands in the translation, as often, and no other does."""
    wanted, found = Counter(placeholders(message.key.text)), Counter(placeholders(string))
    for name in sorted((wanted - found).keys()):
        yield Diagnostic(
            "T-placeholder",
            place,
            f"the placeholder {{{name}}} is missing in {shorten(string)!r}",
            f"Put {{{name}}} where its value belongs in the sentence.",
        )
    for name in sorted((found - wanted).keys()):
        known = ", ".join(f"{{{known}}}" for known in wanted) or "none"
        yield Diagnostic(
            "T-placeholder",
            place,
            f"the placeholder {{{name}}} is not in the source, or stands there less often",
            f"Placeholders of this message: {known}. Copy them letter by letter.",
        )
    rest = PLACEHOLDER.sub("", string)
    if "{" in rest or "}" in rest:
        yield Diagnostic(
            "T-placeholder",
            place,
            f"a stray brace in {shorten(string)!r}",
            "Braces only stand around the name of a placeholder, without spaces.",
        )


def _check_tags(message: SourceMessage, string: str, place: str) -> Iterator[Diagnostic]:
    """Yield where the inline tags differ from the source's, or where other markup stands."""
    wanted, found = tags(message.key.text), tags(string)
    foreign = [tag for tag in found if tag not in wanted]
    if foreign:
        allowed = " ".join(sorted(set(wanted))) or "none"
        yield Diagnostic(
            "T-html",
            place,
            f"{foreign[0]} is not in the source",
            f"Tags of this message: {allowed}. Use no other.",
        )
    elif Counter(found) != Counter(wanted) or not _is_nested(found):
        yield Diagnostic(
            "T-tag",
            place,
            f"the tags {' '.join(found) or '(none)'} differ from the source's {' '.join(wanted)}",
            "Every tag of the source stands once in the translation, opened before it is closed.",
        )
    rest = TAG.sub("", string)
    if "<" in rest or ">" in rest:
        yield Diagnostic(
            "T-html", place, f"a stray < or > in {shorten(string)!r}", "Write it in words, or close the tag."
        )


def _check_numbers(string: str, place: str) -> Iterator[Diagnostic]:
    """No digit of any script stands in a translation: numbers are filled in (design §2.2)."""
    digits = sorted({character for character in string if unicodedata.category(character) in ("Nd", "No")})
    if digits:
        yield Diagnostic(
            "T-number",
            place,
            f"a number was typed into {shorten(string)!r}",
            "Numbers come in through placeholders such as {days}. Take the typed one out.",
        )


def _is_nested(found: Sequence[str]) -> bool:
    open_tags: list[str] = []
    for tag in found:
        if not tag.startswith("</"):
            open_tags.append(tag.strip("<>"))
        elif not open_tags or open_tags.pop() != tag.strip("</>"):
            return False
    return not open_tags
