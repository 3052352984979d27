"""The pages through which a reader finds a sheet: an entrance by language, and an index in each language.

Plain HTML whose style and script lie beside it in files of their own, so that it works from a shared folder and
below a strict Content-Security-Policy. Nothing is read or written here but the library.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import groupby

from markupsafe import Markup

from ldn_print.environment import SITE_ENTRANCE, SITE_INDEX, SITE_TITLE, STATE_TEMPLATE
from ldn_print.errors import Diagnostic
from ldn_print.jobs import Job
from ldn_print.languages import SOURCE_TAG, Language, get_language
from ldn_print.locales import clinic_language
from ldn_print.localize import Translation
from ldn_print.models import GENERAL, Edition, Format, Handout, Leaflet
from ldn_print.press import Press
from ldn_print.styles import families
from ldn_print.values import Values, free_text
from ldn_print.web_page import link_phones

INDEX = "index.html"
_ASSETS = ("site.css", "site.js")
_FORMATS: tuple[Format, ...] = ("html", "pdf", "text")
_EDITIONS: tuple[Edition, ...] = ("standard", "guide", "large-print", "tool")
_PAPERS = {"letter": "Letter", "a4": "A4"}
_COUNT = Markup('<b id="count"></b>')
_HEAD_END = "</head>"


@dataclass(frozen=True)
class Way:
    """A file of a leaflet; ``paper`` is named only where there are several."""

    format: Format
    href: str
    paper: str


@dataclass(frozen=True)
class Depth:
    """A leaflet in its formats; ``mark`` is its state, where not all sheets have the same."""

    leaflet: Leaflet
    ways: tuple[Way, ...]
    mark: Markup


@dataclass(frozen=True)
class Entry:
    """A line of an index: a handout or a tool, its name, what it is found by, and how far it can be read."""

    id: str
    title: str
    english: str
    find: str
    depths: tuple[Depth, ...]


@dataclass(frozen=True)
class Refusal:
    """An index that is not written because its language lacks words."""

    language: Language
    findings: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Pages:
    """The files of a site beside its sheets, by their path in it; no language, no file."""

    files: Mapping[str, bytes]
    refused: tuple[Refusal, ...]


def make_pages(press: Press, jobs: Iterable[Job]) -> Pages:
    """Return the entrance, an index for each language, their style sheet and their script.

    Args:
        press: over the library, for the clinic.
        jobs: the sheets that the site has.

    Raises:
        LdnPrintError: a template, a handout or a catalog cannot be read.
    """
    by_language = {tag: tuple(rows) for tag, rows in groupby(sorted(jobs, key=_language_of), key=_language_of)}
    shown = [language for language in press.catalogs.available() if language.tag in by_language]
    templates = (SITE_TITLE, SITE_ENTRANCE, SITE_INDEX, STATE_TEMPLATE)
    found = {language: press.page_words(language, *templates) for language in shown}
    refused = tuple(Refusal(language, row.errors) for language, row in found.items() if not row.complete)
    words = {language: row.translation() for language, row in found.items() if row.complete}
    if not words:
        return Pages({}, refused)
    site = _Site(press, words)
    indexes = {f"{row.tag}/{INDEX}": site.index(row, by_language[row.tag]).encode() for row in words}
    return Pages({INDEX: site.entrance().encode(), **indexes, **_assets(words)}, refused)


def add_alternates(html: str, file_name: str, tags: Sequence[str]) -> str:
    """Return a sheet for screens that names its translations, which lie in the folders beside its own."""
    links = (f'<link rel="alternate" hreflang="{tag}" href="../{tag}/{file_name}">\n' for tag in tags)
    return html.replace(_HEAD_END, f"{''.join(links)}{_HEAD_END}", 1)


def _language_of(job: Job) -> str:
    return job.language


class _Site:
    """What the pages of a site have in common: its languages, and the clinic."""

    def __init__(self, press: Press, words: Mapping[Language, Translation]) -> None:
        self._press = press
        self._words = words
        clinic, values = press.settings.clinic, Values(press.settings.clinic)
        self._values = {
            "languages": tuple(words),
            "clinic": clinic,
            "clinic_name": free_text(clinic.name),
            "clinic_phone": values.clinic_phone,
            "after_hours": values.after_hours,
        }

    def entrance(self) -> str:
        """Return the page on which a reader looks for their language; around it speaks the clinic's."""
        desk = clinic_language(self._press.settings.clinic.language, self._press.library)
        words = (
            self._words.get(desk) or self._words.get(get_language(SOURCE_TAG)) or next(iter(self._words.values()))
        )
        titles = [(row, self._press.renderer.page(SITE_TITLE, own)) for row, own in self._words.items()]
        return self._page(SITE_ENTRANCE, words, up="", titles=titles)

    def index(self, language: Language, jobs: Sequence[Job]) -> str:
        """Return the list of all sheets in a language."""
        words = self._words[language]
        entries = [self._entry(words, name, tuple(rows)) for name, rows in groupby(sorted(jobs), key=_name_of)]
        marks = {depth.mark for entry in entries for depth in entry.depths}
        mark = marks.pop() if len(marks) == 1 else Markup()
        if mark:
            entries = [_without_marks(entry) for entry in entries]
        entries.sort(key=lambda entry: (entry.id != GENERAL, _fold(entry.title)))
        forms = [entry for entry in entries if entry.depths[0].leaflet.is_tool]
        handouts = [entry for entry in entries if entry not in forms]
        lists = {"handouts": handouts, "forms": forms}
        return self._page(SITE_INDEX, words, up="../", mark=mark, count=_COUNT, **lists)

    def _page(self, template: str, words: Translation, **values: object) -> str:
        return link_phones(self._press.renderer.page(template, words, **self._values, **values)) + "\n"

    def _entry(self, words: Translation, name: str, jobs: Sequence[Job]) -> Entry:
        publication = self._press.publication(jobs[0].leaflet)
        title = words.plain("title", publication.short_title)
        codes = publication.codes if isinstance(publication, Handout) else ()
        names = (title, words.plain("title", publication.title), publication.short_title, publication.title)
        rows = sorted(jobs, key=lambda job: _EDITIONS.index(job.leaflet.edition))
        depths = (self._depth(words, tuple(group)) for _, group in groupby(rows, key=lambda job: job.leaflet))
        find = " ".join((*names, name.replace("-", " "), *codes))
        return Entry(name, title, publication.short_title, find, tuple(depths))

    def _depth(self, words: Translation, jobs: Sequence[Job]) -> Depth:
        rows = sorted(jobs, key=lambda job: (_FORMATS.index(job.format), job.paper))
        several = len({job.paper for job in rows if job.format == "pdf"}) > 1
        ways = (
            Way(row.format, row.file_name, _PAPERS[row.paper] if several and row.format == "pdf" else "")
            for row in rows
        )
        mark = self._press.renderer.state(words, words, self._press.standing(rows[0]))
        return Depth(rows[0].leaflet, tuple(ways), mark)


def _name_of(job: Job) -> str:
    return job.leaflet.name


def _without_marks(entry: Entry) -> Entry:
    return replace(entry, depths=tuple(replace(depth, mark=Markup()) for depth in entry.depths))


def _fold(text: str) -> str:
    """Return a text to sort by: without accents and capitals."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"\W+", " ", "".join(sign for sign in letters if not unicodedata.combining(sign)))


def _assets(languages: Iterable[Language]) -> dict[str, bytes]:
    """Return the style sheet, with the fonts of each language, and the script."""
    fonts = "".join(
        f":lang({row.tag}) {{ font-family: {families(row.script)}, system-ui, sans-serif }}\n" for row in languages
    )
    return {
        f"assets/{name}": (_read(name) + (fonts if name.endswith(".css") else "")).encode() for name in _ASSETS
    }


@cache
def _read(name: str) -> str:
    return resources.files("ldn_print.data").joinpath(name).read_text(encoding="utf-8")
