"""What a change of words does, before it is merged: whose pages, whose signatures, how much to translate again.

Compares a library with another state of it: an earlier one from version control, or a folder.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ldn_print.approval import Standing
from ldn_print.errors import LdnPrintError, ProjectError
from ldn_print.extract import library_leaflets
from ldn_print.jobs import Job, Settings
from ldn_print.languages import Language
from ldn_print.messages import TAG
from ldn_print.models import Leaflet
from ldn_print.pictures import compare_pages
from ldn_print.press import Press
from ldn_print.project import Library
from ldn_print.word_diff import Piece, changed_lines
from ldn_print.wording import Line

_PARTS = ("handouts", "templates", "locales")
_SIGNED = ("approved", "expired", "language-reviewed")


@dataclass(frozen=True)
class PagePair:
    """A page before and after, as PNG, with what changed in a box; None where there is no such page."""

    before: bytes | None
    after: bytes | None
    differs: bool


@dataclass(frozen=True)
class Touched:
    """A leaflet in a language whose words are others now.

    ``before`` and ``after`` are the states of its words, None where it could not be printed; ``pages`` are empty
    where nobody asked for pictures of it.
    """

    leaflet: Leaflet
    language: Language
    before: Standing | None
    after: Standing | None
    changes: tuple[tuple[Piece, ...], ...]
    pages: tuple[PagePair, ...] = ()

    @property
    def loses_approval(self) -> bool:
        """True when somebody has signed the words of before, and not those of now."""
        was_signed = self.before is not None and self.before.state in _SIGNED
        return was_signed and (self.after is None or self.after.state not in _SIGNED)


@dataclass(frozen=True)
class Impact:
    """What a change does. ``words_left`` are the English words to translate again, by language tag."""

    touched: tuple[Touched, ...]
    messages: tuple[str, ...]
    words_left: dict[str, int] = field(default_factory=dict)

    @property
    def stale(self) -> tuple[Touched, ...]:
        """Those that lose a signature."""
        return tuple(row for row in self.touched if row.loses_approval)


def take_out(library: Library, revision: str, folder: Path) -> Library:
    """Return the library as it was in a revision of version control, in a folder.

    Raises:
        ProjectError: the library is in no repository, or there is no such revision.
    """
    command = ["git", "-C", str(library.root), "archive", "--format=tar", revision, "--", *_PARTS]
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  # a fixed program, no shell
    except FileNotFoundError:
        raise ProjectError("git: is not there\n  Install it, or name a folder with the earlier library.") from None
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["git failed"]
        raise ProjectError(
            f"{library.root}: no earlier state {revision!r}: {reason[0]}\n"
            "  Name a revision such as HEAD~1 or main, or a folder with the earlier library."
        )
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive:
            _write_member(archive, member, folder)
    return Library(folder)


def _write_member(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write a plain file of an archive into a folder; links and names that lead out of it are left out."""
    target = folder / member.name
    data = archive.extractfile(member) if member.isfile() else None
    if data is not None and target.resolve().is_relative_to(folder.resolve()):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.read())


def find_impact(old: Press, new: Press) -> Impact:
    """Return what differs between two states of a library, without pictures.

    Raises:
        LdnPrintError: a template, a handout or a ledger cannot be read.
    """
    known = {message.key for message in old.extractor.library}
    added = [message for message in new.extractor.library if message.key not in known]
    words = {}
    for language in new.catalogs.available():
        if not language.is_source:
            left = [row for row in added if any(found.is_error for found in new.catalogs.check(row, language))]
            words[language.tag] = sum(len(TAG.sub(" ", row.key.text).split()) for row in left)
    return Impact(tuple(_find_touched(old, new)), tuple(row.key.text for row in added), words)


def _find_touched(old: Press, new: Press) -> Iterator[Touched]:
    leaflets = dict.fromkeys([*library_leaflets(new.library), *library_leaflets(old.library)])
    for leaflet in leaflets:
        for language in new.catalogs.available():
            before, after = _read(old, leaflet, language), _read(new, leaflet, language)
            if before is None and after is None:
                continue
            lines = [[f"{line.kind} {line.text}" for line in row[0]] if row else [] for row in (before, after)]
            if lines[0] != lines[1] or (before and after and before[2] != after[2]):
                yield Touched(
                    leaflet,
                    language,
                    before[1] if before else None,
                    after[1] if after else None,
                    changed_lines(*lines) if before and after else (),
                )


def _read(press: Press, leaflet: Leaflet, language: Language) -> tuple[tuple[Line, ...], Standing, str] | None:
    """Return a leaflet's lines, state and digest; None where it cannot be printed."""
    try:
        wording = press.wording(leaflet, language)
        return wording.lines, press.approvals.standing(leaflet, language), wording.digest
    except LdnPrintError:
        return None


def choose_samples(touched: Iterable[Touched], most: int) -> tuple[Touched, ...]:
    """Return of each kind of change, language and edition the first leaflet: the others look like it."""
    found: dict[tuple[object, ...], Touched] = {}
    for row in touched:
        if row.before is not None and row.after is not None:
            found.setdefault((row.leaflet.label, row.language.tag, row.changes), row)
    return tuple(found.values())[:most]


def with_pages(
    old: Press, new: Press, samples: Sequence[Touched], tell: Callable[[int, int], None] | None
) -> tuple[Touched, ...]:
    """Return samples with their pages before and after."""
    made = []
    for number, row in enumerate(samples):
        if tell:
            tell(number, len(samples))
        files = [press.make(Job(row.leaflet, row.language.tag, "letter")).data for press in (old, new)]
        pairs = [PagePair(*pair) for pair in compare_pages(files[0], files[1])]
        made.append(replace(row, pages=tuple(pairs)))
    return tuple(made)


def open_before(now: Press, root: Path) -> Press:
    """Return a press over an earlier state of a library, for the same clinic and day."""
    return Press(Settings(Library(root), now.settings.clinic, now.cache_folder, today=now.settings.today))
