"""The words that every language keeps the same: one list of ideas in English, and how each language says them.

``locales/terms.toml`` holds the ideas, ``locales/<locale>/terms.toml`` what a language says for each, which words
it must not use, and how it says *no*. The guard (`checks`) compares source and translation through them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from ldn_print.errors import CatalogError
from ldn_print.spelling import NearNames
from ldn_print.tables import Table, read_toml

Group = Literal["drug", "unit", "count", "moment", "form", "action", "sign", "term"]
GROUPS: tuple[Group, ...] = ("drug", "unit", "count", "moment", "form", "action", "sign", "term")
# Groups whose words may neither be lost nor appear: a wrong one is a wrong dose.
STRICT: frozenset[Group] = frozenset({"drug", "unit", "count", "moment", "form"})
# Groups whose words may not be lost from a safety message.
GUARDED: frozenset[Group] = frozenset({"action", "sign"})
# What belongs to a word, vowel signs and points of Hebrew, Arabic, Indic, Thai, Lao, Burmese, Khmer included.
IN_WORD = (
    r"\w\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
    r"\u0e31-\u0e4e\u0eb1-\u0ecd\u102b-\u103e\u17b4-\u17d3"
)
_UNSPACED = frozenset({"Hans", "Hant", "Jpan", "Thai", "Laoo", "Khmr", "Mymr"})
_ARABIC_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_NO_BREAK = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NON-BREAKING HYPHEN}": "-", "\N{SOFT HYPHEN}": ""})
_UNSEEN = re.compile("[\u200b\u200e\u200f\u2060-\u2069\u061c]")


@dataclass(frozen=True)
class Concept:
    """An idea of the English text.

    ``added`` tells that a translation may name it where English says "it"; ``repeated`` that it may do so only in a
    message whose English names it once at least.
    """

    id: str
    group: Group
    match: tuple[str, ...]
    means: str
    note: str
    added: bool
    repeated: bool

    @property
    def is_counted(self) -> bool:
        """True when a translation has to name it as often as English."""
        return not self.added and not self.repeated


@dataclass(frozen=True)
class Term:
    """How a language says an idea.

    ``use`` lists the forms, the best one first; ``forbid`` what is never said for it; ``other`` what looks like a
    form and means something else.
    """

    use: tuple[str, ...]
    forbid: tuple[str, ...]
    other: tuple[str, ...]
    back: str
    note: str


def fold(text: str) -> str:
    """Return a text as patterns see it: one case, one form of each letter, no vowel points, nothing unseen."""
    text = unicodedata.normalize("NFC", text).translate(_NO_BREAK).casefold()
    return _UNSEEN.sub("", _ARABIC_MARKS.sub("", text))


class Finder:
    """Finds ideas in a text by their forms; where two begin at one place the longer one counts.

    A form is a word or a few; ``*`` at its end or start stands for any letters, ``^`` before it for the start of
    the text or of what follows a comma. In scripts without spaces a form is found anywhere.
    """

    def __init__(self, forms: Mapping[str, Iterable[str]], *, spaced: bool = True) -> None:
        found = ((fold(form), name) for name, several in forms.items() for form in several)
        rows = sorted(found, key=lambda row: (-len(row[0]), row))
        self._names = [name for _, name in rows]
        before, after = (f"(?<![{IN_WORD}])", f"(?![{IN_WORD}])") if spaced else ("", "")
        patterns = "|".join(f"({_to_pattern(form)})" for form, _ in rows)
        self._pattern = re.compile(f"{before}(?:{patterns}){after}") if rows else None

    def count(self, text: str) -> Counter[str]:
        """Return how often each idea stands in a text."""
        if self._pattern is None:
            return Counter()
        return Counter(self._names[(match.lastindex or 1) - 1] for match in self._pattern.finditer(fold(text)))

    def find_words(self, text: str) -> list[str]:
        """Return the words that were found, as they stand in the folded text."""
        return [match[0] for match in self._pattern.finditer(fold(text))] if self._pattern else []


def _to_pattern(form: str) -> str:
    any_letters = f"[{IN_WORD}]*"
    first = r"(?:^|(?<=[,;:،，；：] )|(?<=[，；：]))" if form.startswith("^") else ""
    start, end = (any_letters if has_star else "" for has_star in (form.startswith("*"), form.endswith("*")))
    body = re.escape(form.strip("*^")).replace(r"\ ", r"\s+")
    return f"{first}{start}{body}{end}"


class SourceTerms:
    """The ideas of the English text."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self.concepts = concepts
        self._found: dict[str, Counter[str]] = {}

    @cached_property
    def _finder(self) -> Finder:
        return Finder({concept.id: concept.match for concept in self.concepts.values()})

    def find(self, text: str) -> Counter[str]:
        """Return how often each idea stands in an English text."""
        if text not in self._found:
            self._found[text] = self._finder.count(text)
        return self._found[text]


class TermBase:
    """What one language says for the ideas, and how it negates.

    Args:
        path: its file.
        source: the ideas.
        terms: what the language says, by idea.
        negation: words that say no, each once where the source says no once.
        not_negation: words with such a word in them that do not.
        script: the script's name; tells if words stand apart.
    """

    def __init__(
        self,
        path: Path,
        source: SourceTerms,
        terms: Mapping[str, Term],
        negation: tuple[str, ...],
        not_negation: tuple[str, ...],
        script: str,
    ) -> None:
        self.path, self.source, self.terms = path, source, terms
        self.has_negation = bool(negation)
        self.spaced = script not in _UNSPACED
        self._negation = self._finder({"no": negation, "": not_negation})
        self._one: dict[str, Finder] = {}

    def _finder(self, forms: Mapping[str, Iterable[str]]) -> Finder:
        return Finder(forms, spaced=self.spaced)

    @cached_property
    def _all(self) -> Finder:
        """Every form of every idea, so that the longest match counts."""
        forms = {name: term.use for name, term in self.terms.items()}
        return self._finder(forms | {"": [form for term in self.terms.values() for form in term.other]})

    @cached_property
    def _forbidden(self) -> Finder:
        return self._finder({name: term.forbid for name, term in self.terms.items()})

    @cached_property
    def near_drugs(self) -> NearNames:
        """The names of medicines, English and the language's own, to tell which word nearly is one."""
        drugs = [concept for concept in self.source.concepts.values() if concept.group == "drug"]
        forms = {form for concept in drugs for form in (*concept.match, *self.terms[concept.id].use)}
        return NearNames(fold(form).strip("*") for form in forms if " " not in form)

    def find(self, text: str) -> Counter[str]:
        """Return how often each idea stands in a text of the language."""
        found = self._all.count(text)
        del found[""]
        return found

    def find_words(self, text: str) -> list[str]:
        """Return the words of a text that are forms of an idea, folded."""
        return self._all.find_words(text)

    def says(self, concept: str, text: str) -> bool:
        """Tell whether a text has one of the forms of an idea."""
        if concept not in self._one:
            term = self.terms[concept]
            self._one[concept] = self._finder({concept: term.use, "": term.other})
        return bool(self._one[concept].count(text)[concept])

    def find_forbidden(self, text: str) -> Counter[str]:
        """Return for which ideas a text uses a word that is forbidden."""
        return self._forbidden.count(text)

    def count_negations(self, text: str) -> int:
        """Return how often a text says no."""
        return self._negation.count(text)["no"]

    @property
    def gaps(self) -> tuple[str, ...]:
        """The ideas that the guard cannot watch yet, for lack of a form."""
        return tuple(name for name in self.source.concepts if not self.terms[name].use)


def load_source_terms(path: Path) -> SourceTerms:
    """Return the ideas of ``locales/terms.toml``.

    Raises:
        CatalogError: the file is missing or a value in it is not usable.
    """
    data, findings, concepts = read_toml(path, CatalogError), [], {}
    for name, row in data.items():
        table = Table(str(path), row if isinstance(row, dict) else {}, prefix=f"{name}.")
        group = table.text("group", choices=GROUPS)
        concepts[name] = Concept(
            id=name,
            group=_group(group),
            match=table.texts("match"),
            means=table.text("means", ""),
            note=table.text("note", ""),
            added=table.flag("added"),
            repeated=table.flag("repeated"),
        )
        table.finish()
        findings += table.findings
    if findings:
        raise CatalogError.from_diagnostics(f"{path}: not usable", findings)
    return SourceTerms(concepts)


def _group(name: str) -> Group:
    return next((group for group in GROUPS if group == name), "term")


def load_term_base(path: Path, source: SourceTerms, script: str) -> TermBase:
    """Return a language's term base; ideas that its file does not name, all where there is none, have no forms.

    Raises:
        CatalogError: a value in the file is not usable.
    """
    table = Table(str(path), read_toml(path, CatalogError) if path.is_file() else {"negation": {}, "terms": {}})
    table.text("register", "")
    table.text("decided_by", "")
    negation = table.table("negation")
    words, exceptions = negation.texts("words"), negation.texts("except")
    negation.finish()
    rows = table.table("terms")
    terms = {name: _read_term(rows, name) for name in source.concepts}
    rows.finish()
    table.finish()
    if table.findings:
        raise CatalogError.from_diagnostics(f"{path}: not usable", table.findings)
    return TermBase(path, source, terms, words, exceptions, script)


def _read_term(rows: Table, name: str) -> Term:
    if not rows.has(name):
        return Term((), (), (), "", "")
    row = rows.table(name)
    term = Term(
        row.texts("use"), row.texts("forbid"), row.texts("other"), row.text("back", ""), row.text("note", "")
    )
    row.finish()
    return term
