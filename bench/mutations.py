"""Plants realistic faults in the translations and counts which of them the guard refuses.

    .venv/bin/python -m bench.mutations                       a table on stdout
    .venv/bin/python -m bench.mutations --write docs/mutations.md
    .venv/bin/python -m bench.mutations --missed              every fault that got through

Nothing is drawn by lot: the same catalogs give the same faults. How a *not* is taken out stands in a table of its
own, apart from the words the guard looks for.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ldn_print.catalog import Catalog, Entry
from ldn_print.checks.translation import Guard
from ldn_print.errors import Diagnostic
from ldn_print.extract import Extractor
from ldn_print.forms import IN_WORD
from ldn_print.languages import Language
from ldn_print.localize import Catalogs
from ldn_print.messages import PLACEHOLDER, TAG, SourceMessage
from ldn_print.project import Library, find_library
from ldn_print.termbase import TermBase

# How each language takes a "not" out of a sentence: what stands there, and what a slip makes of it.
_WITHOUT_NOT: dict[str, tuple[tuple[str, str], ...]] = {
    "es": (
        (r"\b[Nn]o (?=\w)", ""),
        (r"\b[Nn]unca\b", "Siempre"),
        (r"\b[Ss]in (?=\w)", "con "),
        (r"\bNingún\b", "Un"),
    ),
    "ar": (
        (r"\bو?لا (?=\w)", ""),
        (r"\bلم (?=\w)", ""),
        (r"\b(?:بدون|بلا|دون) (?=\w)", "مع "),
        (r"\bليست? (?=\w)", ""),
    ),
    "zh": ((r"不要", "要"), (r"绝不要?", ""), (r"不(?=[能会是知用])", ""), (r"没有", "有"), (r"未", "已")),
    "hi": ((r"(?<=\s)न (?=\S)", ""), (r"(?<=\s)नहीं\b ?", ""), (r"\bबिना (?=\S)", ""), (r"(?<=\s)मत (?=\S)", "")),
}
# How a "not" slips into a sentence that has none: before its first word, or after it.
_WITH_NOT = {"es": "No {}", "ar": "لا {}", "zh": "不要{}", "hi": "{} नहीं"}
_SAYS_NO = re.compile(r"\b(?:not?|never|none|nobody|cannot|without)\b|n't", re.IGNORECASE)
_DIGITS = {"ar": "٣", "hi": "३", "zh": "３", "es": "3"}
_LOOKALIKES = {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р"}  # Cyrillic twins, on purpose
_MARKS = ("\u202e", "\u2067", "\u202d")
_OPPOSITES = (("start", "stop"), ("before", "after"))


@dataclass(frozen=True)
class Fault:
    """A translation with one fault planted in it."""

    kind: str
    message: SourceMessage
    text: str


@dataclass(frozen=True)
class Bench:
    """What the faults of one language are made from."""

    language: Language
    terms: TermBase
    guard: Guard
    pairs: tuple[tuple[SourceMessage, str], ...]

    @property
    def speech(self) -> str:
        """The language without its script and country."""
        return self.language.tag.split("-")[0]


Planter = Callable[[Bench, SourceMessage, str], Iterator[str]]


def plant_digit(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Type a number in the place of its placeholder, or beside it."""
    for name in set(PLACEHOLDER.findall(text)):
        yield text.replace(f"{{{name}}}", "14", 1)
        yield text.replace(f"{{{name}}}", f"{{{name}}}{_DIGITS[bench.speech]}", 1)
    if message.is_safety:
        yield f"{text} {_DIGITS[bench.speech]}"


def plant_dose(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Type a dose in; move or lose its decimal sign."""
    del bench
    if message.is_safety and "mg" not in text:
        yield f"{text} 4.5 mg"
        yield f"{text} 45 mg"


def plant_placeholder(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Rename, lose or double a placeholder, or damage its braces."""
    del bench, message
    for name in set(PLACEHOLDER.findall(text)):
        yield text.replace(f"{{{name}}}", f"{{{name}s}}", 1)
        yield text.replace(f"{{{name}}}", "", 1)
        yield text.replace(f"{{{name}}}", f"{{{name}}} {{{name}}}", 1)
        yield text.replace(f"{{{name}}}", f"{{{name}", 1)


def plant_tag(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Lose a tag, or leave it open."""
    del bench, message
    if TAG.search(text):
        yield TAG.sub("", text, count=1)
        yield TAG.sub("", text)
        yield text.replace("</b>", "<b>", 1)


def _swap(bench: Bench, text: str, groups: Sequence[str]) -> Iterator[str]:
    """Yield a text with a word of some groups changed into the next one of its group."""
    concepts = bench.terms.source.concepts
    for group in groups:
        ideas = [
            name for name, concept in concepts.items() if concept.group == group and bench.terms.terms[name].use
        ]
        for number, name in enumerate(ideas):
            other = bench.terms.terms[ideas[(number + 1) % len(ideas)]].use[0].strip("*^ ")
            for form in bench.terms.terms[name].use:
                word = form.strip("*^ ")
                changed = re.sub(_as_word(bench, word), other, text, count=1)
                if changed != text and other not in bench.terms.terms[name].use:
                    yield changed
                    break


def _as_word(bench: Bench, word: str) -> str:
    """Return a pattern that finds a word, and not a part of another one."""
    return rf"(?<![{IN_WORD}]){re.escape(word)}(?![{IN_WORD}])" if bench.terms.spaced else re.escape(word)


def plant_unit(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Change a unit or a length of time: days into weeks, mg into mL."""
    del message
    yield from _swap(bench, text, ["unit"])


def plant_number_word(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Change a number in words."""
    del message
    yield from _swap(bench, text, ["count"])


def plant_time_or_form(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Make noon of morning, a tablet of a capsule."""
    del message
    yield from _swap(bench, text, ["moment", "form"])


def plant_drug(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Change the name of a medicine into another one."""
    del message
    yield from _swap(bench, text, ["drug"])


def plant_misspelt_drug(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Lose or double a letter in the name of a medicine."""
    del message
    for name, concept in bench.terms.source.concepts.items():
        if concept.group != "drug":
            continue
        for form in bench.terms.terms[name].use:
            word = form.strip("*^ ")
            pattern = _as_word(bench, word)
            if len(word) > 2 and " " not in word and re.search(pattern, text):
                middle = len(word) // 2
                slips = (word[:middle] + word[middle + 1 :], word[:middle] + word[middle] + word[middle:])
                yield from (
                    re.sub(pattern, slip, text) for slip in slips if slip not in bench.terms.terms[name].use
                )
                break


def plant_lost_opioid(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Drop a name from a list of opioids."""
    del message
    found = [name for name in bench.terms.find(text) if bench.terms.source.concepts[name].group == "drug"]
    if len(found) < 3:
        return
    for name in found:
        for form in bench.terms.terms[name].use:
            shorter = re.sub(
                rf"[,،、]\s*{re.escape(form.strip('*^ '))}(?:\s*[(（][^)）]*[)）])?(?=[,،、.。।])", "", text
            )
            if shorter != text:
                yield shorter
                break


def plant_lost_not(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Lose a *not* from a safety message."""
    if not message.is_safety:
        return
    for pattern, slip in _WITHOUT_NOT[bench.speech]:
        for match in re.finditer(pattern, text):
            yield text[: match.start()] + slip + text[match.end() :]


def plant_added_not(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Put a *not* into a safety message whose English says none."""
    if message.is_safety and not re.search(
        r"\b(?:not?|never|none|nobody|cannot|without)\b|n't", message.key.text, re.I
    ):
        yield _WITH_NOT[bench.speech].format(text)


def plant_opposite(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Exchange start and stop, before and after, in a safety message."""
    if message.is_safety:
        for one, other in (*_OPPOSITES, *((b, a) for a, b in _OPPOSITES)):
            if one in bench.terms.source.find(message.key.text):
                for form in bench.terms.terms[one].use:
                    changed = text.replace(form.strip("*^"), bench.terms.terms[other].use[0].strip("*^"), 1)
                    if changed != text:
                        yield changed
                        break


def plant_marks(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Put in a mark that turns the direction of what follows."""
    del bench
    if message.is_safety:
        for mark in _MARKS:
            yield text[: len(text) // 2] + mark + text[len(text) // 2 :]


def plant_lookalike(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Put in a letter of another script that looks alike."""
    del bench, message
    bare = PLACEHOLDER.sub("", TAG.sub("", text))
    for latin, twin in _LOOKALIKES.items():
        if latin in bare and "{" not in text and "<" not in text:
            yield text.replace(latin, twin, 1)
            return


def plant_english(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Leave the English as it is."""
    del bench
    if text != message.key.text and not PLACEHOLDER.search(text):
        yield message.key.text


def plant_other_sentence(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Put in the translation of the message that stands before it in the file."""
    texts = [(other, target) for other, target in bench.pairs if other.file == message.file]
    place = next(number for number, (other, _) in enumerate(texts) if other == message)
    other, target = texts[place - 1]
    if place and target != text and other.is_safety:
        yield target


def plant_lost_sentence(bench: Bench, message: SourceMessage, text: str) -> Iterator[str]:
    """Lose the last sentence."""
    del bench
    if message.is_safety and not TAG.search(text):
        sentences = [row for row in re.split(r"(?<=[.?!؟。！？।])\s*", text) if row]
        if len(sentences) > 1:
            yield " ".join(sentences[:-1])


PLANTERS: dict[str, Planter] = {
    "number typed in": plant_digit,
    "dose typed in, decimal moved": plant_dose,
    "placeholder damaged": plant_placeholder,
    "tag damaged": plant_tag,
    "unit or length of time changed": plant_unit,
    "number word changed": plant_number_word,
    "time of day or form changed": plant_time_or_form,
    "medicine changed": plant_drug,
    "medicine misspelt": plant_misspelt_drug,
    "name lost from a list of opioids": plant_lost_opioid,
    "not lost from a safety message": plant_lost_not,
    "not added to a safety message": plant_added_not,
    "start/stop, before/after exchanged": plant_opposite,
    "mark of direction": plant_marks,
    "letter of another script": plant_lookalike,
    "English left": plant_english,
    "translation of another message": plant_other_sentence,
    "last sentence lost": plant_lost_sentence,
}
# Classes in which every fault has to be refused.
MUST_CATCH = tuple(PLANTERS)[:10]


def open_benches(library: Library) -> Iterator[Bench]:
    """Yield what is needed for each language that has a catalog."""
    extractor, catalogs = Extractor(library), Catalogs(library)
    for language in catalogs.available():
        catalog = catalogs.get(language)
        if catalog is None:
            continue
        pairs = tuple(
            (message, catalog.entries[message.key].strings[0])
            for message in extractor.library
            if not message.plural and message.key in catalog.entries and catalog.entries[message.key].translated
        )
        guard = catalogs.guard(language)
        yield Bench(language, guard.terms, guard, pairs)


def plant(bench: Bench, kind: str) -> Iterator[Fault]:
    """Yield the faults of one class in a language, each text once."""
    for message, text in bench.pairs:
        for changed in dict.fromkeys(PLANTERS[kind](bench, message, text)):
            if changed != text:
                yield Fault(kind, message, changed)


def judge(bench: Bench, fault: Fault) -> list[Diagnostic]:
    """Return what the guard finds in a translation with a fault."""
    entry = Entry((fault.text,), fuzzy=False, line=1)
    catalog = Catalog(Path("planted.po"), {fault.message.key: entry}, "")
    return bench.guard.check(fault.message, catalog)


def is_refused(bench: Bench, fault: Fault) -> bool:
    """Tell whether the guard finds an error in a translation with a fault."""
    return any(finding.is_error for finding in judge(bench, fault))


def run(benches: Sequence[Bench], *, show_missed: bool) -> str:
    """Return a table of all classes and languages: faults, and how many are refused or told."""
    tags = [bench.language.tag for bench in benches]
    lines = [
        f"| Fault | {' | '.join(tags)} | all | refused | refused or told |",
        f"|---|{'---|' * (len(tags) + 3)}",
    ]
    total: Counter[str] = Counter()
    for kind in PLANTERS:
        cells, planted, refused, told = [], 0, 0, 0
        for bench in benches:
            judged = [(fault, judge(bench, fault)) for fault in plant(bench, kind)]
            missed = [row for row in judged if not any(finding.is_error for finding in row[1])]
            if show_missed:
                for fault, _ in missed:
                    print(f"{kind} | {bench.language.tag} | {fault.message.key.text[:70]} | {fault.text[:90]}")
            cells.append(f"{len(judged) - len(missed)} of {len(judged)}" if judged else "none")
            planted += len(judged)
            refused += len(judged) - len(missed)
            told += sum(bool(findings) for _, findings in judged)
        total.update(planted=planted, refused=refused, told=told)
        lines.append(
            f"| {kind} | {' | '.join(cells)} | {planted} | {_share(refused, planted)} | {_share(told, planted)} |"
        )
    row = f"| **all** |{' |' * len(tags)} {total['planted']} | {_share(total['refused'], total['planted'])} "
    return "\n".join([*lines, f"{row}| {_share(total['told'], total['planted'])} |"])


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


def main() -> None:
    """Plant every fault, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="put the table into this file, between its two marks")
    parser.add_argument("--missed", action="store_true", help="print every fault that is not refused")
    options = parser.parse_args()
    table = run(list(open_benches(find_library())), show_missed=options.missed)
    if options.write:
        text = options.write.read_text(encoding="utf-8")
        start, end = "<!-- table -->\n", "<!-- end of table -->"
        before, rest = text.split(start)
        options.write.write_text(f"{before}{start}{table}\n{end}{rest.split(end)[1]}", encoding="utf-8")
    else:
        print(table)


if __name__ == "__main__":
    main()
