"""What a translation must not lose or gain: names of medicines, units, times, the words of the term base, a *not*.

Pure functions of a pair. They compare what the English says with what the translation says through the term base
(`termbase`), so each language is as safe as its own list is complete.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ldn_print.checks.pair import Pair
from ldn_print.errors import Diagnostic, Severity
from ldn_print.forms import IN_WORD, WordFinder, count, fold
from ldn_print.termbase import GUARDED, STRICT, Concept

_NEGATION = WordFinder(
    {
        "no": [
            *"no not never none nobody nothing neither nor cannot without nowhere".split(),
            *(f"{verb}n't" for verb in "ca do does did is was wo".split()),
        ],
        # Words that another language may well say with a no: the translation may negate, and need not.
        "may": [
            *"unless until unknown skip stop fail* differ differs mixed little wait stays".split(),
            *("other than", "too few", "too small", "away from", "bad memories", "poor sleep", "poor memory"),
        ],
    }
)
# "Do not skip or delay": a language may say no twice, and one that pairs its words for no has to.
_OR = re.compile(r"\b(?:not|never)\b.* or \w+", re.IGNORECASE)
_PAIRED = re.compile(r"\b(?:not|never)\b(?:(?!\bthan\b)[^.,;:?])* or \w+", re.IGNORECASE)
_WORD = re.compile(rf"[{IN_WORD}]+")
_LATIN_WORD = re.compile("[a-z]+")  # where words stand without spaces, only borrowed ones can be told apart


def check_meaning(pair: Pair) -> Iterator[Diagnostic]:
    """Yield what a translation says less, more or otherwise than its source."""
    yield from _check_terms(pair)
    yield from _check_forbidden(pair)
    yield from _check_spelling(pair)
    yield from _check_negation(pair)
    yield from _check_sentences(pair)


def _check_terms(pair: Pair) -> Iterator[Diagnostic]:
    """Yield ideas that are lost or added, sentence by sentence where both texts have as many."""
    findings = (row for source, target in pair.sentences for row in _compare(pair, source, target))
    yield from dict.fromkeys(findings)


def _compare(pair: Pair, source_text: str, target_text: str) -> Iterator[Diagnostic]:
    terms = pair.terms
    source, target = terms.source.find(source_text), terms.find(target_text)
    for name, often in source.items():
        concept = terms.source.concepts[name]
        # A translation may say "LDN" once where English says it in each sentence, and the other way round.
        text = target_text if concept.is_counted and concept.group != "term" else pair.plain_target
        if not terms.terms[name].use:
            yield _gap(pair, concept)
        elif not terms.says(name, text):
            yield from _lost(pair, concept)
        elif concept.group == "drug" and concept.is_counted and target[name] != often:
            fact = f"{concept.match[0]!r} stands {target[name]} times here, {often} in English"
            yield pair.error("T-drug", fact, "Name each medicine as often as the source does.")
    for name in target.keys() - source.keys():
        concept = terms.source.concepts[name]
        here = pair.plain_source if concept.repeated else source_text
        is_data = f"{{{name}}}" in pair.source  # {tablet} may be said as a tablet
        if concept.group in STRICT and not concept.added and not is_data and not _has_form(here, concept):
            hint = f"Take it out, or list in {terms.path.name} the word that means something else."
            yield pair.error(f"T-{concept.group}", f"{concept.match[0]!r} stands here and not in English", hint)
    yield from _check_exchanged(pair, source, target)


def _check_exchanged(pair: Pair, source: Counter[str], target: Counter[str]) -> Iterator[Diagnostic]:
    """Yield two names of which one took the place of the other in a sentence that has both."""
    free = [row for row in pair.terms.source.concepts.values() if row.group == "drug" and not row.is_counted]
    fewer = [row.match[0] for row in free if target[row.id] < source[row.id]]
    more = [row for row in free if target[row.id] > source[row.id]]
    both = len([row for row in free if source[row.id]]) > 1
    if more and (fewer or (both and more[0].repeated)):
        fact = f"{more[0].match[0]!r} stands here more often than in English, for another name"
        yield pair.error("T-drug", fact, "Name in each place what the source names there.")


def _has_form(source: str, concept: Concept) -> bool:
    """Tell whether the English has the idea as a part of a longer one: "opioid" in "opioid blocker"."""
    return any(form.casefold() in source.casefold() for form in concept.match)


def _gap(pair: Pair, concept: Concept) -> Diagnostic:
    """Return that nobody said how the language says an idea, so that nothing can watch over it."""
    hint = f'Write it: {concept.id} = {{ use = ["…"], back = "…" }} below [terms].'
    severity = Severity.ERROR if _is_watched(pair, concept) else Severity.WARNING
    return Diagnostic("T-termbase", str(pair.terms.path), f"no word for {concept.match[0]!r}", hint, severity)


def _lost(pair: Pair, concept: Concept) -> Iterator[Diagnostic]:
    forms = ", ".join(pair.terms.terms[concept.id].use[:4])
    fact = f"{concept.match[0]!r} is lost"
    hint = f"Words for it in {pair.terms.path.name}: {forms}. Is yours right? Add it there."
    is_term = concept.group == "term"
    if _is_watched(pair, concept) or (is_term and pair.message.is_safety):
        yield pair.error(f"T-{concept.group}", fact, hint)
    elif is_term:
        yield pair.warning("T-term", fact, hint)


def _is_watched(pair: Pair, concept: Concept) -> bool:
    """Tell whether the translation of a message has to say an idea of its English."""
    return concept.group in STRICT or (concept.group in GUARDED and pair.message.is_safety)


def _check_forbidden(pair: Pair) -> Iterator[Diagnostic]:
    source = pair.terms.source.find(pair.plain_source)
    for name in pair.terms.find_forbidden(pair.plain_target) & source:
        concept, term = pair.terms.source.concepts[name], pair.terms.terms[name]
        fact = f"a word that must not stand for {concept.match[0]!r}"
        hint = f"Use {', '.join(term.use[:3]) or 'another word'}. Never: {', '.join(term.forbid)}."
        yield pair.error("T-forbidden", fact, hint)


def _check_spelling(pair: Pair) -> Iterator[Diagnostic]:
    """Yield words that are nearly the name of a medicine: a slip of the pen, or a form that nobody listed."""
    text = fold(pair.plain_target)
    known = " ".join([*pair.terms.find_words(text), fold(pair.plain_source)])
    for word in (_WORD if pair.terms.spaced else _LATIN_WORD).findall(text):
        name = pair.terms.near_drugs.near(word)
        if name and word not in known:
            fact = f"{word!r} is nearly {name!r}"
            yield pair.error("T-drug", fact, f"Write {name!r}, or list this form in {pair.terms.path.name}.")


def _check_negation(pair: Pair) -> Iterator[Diagnostic]:
    """Yield a lost *not*, and one that the English does not have."""
    if not pair.terms.negation.words:
        hint = 'Write them: words = ["…"] below [negation].'
        yield Diagnostic("T-termbase", str(pair.terms.path), "no words that say no", hint)
        return
    for source, target in pair.sentences:
        english = count(_NEGATION, source)
        if _OR.search(source):
            english["no" if pair.terms.negation.paired and _PAIRED.search(source) else "may"] += 1
        here = pair.terms.count_negations(target)
        if here < english["no"]:
            fact = f"a 'not' is lost: {english['no']} in English, {here} here"
            yield pair.error(
                "T-negation", fact, f"Say no as the source does. Words for it: {pair.terms.path.name}."
            )
        elif here > english.total():
            hint = f"Say it without a 'not', or list the word in {pair.terms.path.name}: [negation] except."
            yield pair.error("T-negation", "a 'not' stands here and not in English", hint)


def _check_sentences(pair: Pair) -> Iterator[Diagnostic]:
    """Yield a safety message that has fewer sentences than its English: one may have been lost."""
    source, target = pair.sentence_counts
    if pair.message.is_safety and target < source:
        hint = "Say each sentence as one, or write why not: # ok T-short: and the reason."
        yield pair.error("T-short", f"{target} sentences here, {source} in English", hint)
