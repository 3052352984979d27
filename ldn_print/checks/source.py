"""What makes the English of a handout unfit: hard words, long sentences, claims nobody may make.

Pure functions of messages and handouts. Where a rule comes from stands beside it: "facts" and "standards" are
sections of the editors' evidence base (README, Develop).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from ldn_print.checks.readability import (
    MAX_GRADE,
    MAX_MEAN_WORDS,
    MAX_WORDS,
    count_words,
    measure,
    split_sentences,
)
from ldn_print.errors import Diagnostic, Severity
from ldn_print.messages import SourceMessage
from ldn_print.models import Evidence, Handout, Leaflet, Publication, Reference

_MAX_TITLE_WORDS = 12
_MAX_PASSIVE_SHARE = 0.05
# Files whose sentences are instructions: not one of them may be passive (standards 1.1, item 5).
_INSTRUCTIONS = ("sections/steps.html", "sections/warning.html", "sections/before-you-start.html")

_STOPPING = (
    r"(?<!not )\b(?:stop|lower|skip|replace) (?:taking )?your "
    r"(?:\w+ )?(?:medicines?|pills?|drugs?|steroids?|insulin)\b"
)
# Facts 8.1 and standards 5.3: ideas that no handout may carry, with what to write instead.
_BANNED: tuple[tuple[str, str], ...] = (
    (r"\b(?:cures?|cured|heals?|healed|healing|reverses?|reversed|pain-free)\b", "Say what a study found."),
    (r"\b(?:miracle|breakthrough|game[ -]changer|wonder drug|revolutionary)\b", "Leave it out."),
    (r"\bguarantee[ds]?\b|\bwithout risk\b|\bno risks?\b|\bno side effects?\b", "Most side effects are mild."),
    (r"(?<!not )(?<!never )\bproven\b|\beffective\b", "Name the study and its size, or say it is not proven."),
    (r"\bnatural(?:ly)?\b|\bgentle\b|\bharmless\b|\bdetox\w*\b", "Leave it out."),
    (r"\bFDA[ -]approved\b", "LDN is not approved for any use or dose."),
    (r"\b(?:boosts?|boosted|strengthens?|resets?|rebalances?) (?:your|the)\b", "Say that it is not proven."),
    (r"\braises? (?:your |the )?endorphins\b", "Say that scientists think so and that it is not proven."),
    (r"\bbetter than (?:opioids?|NSAIDs?)\b", "Nobody compared them head to head."),
    (_STOPPING, "No medicine is stopped to take LDN: say keep taking."),
    (r"\bwith (?:a )?(?:low|small) doses? of opioids?\b", "LDN is never combined with opioids."),
)
_SAFE = re.compile(r"\bsafe\b", re.IGNORECASE)
_DOUBT = re.compile(r"\b(?:do not|not) know\b|\bnot (?:been )?shown\b|\bif it is\b", re.IGNORECASE)

# Standards 1.8 (ISMP): short forms that are misread, whatever stands around them.
_MISREAD = re.compile(
    r"\b(?:q\.?d|q\.?o\.?d|b\.?i\.?d|t\.?i\.?d|q\.?h\.?s|h\.?s|p\.?r\.?n|o\.?d|I\.?U|cc)\b|[µμ]g|[@&<>]|\band/or\b"
)
# Words with an everyday twin (standards 1.1, items 3 and 4).
_JARGON: Mapping[str, str] = {
    "administer": "give, take", "adverse": "bad, unwanted", "analgesic": "pain medicine", "concomitant": "other",
    "contraindicated": "do not take", "discontinue": "stop", "efficacy": "if it helps", "etiology": "cause",
    "hepatic": "liver", "renal": "kidney", "monitor": "check", "placebo": "dummy pill (no medicine in it)",
    "prior to": "before", "regimen": "plan", "titrate": "raise the dose slowly", "utilize": "use",
    "in order to": "to", "physician": "provider", "medication": "medicine", "commence": "start",
    "randomized": "leave it out", "antagonist": "blocker", "symptomatology": "symptoms",
}  # fmt: skip
_THIRD_PERSON = re.compile(r"\b(?:the patient|patients should|patients must|the subject)\b", re.IGNORECASE)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being) (?:\w+ly )?"
    r"(?:\w{3,}ed|done|given|known|made|seen|shown|taken|told|written)\b"
)
_TITLE_PROMISE = re.compile(r"\b(?:relief|cure|help[s]?|heal|treat(?:s|ment)?)\b", re.IGNORECASE)


def check_messages(messages: Sequence[SourceMessage]) -> Iterator[Diagnostic]:
    """Yield the findings about single messages: claims, notation, words, sentence length."""
    for message in messages:
        for sentence in split_sentences([message.key.text]):
            yield from _check_sentence(message, sentence)


def _check_sentence(message: SourceMessage, sentence: str) -> Iterator[Diagnostic]:
    place = message.place
    for pattern, instead in _BANNED:
        found = re.search(pattern, sentence, re.IGNORECASE)
        if found:
            yield Diagnostic("S-claim", place, f"{found[0]!r} may not be said: {sentence!r}", instead)
    if _SAFE.search(sentence) and not _DOUBT.search(sentence):
        yield Diagnostic("S-claim", place, f"'safe' without a doubt: {sentence!r}", "Say what is not known.")
    misread = _MISREAD.search(sentence)
    if misread:
        yield Diagnostic("S-notation", place, f"{misread[0]!r} is misread: {sentence!r}", "Write it in words.")
    for word, plain in _JARGON.items():
        if re.search(rf"\b{word}s?\b", sentence, re.IGNORECASE):
            yield Diagnostic("S-jargon", place, f"{word!r} is a hard word: {sentence!r}", f"Write: {plain}.")
    if _THIRD_PERSON.search(sentence):
        yield Diagnostic("S-person", place, f"speaks about the reader: {sentence!r}", "Write 'you'.")
    if count_words(sentence) > MAX_WORDS:
        yield Diagnostic(
            "S-length", place, f"{count_words(sentence)} words in one sentence: {sentence!r}", "Make two of it."
        )
    if message.file.endswith(_INSTRUCTIONS) and _PASSIVE.search(sentence):
        yield Diagnostic("S-passive", place, f"an instruction in the passive: {sentence!r}", "Say who does what.")


def check_leaflet(leaflet: Leaflet, messages: Sequence[SourceMessage]) -> Iterator[Diagnostic]:
    """Yield the findings about a whole leaflet: its reading grade, sentence length and passive share."""
    figures = measure([message.key.text for message in messages])
    place = (
        f"templates/tools/{leaflet.name}" if leaflet.is_tool else f"handouts/{leaflet.name} ({leaflet.edition})"
    )
    if figures.grade > MAX_GRADE:
        yield Diagnostic(
            "S-grade", place, f"reads at grade {figures.grade}", f"Aim below {MAX_GRADE}: shorter words."
        )
    if figures.mean_words > MAX_MEAN_WORDS:
        fact = f"{figures.mean_words:.1f} words a sentence on average"
        yield Diagnostic("S-length", place, fact, f"Aim below {MAX_MEAN_WORDS:.0f}.")
    passive = [sentence for sentence in figures.sentences if _PASSIVE.search(sentence)]
    if len(passive) > _MAX_PASSIVE_SHARE * len(figures.sentences):
        yield Diagnostic(
            "S-passive", place, f"{len(passive)} passive sentences, as {passive[0]!r}", "Say who does what."
        )


def check_title(handout: Handout) -> Iterator[Diagnostic]:
    """Yield the findings about a handout's title: it names medicine and condition and promises nothing."""
    file = f"handouts/{handout.id}/handout.toml: title"
    if _TITLE_PROMISE.search(handout.title):
        yield Diagnostic(
            "S-title", file, f"{handout.title!r} promises something", "Name medicine and condition only."
        )
    if count_words(handout.title) > _MAX_TITLE_WORDS:
        yield Diagnostic("S-title", file, f"{count_words(handout.title)} words", f"At most {_MAX_TITLE_WORDS}.")


def check_grade(handout: Handout, grades: Mapping[str, Evidence]) -> Iterator[Diagnostic]:
    """Yield a finding when level or direction differ from the grade table (facts 1.25)."""
    place = f"handouts/{handout.id}/handout.toml: evidence"
    graded = grades.get(handout.id)
    if graded is None:
        yield Diagnostic(
            "E-grade", place, "the condition is not in the grade table", "Add it to grades.toml first."
        )
    elif graded != handout.evidence:
        yield Diagnostic(
            "E-grade",
            place,
            f"says level {handout.evidence.level}, {handout.evidence.direction!r}; the grade table says level "
            f"{graded.level}, {graded.direction!r}",
            "The table decides. Change it there, with the reason, if the evidence changed.",
        )


def check_dates(
    publications: Iterable[Publication], references: Iterable[Reference], today: date
) -> Iterator[Diagnostic]:
    """Yield a warning for every source and every text that somebody has to look at again by now."""
    for reference in references:
        if reference.recheck <= today:
            yield Diagnostic(
                "E-recheck",
                f"handouts/references.toml: {reference.key}",
                f"was to be looked at again by {reference.recheck}",
                "Open the source, correct the row, and set a new date.",
                Severity.WARNING,
            )
    for publication in publications:
        if publication.review_by <= today:
            yield Diagnostic(
                "R-review",
                publication.id,
                f"was to be reviewed by {publication.review_by}",
                "Review words and evidence, then set issued and review_by.",
                Severity.WARNING,
            )


def check_codes(handouts: Iterable[Handout]) -> Iterator[Diagnostic]:
    """Yield a finding for each condition code that two handouts claim: a request by code needs one answer."""
    owners: dict[str, str] = {}
    for handout in handouts:
        for code in (*handout.codes, *handout.unconfirmed_codes):
            first = owners.setdefault(code, handout.id)
            if first != handout.id:
                place = f"handouts/{handout.id}/handout.toml: icd10cm"
                yield Diagnostic("C-code", place, f"{code} is {first}'s already", "Keep it in one of the two.")
