"""What a sheet is, by its code or its file: genuine, current, approved; and which sheets carried certain words.

Works offline, from the manifests of releases and the ledgers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ldn_print.approval import Standing, same_meaning
from ldn_print.approvals import Approvals
from ldn_print.codes import read_code
from ldn_print.engine.keywords import read_keywords
from ldn_print.errors import LdnPrintError
from ldn_print.languages import get_language
from ldn_print.manifest import Sheet
from ldn_print.messages import PLACEHOLDER, TAG
from ldn_print.models import Words
from ldn_print.release import Release
from ldn_print.word_diff import Piece
from ldn_print.wording import changes_between, plain, read_wording

Bytes = Literal["genuine", "altered", "filled in", "not compared"]
_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}\b")


@dataclass(frozen=True)
class Verdict:
    """What became of the words of a sheet since it was made.

    ``is_same_meaning`` tells that the words are current, or changed in a way that left their meaning as it was.
    ``now`` is the state of the leaflet's words of today, None where it is no longer in the library; ``changes``
    are the lines that differ, ``is_kept`` tells whether the old words are there to compare.
    """

    words: Words
    is_current: bool
    is_same_meaning: bool
    is_withdrawn: bool
    now: Standing | None
    changes: tuple[tuple[Piece, ...], ...]
    is_kept: bool


@dataclass(frozen=True)
class Identity:
    """A sheet that was looked up, where its row stands, and what became of each of its words."""

    sheet: Sheet
    release: Release
    bytes: Bytes
    verdicts: tuple[Verdict, ...]

    @property
    def is_good(self) -> bool:
        """True when nothing newer is there: the bytes are right, the words current, nothing was withdrawn."""
        is_right = self.bytes != "altered"
        return is_right and all(row.is_same_meaning and not row.is_withdrawn for row in self.verdicts)


def find_code(data: bytes) -> str:
    """Return the code of a file: a PDF has it in its keywords, others in their text; empty where there is none."""
    text = read_keywords(data) if data.startswith(b"%PDF") else data.decode("utf-8", "replace")
    found = _CODE.search(text)
    return found[0] if found else ""


def identify(
    approvals: Approvals, releases: Sequence[Release], typed: str, data: bytes | None = None
) -> tuple[Identity, ...]:
    """Return every sheet on record with a code, the newest first; only the one with just these bytes, if any.

    Args:
        approvals: the ledgers and the words of today.
        releases: where to look.
        typed: the code.
        data: the file, if there is one.

    Raises:
        ValueError: the code cannot be right.
        LdnPrintError: a ledger or the library cannot be read.
    """
    code = read_code(typed)
    digest = hashlib.sha256(data).hexdigest() if data is not None else ""
    rows: dict[tuple[str, tuple[Words, ...]], tuple[Sheet, Release]] = {}
    for release in releases:
        for sheet in release.sheets:
            if sheet.code == code:
                rows.setdefault((sheet.sha256, sheet.words), (sheet, release))
    exact = [row for row in rows.values() if digest and row[0].sha256 == digest]
    return tuple(
        Identity(sheet, release, _compare(sheet, digest), tuple(_judge(approvals, releases, sheet)))
        for sheet, release in exact or rows.values()
    )


def _compare(sheet: Sheet, digest: str) -> Bytes:
    if not digest:
        return "not compared"
    if not sheet.sha256:
        return "filled in"
    return "genuine" if sheet.sha256 == digest else "altered"


def _judge(approvals: Approvals, releases: Sequence[Release], sheet: Sheet) -> Iterator[Verdict]:
    for words in sheet.words:
        leaflet, language = words.as_leaflet, get_language(words.language)
        withdrawn = any(
            (row.action, row.wording) == ("withdraw", words.digest)
            for ledger in approvals.ledgers(leaflet)
            for row in ledger.records
        )
        try:
            now, current = approvals.standing(leaflet, language), approvals.sources.wording(leaflet, language)
        except LdnPrintError:  # the leaflet is gone, or no longer complete
            yield Verdict(words, False, False, withdrawn, None, (), False)
            continue
        own = [row for row in approvals.records(leaflet) if (row.edition, row.language) == words.scope]
        old = _old_text(approvals, releases, words)
        yield Verdict(
            words=words,
            is_current=current.digest == words.digest,
            is_same_meaning=words.digest in same_meaning(current.digest, own),
            is_withdrawn=withdrawn or (now.state == "withdrawn" and current.digest == words.digest),
            now=now,
            changes=changes_between(old, current.text),
            is_kept=bool(old),
        )


def _old_text(approvals: Approvals, releases: Sequence[Release], words: Words) -> str:
    """Return the words as they were, from a release or a ledger; empty where nobody kept them."""
    texts = [
        *(release.text(words.digest) for release in releases),
        *(ledger.text(words.digest) for ledger in approvals.ledgers(words.as_leaflet)),
    ]
    return next(filter(None, texts), "")


@dataclass(frozen=True)
class Carrier:
    """A sheet that carried certain words, where its row stands, and which of the words they were."""

    sheet: Sheet
    release: Release
    what: tuple[str, ...]


def find_carriers(
    releases: Iterable[Release], message: str, section: str, since: date | None
) -> tuple[Carrier, ...]:
    """Return the released sheets that carried a message or a section, made on a day or later; each file once.

    Args:
        releases: where to look.
        message: part of a message in any language, as it was printed or as it stands in a catalog, or its id.
        section: the name of a section, or nothing.
        since: the first day, or None.
    """
    known = tuple(releases)
    ids = {name for release in known for name in _find_ids(release, message)} if message else set()
    found: dict[tuple[str, str, str], Carrier] = {}
    for release in known:
        for sheet in release.sheets:
            if since and sheet.made < since:
                continue
            what = tuple(dict.fromkeys(_find_carried(release, sheet, ids, message, section)))
            if what or not (message or section):
                found.setdefault((sheet.path, sheet.sha256, sheet.code), Carrier(sheet, release, what))
    return tuple(found.values())


def _find_carried(release: Release, sheet: Sheet, ids: set[str], message: str, section: str) -> Iterator[str]:
    for words in sheet.words:
        texts = release.messages.get(words.language, {})
        for name in release.carried.get(words.digest, ()):
            if name in ids:
                yield texts.get(name, name)
        if section and section in release.sections.get(words.digest, {}):
            yield f"section {section}, {release.sections[words.digest][section][:12]}"
        if message:
            text = release.text(words.digest)
            lines = read_wording(text)[1] if text else ()
            yield from (line.partition(" ")[2] for line in lines if _fold(message) in _fold(line))


def _find_ids(release: Release, wanted: str) -> Iterator[str]:
    """Yield the ids of the messages that hold a text, as it stands in a catalog or as it was printed."""
    pattern = _as_written(_fold(wanted))
    for texts in release.messages.values():
        for name, text in texts.items():
            if wanted == name or pattern.search(_fold(text)) or _as_printed(text).fullmatch(_fold(wanted)):
                yield name


def _fold(text: str) -> str:
    return plain(TAG.sub("", text)).casefold()


def _as_written(text: str) -> re.Pattern[str]:
    """Return what a printed text may look like in a catalog: a number or dose may be a placeholder there."""
    parts = re.split(r"(\d[\d.,]*(?: m[gl])?)", text)
    shown = (rf"(?:{re.escape(part)}|\{{\w+\}})" if n % 2 else re.escape(part) for n, part in enumerate(parts))
    return re.compile("".join(shown))


def _as_printed(text: str) -> re.Pattern[str]:
    """Return what a message looks like with its placeholders filled."""
    parts = PLACEHOLDER.split(_fold(text))[::2]
    return re.compile(".{1,60}?".join(map(re.escape, parts)))
