"""What a library says: its handouts, tools, catalogs and messages, each read once, and the words of a leaflet.

What makes files (`press`), and everything that looks at sources, starts from here. No clinic, no paper.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path

from ldn_print.clinic import default_clinic
from ldn_print.content import load_handout, load_references, load_tool
from ldn_print.errors import LanguageError
from ldn_print.extract import Extractor, is_state
from ldn_print.kept import Wordings
from ldn_print.languages import Language, use_languages_of
from ldn_print.localize import Catalogs, Completeness, Translation, complete
from ldn_print.messages import TAG
from ldn_print.models import GENERAL, Handout, Leaflet, Publication, Reference, Tool
from ldn_print.outline import read_blocks
from ldn_print.page import Order
from ldn_print.project import Library
from ldn_print.render import Renderer
from ldn_print.wording import Line, Wording, plain, section_of, to_lines


class Sources:
    """A library, read as far as it is asked for.

    Args:
        library: where it lies.
        cache_folder: where what was read and judged is kept for the next run.
    """

    def __init__(self, library: Library, cache_folder: Path) -> None:
        self.library = library
        self.cache_folder = cache_folder
        use_languages_of(library.languages)
        self._handouts: dict[str, Handout] = {}
        self._tools: dict[str, Tool] = {}
        self._completeness: dict[tuple[Leaflet, str], Completeness] = {}
        self._wordings: dict[tuple[Leaflet, str], Wording] = {}
        self._kept_wordings = Wordings(library, cache_folder)

    @cached_property
    def catalogs(self) -> Catalogs:
        """The library's catalogs, each read once."""
        return Catalogs(self.library, self.cache_folder)

    @cached_property
    def extractor(self) -> Extractor:
        """The library's messages, each template read once."""
        return Extractor(self.library)

    @cached_property
    def references(self) -> dict[str, Reference]:
        """The library's sources."""
        return load_references(self.library)

    def handout(self, handout_id: str) -> Handout:
        """Return a handout.

        Raises:
            ContentError: it is not known or cannot be read.
        """
        if handout_id not in self._handouts:
            self._handouts[handout_id] = load_handout(self.library, handout_id, self.references)
        return self._handouts[handout_id]

    def tool(self, tool_id: str) -> Tool:
        """Return a tool.

        Raises:
            ContentError: it is not known or cannot be read.
        """
        if tool_id not in self._tools:
            self._tools[tool_id] = load_tool(self.library, tool_id)
        return self._tools[tool_id]

    def publication(self, leaflet: Leaflet) -> Publication:
        """Return the handout of a leaflet, or its tool when that is printed alone.

        Raises:
            ContentError: it is not known or cannot be read.
        """
        if leaflet.is_tool:
            return self.tool(leaflet.name)
        handouts = [self.handout(name) for name in leaflet.handouts]
        return self._packet(handouts) if leaflet.edition == "packet" else handouts[0]

    def _packet(self, handouts: list[Handout]) -> Publication:
        """Return what a packet is called: the handout for anyone, to be reviewed when its first handout is."""
        every = [self.handout(GENERAL), *handouts]
        newest, review_by = max(every, key=lambda row: row.issued), min(row.review_by for row in every)
        return replace(every[0], id="packet", changes=newest.changes, review_by=review_by)

    def completeness(self, leaflet: Leaflet, language: Language) -> Completeness:
        """Return what a leaflet lacks in a language.

        Raises:
            LdnPrintError: a template, a handout or the catalog cannot be read.
        """
        key = leaflet, language.tag
        if key not in self._completeness:
            self._completeness[key] = complete(self.extractor.messages(leaflet), language, self.catalogs)
        return self._completeness[key]

    def page_words(self, language: Language, *templates: str) -> Completeness:
        """Return what pages that are no leaflet lack in a language.

        Raises:
            LdnPrintError: a template or the catalog cannot be read.
        """
        return complete(self.extractor.on_pages(*templates), language, self.catalogs)

    @cached_property
    def renderer(self) -> Renderer:
        """What makes pages from the library's templates."""
        return Renderer(self.library)

    def wording(self, leaflet: Leaflet, language: Language) -> Wording:
        """Return the exact words of a handout's sheet or guide, or of a tool, in a language.

        Words that only some copies show (for a filled dose plan, for a patient) stand at the end.

        Raises:
            LanguageError: the leaflet is not complete in the language.
            LdnPrintError: a template, a handout or the catalog cannot be read.
        """
        key = leaflet, language.tag
        if key not in self._wordings:
            wording = self._kept_wordings.get(leaflet, language)
            if wording is None:
                wording = self._find_wording(leaflet, language)
                self._kept_wordings.put(leaflet, language, wording)
            self._wordings[key] = wording
        return self._wordings[key]

    def _find_wording(self, leaflet: Leaflet, language: Language) -> Wording:
        completeness = self.completeness(leaflet, language)
        if not completeness.complete:
            raise LanguageError(
                f"{leaflet.name} in {language.tag}: not complete, so it has no wording\n"
                f"  'ldn-print build {leaflet.name} -l {language.tag}' names what is missing."
            )
        publication, words = self.publication(leaflet), completeness.translation()
        order = Order(leaflet, publication, tuple(map(self.tool, leaflet.tools)), default_clinic(), "letter")
        shown = to_lines(read_blocks(self.renderer.bare_words(order, words)), self.extractor.messages(leaflet))
        handout = publication if isinstance(publication, Handout) else None
        evidence = f"{handout.evidence.level} {handout.evidence.direction}" if handout else ""
        sources = tuple(reference.key for reference in handout.references) if handout else ()
        lines = (*shown, *self._find_unseen(leaflet, words, shown))
        return Wording(leaflet.name, leaflet.label, language.tag, evidence, sources, lines)

    def _find_unseen(self, leaflet: Leaflet, words: Translation, shown: tuple[Line, ...]) -> tuple[Line, ...]:
        """Return the messages that only some copies of a leaflet show; what a page says of its state is none."""
        seen = {name for line in shown for name in line.messages}
        messages = (*self.extractor.messages(leaflet), *(() if leaflet.is_tool else self.extractor.personal))
        left = {row.key: row for row in messages if row.key.id not in seen and not is_state(row)}
        return tuple(
            Line("also", plain(TAG.sub("", " | ".join(words.strings(row.key)))), (row.key.id,), section_of(row))
            for row in left.values()
        )
