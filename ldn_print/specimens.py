"""Specimens: for each script, a few sentences that show how it is set.

They stand in ``data/specimens.toml``. They are samples of type, not translations: no handout uses them, and a
language that stands only there cannot be printed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from ldn_print.languages import Language, all_languages, make_language


@dataclass(frozen=True)
class Specimen:
    """Sentences in one language. ``{dose}`` stands where a dose goes, as in a message."""

    language: Language
    sentences: tuple[str, ...]


@cache
def all_specimens() -> tuple[Specimen, ...]:
    """Return the specimens in the order of their file, one for each language.

    Raises:
        LanguageError: a specimen is in a script that the registry does not have.
    """
    text = resources.files("ldn_print.data").joinpath("specimens.toml").read_text(encoding="utf-8")
    return tuple(_specimen(tag, row) for tag, row in tomllib.loads(text).items())


def _specimen(tag: str, row: Mapping[str, Any]) -> Specimen:
    """Return one specimen. What the registry says of a language counts; the others are described here."""
    facts = {key: value for key, value in row.items() if key != "sentences"}
    return Specimen(all_languages().get(tag) or make_language(tag, facts), tuple(row["sentences"]))
