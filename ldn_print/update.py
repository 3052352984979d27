"""The files of the translator's round: the template catalog, and each language's catalog brought up to it.

Nothing is guessed: a message whose English changed is a new message without a translation.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ldn_print.catalog import DRAFT_STATUS, Catalog, write_catalog, write_template
from ldn_print.extract import Extractor
from ldn_print.languages import Language
from ldn_print.localize import Catalogs
from ldn_print.project import Library


@dataclass(frozen=True)
class FileChange:
    """A file of the round as it should be. ``added`` and ``removed`` count messages."""

    path: Path
    data: bytes
    added: int = 0
    removed: int = 0

    @property
    def changed(self) -> bool:
        """True when the file on disk is different or not there."""
        return not self.path.is_file() or self.path.read_bytes() != self.data


def plan_template(library: Library, extractor: Extractor) -> FileChange:
    """Return the template catalog as the library's templates want it.

    Raises:
        ContentError: a template or a handout cannot be read, or a message is unfit for translation.
    """
    return FileChange(library.template_catalog, write_template(extractor.library))


def plan_catalog(library: Library, extractor: Extractor, catalogs: Catalogs, language: Language) -> FileChange:
    """Return a language's catalog brought up to the messages of the library.

    Raises:
        ContentError: a template or a handout cannot be read.
        CatalogError: the catalog on disk cannot be read.
    """
    path = library.catalog(language.locale)
    old = catalogs.get(language) if path.is_file() else Catalog(path, {}, DRAFT_STATUS)
    if old is None:
        raise ValueError("English is the source and has no catalog")
    messages = extractor.library
    before, after = set(old.entries), {message.key for message in messages}
    return FileChange(path, write_catalog(messages, old, language), len(after - before), len(before - after))
