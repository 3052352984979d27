"""Finds the messages in templates and handout files.

A template that cannot be read stops the extraction: a template dropped in silence would be a handout
without translations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from jinja2 import TemplateSyntaxError
from jinja2.environment import Environment

from ldn_print.content import parse_metadata
from ldn_print.environment import (
    HANDOUTS,
    PACKET_TEMPLATE,
    PERSONAL_TEMPLATE,
    STATE_TEMPLATE,
    TOOL_TEMPLATE,
    make_environment,
)
from ldn_print.errors import ContentError, Diagnostic, RenderError, read_source
from ldn_print.messages import TAG, MessageKey, SourceMessage
from ldn_print.models import GENERAL, HANDOUT_EDITIONS, Leaflet
from ldn_print.project import Library
from ldn_print.tables import read_toml
from ldn_print.template_parts import Condition, Parsed, read_parts

_METADATA_NOTES = {
    "title": "Title of the handout, at most two lines. A line break (\\n) may say where it breaks.",
    "short_title": "Title in the footer: one short line.",
}


class Extractor:
    """Reads each template once and knows which leaflet uses which."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._environment: Environment = make_environment(library)
        self._parsed: dict[str, Parsed] = {}
        self._leaflets: dict[Leaflet, tuple[SourceMessage, ...]] = {}

    def messages(self, leaflet: Leaflet) -> tuple[SourceMessage, ...]:
        """Return every message that a leaflet can show, in reading order.

        Raises:
            ContentError: the handout's file or one of its templates cannot be read.
        """
        if leaflet not in self._leaflets:
            self._leaflets[leaflet] = self._find(leaflet)
        return self._leaflets[leaflet]

    def block(self, handout_id: str, block: str) -> tuple[SourceMessage, ...]:
        """Return the messages of one block of a condition's template.

        Raises:
            ContentError: the template cannot be read.
        """
        parts = self._parse(f"{HANDOUTS}/{handout_id}/handout.html").parts
        return tuple(
            part.content for part in parts if part.block == block and isinstance(part.content, SourceMessage)
        )

    def _find(self, leaflet: Leaflet) -> tuple[SourceMessage, ...]:
        found = [*self._metadata(leaflet)]
        for template in (STATE_TEMPLATE, leaflet_template(leaflet)):
            found += self._walk(template, leaflet, set())
        for part in packet_parts(leaflet):
            found += self.messages(part)
        return _each_once(found)

    @cached_property
    def personal(self) -> tuple[SourceMessage, ...]:
        """The messages that are stamped onto a sheet for one patient."""
        return tuple(self._walk(PERSONAL_TEMPLATE, Leaflet(GENERAL), set()))

    def on_pages(self, *templates: str) -> tuple[SourceMessage, ...]:
        """Return the messages of pages that are no leaflet; no leaflet waits for them to be translated.

        Raises:
            ContentError: a template cannot be read.
        """
        found = (message for name in templates for message in self._walk(name, Leaflet(GENERAL), set()))
        return _each_once(found)

    @cached_property
    def library(self) -> tuple[SourceMessage, ...]:
        """Every message of the library in reading order, the first handout's first.

        Raises:
            ContentError: any template or handout file cannot be read, or a message has findings.
        """
        every = [message for leaflet in library_leaflets(self._library) for message in self.messages(leaflet)]
        for name in self._environment.list_templates(extensions=["html"]):
            every += [part.content for part in self._parse(name).parts if isinstance(part.content, SourceMessage)]
        found = _each_once(every)
        findings = [finding for message in found for finding in check_source(message)]
        if findings:
            raise ContentError.from_diagnostics("messages: not usable", findings)
        return found

    def _walk(self, name: str, leaflet: Leaflet, seen: set[str]) -> Iterator[SourceMessage]:
        """Yield the messages of a template and of all it brings in, each at its place."""
        if name in seen:
            return
        seen.add(name)
        parsed = self._parse(name)
        for part in parsed.parts:
            conditions = (*part.conditions, *self._block_conditions(parsed.parent, part.block))
            if not all(condition.holds(leaflet) for condition in conditions):
                continue
            if isinstance(part.content, str):
                yield from self._walk(part.content, leaflet, seen)
            else:
                yield part.content

    def _block_conditions(self, template: str, block: str) -> tuple[Condition, ...]:
        """Return when the template that is extended, or one above it, shows a block."""
        while template:
            parsed = self._parse(template)
            if block in parsed.blocks:
                return parsed.blocks[block]
            template = parsed.parent
        return ()

    def _metadata(self, leaflet: Leaflet) -> Iterator[SourceMessage]:
        if not leaflet.is_tool:
            for name in leaflet.handouts:
                yield from self._titles(self._library.handouts, f"{name}/handout.toml", HANDOUTS)
        for tool in leaflet.tools:
            yield from self._titles(self._library.tools, f"{tool}.toml", "templates/tools")

    def _titles(self, folder: Path, name: str, shown: str) -> Iterator[SourceMessage]:
        for key, text in parse_metadata(read_toml(folder / name, ContentError)).items():
            yield SourceMessage(
                key=MessageKey("title", text), file=f"{shown}/{name}", line=0, notes=(_METADATA_NOTES[key],)
            )

    def _parse(self, name: str) -> Parsed:
        if name not in self._parsed:
            self._parsed[name] = self._parse_file(name)
        return self._parsed[name]

    def _parse_file(self, name: str) -> Parsed:
        inside = name.removeprefix(f"{HANDOUTS}/")
        path = (self._library.handouts if inside != name else self._library.templates) / inside
        file = name if inside != name else f"templates/{name}"
        source = read_source(path, ContentError)
        try:
            return read_parts(self._environment, source, str(path), file)
        except TemplateSyntaxError as problem:
            raise template_error(problem) from problem


def _each_once(messages: Iterable[SourceMessage]) -> tuple[SourceMessage, ...]:
    """Return each message at its first place; where one of its places is about safety, it is a safety message."""
    found: dict[MessageKey, SourceMessage] = {}
    for message in messages:
        first = found.setdefault(message.key, message)
        if message.is_safety and not first.is_safety:
            found[message.key] = replace(first, is_safety=True)
    return tuple(found.values())


def is_state(message: SourceMessage) -> bool:
    """Tell whether a message says what state a leaflet is in: that is no part of what somebody signs."""
    return message.file == f"templates/{STATE_TEMPLATE}"


def leaflet_template(leaflet: Leaflet) -> str:
    """Return the template that a leaflet is made from."""
    if leaflet.edition == "packet":
        return PACKET_TEMPLATE
    return TOOL_TEMPLATE if leaflet.is_tool else f"{HANDOUTS}/{leaflet.name}/handout.html"


def packet_parts(leaflet: Leaflet) -> tuple[Leaflet, ...]:
    """Return what a packet is made from: the shared sheet, then a page of each handout; empty for others."""
    if leaflet.edition != "packet":
        return ()
    own = (Leaflet(name, "chapter") for name in leaflet.handouts if name != GENERAL)
    return (Leaflet(GENERAL, "inner"), *own)


def library_leaflets(library: Library) -> tuple[Leaflet, ...]:
    """Return every handout in each of its editions, and every tool alone."""
    handouts = [Leaflet(name, edition) for edition in HANDOUT_EDITIONS for name in library.handout_ids()]
    return (*handouts, *map(Leaflet.of_tool, library.tool_ids()))


def template_error(problem: TemplateSyntaxError) -> RenderError:
    """Return a template's syntax error as file, line, fact and next step."""
    place = f"{problem.filename or problem.name}:{problem.lineno}"
    return RenderError(
        f"{place}: template syntax error: {problem.message}\n"
        "  Look at this line and its block: every {% block %}, {% trans %} and {% call %} has its end."
    )


def check_source(message: SourceMessage) -> list[Diagnostic]:
    """Return what makes an English message unfit for translation.

    Numbers are data (design §2.2): a digit in a message could be changed by a translator.
    """
    findings = []
    for text in filter(None, (message.key.text, message.plural)):
        if any(character.isdigit() for character in text):
            findings.append(
                Diagnostic(
                    "S-number",
                    message.place,
                    f"a number stands inside the message {text!r}",
                    "Pass it in: {% trans days=number(14) %}the last {{ days }} days{% endtrans %}.",
                )
            )
        foreign = [tag for tag in TAG.findall(text) if tag not in ("<b>", "</b>")]
        if foreign:
            findings.append(
                Diagnostic(
                    "S-tag",
                    message.place,
                    f"{foreign[0]} inside the message {text!r}",
                    "Only <b> may be used.",
                )
            )
    return findings
