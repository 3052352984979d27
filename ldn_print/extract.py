"""Finds the messages in templates and handout files.

A template that cannot be read stops the extraction: a template dropped in silence would be a handout
without translations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import cast

from jinja2 import TemplateSyntaxError, nodes
from jinja2.environment import Environment

from ldn_print.content import parse_metadata
from ldn_print.environment import HANDOUTS, STATE_TEMPLATE, TOOL_TEMPLATE, make_environment, with_braces
from ldn_print.errors import ContentError, Diagnostic, RenderError, read_source
from ldn_print.messages import TAG, MessageKey, SourceMessage
from ldn_print.models import HANDOUT_EDITIONS, Leaflet
from ldn_print.project import Library
from ldn_print.tables import read_toml

_FUNCTIONS = {"gettext": 0, "_": 0, "ngettext": 0, "pgettext": 1}
_TEMPLATE_USES = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
_TAKEN_OUT = "_trans"
_NOTE = re.compile(r"^\s*Translators:\s*(.*?)\s*$", re.DOTALL)
_METADATA_NOTES = {
    "title": "Title of the handout, at most two lines. A line break (\\n) may say where it breaks.",
    "short_title": "Title in the footer: one short line.",
}


@dataclass(frozen=True)
class Condition:
    """When a part of a template is shown: ``{% if edition == "guide" %}``, ``{% if "diary" in tools %}``.

    ``field`` is edition or tools; an empty ``value`` asks for any tool.
    """

    field: str
    value: str
    wanted: bool = True

    def holds(self, leaflet: Leaflet) -> bool:
        """Tell whether the part is shown in a leaflet."""
        if self.field == "edition":
            return (leaflet.edition == self.value) == self.wanted
        is_there = self.value in leaflet.tools if self.value else bool(leaflet.tools)
        return is_there == self.wanted


@dataclass(frozen=True)
class _Part:
    """A message, or the name of a template that is brought in, where it stands."""

    content: SourceMessage | str
    conditions: tuple[Condition, ...]
    block: str


@dataclass(frozen=True)
class _Parsed:
    """A template's parts in reading order, and when each of its blocks is shown."""

    parts: tuple[_Part, ...]
    blocks: Mapping[str, tuple[Condition, ...]]
    parent: str


class Extractor:
    """Reads each template once and knows which leaflet uses which."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._environment: Environment = make_environment(library)
        self._parsed: dict[str, _Parsed] = {}
        self._leaflets: dict[Leaflet, tuple[SourceMessage, ...]] = {}

    def messages(self, leaflet: Leaflet) -> tuple[SourceMessage, ...]:
        """Return every message that a leaflet can show, in reading order.

        Raises:
            ContentError: the handout's file or one of its templates cannot be read.
        """
        if leaflet not in self._leaflets:
            self._leaflets[leaflet] = self._find(leaflet)
        return self._leaflets[leaflet]

    def _find(self, leaflet: Leaflet) -> tuple[SourceMessage, ...]:
        found = {message.key: message for message in self._metadata(leaflet)}
        for template in (STATE_TEMPLATE, leaflet_template(leaflet)):
            for message in self._walk(template, leaflet, set()):
                found.setdefault(message.key, message)
        return tuple(found.values())

    @cached_property
    def library(self) -> tuple[SourceMessage, ...]:
        """Every message of the library in reading order, the first handout's first.

        Raises:
            ContentError: any template or handout file cannot be read, or a message has findings.
        """
        found: dict[MessageKey, SourceMessage] = {}
        for leaflet in library_leaflets(self._library):
            for message in self.messages(leaflet):
                found.setdefault(message.key, message)
        for name in self._environment.list_templates(extensions=["html"]):
            for part in self._parse(name).parts:
                if isinstance(part.content, SourceMessage):
                    found.setdefault(part.content.key, part.content)
        findings = [finding for message in found.values() for finding in check_source(message)]
        if findings:
            raise ContentError.from_diagnostics("messages: not usable", findings)
        return tuple(found.values())

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
            yield from self._titles(self._library.handouts, f"{leaflet.name}/handout.toml", HANDOUTS)
        for tool in leaflet.tools:
            yield from self._titles(self._library.tools, f"{tool}.toml", "templates/tools")

    def _titles(self, folder: Path, name: str, shown: str) -> Iterator[SourceMessage]:
        for key, text in parse_metadata(read_toml(folder / name, ContentError)).items():
            yield SourceMessage(
                key=MessageKey("title", text), file=f"{shown}/{name}", line=0, notes=(_METADATA_NOTES[key],)
            )

    def _parse(self, name: str) -> _Parsed:
        if name not in self._parsed:
            self._parsed[name] = self._parse_file(name)
        return self._parsed[name]

    def _parse_file(self, name: str) -> _Parsed:
        inside = name.removeprefix(f"{HANDOUTS}/")
        path = (self._library.handouts if inside != name else self._library.templates) / inside
        file = name if inside != name else f"templates/{name}"
        source = read_source(path, ContentError)
        try:
            tree = self._environment.parse(source, filename=str(path))
            notes = _find_notes(self._environment, source)
        except TemplateSyntaxError as problem:
            raise template_error(problem) from problem
        return _read_parts(tree, file, notes)


def leaflet_template(leaflet: Leaflet) -> str:
    """Return the template that a leaflet is made from."""
    return TOOL_TEMPLATE if leaflet.is_tool else f"{HANDOUTS}/{leaflet.name}/handout.html"


def library_leaflets(library: Library) -> tuple[Leaflet, ...]:
    """Return every handout in each of its editions, and every tool alone."""
    handouts = [Leaflet(name, edition) for edition in HANDOUT_EDITIONS for name in library.handout_ids()]
    return (*handouts, *map(Leaflet.of_tool, library.tool_ids()))


def _read_parts(tree: nodes.Template, file: str, notes: dict[int, str]) -> _Parsed:
    values = _find_first_values(tree)
    parts: list[_Part] = []
    blocks: dict[str, tuple[Condition, ...]] = {}
    parent = ""
    for node, conditions, block in sorted(_walk_nodes(tree, (), ""), key=lambda found: found[0].lineno or 0):
        if isinstance(node, nodes.Block):
            blocks[node.name] = conditions
        elif isinstance(node, nodes.Call) and _function(node):
            parts.append(_Part(_message(node, file, notes, values.get(node)), conditions, block))
        elif isinstance(node, _TEMPLATE_USES):
            name = _template_name(node, file)
            parts.append(_Part(name, conditions, block))
            parent = name if isinstance(node, nodes.Extends) else parent
    return _Parsed(tuple(parts), blocks, parent)


def _walk_nodes(
    node: nodes.Node, conditions: tuple[Condition, ...], block: str
) -> Iterator[tuple[nodes.Node, tuple[Condition, ...], str]]:
    """Yield every node below one, with the conditions and the block it stands in."""
    found = _read_condition(node.test) if isinstance(node, nodes.If) else None
    for child in node.iter_child_nodes():
        shown = conditions
        if found is not None and isinstance(node, nodes.If):
            otherwise = any(child is other for other in (*node.elif_, *node.else_))
            shown = (*conditions, replace(found, wanted=not otherwise))
        yield child, shown, block
        yield from _walk_nodes(child, shown, child.name if isinstance(child, nodes.Block) else block)


def _read_condition(test: nodes.Node) -> Condition | None:
    """Return what ``edition == "guide"``, ``"diary" in tools`` or ``tools`` asks; None for any other question."""
    if isinstance(test, nodes.Name) and test.name == "tools":
        return Condition("tools", "")
    if not isinstance(test, nodes.Compare) or len(test.ops) != 1:
        return None
    left, operand = test.expr, test.ops[0]
    if operand.op == "in" and isinstance(left, nodes.Const) and getattr(operand.expr, "name", "") == "tools":
        return Condition("tools", str(left.value))
    if operand.op == "eq" and getattr(left, "name", "") == "edition" and isinstance(operand.expr, nodes.Const):
        return Condition("edition", str(operand.expr.value))
    return None


def _template_name(node: nodes.Node, file: str) -> str:
    """Return the name of the template that is brought in.

    Raises:
        ContentError: it is computed, so that its messages could not be found.
    """
    template = getattr(node, "template", None)
    if isinstance(template, nodes.Const):
        return str(template.value)
    raise ContentError(
        f"{file}:{node.lineno}: the name of the template is not a plain text\n"
        "  Write the name in quotes, so that its messages can be found."
    )


def _find_first_values(tree: nodes.Template) -> dict[nodes.Call, nodes.Expr]:
    """Return what a message's first placeholder stands for: Jinja takes a call out into a line of its own."""
    found: dict[nodes.Call, nodes.Expr] = {}

    def visit(parent: nodes.Node) -> None:
        taken: nodes.Expr | None = None
        for child in parent.iter_child_nodes():
            if taken is not None:
                found.update({call: taken for call in child.find_all(nodes.Call) if _function(call)})
            taken = None
            if isinstance(child, nodes.Assign) and getattr(child.target, "name", "") == _TAKEN_OUT:
                taken = cast(nodes.Expr, child.node)
            visit(child)

    visit(tree)
    return found


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


def _function(call: nodes.Call) -> str:
    name = call.node.name if isinstance(call.node, nodes.Name) else ""
    return name if name in _FUNCTIONS else ""


def _message(call: nodes.Call, file: str, notes: dict[int, str], first: nodes.Expr | None) -> SourceMessage:
    texts = [arg.value for arg in call.args if isinstance(arg, nodes.Const) and isinstance(arg.value, str)]
    function = _function(call)
    needed = 2 if function in ("pgettext", "ngettext") else 1
    if len(texts) < needed:
        raise ContentError(
            f"{file}:{call.lineno}: {function}() is called with something that is not a plain text\n"
            "  Write the words there: only plain texts can be translated."
        )
    context = texts[0] if function == "pgettext" else ""
    text = texts[1] if function == "pgettext" else texts[0]
    note = notes.get(call.lineno) or notes.get(call.lineno - 1) or ""
    return SourceMessage(
        key=MessageKey(context, with_braces(text)),
        file=file,
        line=call.lineno,
        plural=with_braces(texts[1]) if function == "ngettext" else "",
        notes=(note,) if note else (),
        examples=tuple(sorted((keyword.key, _example(keyword.value, first)) for keyword in call.kwargs)),
    )


def _example(node: nodes.Expr, first: nodes.Expr | None) -> str:
    """Return what a placeholder stands for, as far as the template tells."""
    if first is not None and isinstance(node, nodes.Name) and node.name == _TAKEN_OUT:
        return _example(first, None)
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.args:
        inner = node.args[0]
        if isinstance(inner, nodes.Const):
            return f"{inner.value} mg" if node.node.name == "dose" else str(inner.value)
    if isinstance(node, nodes.Name):
        return node.name.replace("_", " ")
    return "a value filled in when the page is made"


def _find_notes(environment: Environment, source: str) -> dict[int, str]:
    """Return the notes to translators by the last line they stand on."""
    notes = {}
    for line, kind, value in environment.lex(source):
        match = _NOTE.match(value) if kind == "comment" else None
        if match:
            notes[line + value.count("\n")] = " ".join(match[1].split())
    return notes
