"""What many commands need: the library, the cache, the languages that somebody named."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ldn_print.languages import Language, find_language_for, use_languages_of
from ldn_print.project import Library, find_library

if TYPE_CHECKING:
    from ldn_print.jobs import Settings
    from ldn_print.press import Press


def library() -> Library:
    """Return the library: ``LDN_PRINT_LIBRARY`` names a folder, else the one beside or in the package.

    Raises:
        ProjectError: there is none.
    """
    named = os.environ.get("LDN_PRINT_LIBRARY")
    found = find_library(Path(named) if named else None)
    use_languages_of(found.languages)
    return found


def press(clinic: Path | None = None) -> Press:
    """Return a press over the library, for a clinic or, for commands that look at sources, for none.

    Raises:
        ProjectError: there is no library, or the clinic's profile is not usable.
    """
    from ldn_print.press import Press

    return Press(settings(clinic))


def settings(clinic: Path | None = None) -> Settings:
    """Return what is the same for all that is printed for a clinic, or for none.

    Raises:
        ProjectError: there is no library, or the clinic's profile is not usable.
    """
    from ldn_print.clinic import default_clinic, load_clinic
    from ldn_print.jobs import Settings

    return Settings(library(), load_clinic(clinic) if clinic else default_clinic(), cache_folder())


def languages(tags: Sequence[str]) -> tuple[Language, ...]:
    """Return the languages for some tags; where another one serves a tag, that is told on stderr.

    Raises:
        LanguageError: a tag is not known, and no language serves it.
    """
    found: dict[str, Language] = {}
    for tag in tags:
        language = find_language_for(tag)
        found.setdefault(language.tag, language)
        if tag.replace("_", "-").casefold() != language.tag.casefold():
            click.echo(f"{tag}: no sheets of its own; this is {language.tag}, {language.label}", err=True)
    return tuple(found.values())


def cache_folder() -> Path:
    """Return this program's folder for things that can be made again (the XDG rule)."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "ldn-print"
