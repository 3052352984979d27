"""What a translation must carry over letter by letter: placeholders, tags; and numbers, which it must not hold.

Pure functions of a pair; none of their findings can be silenced.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from ldn_print.checks.pair import Pair
from ldn_print.errors import Diagnostic
from ldn_print.messages import PLACEHOLDER, TAG, placeholders, tags

_NUMBERS = ("Nd", "No", "Nl")


def check_markup(pair: Pair) -> Iterator[Diagnostic]:
    """Yield where placeholders, tags or numbers of a translation are not those of its source."""
    yield from _check_placeholders(pair)
    yield from _check_tags(pair)
    yield from _check_numbers(pair)


def _check_placeholders(pair: Pair) -> Iterator[Diagnostic]:
    """Every placeholder of the source stands in the translation, as often, and no other does."""
    wanted, found = Counter(placeholders(pair.source)), Counter(placeholders(pair.target))
    for name in sorted((wanted - found).keys()):
        fact = f"the placeholder {{{name}}} is missing"
        yield pair.error("T-placeholder", fact, f"Put {{{name}}} where its value belongs in the sentence.")
    for name in sorted((found - wanted).keys()):
        known = ", ".join(f"{{{known}}}" for known in wanted) or "none"
        fact = f"the placeholder {{{name}}} is not in the source, or stands there less often"
        hint = f"Placeholders of this message: {known}. Copy them letter by letter."
        yield pair.error("T-placeholder", fact, hint)
    rest = PLACEHOLDER.sub("", pair.target)
    if "{" in rest or "}" in rest:
        hint = "Braces only stand around the name of a placeholder, without spaces."
        yield pair.error("T-placeholder", "a stray brace", hint)


def _check_tags(pair: Pair) -> Iterator[Diagnostic]:
    """Yield where the inline tags differ from the source's, or where other markup stands."""
    wanted, found = tags(pair.source), tags(pair.target)
    foreign = [tag for tag in found if tag not in wanted]
    if foreign:
        allowed = " ".join(sorted(set(wanted))) or "none"
        yield pair.error(
            "T-html", f"{foreign[0]} is not in the source", f"Tags of this message: {allowed}. Use no other."
        )
    elif Counter(found) != Counter(wanted) or not _is_nested(found):
        fact = f"the tags {' '.join(found) or '(none)'} differ from the source's {' '.join(wanted)}"
        hint = "Every tag of the source stands once in the translation, opened before it is closed."
        yield pair.error("T-tag", fact, hint)
    rest = TAG.sub("", pair.target)
    if "<" in rest or ">" in rest:
        yield pair.error("T-html", "a stray < or >", "Write it in words, or close the tag.")


def _check_numbers(pair: Pair) -> Iterator[Diagnostic]:
    """No digit of any script stands in a translation: numbers are filled in (design §2.2)."""
    digits = {sign for sign in PLACEHOLDER.sub("", pair.target) if unicodedata.category(sign) in _NUMBERS}
    if digits:
        hint = "Numbers come in through placeholders such as {days}. Take the typed one out."
        yield pair.error("T-number", f"a number was typed in: {' '.join(sorted(digits))}", hint)


def _is_nested(found: Sequence[str]) -> bool:
    open_tags: list[str] = []
    for tag in found:
        if not tag.startswith("</"):
            open_tags.append(tag.strip("<>"))
        elif not open_tags or open_tags.pop() != tag.strip("</>"):
            return False
    return not open_tags
