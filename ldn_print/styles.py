"""The style sheet of a leaflet: the library's rules, with the sizes of a script and the paper.

Sizes are pt, lengths mm. What differs between languages comes from the language registry, never from a rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from ldn_print.countries import Paper
from ldn_print.errors import RenderError, read_source
from ldn_print.languages import Language, Script
from ldn_print.models import Clinic, Leaflet
from ldn_print.page import Entry, Margins, Order
from ldn_print.project import Library

PAPER_MM: dict[Paper, tuple[float, float]] = {"letter": (215.9, 279.4), "a4": (210.0, 297.0)}
CARD_SIZE = 8 / 12  # type of the wallet card, as a factor of the sheet's (standards 2.5: at least 8 pt)
GUIDE_SIZE = 13 / 12  # type of the guide behind its first page, as a factor of the sheet's
LARGE_PT = 18  # every sign of large print (standards 2.1)
_CSS_FILES = ("tokens.css", "page.css", "blocks.css", "guide.css", "tools.css")


class Styles:
    """The style sheets and pictures of one library, each read once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._read: dict[str, str] = {}

    def css(self, order: Order, language: Language, beside: Language) -> str:
        """Return the style sheet of a leaflet.

        Args:
            order: what is printed, on which paper.
            language: the reader's.
            beside: the second one, where two stand side by side.

        Raises:
            RenderError: a style sheet cannot be read.
        """
        script, (width, height) = language.script, PAPER_MM[order.paper]
        margins, is_large = margins_of(order.leaflet, language), order.leaflet.edition == "large-print"
        size, share = (LARGE_PT, 26) if is_large else (script.body, 40)
        start, end = ("right", "left") if language.direction == "rtl" else ("left", "right")
        page_of_pages = "'\u2066' counter(page) ' / ' counter(pages) '\u2069'"
        metrics = (
            f":root {{ {_sizes(script)} }}\n"
            f"@page {{ size: {width}mm {height}mm; margin: {margins.top}mm {margins.side}mm {margins.bottom}mm;\n"
            f"  @top-{start} {{ content: element(state); text-align: {start}; width: {100 - share}% }}\n"
            f"  @top-{end} {{ content: element(language); text-align: {end}; width: {share}% }}\n"
            f"  @bottom-{start} {{ content: element(footer); text-align: {start}; width: 91% }}\n"
            f"  @bottom-{end} {{ content: {page_of_pages}; text-align: {end}; width: 9%;\n"
            f'    font: 700 {size}pt/1.2 "Noto Sans", {families(script)} }}\n}}\n'
        )
        own = {"large-print": self._large_css, "bilingual": self._bilingual_css}.get(order.leaflet.edition)
        return f"{self._shared_css}{metrics}{own(script, beside.script) if own else ''}"

    def own_css(self, name: str, languages: Iterable[Language]) -> str:
        """Return the style of a page that is no leaflet, and the type of each language on it.

        Raises:
            RenderError: the style sheet cannot be read.
        """
        rules = [f".in-{language.tag} {{ {_type_of(language.script)} }}" for language in languages]
        return "\n".join([*rules, self._rules(f"{name}.css")])

    def _bilingual_css(self, _own: Script, other: Script) -> str:
        """Return the layout of two languages side by side, the second one in the type of its script."""
        rules = self._rules("bilingual.css")
        return (
            f".other {{ font-family: {families(other)} }}\n.duo > .other {{ font-size: {other.body}pt }}\n{rules}"
        )

    def _large_css(self, script: Script, _other: Script) -> str:
        """Return what turns the sheet into large print: type sizes of the script, and a layout of its own."""
        factor = script.body / 12
        body, h1, h2 = (round(size * factor, 2) for size in (LARGE_PT, 24, 21))
        sizes = f"--body: {body}pt; --small: {body}pt; --foot: {body}pt; --h1: {h1}pt; --h2: {h2}pt; --row: 1.3"
        rules = self._rules("large.css")
        return f":root {{ {sizes}; --leading: {max(1.3, script.leading - 0.1):.2f} }}\n{rules}"

    @cached_property
    def _shared_css(self) -> str:
        texts = map(self._rules, _CSS_FILES)
        icons = [f'.icon-{Path(name).stem} {{ background-image: url("asset:{name}") }}' for name in self.icons]
        return "\n".join([*texts, *icons, ""])

    def _rules(self, name: str) -> str:
        if name not in self._read:
            self._read[name] = read_source(self._library.templates / "css" / name, RenderError)
        return self._read[name]

    @cached_property
    def icons(self) -> dict[str, bytes]:
        """The library's icons."""
        folder = self._library.templates / "icons"
        return {f"icons/{path.name}": path.read_bytes() for path in sorted(folder.glob("*.svg"))}

    @cached_property
    def figures(self) -> dict[str, bytes]:
        """The library's drawings."""
        folder = self._library.templates / "figures"
        return {f"figures/{path.name}": path.read_bytes() for path in sorted(folder.glob("*.svg"))}

    def assets(self, clinic: Clinic) -> dict[str, bytes]:
        """Return the pictures that a page may show, by their name behind ``asset:``."""
        return self.icons | self.figures | ({"logo": clinic.logo.data} if clinic.logo else {})


def margins_of(leaflet: Leaflet, language: Language) -> Margins:
    """Return the margins of a page.

    Large print has room for larger running texts, a translation for its state in two languages; the column of
    large print is narrower by itself.
    """
    if leaflet.edition != "large-print":
        return Margins(19, 20, 18.5)
    return Margins(23, 15, 36) if language.is_source else Margins(44, 15, 46)


def page_numbers(contents: tuple[Entry, ...]) -> str:
    """Return the style that writes the page of each entry behind it."""
    return "".join(
        f'.page-{number}::after {{ content: target-counter("#{entry.anchor}", page) }}\n'
        for number, entry in enumerate(contents, start=1)
    )


def families(script: Script) -> str:
    """Return the fonts of a script as a style sheet names them."""
    return ", ".join(f'"{font}"' for font in script.fonts)


def _sizes(script: Script) -> str:
    """Return the sizes of a script as custom properties."""
    return (
        f"--font: {families(script)}; --body: {script.body}pt; --leading: {script.leading}; "
        f"--row: {script.row}; --h1: {script.h1}pt; --h2: {script.h2}pt; --small: {script.small}pt; "
        f"--foot: {script.foot}pt; --guide: {script.body * GUIDE_SIZE:.2f}pt; "
        f"--card: {script.body * CARD_SIZE:.2f}pt; --step: {script.step}mm"
    )


def _type_of(script: Script) -> str:
    """Return what sets a part of a page in the type of a script."""
    return f"{_sizes(script)}; font: {script.body}pt/{script.leading} {families(script)}"
