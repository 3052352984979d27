"""The guard: what makes a translation unfit to be printed, and what a translator has to look at.

Each check compares one source message with its translation and returns findings; it changes nothing. A finding
about safety cannot be silenced. The others can, with a reason beside the message, as a translator's comment::

    # ok T-term: the word for "capsule" would stand twice in a row
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ldn_print.catalog import Catalog, Entry
from ldn_print.checks.markup import check_markup
from ldn_print.checks.meaning import check_meaning
from ldn_print.checks.pair import Pair
from ldn_print.checks.plainness import check_length
from ldn_print.checks.writing import check_writing
from ldn_print.errors import Diagnostic, Severity
from ldn_print.languages import Language
from ldn_print.messages import PLACEHOLDER, TAG, MessageKey, SourceMessage, shorten
from ldn_print.termbase import TermBase

_BACK = re.compile(r"back ([0-9a-f]{8}):")
_SILENCE = re.compile(r"ok (T-[a-z]+)\b:?\s*(.*)")
# What may be silenced with a reason; a lost *not* only where no safety message loses it.
_SILENCEABLE = frozenset({"T-term", "T-same", "T-punctuation", "T-space", "T-twin", "T-long", "T-short"})
_BY_SOURCE = frozenset({"T-negation", "T-latin"})
_NO_WORD = re.compile(r"[\W_]+")


class Guard:
    """Checks the messages of one language against its term base."""

    def __init__(self, language: Language, terms: TermBase) -> None:
        self._language = language
        self.terms = terms

    def check(self, message: SourceMessage, catalog: Catalog) -> list[Diagnostic]:
        """Return every finding about a message in a catalog; without an error it may be printed."""
        entry = catalog.entries.get(message.key)
        if entry is None or not entry.translated:
            return list(find_untranslated(message, catalog))
        return self.check_entry(message, entry, catalog.place(entry))

    def check_entry(self, message: SourceMessage, entry: Entry, place: str) -> list[Diagnostic]:
        """Return the findings about one filled translation, but for those that a reason silences."""
        sources = (message.key.text, *([message.plural] * (len(entry.strings) - 1)))
        findings: list[Diagnostic] = []
        for source, target in zip(sources, entry.strings, strict=False):
            pair = Pair(message, source, target, place, self._language, self.terms)
            findings += [*check_markup(pair), *check_meaning(pair), *check_writing(pair), *check_length(pair)]
        findings += _check_back(entry, place)
        return list(_without_silenced(message, entry, place, findings))

    def check_twins(self, messages: Iterable[SourceMessage], catalog: Catalog) -> Iterator[Diagnostic]:
        """Yield equal English texts that are translated in two ways."""
        twins: dict[str, list[SourceMessage]] = defaultdict(list)
        for message in messages:
            if message.key in catalog.entries and catalog.entries[message.key].translated:
                twins[_bare(message.key.text)].append(message)
        for same in twins.values():
            first, *others = same
            entry = catalog.entries[first.key]
            for other in others:
                twin = catalog.entries[other.key]
                if _bare(twin.strings[0]) != _bare(entry.strings[0]) and not _reason("T-twin", (entry, twin)):
                    yield _twin(catalog, entry, twin, other.key)


def find_untranslated(message: SourceMessage, catalog: Catalog) -> Iterator[Diagnostic]:
    """Yield that a message is missing, stale or doubtful; nothing where it is translated."""
    entry = catalog.entries.get(message.key)
    if entry is None or not any(entry.strings):
        yield _missing(message, catalog, entry)
    elif not entry.translated:
        yield _fuzzy(message, catalog, entry)


def _without_silenced(
    message: SourceMessage, entry: Entry, place: str, findings: Sequence[Diagnostic]
) -> Iterator[Diagnostic]:
    allowed = _SILENCEABLE if message.is_safety else _SILENCEABLE | _BY_SOURCE
    silenced = {code for code, _ in _reasons(entry) if code in allowed}
    yield from (finding for finding in findings if finding.code not in silenced)
    found = {finding.code for finding in findings}
    for code, reason in _reasons(entry):
        if code not in allowed:
            hint = "Mend the translation. What keeps a patient safe cannot be silenced."
            yield Diagnostic("T-silence", place, f"{code} cannot be silenced here", hint)
        elif not reason:
            yield Diagnostic(
                "T-silence", place, f"{code} is silenced without a reason", f"# ok {code}: the reason"
            )
        elif code not in found and code != "T-twin":
            hint = "The reason is not needed any more: take the comment out."
            yield Diagnostic("T-silence", place, f"there is no {code} to silence", hint, Severity.WARNING)


def _check_back(entry: Entry, place: str) -> Iterator[Diagnostic]:
    """Yield a back-translation that belongs to a translation which has changed since."""
    for note in entry.notes:
        match = _BACK.match(note)
        if match and match[1] != entry.mark:
            hint = f"Have it translated back again (# back {entry.mark}: …), or take the comment out."
            fact = "the back-translation above belongs to an earlier wording"
            yield Diagnostic("T-back", place, fact, hint, Severity.WARNING)


def _reasons(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the codes that a translator's comments silence, each with its reason."""
    for note in entry.notes:
        match = _SILENCE.match(note)
        if match:
            yield match[1], match[2]


def _reason(code: str, entries: Iterable[Entry]) -> bool:
    return any(found == code for entry in entries for found, _ in _reasons(entry))


def _bare(text: str) -> str:
    """Return a text without tags, signs and capitals."""
    return _NO_WORD.sub(" ", PLACEHOLDER.sub("x", TAG.sub("", text))).casefold().strip()


def _twin(catalog: Catalog, entry: Entry, twin: Entry, key: MessageKey) -> Diagnostic:
    fact = (
        f"the English {shorten(key.text)!r} is also on line {entry.line}, translated otherwise"
        f"\n  There:   {shorten(entry.strings[0])}\n  Here:    {shorten(twin.strings[0])}"
    )
    hint = "Say the same in the same words, or write why not: # ok T-twin: and the reason."
    return Diagnostic("T-twin", catalog.place(twin), fact, hint, Severity.WARNING)


def _missing(message: SourceMessage, catalog: Catalog, entry: Entry | None) -> Diagnostic:
    place = catalog.place(entry) if entry else str(catalog.path)
    stale = entry is not None and entry.is_stale
    return Diagnostic(
        "T-stale" if stale else "T-missing",
        place,
        f"no translation of {shorten(message.key.text)!r} ({message.place})"
        + (", whose English has changed" if stale else ""),
        "Translate it." if entry else "Run 'ldn-print update', then translate it.",
    )


def _fuzzy(message: SourceMessage, catalog: Catalog, entry: Entry) -> Diagnostic:
    return Diagnostic(
        "T-fuzzy",
        catalog.place(entry),
        f"the translation of {shorten(message.key.text)!r} is marked fuzzy or is not filled in every form",
        "Check it against the source, then remove the mark.",
    )
