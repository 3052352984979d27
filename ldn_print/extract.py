"""Finds the messages in templates and handout files.

A template that cannot be read stops the extraction: a template dropped in silence would be a handout
without translations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from jinja2 import TemplateSyntaxError, nodes
from jinja2.environment import Environment

from ldn_print.content import parse_metadata
from ldn_print.environment import HANDOUTS, STATE_TEMPLATE, make_environment, with_braces
from ldn_print.errors import ContentError, Diagnostic, RenderError, read_source
from ldn_print.messages import TAG, MessageKey, SourceMessage
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
class _Parsed:
    """A template's messages and the templates it brings in, each where it stands."""

    parts: tuple[SourceMessage | str, ...]


class Extractor:
    """Reads each template once and knows which handout uses which."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._environment: Environment = make_environment(library)
        self._parsed: dict[str, _Parsed] = {}
        self._handouts: dict[str, tuple[SourceMessage, ...]] = {}

    def handout(self, handout_id: str) -> tuple[SourceMessage, ...]:
        """Return every message that a handout can show, in reading order.

        Raises:
            ContentError: the handout's file or one of its templates cannot be read.
        """
        if handout_id not in self._handouts:
            self._handouts[handout_id] = self._find(handout_id)
        return self._handouts[handout_id]

    def _find(self, handout_id: str) -> tuple[SourceMessage, ...]:
        found = {message.key: message for message in self._metadata(handout_id)}
        for template in (STATE_TEMPLATE, f"{HANDOUTS}/{handout_id}/handout.html"):
            for message in self._walk(template, set()):
                found.setdefault(message.key, message)
        return tuple(found.values())

    @cached_property
    def library(self) -> tuple[SourceMessage, ...]:
        """Every message of the library in reading order, the first handout's first.

        Raises:
            ContentError: any template or handout file cannot be read, or a message has findings.
        """
        found: dict[MessageKey, SourceMessage] = {}
        for handout_id in self._library.handout_ids():
            for message in self.handout(handout_id):
                found.setdefault(message.key, message)
        for name in self._environment.list_templates(extensions=["html"]):
            for part in self._parse(name).parts:
                if isinstance(part, SourceMessage):
                    found.setdefault(part.key, part)
        findings = [finding for message in found.values() for finding in check_source(message)]
        if findings:
            raise ContentError.from_diagnostics("messages: not usable", findings)
        return tuple(found.values())

    def _walk(self, name: str, seen: set[str]) -> Iterator[SourceMessage]:
        """Yield the messages of a template and of all it brings in, each at its place."""
        if name in seen:
            return
        seen.add(name)
        for part in self._parse(name).parts:
            if isinstance(part, str):
                yield from self._walk(part, seen)
            else:
                yield part

    def _metadata(self, handout_id: str) -> Iterator[SourceMessage]:
        path = self._library.handouts / handout_id / "handout.toml"
        for key, text in parse_metadata(read_toml(path, ContentError)).items():
            yield SourceMessage(
                key=MessageKey("title", text),
                file=f"{HANDOUTS}/{handout_id}/handout.toml",
                line=0,
                notes=(_METADATA_NOTES[key],),
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
        return _Parsed(tuple(_find_parts(tree, file, notes)))


def _find_parts(tree: nodes.Template, file: str, notes: dict[int, str]) -> Iterator[SourceMessage | str]:
    """Yield messages and the names of other templates in the order in which they stand."""
    values = _find_first_values(tree)
    found = list(tree.find_all((nodes.Call, *_TEMPLATE_USES)))
    for node in sorted(found, key=lambda node: node.lineno):
        if isinstance(node, nodes.Call):
            if _function(node):
                yield _message(node, file, notes, values.get(node))
        elif isinstance(node, _TEMPLATE_USES) and isinstance(node.template, nodes.Const):
            yield str(node.template.value)
        else:
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
