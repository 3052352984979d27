"""Adds records to a ledger: somebody signs words, withdraws them, or says that their meaning did not change.

What is offered for signing is read again under the ledger's lock: nobody signs other words than those they read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ldn_print.approval import CLINICIANS, LINGUISTS, LONGER_WAY, Standing, Subject, needed_criteria, why_not
from ldn_print.approvals import Approvals
from ldn_print.errors import LedgerError
from ldn_print.languages import Language
from ldn_print.ledger import Record, Role, adding, append, read_ledger, seal
from ldn_print.models import Leaflet
from ldn_print.reviewers import FILE, Reviewer, load_reviewers
from ldn_print.sources import Sources
from ldn_print.ssh_keys import is_signed, sign_text
from ldn_print.word_diff import Piece
from ldn_print.wording import Wording, changes_between

_MOST_NOTE = 500


@dataclass(frozen=True)
class Signer:
    """Who signs, in which role; ``key`` is the file of their SSH key, None where they have none."""

    reviewer: Reviewer
    role: Role
    key: Path | None
    today: date


@dataclass(frozen=True)
class Offer:
    """Words that somebody is asked to sign, and what is known about them.

    ``changes`` are the lines that differ from those signed last, ``since`` the record about those; both are empty
    where nobody has signed before.
    """

    leaflet: Leaflet
    language: Language
    wording: Wording
    subject: Subject
    standing: Standing
    since: Record | None
    changes: tuple[tuple[Piece, ...], ...]

    @property
    def place(self) -> str:
        """How messages name the words."""
        return f"{self.leaflet.name} ({self.leaflet.label}) in {self.language.tag}"

    def criteria(self, role: Role) -> tuple[str, ...]:
        """Return what somebody in a role is asked to attest; the longer way of translating may be left out."""
        longer = LONGER_WAY if role in LINGUISTS and self.subject.has_safety else ()
        return (*needed_criteria(role, self.language.tag), *longer)


def find_signer(approvals: Approvals, reviewer_id: str, role: Role, key: Path | None, today: date) -> Signer:
    """Return who signs.

    Raises:
        LedgerError: nobody with that id is listed, or not for this role, or a key is missing.
    """
    path = approvals.home / FILE
    known = load_reviewers(approvals.home)
    reviewer = known.get(reviewer_id)
    if reviewer is None:
        raise LedgerError(
            f"{path}: no reviewer {reviewer_id!r} is listed\n"
            f'  Add who signs, by their real name:\n  [{reviewer_id}]\n  name = "…"\n  roles = ["{role}"]'
        )
    if role not in reviewer.roles:
        roles = ", ".join(reviewer.roles)
        raise LedgerError(f"{path}: {reviewer.name} may sign as {roles}, not as {role}\n  Choose another --role.")
    if reviewer.keys and key is None:
        fact = f"{path}: {reviewer.name} has a key, so that nobody else can sign in their name"
        raise LedgerError(f"{fact}\n  Name the file of the private key with --key.")
    if key is not None and not reviewer.keys:
        fact = f"{path}: no key of {reviewer.name} is listed, so nobody could check the signature"
        raise LedgerError(f'{fact}\n  Add the public key: keys = ["ssh-ed25519 …"].')
    return Signer(reviewer, role, key, today)


@dataclass(frozen=True)
class Candidate:
    """Somebody who is listed for a role; ``reason`` says why they cannot sign the offered words, or is empty."""

    reviewer: Reviewer
    role: Role
    reason: str


def find_candidates(approvals: Approvals, offer: Offer, today: date) -> tuple[Candidate, ...]:
    """Return everybody who is listed, in each of their roles, with what keeps them from signing some words.

    Raises:
        LedgerError: the list of reviewers or a ledger cannot be trusted.
    """
    records, found = approvals.records(offer.leaflet), []
    for reviewer in load_reviewers(approvals.home).values():
        for role in reviewer.roles:
            record = _record(offer, Signer(reviewer, role, None, today), "")
            found.append(Candidate(reviewer, role, why_not(record, offer.subject, records)))
    return tuple(found)


def make_offer(approvals: Approvals, leaflet: Leaflet, language: Language) -> Offer:
    """Return what somebody is asked to sign.

    Raises:
        LanguageError: the leaflet is not complete in the language.
        LedgerError: a ledger cannot be trusted.
    """
    subject = approvals.subject(leaflet, language)
    wording = approvals.sources.wording(leaflet, language)
    standing = approvals.standing(leaflet, language)
    since = _last_signed(approvals, leaflet, language, subject)
    old = next((text for row in approvals.ledgers(leaflet) if since and (text := row.text(since.wording))), "")
    changes = changes_between(old, wording.text)
    return Offer(leaflet, language, wording, subject, standing, since, changes)


def _last_signed(approvals: Approvals, leaflet: Leaflet, language: Language, subject: Subject) -> Record | None:
    signed = [
        row
        for row in approvals.records(leaflet)
        if (row.action, row.edition, row.language) == ("sign", leaflet.label, language.tag)
    ]
    return next((row for row in reversed(signed) if row.wording != subject.wording), None)


def sign(approvals: Approvals, offer: Offer, signer: Signer, criteria: tuple[str, ...], note: str) -> Record:
    """Add somebody's signature under the offered words and return the record.

    Raises:
        LedgerError: they cannot sign these words, or the words changed since they were offered.
        OutputError: the ledger cannot be written.
    """
    record = replace(_record(offer, signer, note), criteria=criteria)
    reason = why_not(record, offer.subject, approvals.records(offer.leaflet))
    if reason:
        raise LedgerError(f"{offer.place}: not signed: {reason}")
    missing = [name for name in needed_criteria(signer.role, offer.language.tag) if name not in criteria]
    if missing:
        fact = f"{offer.place}: not signed: a {signer.role} also has to attest {', '.join(missing)}"
        raise LedgerError(f"{fact}\n  What each of them says: 'ldn-print approve --help'.")
    return _add(approvals, offer, record, signer)


def withdraw(approvals: Approvals, offer: Offer, signer: Signer, note: str) -> Record:
    """Add that the offered words must not be printed any more, and return the record.

    Raises:
        LedgerError: there is no reason, or the words changed since they were offered.
        OutputError: the ledger cannot be written.
    """
    if not note.strip():
        raise LedgerError(f"{offer.place}: not withdrawn: nobody would know why\n  Give the reason with --note.")
    return _add(approvals, offer, replace(_record(offer, signer, note), action="withdraw"), signer)


def carry_over(approvals: Approvals, offer: Offer, signer: Signer, note: str) -> Record:
    """Add that the offered words mean what the words signed last meant, and return the record.

    In a translation the words are those that were signed, and only their English changed.

    Raises:
        LedgerError: nothing was signed before, it was withdrawn, there is no note, or the signer is no clinician.
        OutputError: the ledger cannot be written.
    """
    if signer.role not in CLINICIANS:
        raise LedgerError(f"{offer.place}: a prescriber or pharmacist says that a meaning did not change")
    if offer.since is None and offer.language.is_source:
        raise LedgerError(
            f"{offer.place}: no other words were signed before\n  Sign these: leave out --unchanged."
        )
    if not note.strip():
        raise LedgerError(f"{offer.place}: nobody would know what changed\n  Say it with --note.")
    before = offer.since.wording if offer.since and offer.language.is_source else offer.subject.wording
    if any((row.action, row.wording) == ("withdraw", before) for row in approvals.records(offer.leaflet)):
        fact = f"{offer.place}: the words signed last were withdrawn: their signatures carry over to nothing"
        raise LedgerError(f"{fact}\n  Let the new words be signed: leave out --unchanged.")
    return _add(approvals, offer, replace(_record(offer, signer, note), action="unchanged", before=before), signer)


def _record(offer: Offer, signer: Signer, note: str) -> Record:
    """Return a record that is not sealed yet.

    Raises:
        LedgerError: the note cannot be kept.
    """
    if len(note) > _MOST_NOTE or any(ord(sign) < 32 or ord(sign) == 127 for sign in note):
        raise LedgerError(f"--note: one line of at most {_MOST_NOTE} signs\n  Shorten it.")
    reviewer = signer.reviewer
    return Record(
        action="sign",
        edition=offer.leaflet.label,
        language=offer.language.tag,
        role=signer.role,
        reviewer=reviewer.id,
        name=reviewer.name,
        credential=reviewer.credential,
        date=signer.today,
        wording=offer.subject.wording,
        source=offer.subject.source,
        note=note,
    )


def _add(approvals: Approvals, offer: Offer, record: Record, signer: Signer) -> Record:
    folder = approvals.folder(offer.leaflet)
    with adding(folder):
        _check_words(approvals.sources, offer)
        ledger = read_ledger(folder)
        sealed = seal(record, ledger)
        sealed = _with_signature(sealed, signer)
        append(ledger, sealed, offer.wording.text)
    approvals.forget()
    return sealed


def _with_signature(record: Record, signer: Signer) -> Record:
    """Return a record that its reviewer has signed with a listed key.

    Raises:
        LedgerError: the key cannot sign, or it is not the reviewer's.
    """
    if signer.key is None:
        return record
    signature = sign_text(record.sealed, signer.key)
    if not is_signed(record.sealed, signature, signer.reviewer.id, signer.reviewer.keys):
        fact = f"{signer.key}: is another key than those listed for {signer.reviewer.name}"
        raise LedgerError(f"{fact}\n  Use the right one, or list its public half in {FILE}.")
    return replace(record, signature=signature)


def _check_words(sources: Sources, offer: Offer) -> None:
    """See that the words are still those that were offered.

    Raises:
        LedgerError: they are not.
    """
    now = Sources(sources.library, sources.cache_folder).wording(offer.leaflet, offer.language)
    if now.digest != offer.wording.digest:
        raise LedgerError(f"{offer.place}: the words changed while you were reading\n  Run the command again.")
