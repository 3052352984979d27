"""Runs every check of the sources over a library: what a content editor sees before anything is printed.

Pages are checked when they are made (`pdf`); what a language still lacks is told by `overview`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ldn_print.catalog import Catalog
from ldn_print.checks.plainness import check_formula
from ldn_print.checks.source import (
    check_codes,
    check_dates,
    check_grade,
    check_leaflet,
    check_messages,
    check_title,
)
from ldn_print.checks.structure import check_structure
from ldn_print.content import load_grades
from ldn_print.engine.coverage import find_uncovered
from ldn_print.errors import Diagnostic
from ldn_print.extract import library_leaflets
from ldn_print.languages import Language
from ldn_print.outline import read_blocks
from ldn_print.press import Press
from ldn_print.versions import check_versions

_NOT_THERE_YET = frozenset({"T-missing", "T-stale"})


def review(press: Press, today: date) -> tuple[Diagnostic, ...]:
    """Return every finding about handouts, tools and catalogs of a library, each once.

    What somebody had to look at again by ``today`` is a warning.

    Raises:
        LdnPrintError: a file cannot be read at all.
    """
    return tuple(dict.fromkeys([*_review_content(press, today), *review_languages(press)]))


def review_languages(press: Press, languages: Sequence[Language] = ()) -> tuple[Diagnostic, ...]:
    """Return every finding about the catalogs of some languages, or of all: wrong, not only missing.

    Raises:
        LdnPrintError: a catalog, a term base or a template cannot be read.
    """
    chosen = languages or press.catalogs.available()
    findings = tuple(dict.fromkeys(finding for row in chosen for finding in _review_catalog(press, row)))
    press.catalogs.save()
    return findings


def _review_content(press: Press, today: date) -> Iterator[Diagnostic]:
    library = press.settings.library
    grades = load_grades(library)
    handouts = [press.handout(handout_id) for handout_id in library.handout_ids()]
    yield from check_messages(press.extractor.library)
    for leaflet in library_leaflets(library):
        messages = press.extractor.messages(leaflet)
        yield from check_leaflet(leaflet, messages)
        yield from check_structure(leaflet, read_blocks(press.english(leaflet).html), messages)
    for handout in handouts:
        yield from check_title(handout)
        yield from check_grade(handout, grades)
    yield from check_codes(handouts)
    tools = [press.tool(tool_id) for tool_id in library.tool_ids()]
    for leaflet in library_leaflets(library):
        yield from press.approvals.find_doubts(leaflet)
    yield from check_versions(press, [*handouts, *tools])
    yield from check_dates([*handouts, *tools], press.references.values(), today)


def _review_catalog(press: Press, language: Language) -> Iterator[Diagnostic]:
    catalog = press.catalogs.get(language)
    if catalog is None:
        return
    for message in press.extractor.library:
        found = press.catalogs.check(message, language)
        yield from (finding for finding in found if finding.code not in _NOT_THERE_YET)
    yield from press.catalogs.guard(language).check_twins(press.extractor.library, catalog)
    yield from _review_glyphs(catalog, language)
    for leaflet in library_leaflets(press.settings.library):
        keys = [message.key for message in press.extractor.messages(leaflet) if message.key in catalog.entries]
        texts = [catalog.entries[key].strings[0] for key in keys]
        yield from check_formula(language, texts, f"{leaflet.name} ({leaflet.edition}) in {language.tag}")


def _review_glyphs(catalog: Catalog, language: Language) -> Iterator[Diagnostic]:
    """Yield translations with a sign that the language's fonts do not have."""
    for entry in catalog.entries.values():
        missing = find_uncovered("".join(entry.strings), language.script)
        if missing:
            names = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in missing)
            hint = "Replace it; a page with it is refused."
            yield Diagnostic("T-glyph", catalog.place(entry), f"no font has a sign for {names}", hint)
