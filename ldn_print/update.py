"""The files of the translator's round: the template catalog, and each language's catalog brought up to it.

Nothing is guessed: a message whose English changed is a message without a translation, with the old one above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ldn_print.catalog import PERSON_STATUS, Catalog, write_catalog, write_template
from ldn_print.context import described_messages
from ldn_print.languages import Language
from ldn_print.messages import SourceMessage
from ldn_print.press import Press


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


def plan_round(press: Press, languages: Sequence[Language]) -> tuple[FileChange, ...]:
    """Return the template catalog and the catalogs of some languages as the library's templates want them.

    Raises:
        ContentError: a template or a handout cannot be read, or a message is unfit for translation.
        CatalogError: a catalog cannot be read.
    """
    messages = described_messages(press)
    template = FileChange(press.settings.library.template_catalog, write_template(messages))
    return (template, *(_plan_catalog(press, messages, row) for row in languages if not row.is_source))


def _plan_catalog(press: Press, messages: Sequence[SourceMessage], language: Language) -> FileChange:
    """Return a language's catalog as it should be; one that is not there is started."""
    path = press.settings.library.catalog(language.locale)
    old = (press.catalogs.get(language) if path.is_file() else None) or Catalog(path, {}, PERSON_STATUS)
    before, after = set(old.entries), {message.key for message in messages}
    return FileChange(path, write_catalog(messages, old, language), len(after - before), len(before - after))
