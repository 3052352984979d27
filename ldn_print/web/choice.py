"""What somebody chose on the desk, as it stands in an address: never anything of a patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urlencode

from ldn_print.countries import Paper
from ldn_print.errors import ContentError
from ldn_print.jobs import Job
from ldn_print.languages import SOURCE_TAG, get_language
from ldn_print.models import Clinic, Edition, Format, Leaflet
from ldn_print.project import Library

# The editions of a handout that the desk offers, with what staff call them.
EDITIONS: Mapping[str, str] = {
    "standard": "Sheet (one leaf, both sides)",
    "guide": "Guide (four pages, tells more)",
    "large-print": "Large print (18 point)",
    "summary": "Summary (first page alone)",
    "bilingual": "Two languages side by side",
}
PAPERS: Mapping[str, str] = {"letter": "US Letter", "a4": "A4"}
_LONGEST = 100  # letters of what somebody types to find a handout


@dataclass(frozen=True)
class Choice:
    """A handout or tool, and how it is to be printed. ``sheet`` is its id, empty before one was chosen."""

    typed: str
    sheet: str
    language: str
    edition: str
    paper: Paper
    tools: tuple[str, ...]

    @property
    def query(self) -> str:
        """The choice as the end of an address, without the words that found it."""
        rows: list[tuple[str, str]] = [("sheet", self.sheet), ("language", self.language)]
        rows += [("edition", self.edition), ("paper", self.paper), *(("with", tool) for tool in self.tools)]
        return urlencode(rows)

    def find_query(self, sheet: str, language: str) -> str:
        """Return the end of an address that chooses another sheet and keeps all else."""
        query = replace(self, sheet=sheet, language=language or self.language).query
        return f"{urlencode({'q': self.typed})}&{query}" if self.typed else query


def read_choice(values: Any, library: Library, clinic: Clinic) -> Choice:
    """Return what a request chose, from its query or form; what is not given is the clinic's custom.

    Args:
        values: a mapping that has ``get`` and ``getlist``.
        library: whose handouts and tools may be named.
        clinic: its paper and language stand for what was not said.

    Raises:
        ContentError: a name is not known.
        LanguageError: a language is not known.
    """
    sheet = values.get("sheet", "")
    is_tool = sheet in library.tool_ids()
    if sheet and not is_tool:
        library.require_handout(sheet)
    paper = values.get("paper", clinic.paper)
    edition = values.get("edition", "standard")
    if paper not in PAPERS or edition not in (*EDITIONS, "tool"):
        raise ContentError("this address is not complete\n  Start again from the first page.")
    language = values.get("language", "") or SOURCE_TAG
    return Choice(
        typed=values.get("q", "").strip()[:_LONGEST],
        sheet=sheet,
        language=get_language(language).tag,
        edition=edition,
        paper=cast(Paper, paper),
        tools=() if is_tool else tuple(sorted({library.require_tool(tool) for tool in values.getlist("with")})),
    )


def leaflet_of(choice: Choice, library: Library) -> Leaflet:
    """Return the leaflet that was chosen."""
    if choice.sheet in library.tool_ids():
        return Leaflet.of_tool(choice.sheet)
    edition = "standard" if choice.edition == "tool" else choice.edition
    return Leaflet(choice.sheet, cast(Edition, edition), choice.tools)


def job_of(choice: Choice, library: Library, form: Format = "pdf") -> Job:
    """Return the job that makes what was chosen."""
    return Job(leaflet_of(choice, library), choice.language, choice.paper, form)
