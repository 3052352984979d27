"""Reads one template: its messages and the templates it brings in, each with when it is shown.

A leaflet shows only a part of a template: what stands below ``{% if edition == "guide" %}`` or
``{% if "diary" in tools %}`` belongs to some leaflets alone, and so do its messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from jinja2 import nodes
from jinja2.environment import Environment

from ldn_print.environment import with_braces
from ldn_print.errors import ContentError
from ldn_print.messages import MessageKey, SourceMessage
from ldn_print.models import Leaflet
from ldn_print.safety import is_safety_place

_FUNCTIONS = {"gettext": 0, "_": 0, "ngettext": 0, "pgettext": 1}
_TEMPLATE_USES = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
_TAKEN_OUT = "_trans"
# What stands where a message names data of the country or the clinic.
_DATA = {
    "emergency": "the emergency number: 911, 112",
    "poison": "the poison line's number, or a line to write on",
    "crisis": "the crisis line's number, or a line to write on",
    "clinic_phone": "the clinic's phone, or a line to write on",
    "regulator": "the regulator's short name: FDA",
    "report": "where side effects are reported: a number, or a line to write on",
    "line": "a line to write on",
    "unit": "mg or mL",
    "issued": "month and year in words",
    "review_by": "month and year in words",
}
_NOTE = re.compile(r"^\s*Translators:\s*(.*?)\s*$", re.DOTALL)


@dataclass(frozen=True)
class Condition:
    """When a part of a template is shown: ``{% if edition in ("guide",) %}``, ``{% if "diary" in tools %}``.

    ``field`` is edition or tools; without ``values`` any tool is asked for.
    """

    field: str
    values: tuple[str, ...]
    wanted: bool = True

    def holds(self, leaflet: Leaflet) -> bool:
        """Tell whether the part is shown in a leaflet."""
        if self.field == "edition":
            return (leaflet.edition in self.values) == self.wanted
        is_there = bool(set(self.values) & set(leaflet.tools)) if self.values else bool(leaflet.tools)
        return is_there == self.wanted


@dataclass(frozen=True)
class Part:
    """A message, or the name of a template that is brought in, where it stands."""

    content: SourceMessage | str
    conditions: tuple[Condition, ...]
    block: str


@dataclass(frozen=True)
class Parsed:
    """A template's parts in reading order, and when each of its blocks is shown."""

    parts: tuple[Part, ...]
    blocks: Mapping[str, tuple[Condition, ...]]
    parent: str


def read_parts(environment: Environment, source: str, path: str, file: str) -> Parsed:
    """Return the parts of a template.

    Args:
        environment: the one that renders it.
        source: its text.
        path: where it lies, for an error in its syntax.
        file: how messages name it.

    Raises:
        TemplateSyntaxError: it cannot be read.
        ContentError: a message or the name of a template is computed, so that it cannot be found.
    """
    tree = environment.parse(source, filename=path)
    notes = _find_notes(environment, source)
    calls = {call.lineno for call in tree.find_all(nodes.Call) if _function(call)}
    values = _find_first_values(tree)
    parts: list[Part] = []
    blocks: dict[str, tuple[Condition, ...]] = {}
    parent = ""
    for node, conditions, block in sorted(_walk_nodes(tree, (), ""), key=lambda found: found[0].lineno or 0):
        if isinstance(node, nodes.Block):
            blocks[node.name] = conditions
        elif isinstance(node, nodes.Call) and _function(node):
            message = _message(node, file, _note(node, notes, calls), values.get(node))
            message = replace(message, block=block, is_safety=is_safety_place(file, block))
            parts.append(Part(message, conditions, block))
        elif isinstance(node, _TEMPLATE_USES):
            name = _template_name(node, file)
            parts.append(Part(name, conditions, block))
            parent = name if isinstance(node, nodes.Extends) else parent
    return Parsed(tuple(parts), blocks, parent)


def _walk_nodes(
    node: nodes.Node, conditions: tuple[Condition, ...], block: str
) -> Iterator[tuple[nodes.Node, tuple[Condition, ...], str]]:
    """Yield every node below one, with the conditions and the block it stands in."""
    for child in node.iter_child_nodes():
        shown = (*conditions, *_conditions_of(node, child)) if isinstance(node, nodes.If) else conditions
        yield child, shown, block
        yield from _walk_nodes(child, shown, child.name if isinstance(child, nodes.Block) else block)


def _conditions_of(node: nodes.If, child: nodes.Node) -> Iterator[Condition]:
    """Yield what has to hold, and what must not, for a child of a question to be shown."""
    branches: list[tuple[nodes.Node, list[nodes.Node]]] = [(node.test, node.body)]
    branches += [(branch.test, [branch]) for branch in node.elif_]
    for number, (test, body) in enumerate(branches):
        found = _read_condition(test)
        is_here = any(child is other for other in body)
        if found is not None and (number == 0 or not is_here):
            yield replace(found, wanted=is_here)
        if is_here:
            return


def _read_condition(test: nodes.Node) -> Condition | None:
    """Return what ``edition == "guide"``, ``"diary" in tools`` or ``tools`` asks; None for any other question."""
    if isinstance(test, nodes.Name) and test.name == "tools":
        return Condition("tools", ())
    if not isinstance(test, nodes.Compare) or len(test.ops) != 1:
        return None
    left, operand = test.expr, test.ops[0]
    if operand.op == "in" and isinstance(left, nodes.Const) and getattr(operand.expr, "name", "") == "tools":
        return Condition("tools", (str(left.value),))
    if operand.op == "eq" and getattr(left, "name", "") == "edition" and isinstance(operand.expr, nodes.Const):
        return Condition("edition", (str(operand.expr.value),))
    if operand.op == "in" and getattr(left, "name", "") == "edition" and isinstance(operand.expr, nodes.Tuple):
        return Condition("edition", tuple(str(cast(nodes.Const, item).value) for item in operand.expr.items))
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


def _function(call: nodes.Call) -> str:
    name = call.node.name if isinstance(call.node, nodes.Name) else ""
    return name if name in _FUNCTIONS else ""


def _note(call: nodes.Call, notes: dict[int, str], calls: set[int]) -> str:
    """Return the note to translators that belongs to a message: on its line, or alone on the line above."""
    above = "" if call.lineno - 1 in calls else notes.get(call.lineno - 1, "")
    return notes.get(call.lineno) or above


def _message(call: nodes.Call, file: str, note: str, first: nodes.Expr | None) -> SourceMessage:
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
        return _DATA.get(node.name, node.name.replace("_", " "))
    return "a value filled in when the page is made"


def _find_notes(environment: Environment, source: str) -> dict[int, str]:
    """Return the notes to translators by the last line they stand on."""
    notes = {}
    for line, kind, value in environment.lex(source):
        match = _NOTE.match(value) if kind == "comment" else None
        if match:
            notes[line + value.count("\n")] = " ".join(match[1].split())
    return notes
