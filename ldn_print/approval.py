"""When words are approved: the rules, as pure functions on records and digests (handout standards 3.3 and 5.2).

English words need a prescriber and a pharmacist. A translation needs a linguist and a reviser who are not the
same person, and approved English words; where a mistake can harm, also a clinician who reads the language and the
longer way of translating. Nobody approves what they wrote; a linguist may have translated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ldn_print.ledger import Record, Role

State = Literal["draft", "language-reviewed", "approved", "stale", "expired", "withdrawn"]

_ORDER: tuple[State, ...] = ("approved", "expired", "language-reviewed", "draft", "stale", "withdrawn")

# What a signer attests, by its short name.
CRITERIA = {
    "read-all": "I read every word of these pages.",
    "facts": "What they say follows the evidence they name, and promises no more.",
    "doses": "Doses, times, medicines and warnings are right.",
    "compared": "I compared the translation with the English, sentence by sentence.",
    "two-translations": "Two people translated it independently, and one text was made of both.",
    "back-translation": "Somebody else translated it back into English, and the differences were settled.",
    "debriefed": "Five native readers told in their own words what it says, and it was right.",
    "reads-language": "I read this language as I read my own.",
    "local": "It fits how our clinic works.",
}
_NEEDED: dict[Role, tuple[str, ...]] = {
    "prescriber": ("read-all", "facts", "doses"),
    "pharmacist": ("read-all", "facts", "doses"),
    "linguist": ("read-all", "compared"),
    "reviser": ("read-all", "compared"),
    "clinic": ("read-all", "local"),
}
# The longer way of translating, for words with which a mistake can harm (handout standards 3.3).
LONGER_WAY = ("two-translations", "back-translation", "debriefed")
CLINICIANS: tuple[Role, ...] = ("prescriber", "pharmacist")
LINGUISTS: tuple[Role, ...] = ("linguist", "reviser")
_A_ROLE = {"prescriber": "a prescriber", "pharmacist": "a pharmacist", "linguist": "a linguist"}
_A_ROLE |= {"reviser": "a reviser who is not the linguist"}


@dataclass(frozen=True)
class Subject:
    """What is judged: the words of a leaflet in a language, as they are now.

    ``source`` is the digest of its English words, empty for English itself; ``authors`` are the names of those who
    wrote them; ``has_safety`` tells that a mistake in them can harm.
    """

    edition: str
    language: str
    wording: str
    source: str
    authors: frozenset[str]
    has_safety: bool
    review_by: date


@dataclass(frozen=True)
class Standing:
    """What state words are in.

    ``lacking`` says in words what keeps them from being approved; ``counted`` are the records that count for them;
    ``earlier`` is the last record that is about other words of the same leaflet and language.
    """

    state: State
    lacking: tuple[str, ...] = ()
    counted: tuple[Record, ...] = ()
    earlier: Record | None = None
    past_review: bool = False

    @property
    def is_approved(self) -> bool:
        """True when the words may be handed out without a mark."""
        return self.state == "approved"

    @property
    def approved_on(self) -> date | None:
        """The day of the last signature that made them approved; None when they are not."""
        return max((row.date for row in self.counted), default=None) if self.is_approved else None


NOT_SIGNED = Standing("draft")


def needed_criteria(role: Role, language: str) -> tuple[str, ...]:
    """Return what somebody in a role has to attest about words in a language."""
    reads = ("reads-language",) if language != "en" and role in CLINICIANS else ()
    return (*_NEEDED[role], *reads)


def judge(subject: Subject, records: Sequence[Record], english: Standing | None, today: date) -> Standing:
    """Return the state of some words.

    Args:
        subject: the words.
        records: those that can be trusted, of the leaflet's ledgers.
        english: the state of the English words; None for English itself.
        today: what the date of review is compared with.
    """
    own = [row for row in records if (row.edition, row.language) == (subject.edition, subject.language)]
    past_review = today > subject.review_by
    meant = same_meaning(subject.wording, own)
    if any(row.action == "withdraw" and row.wording == subject.wording for row in own) or (
        english is not None and english.state == "withdrawn"
    ):
        return Standing("withdrawn", ("the words were withdrawn",), past_review=past_review)
    signed = [row for row in own if row.action == "sign"]
    sources = same_meaning(subject.source, [row for row in records if _is_english(row, subject.edition)])
    counted = tuple(row for row in signed if row.wording in meant and _counts(row, subject, sources))
    about_others = [row for row in signed if row.wording not in meant or row.source not in sources]
    earlier = about_others[-1] if about_others else None
    lacking = tuple(_find_lacking(subject, counted, english))
    if not lacking:
        return Standing("expired" if past_review else "approved", (), counted, earlier, past_review)
    is_reviewed = bool(subject.source) and {row.role for row in counted} >= set(LINGUISTS)
    is_stale = earlier is not None and not counted
    state: State = "language-reviewed" if is_reviewed else "stale" if is_stale else "draft"
    return Standing(state, lacking, counted, earlier, past_review)


def worst(standings: Iterable[tuple[str, Standing]]) -> Standing:
    """Return the state of a page that shows several words, each with how findings name it: the worst of them."""
    rows = list(standings)
    return Standing(
        state=max((row.state for _, row in rows), key=_ORDER.index),
        lacking=tuple(f"{place}: {', '.join(row.lacking)}" for place, row in rows if row.lacking),
        counted=tuple(record for _, row in rows for record in row.counted),
        past_review=any(row.past_review for _, row in rows),
    )


def _is_english(record: Record, edition: str) -> bool:
    return record.language == "en" and record.edition == edition


def same_meaning(digest: str, records: Iterable[Record]) -> frozenset[str]:
    """Return a digest and those of earlier words that mean the same, as somebody has signed."""
    steps = [(row.wording, row.before) for row in records if row.action == "unchanged"]
    found, new = {digest}, True
    while new:
        more = {before for after, before in steps if after in found} - found
        new = bool(more)
        found |= more
    return frozenset(found)


def _counts(record: Record, subject: Subject, sources: frozenset[str]) -> bool:
    """Tell whether a signature counts: everything attested, about the English of today, not by an author."""
    attested = set(record.criteria) >= set(needed_criteria(record.role, subject.language))
    return attested and not _is_author(record, subject) and (not subject.source or record.source in sources)


def _is_author(record: Record, subject: Subject) -> bool:
    """Tell whether somebody signs what they wrote; a linguist may be who translated."""
    own = {record.reviewer.casefold(), record.name.casefold()}
    return record.role != "linguist" and bool(own & subject.authors)


def _find_lacking(subject: Subject, counted: Sequence[Record], english: Standing | None) -> Iterator[str]:
    """Yield in words what some words lack to be approved."""
    if not subject.source:
        yield from _find_roles(CLINICIANS, counted)
        return
    yield from _find_roles(LINGUISTS, counted)
    if subject.has_safety:
        attested = {name for row in counted if row.role in LINGUISTS for name in row.criteria}
        for name in LONGER_WAY:
            if name not in attested:
                yield f"the attestation {name!r} of linguist or reviser"
        if not any(row.role in CLINICIANS for row in counted):
            yield "a prescriber or pharmacist who reads the language"
    if english is not None and english.lacking:
        yield f"approval of the English words ({', '.join(english.lacking)})"


def _find_roles(roles: tuple[Role, ...], counted: Sequence[Record]) -> Iterator[str]:
    """Yield the roles that nobody has signed in; the same person does not count for two of them."""
    people: dict[Role, set[str]] = {role: {row.reviewer for row in counted if row.role == role} for role in roles}
    first, second = roles
    for role in roles:
        if not people[role]:
            yield _A_ROLE[role]
    if people[first] and people[second] and len(people[first] | people[second]) == 1:
        yield f"another person than {next(iter(people[first]))} as {second}"


def why_not(record: Record, subject: Subject, records: Sequence[Record]) -> str:
    """Return why somebody cannot sign some words in a role; empty where they can."""
    if _is_author(record, subject):
        return f"{record.name} wrote these words: nobody approves what they wrote"
    if record.role in LINGUISTS and not subject.source:
        return f"English is the source: it needs a prescriber and a pharmacist, no {record.role}"
    pairs = [LINGUISTS] if subject.source else [CLINICIANS]
    others = {role for pair in pairs if record.role in pair for role in pair} - {record.role}
    signed = [row for row in records if (row.action, row.wording) == ("sign", subject.wording)]
    roles = {row.role for row in signed if row.reviewer == record.reviewer}
    for role in roles & others:
        return f"{record.name} has signed these words as {role}: the {record.role} has to be another person"
    if record.role in roles:
        return f"{record.name} has already signed these words as {record.role}"
    return ""
