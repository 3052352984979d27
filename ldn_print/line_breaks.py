"""Says where lines may break, in scripts that the layout engine cannot break by itself.

Thai, Lao, Khmer and Burmese have no spaces between words, and the engine would break nowhere, or in Thai on some
machines only: words of a dictionary are parted by a zero width space. Korean has spaces, and the engine would
break inside words: their syllables are held together by a word joiner, and so are those of short phrases in
Japanese. Both signs have no width.

They go into a page on its way to the engine and nowhere else: messages, twins and the text of the PDF stay as
they were written. Dictionaries and rules are those of ICU, phrases those of BudouX; the first text that needs
them loads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape
from itertools import accumulate, groupby, pairwise
from typing import TYPE_CHECKING

from ldn_print.languages import Language

if TYPE_CHECKING:
    from budoux import Parser

ZERO_WIDTH_SPACE, WORD_JOINER = "\u200b", "\u2060"
# A longer word or phrase breaks in its middle: words of Korean hardly ever come to this; phrases of Japanese have
# to fit into the narrowest column, 34 mm, where eight signs stand.
_LONGEST = {"joined": 14, "phrases": 7}
_HEAD, _TAIL = 3, 5  # its signs that stay together at either end; the polite endings are that long
# What a dictionary gets wrong in words that it does not know: a consonant without a vowel of its own closes the
# syllable before it. Nor does a line start with the Burmese particle of one letter that means "if".
_CLOSING = re.compile("[\u1000-\u1021]\u1037?[\u1039\u103a]|\u1000\\s*$|[\u1780-\u17a2](?:\u17cb|\\s*$)")
# Burmese "not" is a part of its verb: a line that starts behind it would tell the reader to do what is forbidden.
_CLINGING = frozenset({"\u1019"})

_TOKEN = re.compile(r"<!--.*?-->|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>|&#?\w+;|[^<&]+|[<&]", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_LANG = re.compile(r"\slang=\"([^\"]*)\"")
_INLINE = frozenset({"b", "bdi", "span"})
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
_CLOSED = frozenset({"bdi", "head", "script", "style"})  # data, and what is not shown


@dataclass(frozen=True)
class _Element:
    name: str
    language: Language | None
    is_closed: bool


@dataclass(frozen=True)
class _Piece:
    """A piece of a page's source with the text that it shows; a tag shows none.

    ``block`` counts the texts that lines are made of; ``is_open`` tells whether signs may go into the piece.
    """

    source: str
    text: str
    block: int
    language: Language | None
    is_open: bool


def set_breaks(html: str, languages: Iterable[Language]) -> str:
    """Return a page that tells the engine where its lines may break.

    Only texts change, and only those in a language whose script asks for it (``breaks`` in the registry); the
    language of a text is that of the nearest element with ``lang``. Attributes and data (``bdi``) stay whole.

    Args:
        html: the page.
        languages: its own language and those of its parts.
    """
    wanted = {language.tag: language for language in languages if language.script.breaks}
    if not wanted:
        return html
    runs = groupby(_read(html, wanted), key=lambda piece: (piece.block, piece.language))
    return "".join(_mark(list(pieces), language) for (_, language), pieces in runs)


def strip_breaks(text: str) -> str:
    """Return a text without the signs that say where lines may break: what a reader copies, searches and hears."""
    return text.replace(ZERO_WIDTH_SPACE, "").replace(WORD_JOINER, "")


def _read(html: str, wanted: Mapping[str, Language]) -> Iterator[_Piece]:
    """Yield a page piece by piece."""
    opened = [_Element("", None, False)]
    block = 0
    for token in _TOKEN.findall(html):
        tag = _TAG.match(token)
        if tag:
            block += tag[2].lower() not in _INLINE
            _follow(opened, token, tag, wanted)
        around = opened[-1]
        text = "" if token.startswith("<") else unescape(token)
        is_open = bool(text) and not around.is_closed and not token.startswith("&")
        yield _Piece(token, text, block, around.language, is_open)


def _follow(opened: list[_Element], token: str, tag: re.Match[str], wanted: Mapping[str, Language]) -> None:
    """Keep the list of open elements up to a tag."""
    name = tag[2].lower()
    if not tag[1]:
        around, lang = opened[-1], _LANG.search(token)
        language = wanted.get(lang[1]) if lang else around.language
        if name not in _VOID:
            opened.append(_Element(name, language, around.is_closed or name in _CLOSED))
    elif any(element.name == name for element in opened):
        while opened.pop().name != name:
            pass  # HTML lets an author leave out some ends, that of a paragraph for one


def _mark(pieces: list[_Piece], language: Language | None) -> str:
    """Return the source of a run of text with its signs: behind a piece of text rather than before the next."""
    text = "".join(piece.text for piece in pieces)
    marks = {} if language is None or text.isascii() else _find_marks(text, language)
    marked, start = [], 0
    for piece in pieces:
        end = start + len(piece.text)
        if piece.is_open:
            marked += [f"{marks.pop(start + index, '')}{sign}" for index, sign in enumerate(piece.source)]
            marked.append(marks.pop(end, ""))
        else:
            marked.append(piece.source)
        start = end
    return "".join(marked)


def _find_marks(text: str, language: Language) -> dict[int, str]:
    """Return which sign stands before which character of a text."""
    way, locale = language.script.breaks, language.locale
    if way == "words":
        return dict.fromkeys(_word_limits(text, locale), ZERO_WIDTH_SPACE)
    kept = _phrase_limits(text) if way == "phrases" else _limits(text, f"{locale}@lw=phrase")
    return dict.fromkeys(_joints(text, _limits(text, locale), kept, _LONGEST[way]), WORD_JOINER)


def _word_limits(text: str, locale: str) -> Iterator[int]:
    """Yield where a word ends and the next one starts without a space."""
    limits = [0, *_limits(text, locale)]
    for (start, limit), (_, end) in pairwise(pairwise(limits)):
        word, following = text[start:limit], text[limit:end]
        is_latin = word[-1].isascii() and following[0].isascii()
        if not (_is_gap(word[-1]) or is_latin or word in _CLINGING or _CLOSING.match(following)):
            yield limit


def _joints(text: str, loose: list[int], kept: list[int], longest: int) -> Iterator[int]:
    """Yield where a line would end inside a word or phrase.

    Args:
        text: what is set.
        loose: where the engine would end lines by itself.
        kept: where words or phrases end.
        longest: how many signs of a word or phrase stay in one line.
    """
    for start, end in pairwise([0, *kept]):
        stop = start + len(text[start:end].rstrip())
        breakable = range(start + _HEAD, stop - _TAIL + 1) if stop - start > longest else range(0)
        for limit in loose:
            if start < limit < stop and limit not in breakable and not _is_gap(text[limit - 1]):
                yield limit


def _is_gap(sign: str) -> bool:
    """Tell whether a line may always end behind a sign: a space, or what its author put there to allow it."""
    return sign.isspace() or sign == ZERO_WIDTH_SPACE


def _limits(text: str, locale: str) -> list[int]:
    """Return where lines may end by the rules and dictionaries of a language, the end of the text included."""
    from icu4py.breakers import LineBreaker

    return [end for _, end in LineBreaker(text, locale).segments()]


def _phrase_limits(text: str) -> list[int]:
    """Return where phrases of Japanese end."""
    return list(accumulate(map(len, _phrase_parser().parse(text))))


@cache
def _phrase_parser() -> Parser:
    from budoux import load_default_japanese_parser

    return load_default_japanese_parser()
