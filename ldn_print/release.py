"""Releases: what builds made, kept for good with the words on each sheet.

So a sheet can be looked up by its code, on any day, without the sources that it was made from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ldn_print.errors import ContentError
from ldn_print.files import write_file
from ldn_print.languages import get_language
from ldn_print.manifest import FILE, Sheet, manifest_bytes, read_manifest, read_sheets, sheet_to_dict
from ldn_print.models import Words
from ldn_print.sources import Sources
from ldn_print.wording import Wording, digest_of

WORDS = "words"


@dataclass(frozen=True)
class Release:
    """Rows of one release, with what the words of each message were.

    ``sections`` gives for each digest of words the digests of their sections, ``carried`` the ids of their
    messages; ``messages`` the text of each id in each language.
    """

    path: Path
    sheets: tuple[Sheet, ...]
    sections: Mapping[str, Mapping[str, str]]
    carried: Mapping[str, tuple[str, ...]]
    messages: Mapping[str, Mapping[str, str]]

    def text(self, digest: str) -> str:
        """Return released words; empty where they are not kept, or are no longer what they were."""
        path = self.path.parent / WORDS / f"{digest}.txt"
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        return text if digest_of(text) == digest else ""


def read_release(path: Path) -> Release:
    """Return a release, or a build's manifest as one that kept no words.

    Raises:
        ContentError: it cannot be read.
    """
    sheets, data = read_manifest(path)
    words = data.get("words", {})
    return Release(
        path=path,
        sheets=sheets,
        sections={digest: row["sections"] for digest, row in words.items()},
        carried={digest: tuple(row["messages"]) for digest, row in words.items()},
        messages=data.get("messages", {}),
    )


def find_altered(folder: Path, sheets: Iterable[Sheet]) -> Iterator[Sheet]:
    """Yield the files of a build's folder that are no longer what the build made."""
    for sheet in sheets:
        path = folder / sheet.path
        if sheet.sha256 and (not path.is_file() or _hash(path.read_bytes()) != sheet.sha256):
            yield sheet


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def release(sources: Sources, folder: Path, shelf: Path) -> Release:
    """Keep what a build made: its rows and the words that they name, in a folder that outlives the build's.

    Args:
        sources: the library that the build was made from.
        folder: where the build wrote.
        shelf: the folder of releases.

    Raises:
        ContentError: there is no manifest, a file was changed, or the words are no longer those of the library.
        OutputError: a file cannot be written.
    """
    path = folder / FILE
    if not path.is_file():
        raise ContentError(f"{path}: is not there\n  Name the folder that 'ldn-print build' wrote to.")
    sheets = read_sheets(path)
    altered = [sheet.path for sheet in find_altered(folder, sheets)]
    if altered:
        fact = f"{folder}: not what the build made: {', '.join(altered[:5])}"
        raise ContentError(f"{fact}\n  Build again, then release.")
    wordings = {words.digest: _find_wording(sources, words) for sheet in sheets for words in sheet.words}
    tags = sorted({wording.language for wording in wordings.values()} | {"en"})
    body = {
        "files": [sheet_to_dict(sheet) for sheet in sheets],
        "words": {
            key: {"sections": row.sections, "messages": row.messages} for key, row in sorted(wordings.items())
        },
        "messages": {tag: _messages(sources, tag, wordings.values()) for tag in tags},
    }
    data = manifest_bytes(body)
    made = max((sheet.made for sheet in sheets), default=date.min)
    for digest, wording in wordings.items():
        write_file(shelf / WORDS / f"{digest}.txt", wording.text.encode(), is_lasting=True)
    target = shelf / f"{made}-{_hash(data)[:8]}.json"
    write_file(target, data, is_lasting=True)
    return read_release(target)


def _find_wording(sources: Sources, words: Words) -> Wording:
    found = sources.wording(words.as_leaflet, get_language(words.language))
    if found.digest != words.digest:
        fact = f"{words.leaflet} in {words.language}: the words changed since the build"
        raise ContentError(f"{fact}\n  Build again, then release.")
    return found


def _messages(sources: Sources, tag: str, wordings: Iterable[Wording]) -> dict[str, str]:
    """Return the texts of a language's messages by their id; English has those of every language."""
    wanted = {name for row in wordings if tag in ("en", row.language) for name in row.messages}
    catalog = sources.catalogs.get(get_language(tag))
    texts = {}
    for message in (*sources.extractor.library, *sources.extractor.personal):
        if message.key.id in wanted:
            texts[message.key.id] = (
                message.key.text if catalog is None else catalog.entries[message.key].strings[0]
            )
    return dict(sorted(texts.items()))


def read_shelf(shelf: Path) -> tuple[Release, ...]:
    """Return every release of a folder, the newest first.

    Raises:
        ContentError: one of them cannot be read.
    """
    return tuple(read_release(path) for path in sorted(shelf.glob("*.json"), reverse=True))


def read_releases(places: Iterable[Path]) -> tuple[Release, ...]:
    """Return what stands at some places: a manifest, a build's folder, or a folder of releases; gaps are left out.

    Raises:
        ContentError: a manifest cannot be read.
    """
    found: list[Release] = []
    for place in places:
        if place.is_file():
            found.append(read_release(place))
        elif (place / FILE).is_file():
            found.append(read_release(place / FILE))
        elif place.is_dir():
            found += read_shelf(place)
    return tuple(found)
