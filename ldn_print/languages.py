"""What is true of a language: tag, names, direction, script, fonts and type sizes.

The facts stand in ``data/languages.toml``; plural rules and month names come from Babel.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache
from gettext import c2py
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ldn_print.errors import LanguageError
from ldn_print.tables import read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from babel import Locale

SOURCE_TAG = "en"
BREAKS = ("words", "joined", "phrases")
_own: list[Any] = [None, 0]  # the file of the library's own languages, and when it was saved
_OWN_HANDS = {"vi": "Latn-VN", "ur": "Aran"}  # languages that are set otherwise than their script
_COUNTED, _SHOWN = 200, 5  # numbers that are tried, and shown, for a plural form
_RTL_SCRIPTS = frozenset({"Arab", "Aran", "Hebr"})


@dataclass(frozen=True)
class Script:
    """How a script is set.

    Sizes in pt, ``step`` in mm, leadings as factors of the size; ``gap`` stands between two sentences.
    ``breaks`` is one of `BREAKS`, or empty where the layout engine breaks lines well by itself.
    """

    name: str
    fonts: tuple[str, ...]
    package: str
    gap: str
    body: float
    leading: float
    row: float
    h1: float
    h2: float
    small: float
    foot: float
    step: float
    leaves: int
    breaks: str = ""
    cut: tuple[str, ...] = ()
    cut_face: int = 0


@dataclass(frozen=True)
class Language:
    """A language that a handout can be printed in.

    ``guide_pages`` is how many pages its guide may take: four, or six where the words need the room. ``serves``
    lists the tags, ``*`` for any ending, that ask for this language where there is none of their own.
    """

    tag: str
    english: str
    own: str
    locale: str
    script: Script
    guide_pages: int = 4
    serves: tuple[str, ...] = ()

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """The side a line starts from."""
        return "rtl" if self.script.name in _RTL_SCRIPTS else "ltr"

    @property
    def is_source(self) -> bool:
        """True for English, the language that messages are written in."""
        return self.tag == SOURCE_TAG

    @property
    def label(self) -> str:
        """The own name, with the English one for staff: ``Español (Spanish)``."""
        return self.own if self.own == self.english else f"{self.own} ({self.english})"

    @property
    def babel(self) -> Locale:
        """The same language as Babel knows it."""
        from babel import Locale

        return Locale.parse(self.locale)

    @property
    def plural_count(self) -> int:
        """How many plural forms the language has."""
        from babel.messages.plurals import get_plural

        return int(get_plural(self.babel).num_plurals)

    def counts_like(self, form: int) -> str:
        """Return the first numbers with which a plural form stands: ``1``; ``0, 2, 3, 4, 5 …``."""
        from babel.messages.plurals import get_plural

        rule = c2py(get_plural(self.babel).plural_expr)
        numbers = [str(number) for number in range(_COUNTED) if int(rule(number)) == form]
        return ", ".join(numbers[:_SHOWN]) + (" …" if len(numbers) > _SHOWN else "")

    def format_month(self, day: date) -> str:
        """Return month and year in words, so that 3/4 is never misread."""
        from babel.dates import format_skeleton

        return format_skeleton("yMMMM", day, locale=self.babel)

    def format_day(self, day: date) -> str:
        """Return weekday, day and month, the month in letters."""
        from babel.dates import format_skeleton

        return format_skeleton("MMMEd", day, locale=self.babel)


@cache
def day_signs(language: Language) -> str:
    """Return the signs that the days of a dose plan are written with in a language."""
    days = [date(2024, 1, day) for day in range(1, 32)] + [date(2024, month, 1) for month in range(2, 13)]
    return "".join(sorted({*"".join(map(language.format_day, days))}))


def cut_family(script: Script) -> str:
    """Return the name that a font gets when it is cut to the signs of a catalog."""
    return f"{script.fonts[0]} cut"


@cache
def all_scripts() -> dict[str, Script]:
    """Return every script of the registry by its name.

    Raises:
        LanguageError: a row says something about line breaks that is not known.
    """
    return {name: _script(name, row) for name, row in _registry()["scripts"].items()}


@cache
def all_languages() -> dict[str, Language]:
    """Return every language of the registry by its tag, English first, then those of the library's own one.

    Raises:
        LanguageError: a row is not usable.
    """
    rows = _registry()["languages"] | _own_rows()
    return {tag: make_language(tag, row) for tag, row in rows.items()}


def make_language(tag: str, row: Mapping[str, Any]) -> Language:
    """Return a language from its row in a table, where its script stands by name.

    Raises:
        LanguageError: the registry has no such script.
    """
    scripts = all_scripts()
    if row.get("script") not in scripts:
        raise LanguageError(
            f"language {tag!r}: the script {row.get('script')!r} is not in languages.toml\n"
            f"  Add a table [scripts.{row['script']}], or use one of {', '.join(scripts)}."
        )
    serves = tuple(row.get("serves", ()))
    try:
        return Language(tag=tag, **{**row, "script": scripts[row["script"]], "serves": serves})
    except TypeError as problem:
        raise LanguageError(
            f"language {tag!r}: its row is not usable\n"
            '  It has english, own, locale and script, each in quotes, and may have serves = ["…"].'
        ) from problem


def cldr_names(tag: str) -> tuple[str, str, str]:
    """Return a language's English name, its own name, and the name of its script, as Unicode CLDR has them.

    Raises:
        LanguageError: CLDR does not know the language.
    """
    from babel import Locale, UnknownLocaleError
    from babel.core import get_global

    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError) as problem:
        raise LanguageError(
            f"language {tag!r}: Unicode CLDR has no such language\n"
            "  Check the tag. A language without CLDR data needs a row in languages.toml by hand."
        ) from problem
    likely = get_global("likely_subtags").get(locale.language, "").split("_")
    script = locale.script or _OWN_HANDS.get(locale.language) or (likely[1] if len(likely) > 1 else "Latn")
    own = locale.get_display_name(locale) or tag
    return str(locale.get_display_name("en")), own[:1].upper() + own[1:], script


def use_languages_of(path: Path) -> None:
    """Add the languages of a library's own registry, in the place of those of another library.

    Args:
        path: its file, which may be missing.
    """
    now = path, path.stat().st_mtime_ns if path.is_file() else 0
    if now != tuple(_own):
        _own[:] = now
        all_languages.cache_clear()


@cache
def _registry() -> dict[str, Any]:
    return tomllib.loads(resources.files("ldn_print.data").joinpath("languages.toml").read_text(encoding="utf-8"))


def _own_rows() -> dict[str, Any]:
    """Return the rows of the library's own registry.

    Raises:
        LanguageError: the file cannot be read.
    """
    path = _own[0]
    return read_toml(path, LanguageError) if path is not None and path.is_file() else {}


def _script(name: str, row: dict[str, Any]) -> Script:
    lists = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    if row.get("breaks", BREAKS[0]) not in BREAKS:
        raise LanguageError(
            f"languages.toml: scripts.{name}.breaks: {row['breaks']!r} is not one of the choices\n"
            f"  Choices: {', '.join(BREAKS)}. Leave the key out where lines break well by themselves."
        )
    return Script(name=name, **{**row, **lists})


def find_language_for(tag: str) -> Language:
    """Return the language with this tag, or the one that serves its readers: es-US for es-MX.

    Which language serves which tag is written in the registry, never guessed, and English serves only English.

    Raises:
        LanguageError: no language has or serves the tag; the nearest tags are named.
    """
    folded = tag.replace("_", "-").casefold()
    for language in all_languages().values():
        if any(fnmatchcase(folded, served.casefold()) for served in language.serves):
            return language
    return get_language(tag)


def get_language(tag: str) -> Language:
    """Return the language with this tag.

    Raises:
        LanguageError: the tag is not in the registry; the nearest tags are named.
    """
    languages = all_languages()
    by_folded = {known.casefold(): known for known in languages}
    known = by_folded.get(tag.replace("_", "-").casefold())
    if known is not None:
        return languages[known]
    names = {row.english.casefold(): row.tag for row in languages.values()}
    names |= {row.own.casefold(): row.tag for row in languages.values()} | by_folded
    near = list(dict.fromkeys(names[name] for name in get_close_matches(tag.casefold(), names, 3, 0.5)))
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Known: {', '.join(languages)}."
    raise LanguageError(f"language {tag!r}: not known\n  {hint}")
