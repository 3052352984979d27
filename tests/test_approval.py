"""The rules of approval: who has to sign what, and what makes a signature stale."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ldn_print.approval import NOT_SIGNED, Standing, Subject, judge, why_not, worst
from ldn_print.ledger import Action, Record, Role

TODAY = date(2026, 11, 23)
ENGLISH = Subject("standard", "en", "words", "", frozenset({"example editors"}), True, date(2028, 11, 23))
SPANISH = Subject(
    "standard", "es-US", "palabras", "words", frozenset({"example translator"}), True, date(2028, 11, 23)
)
CLINICIAN = ("read-all", "facts", "doses")
READER = (*CLINICIAN, "reads-language")
LINGUIST = ("read-all", "compared")
LONGER = (*LINGUIST, "two-translations", "back-translation", "debriefed")


def record(
    role: Role,
    reviewer: str,
    criteria: tuple[str, ...],
    subject: Subject = ENGLISH,
    action: Action = "sign",
    **more: str,
) -> Record:
    """Return a record about some words."""
    made = Record(action, subject.edition, subject.language, role, reviewer, f"Example {reviewer}", "", TODAY, "")
    return replace(made, wording=subject.wording, source=subject.source, criteria=criteria, **more)  # type: ignore[arg-type]


BOTH = (record("prescriber", "one", CLINICIAN), record("pharmacist", "two", CLINICIAN))
APPROVED = judge(ENGLISH, BOTH, None, TODAY)
FULL = (
    record("linguist", "three", LONGER, SPANISH),
    record("reviser", "four", LINGUIST, SPANISH),
    record("pharmacist", "two", READER, SPANISH),
)


def spanish(*records: Record, subject: Subject = SPANISH, english: Standing = APPROVED) -> Standing:
    """Return the state of a translation with some records."""
    return judge(subject, (*BOTH, *records), english, TODAY)


def test_english_needs_prescriber_and_pharmacist() -> None:
    """Two people; nobody else counts."""
    assert judge(ENGLISH, (), None, TODAY).lacking == ("a prescriber", "a pharmacist")
    assert judge(ENGLISH, BOTH[:1], None, TODAY) == Standing("draft", ("a pharmacist",), BOTH[:1])
    assert (APPROVED.state, APPROVED.lacking, APPROVED.approved_on) == ("approved", (), TODAY)
    clinic = record("clinic", "five", ("read-all", "local"))
    assert judge(ENGLISH, (BOTH[0], clinic), None, TODAY).state == "draft"


def test_one_person_is_not_two() -> None:
    """The same person as prescriber and pharmacist."""
    twice = (BOTH[0], record("pharmacist", "one", CLINICIAN))

    standing = judge(ENGLISH, twice, None, TODAY)

    assert standing.state == "draft"
    assert standing.lacking == ("another person than one as pharmacist",)


def test_nobody_approves_what_they_wrote() -> None:
    """Neither by name nor by id; a linguist may be who translated."""
    own = replace(ENGLISH, authors=frozenset({"example one"}))
    by_id = replace(ENGLISH, authors=frozenset({"two"}))
    translated = replace(SPANISH, authors=frozenset({"example three"}))
    revised = replace(SPANISH, authors=frozenset({"example four"}))

    assert judge(own, BOTH, None, TODAY).lacking == ("a prescriber",)
    assert judge(by_id, BOTH, None, TODAY).lacking == ("a pharmacist",)
    assert spanish(*FULL, subject=translated).state == "approved"
    assert spanish(*FULL, subject=revised).lacking == ("a reviser who is not the linguist",)
    assert "wrote these words" in why_not(BOTH[0], own, ())


@pytest.mark.parametrize("left_out", CLINICIAN)
def test_signature_without_an_attestation_does_not_count(left_out: str) -> None:
    """Somebody who did not read it all, or did not look at doses, has not approved it."""
    criteria = tuple(name for name in CLINICIAN if name != left_out)

    assert judge(ENGLISH, (BOTH[0], record("pharmacist", "two", criteria)), None, TODAY).state == "draft"


def test_translation_needs_linguist_reviser_and_clinician() -> None:
    """Handout standards 3.3: where a mistake can harm."""
    assert spanish(*FULL).state == "approved"
    assert spanish(*FULL[:2]).state == "language-reviewed"
    assert spanish(*FULL[:2]).lacking == ("a prescriber or pharmacist who reads the language",)
    assert spanish(FULL[0], FULL[2]).lacking == ("a reviser who is not the linguist",)
    assert spanish(FULL[1], FULL[2]).lacking[0] == "a linguist"
    same = replace(FULL[1], reviewer="three")
    assert spanish(FULL[0], same, FULL[2]).lacking == ("another person than three as reviser",)
    cannot_read = record("pharmacist", "two", CLINICIAN, SPANISH)
    assert spanish(*FULL[:2], cannot_read).state == "language-reviewed"


@pytest.mark.parametrize("left_out", ["two-translations", "back-translation", "debriefed"])
def test_words_that_can_harm_need_the_longer_way(left_out: str) -> None:
    """Without each of its steps no approval; without harm it is not needed."""
    short = replace(FULL[0], criteria=tuple(name for name in LONGER if name != left_out))

    assert f"the attestation {left_out!r} of linguist or reviser" in spanish(short, *FULL[1:]).lacking
    by_reviser = replace(FULL[1], criteria=(*LINGUIST, left_out))
    assert spanish(short, by_reviser, FULL[2]).state == "approved"
    harmless = replace(SPANISH, has_safety=False)
    assert spanish(short, FULL[1], subject=harmless).state == "approved"


def test_translation_of_unapproved_english_is_not_approved() -> None:
    """The source comes first."""
    standing = spanish(*FULL, english=judge(ENGLISH, BOTH[:1], None, TODAY))

    assert standing.state == "language-reviewed"
    assert standing.lacking == ("approval of the English words (a pharmacist)",)


def test_changed_words_are_stale() -> None:
    """Other words were signed: English, then a translation; and a translation whose English changed."""
    changed = replace(ENGLISH, wording="other words")
    standing = judge(changed, BOTH, None, TODAY)

    assert (standing.state, standing.earlier) == ("stale", BOTH[1])
    assert spanish(*FULL, subject=replace(SPANISH, wording="otras palabras")).state == "stale"
    assert spanish(*FULL, subject=replace(SPANISH, source="other words")).state == "stale"


def test_unchanged_meaning_carries_signatures_over() -> None:
    """Through any number of typos, for English and for translations of it; not for another edition."""
    steps = [
        record("pharmacist", "two", (), replace(ENGLISH, wording=after), "unchanged", before=before)
        for before, after in (("words", "wordz"), ("wordz", "werdz"))
    ]
    now = replace(ENGLISH, wording="werdz")
    english = judge(now, (*BOTH, *steps), None, TODAY)

    assert english.state == "approved"
    assert judge(now, (*BOTH, steps[0]), None, TODAY).state == "stale"
    translated = replace(SPANISH, source="werdz")
    assert judge(translated, (*BOTH, *steps, *FULL), english, TODAY).state == "approved"
    guide = [replace(step, edition="guide") for step in steps]
    assert judge(translated, (*BOTH, *guide, *FULL), english, TODAY).state == "stale"


def test_date_of_review_passes() -> None:
    """Approved words expire on the day after; others say so too."""
    last = ENGLISH.review_by

    assert judge(ENGLISH, BOTH, None, last).state == "approved"
    late = judge(ENGLISH, BOTH, None, date(2028, 11, 24))
    assert (late.state, late.past_review, late.approved_on) == ("expired", True, None)
    assert judge(ENGLISH, (), None, date(2028, 11, 24)).past_review


def test_withdrawn_words_stay_withdrawn() -> None:
    """Whatever was signed before or after; the translations go with the English; changed words are new words."""
    gone = record("pharmacist", "two", (), action="withdraw")
    english = judge(ENGLISH, (*BOTH, gone, *BOTH), None, TODAY)

    assert english.state == "withdrawn"
    assert spanish(*FULL, english=english).state == "withdrawn"
    assert judge(replace(ENGLISH, wording="other words"), (*BOTH, gone), None, TODAY).state == "stale"


def test_page_is_as_good_as_its_worst_words() -> None:
    """Two languages, a sheet with tools, a packet."""
    assert worst([("one", APPROVED), ("two", APPROVED)]).is_approved
    mixed = worst([("one", APPROVED), ("two", NOT_SIGNED), ("three", Standing("stale", ("a pharmacist",)))])
    assert (mixed.state, mixed.lacking) == ("stale", ("three: a pharmacist",))
    assert worst([("one", APPROVED), ("two", Standing("withdrawn"))]).state == "withdrawn"


def test_second_signature_is_told() -> None:
    """Twice in one role, or as two people."""
    assert "already signed these words as prescriber" in why_not(BOTH[0], ENGLISH, BOTH)
    other_role = record("pharmacist", "one", CLINICIAN)
    assert "has signed these words as prescriber" in why_not(other_role, ENGLISH, BOTH[:1])
    assert "no linguist" in why_not(record("linguist", "three", LINGUIST), ENGLISH, ())
    assert not why_not(BOTH[1], ENGLISH, BOTH[:1])
