"""How a translation is written: scripts, signs that nobody sees, punctuation, spaces, notations that are misread.

Pure functions of a pair.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ldn_print.checks.pair import Pair
from ldn_print.errors import Diagnostic
from ldn_print.forms import fold
from ldn_print.messages import PLACEHOLDER, TAG

# Letters of these are in the fonts of each script; all others are strangers in it.
_LETTERS: dict[str, tuple[str, ...]] = {
    "Arab": ("ARABIC",),
    "Aran": ("ARABIC",),
    "Armn": ("ARMENIAN",),
    "Beng": ("BENGALI",),
    "Cyrl": ("CYRILLIC",),
    "Deva": ("DEVANAGARI",),
    "Ethi": ("ETHIOPIC",),
    "Geor": ("GEORGIAN",),
    "Grek": ("GREEK",),
    "Gujr": ("GUJARATI",),
    "Guru": ("GURMUKHI",),
    "Hans": ("CJK",),
    "Hant": ("CJK",),
    "Hebr": ("HEBREW",),
    "Jpan": ("CJK", "HIRAGANA", "KATAKANA"),
    "Khmr": ("KHMER",),
    "Knda": ("KANNADA",),
    "Kore": ("HANGUL", "CJK"),
    "Laoo": ("LAO",),
    "Latn": ("LATIN",),
    "Latn-VN": ("LATIN",),
    "Mlym": ("MALAYALAM",),
    "Mymr": ("MYANMAR",),
    "Taml": ("TAMIL",),
    "Telu": ("TELUGU",),
    "Thai": ("THAI",),
}
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
# Marks that turn the direction of what follows; data on the page is isolated without them (standards 3.6).
_TURNING = re.compile("[\u202a-\u202e]")
_ISOLATES, _ISOLATE_END = "\u2066\u2067\u2068", "\u2069"
_HIDDEN = ("Cc", "Co", "Cs", "Cn")
# Standards 1.8 (ISMP): short forms that are misread in every language that borrows them.
_MISREAD = re.compile(
    r"(?<!\w)(?:q\.?d|q\.?o\.?d|b\.?i\.?d|t\.?i\.?d|q\.?h\.?s|h\.?s|p\.?r\.?n|I\.?U|U\.?I|c\.?c|mcg|ug|[µμ]g|mgs|mls?|ml|Ml|ML|Mg|MG)(?!\w)|[@&]"
)
_ENDS = {".": ".。।።۔።។", "?": "?？؟;՞", "!": "!！", ":": ":：", ";": ";；؛"}
_SENTENCE_END = "".join(_ENDS.values())
_NO_SPACE_BEFORE = re.compile(r"\s[.,;:!?،؛؟。，；：！？।](?=\s|$)")
_LDN_SLIP = re.compile(r"(?<![A-Za-z])(?:LN|LD|DN|LND|DLN|NDL|NLD|DNL|L{2,}DN|LD{2,}N|LDN{2,})(?![A-Za-z])")
_FRENCH = ("fr",)


def check_writing(pair: Pair) -> Iterator[Diagnostic]:
    """Yield what is written in a way that misleads a reader or the page."""
    yield from _check_signs(pair)
    yield from _check_short_form(pair)
    yield from _check_scripts(pair)
    yield from _check_notation(pair)
    yield from _check_punctuation(pair)
    yield from _check_same(pair)


def _check_signs(pair: Pair) -> Iterator[Diagnostic]:
    target = pair.target
    hidden = {
        sign for sign in target if (unicodedata.category(sign) in _HIDDEN and sign != "\n") or sign == "\ufffd"
    }
    if hidden:
        names = ", ".join(f"U+{ord(sign):04X}" for sign in sorted(hidden))
        yield pair.error("T-hidden", f"signs that are no text: {names}", "Type the sentence again at this place.")
    if _TURNING.search(target) or not _is_balanced(target):
        hint = "Take the marks out: names, doses and phone numbers keep their direction without them."
        yield pair.error("T-bidi", "marks of direction that are not closed, or turn what follows", hint)
    if target != target.strip() or "  " in target:
        yield pair.warning("T-space", "spaces at the end, or two beside one another", "Take them out.")
    if _NO_SPACE_BEFORE.search(PLACEHOLDER.sub("x", TAG.sub("", target))) and pair.language.tag not in _FRENCH:
        yield pair.warning("T-space", "a space before a punctuation mark", "Take it out.")


def _is_balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign in _ISOLATES) - (sign == _ISOLATE_END)
        if depth < 0:
            return False
    return depth == 0


def _check_short_form(pair: Pair) -> Iterator[Diagnostic]:
    """Yield a short form of the medicine with a letter too few, too many, or in another place."""
    slip = _LDN_SLIP.search(PLACEHOLDER.sub(" ", pair.target))
    if slip and slip[0] not in pair.source:
        yield pair.error("T-drug", f"{slip[0]!r} is nearly 'LDN'", "Write LDN.")


def _check_scripts(pair: Pair) -> Iterator[Diagnostic]:
    """Yield letters of a script that is not the language's, and Latin words that its source does not have."""
    text = PLACEHOLDER.sub(" ", TAG.sub(" ", pair.target))
    own = (*_LETTERS.get(pair.language.script.name, ()), "LATIN")
    foreign = sorted({sign for sign in text if sign.isalpha() and not _is_of(sign, own)})
    if foreign and len(own) > 1:
        names = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in foreign)
        hint = "A letter of another script looks alike and is read, found and spoken wrongly. Type it again."
        yield pair.error("T-script", f"letters of another script: {names}", hint)
    if own[0] == "LATIN":
        return
    known = {*_LATIN_WORD.findall(pair.source.casefold()), *_names(pair)}
    strange = [word for word in _LATIN_WORD.findall(text) if word.casefold() not in known]
    if strange:
        hint = "Write it in the language's own letters; names of medicines, LDN, mg and mL stay as on the label."
        yield pair.error("T-latin", f"Latin words that are not in English: {', '.join(strange)}", hint)


def _is_of(sign: str, scripts: tuple[str, ...]) -> bool:
    return unicodedata.name(sign, "").startswith((*scripts, "MODIFIER", "ARABIC TATWEEL"))


def _names(pair: Pair) -> set[str]:
    """Return the Latin words of those ideas that the source has: a name may stand in both scripts."""
    concepts = pair.terms.source.concepts
    forms = [form for name in pair.terms.source.find(pair.source) for form in concepts[name].match]
    return {word for form in (*forms, "LDN", "naltrexone") for word in _LATIN_WORD.findall(form.casefold())}


def _check_notation(pair: Pair) -> Iterator[Diagnostic]:
    misread = _MISREAD.search(PLACEHOLDER.sub(" ", TAG.sub(" ", pair.target)))
    if misread and misread[0] not in pair.source:
        hint = "Write it in words; units are mg and mL, as on the label (ISMP)."
        yield pair.error("T-notation", f"{misread[0]!r} is misread", hint)


def _check_punctuation(pair: Pair) -> Iterator[Diagnostic]:
    """Yield where a sentence ends otherwise than in English: a question that became an order, a lost stop."""
    source, target = (TAG.sub("", text).rstrip() for text in (pair.source, pair.target))
    if not source or not target:
        return
    kind = next((kind for kind in _ENDS if source.endswith(kind)), "")
    if kind and target[-1] not in _ENDS[kind]:
        yield pair.warning("T-punctuation", f"English ends with {kind!r}", "End in the same way.")
    if not kind and target[-1] in _SENTENCE_END:
        yield pair.warning("T-punctuation", f"ends with {target[-1]!r}, English does not", "Take it out.")
    if pair.language.tag.startswith("es") and target.count("?") != target.count("¿"):
        yield pair.warning(
            "T-punctuation", "a question mark without its pair", "Write ¿ … ? around each question."
        )


def _check_same(pair: Pair) -> Iterator[Diagnostic]:
    """Yield a text that nobody translated: it is the English one, and more than names and data."""
    if fold(pair.target) != fold(pair.source):
        return
    rest = PLACEHOLDER.sub(" ", TAG.sub(" ", pair.source))
    concepts = pair.terms.source.concepts
    for name in pair.terms.source.find(rest):
        if concepts[name].group == "drug":
            for form in concepts[name].match:
                rest = re.sub(rf"(?i)\b{re.escape(form)}\b", " ", rest)
    if any(sign.isalpha() for sign in rest):
        hint = "Translate it. Is it the same in your language? Write above it: # ok T-same: and why."
        yield pair.error("T-same", "the translation is the English text", hint)
