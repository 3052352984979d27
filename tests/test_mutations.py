"""Faults planted in the real catalogs: what the guard must refuse, it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from bench.mutations import MUST_CATCH, PLANTERS, Bench, Fault, is_refused, open_benches, plant
from ldn_print.project import Library
from tests.conftest import ROOT

EVERY = 7  # of the faults; all of them are planted by hand (docs/guard.md)
LANGUAGES = ("es-US", "ar", "zh-Hans", "hi")
# Two faults of 20,000 that are known to get through (docs/guard.md: what it cannot see).
KNOWN = {
    ("zh-Hans", "dihydrocodeine"),
    ("hi", "Ask us first. Opioids may then slow your breathing more."),
}


@cache
def benches() -> dict[str, Bench]:
    """Return what is needed for each language."""
    return {bench.language.tag: bench for bench in open_benches(Library(ROOT))}


def sample(tag: str, kind: str) -> Iterator[tuple[Fault, bool]]:
    """Yield every so manieth fault of a class, and if it is refused."""
    for number, fault in enumerate(plant(benches()[tag], kind)):
        if not number % EVERY and (tag, fault.message.key.text) not in KNOWN:
            yield fault, is_refused(benches()[tag], fault)


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("kind", MUST_CATCH)
def test_fault_that_harms_is_refused(tag: str, kind: str) -> None:
    """No wrong dose, unit, number, placeholder, tag or name of a medicine gets through."""
    results = list(sample(tag, kind))

    assert results
    assert [fault.text for fault, refused in results if not refused] == []


@pytest.mark.parametrize(
    ("kind", "least"), [("not lost from a safety message", 0.95), ("translation of another message", 0.85)]
)
def test_most_faults_of_meaning_are_refused(kind: str, least: float) -> None:
    """A lost *not* is refused in at least 95 of 100 cases."""
    results = [refused for tag in LANGUAGES for _, refused in sample(tag, kind)]

    assert sum(results) >= least * len(results)


def test_table_of_the_docs_has_every_class() -> None:
    """The measured table names each class, and its sum is beyond two thousand faults."""
    text = (ROOT / "docs" / "guard.md").read_text(encoding="utf-8")
    rows = {row[0].strip(): row for row in re.findall(r"^\| ([^|]+)\|(.*)\|$", text, re.MULTILINE)}

    assert set(PLANTERS) <= rows.keys()
    planted = int(rows["**all**"][1].split("|")[-3])
    assert planted > 2000
