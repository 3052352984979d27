"""The words that every language keeps the same: one list of ideas in English, and how each language says them.

``locales/terms.toml`` holds the ideas, ``locales/<locale>/terms.toml`` what a language says for each, which words
it must not use, and how it says *no*. The guard (`checks`) compares source and translation through them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from ldn_print.errors import CatalogError
from ldn_print.forms import Finder, SignFinder, WordFinder, count, fold
from ldn_print.spelling import NearNames
from ldn_print.tables import Table, read_toml

Group = Literal["drug", "unit", "count", "moment", "form", "action", "sign", "term"]
GROUPS: tuple[Group, ...] = ("drug", "unit", "count", "moment", "form", "action", "sign", "term")
# Groups whose words may neither be lost nor appear: a wrong one is a wrong dose.
STRICT: frozenset[Group] = frozenset({"drug", "unit", "count", "moment", "form"})
# Groups whose words may not be lost from a safety message.
GUARDED: frozenset[Group] = frozenset({"action", "sign"})
_UNSPACED = frozenset({"Hans", "Hant", "Jpan", "Thai", "Laoo", "Khmr", "Mymr"})


@dataclass(frozen=True)
class Concept:
    """An idea of the English text.

    ``added`` tells that a translation may name it where English says "it"; ``repeated`` that it may do so only in
    a message whose English names it once at least.
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


@dataclass(frozen=True)
class Negation:
    """How a language says no.

    ``words`` are such words, each once where English says no once; ``exceptions`` hold one and say no such thing.
    ``paired`` tells that "do not split or crush" needs two: न तोड़ें, न पीसें.
    """

    words: tuple[str, ...]
    exceptions: tuple[str, ...]
    paired: bool


class SourceTerms:
    """The ideas of the English text."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self.concepts = concepts
        self._found: dict[str, Counter[str]] = {}

    @cached_property
    def _finder(self) -> Finder:
        return WordFinder({concept.id: concept.match for concept in self.concepts.values()})

    def find(self, text: str) -> Counter[str]:
        """Return how often each idea stands in an English text."""
        if text not in self._found:
            self._found[text] = count(self._finder, text)
        return self._found[text]


class TermBase:
    """What one language says for the ideas, and how it negates.

    Args:
        path: its file.
        source: the ideas.
        terms: what the language says, by idea.
        negation: how it says no.
        script: the script's name; tells if words stand apart.
    """

    def __init__(
        self,
        path: Path,
        source: SourceTerms,
        terms: Mapping[str, Term],
        negation: Negation,
        script: str,
    ) -> None:
        self.path, self.source, self.terms = path, source, terms
        self.negation = negation
        self.spaced = script not in _UNSPACED
        self._negation = self._finder({"no": negation.words, "": negation.exceptions})
        self._one: dict[str, Finder] = {}

    def _finder(self, forms: Mapping[str, Iterable[str]]) -> Finder:
        return WordFinder(forms) if self.spaced else SignFinder(forms)

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
        found = count(self._all, text)
        del found[""]
        return found

    def find_words(self, text: str) -> list[str]:
        """Return the words of a text that are forms of an idea, folded."""
        return [words for _, words in self._all.find(text)]

    def says(self, concept: str, text: str) -> bool:
        """Tell whether a text has one of the forms of an idea."""
        if concept not in self._one:
            term = self.terms[concept]
            self._one[concept] = self._finder({concept: term.use, "": term.other})
        return bool(count(self._one[concept], text)[concept])

    def find_forbidden(self, text: str) -> Counter[str]:
        """Return for which ideas a text uses a word that is forbidden."""
        return count(self._forbidden, text)

    def count_negations(self, text: str) -> int:
        """Return how often a text says no."""
        return count(self._negation, text)["no"]

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
    words = Negation(negation.texts("words"), negation.texts("except"), negation.flag("paired"))
    negation.finish()
    rows = table.table("terms")
    terms = {name: _read_term(rows, name) for name in source.concepts}
    rows.finish()
    table.finish()
    if table.findings:
        raise CatalogError.from_diagnostics(f"{path}: not usable", table.findings)
    return TermBase(path, source, terms, words, script)


def _read_term(rows: Table, name: str) -> Term:
    if not rows.has(name):
        return Term((), (), (), "", "")
    row = rows.table(name)
    term = Term(
        row.texts("use"), row.texts("forbid"), row.texts("other"), row.text("back", ""), row.text("note", "")
    )
    row.finish()
    return term
