"""The ledger of a handout's approvals: records that are only ever added.

Each record has a seal, the SHA-256 of its fields and of the seal before it, and the file says how many there are
and what the last seal is: a record that was edited, moved, taken out or cut off does not go unnoticed. The words
that were signed lie beside the ledger, each text under its own digest. docs/approvals.md tells the form of both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Literal, cast, get_args

from ldn_print.errors import LedgerError, read_source
from ldn_print.files import locked, write_file
from ldn_print.tables import Table, read_toml

Action = Literal["sign", "unchanged", "withdraw"]
Role = Literal["prescriber", "pharmacist", "linguist", "reviser", "clinic"]
ACTIONS: tuple[Action, ...] = get_args(Action)
ROLES: tuple[Role, ...] = get_args(Role)
FILE = "approvals.toml"
TEXTS = "signed"
_FORMAT = 1
_NOT_SEALED = frozenset({"seal", "signature"})
_HEAD = (
    "# Who approved which words. Written by 'ldn-print approve'; records are only ever added, and one that is\n"
    "# changed by hand is refused. What the fields mean: docs/approvals.md.\n"
)


@dataclass(frozen=True)
class Record:
    """What somebody signed, withdrew, or called unchanged in meaning.

    ``wording`` is the digest of the words; ``source`` that of the English words that a translation was compared
    with; ``before`` that of the words from which an ``unchanged`` record carries signatures over. ``previous`` is
    the seal of the record before; ``signature`` an SSH signature of `sealed`, or empty.
    """

    action: Action
    edition: str
    language: str
    role: Role
    reviewer: str
    name: str
    credential: str
    date: date
    wording: str
    source: str = ""
    before: str = ""
    criteria: tuple[str, ...] = ()
    note: str = ""
    previous: str = ""
    seal: str = ""
    signature: str = ""

    @property
    def sealed(self) -> str:
        """The text that is sealed and signed: each field in a line of its own, as JSON."""
        rows = ((row.name, getattr(self, row.name)) for row in fields(self) if row.name not in _NOT_SEALED)
        return "".join(f"{name}: {json.dumps(_plain(value), ensure_ascii=False)}\n" for name, value in rows)

    @property
    def right_seal(self) -> str:
        """The seal that belongs to the fields as they are."""
        return hashlib.sha256(self.sealed.encode()).hexdigest()


@dataclass(frozen=True)
class Ledger:
    """The records of one folder, in the order in which they were added."""

    folder: Path
    records: tuple[Record, ...] = ()

    @property
    def path(self) -> Path:
        """Where the records stand."""
        return self.folder / FILE

    def text_path(self, digest: str) -> Path:
        """Return where the words with this digest are kept, whether they are there or not."""
        return self.folder / TEXTS / f"{digest}.txt"

    def place(self, record: Record) -> str:
        """How findings name a record."""
        return f"{self.path}: record {self.records.index(record) + 1}"

    def text(self, digest: str) -> str:
        """Return the words that were signed under a digest; empty where they are not kept here.

        Raises:
            LedgerError: the text was changed since.
        """
        path = self.text_path(digest)
        if not path.is_file():
            return ""
        text = read_source(path, LedgerError)
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            raise LedgerError(
                f"{path}: these are not the words that were signed: the file was changed\n"
                "  Put it back from your version control or a backup."
            )
        return text


def read_ledger(folder: Path) -> Ledger:
    """Return the ledger in a folder; an empty one where there is none.

    Raises:
        LedgerError: it cannot be read, or a record was changed, moved, taken out or cut off.
    """
    path = folder / FILE
    if not path.is_file():
        return Ledger(folder)
    table = Table(str(path), read_toml(path, LedgerError))
    written_format = table.whole("format", range(1, 1000))
    count, last = table.whole("records", range(1, 1_000_000)), table.text("last")
    records = tuple(map(_read_record, table.tables("record")))
    table.finish()
    if written_format != _FORMAT:
        fact = f"{path}: is written in form {written_format}; this program knows form {_FORMAT}"
        raise LedgerError(f"{fact}\n  Use a newer ldn-print.")
    if table.findings:
        raise LedgerError.from_diagnostics(f"{path}: not usable", table.findings)
    _check_chain(path, records, count, last)
    return Ledger(folder, records)


def _read_record(table: Table) -> Record:
    record = Record(
        action=cast(Action, table.text("action", choices=ACTIONS)),
        edition=table.text("edition"),
        language=table.text("language"),
        role=cast(Role, table.text("role", choices=ROLES)),
        reviewer=table.text("reviewer"),
        name=table.text("name"),
        credential=table.text("credential", ""),
        date=table.day("date"),
        wording=table.text("wording"),
        source=table.text("source", ""),
        before=table.text("before", ""),
        criteria=table.texts("criteria"),
        note=table.text("note", ""),
        previous=table.text("previous", ""),
        seal=table.text("seal"),
        signature=table.text("signature", ""),
    )
    table.finish()
    return record


def _check_chain(path: Path, records: Sequence[Record], count: int, last: str) -> None:
    """See that every record is the one that was added, at the place where it was added.

    Raises:
        LedgerError: it is not; the first record that is wrong is named.
    """
    cure = "Put the file back from your version control or a backup; what was signed meanwhile is signed again."
    seals = [record.seal for record in records]
    for number, record in enumerate(records, start=1):
        before = seals[number - 2] if number > 1 else ""
        place = f"{path}: record {number} ({record.role} {record.reviewer}, {record.language}, {record.date})"
        if record.seal != record.right_seal:
            raise LedgerError(f"{place}: was changed after it was written: its seal does not fit\n  {cure}")
        if record.previous != before:
            where = "another place" if record.previous in {"", *seals} else "a record that is gone"
            raise LedgerError(f"{place}: follows {where}: records were moved, taken out or merged\n  {cure}")
    if count != len(records):
        raise LedgerError(f"{path}: has {len(records)} records, and says that there are {count}\n  {cure}")
    if records and last != seals[-1]:
        raise LedgerError(f"{path}: its last record is not the one that it names\n  {cure}")


def seal(record: Record, ledger: Ledger) -> Record:
    """Return a record as it follows the last one of a ledger, sealed."""
    following = replace(record, previous=ledger.records[-1].seal if ledger.records else "", signature="")
    return replace(following, seal=following.right_seal)


def append(ledger: Ledger, record: Record, text: str) -> Ledger:
    """Add a sealed record to the ledger's file and keep the words that it is about; return the longer ledger.

    Call it in `adding`.

    Raises:
        LedgerError: somebody else added a record meanwhile.
        OutputError: a file cannot be written; the ledger is as it was.
    """
    if read_ledger(ledger.folder).records != ledger.records:
        raise LedgerError(f"{ledger.path}: somebody else has just signed\n  Run the command again.")
    if text:
        write_file(ledger.text_path(record.wording), text.encode(), is_lasting=True)
    longer = replace(ledger, records=(*ledger.records, record))
    write_file(longer.path, "".join(_write(longer.records)).encode(), is_lasting=True)
    return longer


def adding(folder: Path) -> AbstractContextManager[None]:
    """Return the lock under which a record is sealed and added: two people who sign at once follow each other.

    Raises:
        OutputError: the folder cannot be made or opened.
    """
    return locked(folder)


def _write(records: Sequence[Record]) -> Iterator[str]:
    yield f'{_HEAD}format = {_FORMAT}\nrecords = {len(records)}\nlast = "{records[-1].seal}"\n'
    for record in records:
        yield "\n[[record]]\n"
        for row in fields(record):
            value = getattr(record, row.name)
            if value not in ("", ()):
                yield f"{row.name} = {_to_toml(value)}\n"


def _to_toml(value: str | date | tuple[str, ...]) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and "\n" in value:
        return f"'''\n{value}'''"
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: str | date | tuple[str, ...]) -> str | list[str]:
    return value if isinstance(value, str) else value.isoformat() if isinstance(value, date) else list(value)
