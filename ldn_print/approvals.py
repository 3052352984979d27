"""The state of every leaflet's words, from the ledgers of a library and of a clinic.

Reads and judges; what adds a record is `signing`. A record counts when its reviewer is listed, may sign in that
role, and has signed it, where they have a key. A withdrawal counts always: a doubt must not bring words back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ldn_print.approval import Standing, Subject, judge, worst
from ldn_print.errors import Diagnostic
from ldn_print.languages import SOURCE_TAG, Language, get_language
from ldn_print.ledger import Ledger, Record, read_ledger
from ldn_print.models import CARD, GENERAL, Leaflet
from ldn_print.reviewers import Reviewer, load_reviewers
from ldn_print.sources import Sources
from ldn_print.ssh_keys import is_signed

_SAME_WORDS = ("standard", "large-print", "summary", "bilingual")


class Approvals:
    """The ledgers of a library and of a clinic, each read once.

    Args:
        sources: the library.
        own: the clinic's folder of approvals; None where it has none.
        today: what dates of review are compared with.
    """

    def __init__(self, sources: Sources, own: Path | None, today: date) -> None:
        self.sources = sources
        self._own = own
        self._today = today
        self._ledgers: dict[str, tuple[Ledger, ...]] = {}
        self._reviewers: dict[Path, dict[str, Reviewer]] = {}
        self._standings: dict[tuple[Leaflet, str], Standing] = {}

    @property
    def home(self) -> Path:
        """The folder whose list of reviewers goes for new records: the clinic's, else the library's."""
        return self._own or self.sources.library.handouts

    def folder(self, leaflet: Leaflet) -> Path:
        """Return the folder of the ledger that new records of a leaflet go to."""
        return self._own / leaflet.name if self._own else self.sources.library.ledger(leaflet.name)

    def ledgers(self, leaflet: Leaflet) -> tuple[Ledger, ...]:
        """Return the ledgers about a leaflet: the library's, then the clinic's.

        Raises:
            LedgerError: one of them cannot be trusted.
        """
        if leaflet.name not in self._ledgers:
            folders = [self.sources.library.ledger(leaflet.name)]
            folders += [self._own / leaflet.name] if self._own else []
            self._ledgers[leaflet.name] = tuple(map(read_ledger, folders))
        return self._ledgers[leaflet.name]

    def reviewers(self, ledger: Ledger) -> dict[str, Reviewer]:
        """Return who may sign in a ledger.

        Raises:
            LedgerError: the list of reviewers cannot be read.
        """
        is_own = self._own is not None and ledger.folder.parent == self._own
        home = self.home if is_own else self.sources.library.handouts
        if home not in self._reviewers:
            self._reviewers[home] = load_reviewers(home)
        return self._reviewers[home]

    def records(self, leaflet: Leaflet) -> tuple[Record, ...]:
        """Return the records about a leaflet that count.

        Raises:
            LedgerError: a ledger or a list of reviewers cannot be trusted.
        """
        return tuple(
            record
            for ledger in self.ledgers(leaflet)
            for record in ledger.records
            if record.action == "withdraw" or not self._doubt(record, ledger)
        )

    def find_doubts(self, leaflet: Leaflet) -> Iterator[Diagnostic]:
        """Yield the records about a leaflet that do not count, and why.

        Raises:
            LedgerError: a ledger or a list of reviewers cannot be trusted.
        """
        for ledger in self.ledgers(leaflet):
            for record in ledger.records:
                doubt = self._doubt(record, ledger)
                if doubt:
                    fact = f"{record.role} {record.reviewer}, {record.date}: {doubt}; the record does not count"
                    hint = "Mend reviewers.toml, or let somebody sign again."
                    yield Diagnostic("A-record", ledger.place(record), fact, hint)

    def _doubt(self, record: Record, ledger: Ledger) -> str:
        """Return why a record does not count; empty where it does."""
        reviewer = self.reviewers(ledger).get(record.reviewer)
        if reviewer is None:
            return "is not listed in reviewers.toml"
        if record.role not in reviewer.roles:
            return f"may not sign as {record.role}"
        if reviewer.keys and not record.signature:
            return "has a key, and did not sign with it"
        if record.signature and not is_signed(record.sealed, record.signature, reviewer.id, reviewer.keys):
            return "is signed with another key than those listed, or was changed"
        return ""

    def subject(self, leaflet: Leaflet, language: Language) -> Subject:
        """Return the words of a leaflet as they are now, to be judged.

        Raises:
            LanguageError: the leaflet is not complete in the language.
            LdnPrintError: its sources cannot be read.
        """
        source = "" if language.is_source else self.sources.wording(leaflet, get_language(SOURCE_TAG)).digest
        wording = self.sources.wording(leaflet, language).digest
        return replace(self._unsigned(leaflet, language), wording=wording, source=source)

    def _unsigned(self, leaflet: Leaflet, language: Language) -> Subject:
        """Return what is known of a leaflet's words without reading them: enough where nobody has signed."""
        publication = self.sources.publication(leaflet)
        catalog = self.sources.catalogs.get(language)
        authors = [catalog.translator] if catalog else [publication.owner, *publication.authors]
        return Subject(
            edition=leaflet.label,
            language=language.tag,
            wording="",
            source="" if language.is_source else "-",
            authors=frozenset(author.partition("<")[0].strip().casefold() for author in authors),
            has_safety=any(message.is_safety for message in self.sources.extractor.messages(leaflet)),
            review_by=publication.review_by,
        )

    def standing(self, leaflet: Leaflet, language: Language) -> Standing:
        """Return the state of a leaflet's words in a language.

        Raises:
            LedgerError: a ledger or a list of reviewers cannot be trusted.
            LdnPrintError: the leaflet's sources cannot be read, or it is not complete in the language.
        """
        key = leaflet, language.tag
        if key not in self._standings:
            english = None if language.is_source else self.standing(leaflet, get_language(SOURCE_TAG))
            records = self.records(leaflet)
            subject = self.subject(leaflet, language) if records else self._unsigned(leaflet, language)
            self._standings[key] = judge(subject, records, english, self._today)
        return self._standings[key]

    def of_page(self, words: tuple[tuple[Leaflet, Language], ...]) -> Standing:
        """Return the state of a page that shows the words of some leaflets: the worst of them.

        Raises:
            LdnPrintError: as `standing`.
        """
        return worst((f"{row.name} ({row.label}, {tag.tag})", self.standing(row, tag)) for row, tag in words)

    def forget(self) -> None:
        """Read the ledgers again when they are next asked for: a record was added."""
        self._ledgers.clear()
        self._standings.clear()


@dataclass(frozen=True)
class ApprovalRow:
    """The state of a leaflet's words in a language, with every record about them; ``wording`` is their digest."""

    leaflet: Leaflet
    language: Language
    wording: str
    standing: Standing
    records: tuple[Record, ...]


def read_rows(
    approvals: Approvals, leaflets: Iterable[Leaflet], languages: Sequence[Language]
) -> Iterator[ApprovalRow]:
    """Yield the state of some leaflets in those of some languages in which they are complete.

    Raises:
        LedgerError: a ledger or a list of reviewers cannot be trusted.
        LdnPrintError: a leaflet's sources cannot be read.
    """
    for leaflet in leaflets:
        every = [record for ledger in approvals.ledgers(leaflet) for record in ledger.records]
        for language in languages:
            if approvals.sources.completeness(leaflet, language).complete:
                own = tuple(row for row in every if (row.edition, row.language) == (leaflet.label, language.tag))
                digest = approvals.sources.wording(leaflet, language).digest
                yield ApprovalRow(leaflet, language, digest, approvals.standing(leaflet, language), own)


def words_of(
    leaflet: Leaflet, reader: Language, desk: Language, emergency: Language
) -> tuple[tuple[Leaflet, Language], ...]:
    """Return whose words a leaflet shows, and in which languages: what has to be approved before it is.

    Args:
        leaflet: what is printed, in any edition, with any tools.
        reader: its language.
        desk: the clinic's, which stands beside it on a bilingual page.
        emergency: that of emergency staff, on the wallet card.
    """
    found: list[tuple[Leaflet, Language]] = []
    if leaflet.edition == "packet":
        found += [(Leaflet(GENERAL), reader), *((Leaflet(name, "guide"), reader) for name in leaflet.handouts)]
    elif leaflet.edition in _SAME_WORDS:
        found += [(Leaflet(leaflet.name), reader)]
        found += [(Leaflet(leaflet.name), desk)] if leaflet.edition == "bilingual" else []
    elif not leaflet.is_tool:
        found += [(Leaflet(leaflet.name, leaflet.edition), reader)]
    found += [(Leaflet.of_tool(tool), reader) for tool in leaflet.tools]
    found += [(Leaflet.of_tool(CARD), emergency)] if CARD in leaflet.tools else []
    return tuple(dict.fromkeys(found))
