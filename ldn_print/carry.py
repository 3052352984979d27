"""A change of English words that does not change their meaning, such as a typo, goes through every language.

Somebody who may approve the English says so. A translation gets its words back only where they are, as a whole,
exactly those that were signed; then its signatures stay, and its ledger tells who allowed it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ldn_print.catalog import Catalog, Entry, find_before, write_catalog
from ldn_print.context import described_messages
from ldn_print.files import write_file
from ldn_print.languages import SOURCE_TAG, Language, get_language
from ldn_print.messages import MessageKey
from ldn_print.models import Leaflet
from ldn_print.press import Press
from ldn_print.signing import Offer, Signer, carry_over, make_offer


@dataclass(frozen=True)
class Carried:
    """What became of the signatures of a leaflet in a language: carried over, or why not."""

    language: Language
    reason: str = ""


def carry_everywhere(press: Press, offer: Offer, signer: Signer, note: str) -> Iterator[Carried]:
    """Carry signatures over to the English words of an offer, then in each language in which they were signed.

    Raises:
        LedgerError: the English words cannot be carried over; nothing was done.
        OutputError: a file cannot be written.
    """
    carry_over(press.approvals, offer, signer, note)
    yield Carried(offer.language)
    leaflet = offer.leaflet
    records = press.approvals.records(leaflet)
    for tag in sorted({row.language for row in records if row.edition == leaflet.label} - {SOURCE_TAG}):
        language = get_language(tag)
        signed = {row.wording for row in records if (row.action, row.language) == ("sign", tag)}
        reason = _put_back(press, leaflet, language, signed, f"{signer.today} {signer.reviewer.id}")
        if not reason:
            carry_over(press.approvals, make_offer(press.approvals, leaflet, language), signer, note)
        yield Carried(language, reason)


def _put_back(press: Press, leaflet: Leaflet, language: Language, signed: set[str], who: str) -> str:
    """Give a translation its words back where they then are what was signed; return why not, or nothing."""
    catalog = press.catalogs.get(language)
    if catalog is None:
        return ""
    before = catalog.path.read_bytes()
    restored = _restore(press, leaflet, catalog, who)
    if restored.entries != catalog.entries:
        write_file(catalog.path, write_catalog(described_messages(press), restored, language))
        press.forget_catalogs()
    complete = press.completeness(leaflet, language).complete
    if complete and press.wording(leaflet, language).digest in signed:
        return ""
    if catalog.path.read_bytes() != before:
        write_file(catalog.path, before)
        press.forget_catalogs()
    return "its words changed too, or are not complete: linguist and reviser sign again"


def _restore(press: Press, leaflet: Leaflet, catalog: Catalog, who: str) -> Catalog:
    """Return a catalog in which a leaflet's messages have the translations of what they were before."""
    messages = press.extractor.messages(leaflet)
    known = {message.key for message in press.extractor.library}
    gone = {key: entry for key, entry in catalog.entries.items() if key not in known}
    moved = find_before([message for message in messages if message.key not in catalog.entries], gone)
    entries = dict(catalog.entries)
    for message in messages:
        entry = entries.get(message.key)
        old_key = moved.get(message.key)
        if entry is not None and entry.is_stale:
            old_key = MessageKey(message.key.context, entry.previous)
        old = catalog.entries.get(old_key) or catalog.obsolete.get(old_key) if old_key else None
        if old_key and old:
            entries[message.key] = _with_trace(old, f"unchanged {who}: {old_key.text}")
    return replace(catalog, entries=entries)


def _with_trace(entry: Entry, trace: str) -> Entry:
    """Return a translation that says above it whose word it is that its English means what it meant."""
    return replace(entry, notes=(*entry.notes, " ".join(trace.split())), previous="")
