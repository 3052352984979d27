"""Where things lie: the built-in library of handouts, templates and locales.

Gives paths, never contents.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from ldn_print.errors import ContentError, ProjectError

_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Library:
    """A folder with ``handouts/``, ``templates/`` and ``locales/``."""

    root: Path

    @property
    def handouts(self) -> Path:
        """One folder per condition."""
        return self.root / "handouts"

    @property
    def templates(self) -> Path:
        """Shared sections, macros, style sheets and icons."""
        return self.root / "templates"

    @property
    def locales(self) -> Path:
        """The template catalog and one folder per locale."""
        return self.root / "locales"

    @property
    def tools(self) -> Path:
        """The tools: a template and a TOML file each."""
        return self.templates / "tools"

    @property
    def references(self) -> Path:
        """The list of sources that handouts cite by key."""
        return self.handouts / "references.toml"

    @property
    def grades(self) -> Path:
        """The grade table: level and direction of the evidence for each condition."""
        return self.handouts / "grades.toml"

    @property
    def template_catalog(self) -> Path:
        """The untranslated messages (POT)."""
        return self.locales / "ldn_print.pot"

    def catalog(self, locale: str) -> Path:
        """Return the place of a locale's PO file, whether it is there or not."""
        return self.locales / locale / "LC_MESSAGES" / "ldn_print.po"

    @property
    def languages(self) -> Path:
        """The library's own languages, beside those of the package; may be missing."""
        return self.locales / "languages.toml"

    @property
    def source_terms(self) -> Path:
        """The ideas that every language keeps the same (term base)."""
        return self.locales / "terms.toml"

    def terms(self, locale: str) -> Path:
        """Return the place of a locale's term base, whether it is there or not."""
        return self.locales / locale / "terms.toml"

    def ledger(self, name: str) -> Path:
        """Return the folder with the approvals of a handout or tool, whether it is there or not."""
        tool = self.tools / f"{name}.toml"
        return self.tools / name if tool.is_file() else self.handouts / name

    @property
    def releases(self) -> Path:
        """What was released: manifests, and the words that they name."""
        return self.root / "releases"

    def handout_ids(self) -> tuple[str, ...]:
        """Return the ids of all handouts, sorted."""
        return tuple(sorted(path.parent.name for path in self.handouts.glob("*/handout.toml")))

    def tool_ids(self) -> tuple[str, ...]:
        """Return the ids of all tools, sorted."""
        return tuple(sorted(path.stem for path in self.tools.glob("*.toml")))

    def require_handout(self, handout_id: str) -> str:
        """Return the id when there is such a handout.

        Raises:
            ContentError: there is none; the nearest ids are named.
        """
        return _require("handout", handout_id, self.handout_ids())

    def require_tool(self, tool_id: str) -> str:
        """Return the id when there is such a tool.

        Raises:
            ContentError: there is none; the nearest ids are named.
        """
        return _require("tool", tool_id, self.tool_ids())


def _require(kind: str, wanted: str, known: tuple[str, ...]) -> str:
    if wanted in known:
        return wanted
    near = get_close_matches(wanted.casefold(), known, 3, 0.45)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Known: {', '.join(known)}."
    raise ContentError(f"{kind} {wanted!r}: not known\n  {hint}")


def find_library(named: Path | None = None) -> Library:
    """Return the library: the source tree that holds this package, or the one installed with it.

    Args:
        named: another folder of the same shape, to be used instead.

    Raises:
        ProjectError: there is no such folder.
    """
    candidates = [named] if named else [_PACKAGE.parent, _PACKAGE / "library"]
    for root in candidates:
        if (root / "handouts").is_dir() and (root / "templates").is_dir():
            return Library(root)
    raise ProjectError(
        f"{candidates[0]}: no folders handouts/ and templates/ here\n"
        "  Name a folder that has them with --library, or install the package again."
    )
