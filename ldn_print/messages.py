"""A message: the unit that is written in English and translated. Pure values and functions.

A message is known by its context (msgctxt) and its text (msgid). Placeholders stand in braces,
``{dose}``; the only markup is a short list of inline tags, and a translation may use just those that
its source has. Numbers, units and phone numbers are never part of a message: they are data (design §2.2).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

INLINE_TAGS = ("b",)
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ESCAPED_TAG = re.compile(rf"&lt;(/?(?:{'|'.join(INLINE_TAGS)}))&gt;")


@dataclass(frozen=True, order=True)
class MessageKey:
    """What a message is known by."""

    context: str
    text: str

    @property
    def id(self) -> str:
        """A short name for the message, the same as long as its words are the same."""
        digest = hashlib.sha256(f"{self.context}\x04{self.text}".encode()).hexdigest()
        return f"m-{digest[:8]}"


@dataclass(frozen=True)
class SourceMessage:
    """A message as it stands in a template or a handout file.

    ``examples`` gives for each placeholder what stands there, as far as the source says it; ``block`` is the block
    of the template that it stands in; ``is_safety`` tells that a mistake in it can harm.
    """

    key: MessageKey
    file: str
    line: int
    plural: str = ""
    notes: tuple[str, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    block: str = ""
    is_safety: bool = False

    @property
    def place(self) -> str:
        """Where an author finds it: ``file:line``, or the file alone for metadata."""
        return f"{self.file}:{self.line}" if self.line else self.file


def with_examples(message: SourceMessage) -> str:
    """Return a message as plain English text, with what the source says of its placeholders filled in."""
    examples = dict(message.examples)
    plain = TAG.sub("", message.key.text)
    return PLACEHOLDER.sub(lambda match: examples.get(match[1], match[0]), plain)


def placeholders(text: str) -> tuple[str, ...]:
    """Return the names of the placeholders in a message, sorted."""
    return tuple(sorted(PLACEHOLDER.findall(text)))


def tags(text: str) -> tuple[str, ...]:
    """Return everything in a message that looks like a tag, in order."""
    return tuple(TAG.findall(text))


def to_markup(text: str, values: Mapping[str, object]) -> Markup:
    """Return a message as HTML: placeholders filled, inline tags kept, all else escaped.

    A line break in the text is a line break on the page: titles may say where they break.

    Raises:
        KeyError: a placeholder has no value.
    """
    escaped = _ESCAPED_TAG.sub(r"<\1>", str(escape(text)))
    filled = PLACEHOLDER.sub(lambda match: str(escape(values[match[1]])), escaped)
    return Markup(filled.replace("\n", "<br>"))  # noqa: S704  # escaped above


def to_plain(text: str, values: Mapping[str, object]) -> str:
    """Return a message without markup, for a title or an alternative text."""
    return Markup(to_markup(text, values).replace("<br>", " ")).striptags()  # noqa: S704  # tags are removed


def shorten(text: str, most: int = 60) -> str:
    """Return a text in one line of at most so many signs, for a finding."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= most else f"{one_line[: most - 1]}…"
