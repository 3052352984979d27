"""Starts a new language: its row in the registry, its empty catalog, and a term base to fill in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ldn_print.errors import LanguageError, read_source
from ldn_print.languages import Language, all_languages, all_scripts, cldr_names, make_language
from ldn_print.project import Library
from ldn_print.scaffold import NewFile
from ldn_print.termbase import GROUPS, Concept, load_source_terms

_REGISTRY = """\
# Languages beside those of the package, a table each. Sizes and fonts belong to the script; serves = ["…"]
# lists the tags of readers who get this language when theirs has no sheets.
"""
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?")
_HEAD = """\
# What {english} says for the ideas of locales/terms.toml. See README, Translate.
# use      every form that a text may have, the best one first; * stands for any letters
# forbid   words that are never said for it     other   what looks like a form and means something else
# back     the best form, word for word in English
# The guard refuses to print what it cannot watch: names of medicines, units, numbers, times and forms come first.
register = ""      # how the reader is spoken to, throughout: formal "you" where the language has one
decided_by = ""

[negation]
words = []         # words that say no, each once where English says no once: not, never, no, without, nobody
except = []        # words with such a word in them that do not

[terms]
"""
_GROUPS = {
    "drug": "Medicines: the spelling on a box in this language.",
    "unit": "Units and lengths of time; mg and mL stay in Latin letters.",
    "count": "Numbers in words.",
    "moment": "Times of the day.",
    "form": "What the medicine looks like.",
    "action": "What a reader does.",
    "sign": "Signs, illnesses and parts of the body.",
    "term": "Words that stay the same all through.",
}


@dataclass(frozen=True)
class NewLanguage:
    """A language that is started, and the files that it needs besides its catalog."""

    language: Language
    files: tuple[NewFile, ...]


def plan_language(library: Library, tag: str) -> NewLanguage:
    """Return a new language with the files that start it; files that are there stay as they are.

    Args:
        library: where its row and its term base go.
        tag: as in ``de`` or ``pt-BR``.

    Raises:
        LanguageError: the tag is not usable, CLDR does not know it, or its script is not in the registry.
        CatalogError: the ideas of the term base cannot be read.
    """
    files = []
    language = all_languages().get(tag)
    if language is None:
        row = _row(tag)
        language = make_language(tag, row)
        lines = "".join(f'{key} = "{value}"\n' for key, value in row.items())
        path = library.languages
        before = read_source(path, LanguageError) if path.is_file() else _REGISTRY
        files.append(NewFile(path, f"{before.rstrip()}\n\n[{tag}]\n{lines}"))
    terms = library.terms(language.locale)
    if not terms.is_file() and not language.is_source:
        concepts = load_source_terms(library.source_terms).concepts
        files.append(NewFile(terms, _term_base(language, tuple(concepts.values()))))
    return NewLanguage(language, tuple(files))


def _row(tag: str) -> dict[str, str]:
    if not _TAG.fullmatch(tag):
        raise LanguageError(
            f"language {tag!r}: not a usable tag\n  Write it as in BCP 47: de, pt-BR, zh-Hant. Capitals matter."
        )
    english, own, script = cldr_names(tag)
    if script not in all_scripts():
        known = ", ".join(all_scripts())
        raise LanguageError(
            f"language {tag!r}: its script, {script}, has no sizes and fonts yet\n"
            f"  Add a table [scripts.{script}] to ldn_print/data/languages.toml; known are {known}."
        )
    return {"english": english, "own": own, "locale": tag.replace("-", "_"), "script": script}


def _term_base(language: Language, concepts: tuple[Concept, ...]) -> str:
    """Return a term base that says for each idea what it is, and has room for its words."""
    parts = [_HEAD.format(english=language.english)]
    for group in GROUPS:
        parts.append(f"# {_GROUPS[group]}\n")
        for concept in (row for row in concepts if row.group == group):
            what = "; ".join(filter(None, (", ".join(concept.match), concept.means, concept.note)))
            parts.append(f'# {what}\n{concept.id} = {{ use = [], back = "" }}\n')
        parts.append("\n")
    return "".join(parts).rstrip() + "\n"
