"""Findings as values, and the exceptions of this package.

A finding that can be listed beside others is a `Diagnostic`. An exception means that a step cannot
go on. The tree::

    LdnPrintError                 base; exit_code; diagnostics
    ├── ProjectError              root, settings or clinic profile not usable           exit 3
    ├── LanguageError             unknown or unsupported language tag                   exit 3
    ├── ContentError              a handout cannot be read                              exit 3
    ├── CatalogError              a PO file cannot be read or written                   exit 3
    ├── LedgerError               a ledger of approvals cannot be trusted or added to   exit 3
    ├── RenderError               a template failed or used an undefined name           exit 4
    ├── PdfError                  the engine failed, or the page was refused            exit 4
    ├── OutputError               the target cannot be written                          exit 5
    │   └── ChangedError          somebody else wrote the file meanwhile                exit 5
    └── ClusterError              other machines cannot do the work                     exit 6
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path


class ExitCode(IntEnum):
    """What the command tells the shell."""

    GOOD = 0
    FINDINGS = 1
    USAGE = 2
    INPUT = 3
    MAKING = 4
    WRITING = 5
    CLUSTER = 6
    UNEXPECTED = 70
    INTERRUPTED = 130


class Severity(StrEnum):
    """How much a finding weighs: an error refuses the page, a warning is told."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Diagnostic:
    """One finding: the place, the fact and the next step.

    ``code`` is stable and may be searched for. ``place`` is a file, ``file:line`` or a page of a
    handout, in the words of the person who has to mend it.
    """

    code: str
    place: str
    fact: str
    hint: str = ""
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        """True when it refuses the page."""
        return self.severity is Severity.ERROR

    def __str__(self) -> str:
        """Return the finding as one line, and a second one with the next step if there is one."""
        fact, *more = self.fact.splitlines()
        line = "\n".join([f"{self.place}: {fact} [{self.code}]", *more])
        return f"{line}\n  {self.hint}" if self.hint else line


class LdnPrintError(Exception):
    """A step cannot go on. ``str()`` is what the person reads."""

    exit_code = ExitCode.UNEXPECTED

    def __init__(self, message: str, *, diagnostics: Sequence[Diagnostic] = ()) -> None:
        super().__init__(message)
        self.diagnostics = tuple(diagnostics)

    @classmethod
    def from_diagnostics(cls, heading: str, diagnostics: Iterable[Diagnostic]) -> LdnPrintError:
        """Return an error that lists every finding below one heading."""
        findings = tuple(diagnostics)
        lines = [heading, *(str(finding) for finding in findings)]
        return cls("\n".join(lines), diagnostics=findings)

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process border whole."""
        return _rebuild, (type(self), str(self), self.diagnostics)


def _rebuild(cls: type[LdnPrintError], message: str, diagnostics: Sequence[Diagnostic]) -> LdnPrintError:
    return cls(message, diagnostics=diagnostics)


class ProjectError(LdnPrintError):
    """The root, the settings or the clinic profile are not usable."""

    exit_code = ExitCode.INPUT


class LanguageError(LdnPrintError):
    """A language tag is unknown or not supported."""

    exit_code = ExitCode.INPUT


class ContentError(LdnPrintError):
    """A handout cannot be read."""

    exit_code = ExitCode.INPUT


class CatalogError(LdnPrintError):
    """A PO file cannot be read or written."""

    exit_code = ExitCode.INPUT


class LedgerError(LdnPrintError):
    """A ledger of approvals cannot be trusted, or a record cannot be added to it."""

    exit_code = ExitCode.INPUT


class RenderError(LdnPrintError):
    """A template failed or used an undefined name."""

    exit_code = ExitCode.MAKING


class PdfError(LdnPrintError):
    """The engine failed, or the finished page was refused."""

    exit_code = ExitCode.MAKING


class OutputError(LdnPrintError):
    """The target cannot be written."""

    exit_code = ExitCode.WRITING


class ChangedError(OutputError):
    """Somebody else wrote the file since it was read: nothing was written."""


class ClusterError(LdnPrintError):
    """Other machines cannot do the work: nobody answers, one of them differs, or the scheduler was lost."""

    exit_code = ExitCode.CLUSTER


def read_source(path: Path, error: type[LdnPrintError]) -> str:
    """Return the text of an author's file.

    Raises:
        LdnPrintError: of the class ``error``, when the file is missing, unreadable or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as problem:
        raise error(f"{path}: is not UTF-8 text (byte {problem.start})\n  Save the file as UTF-8.") from problem
    except OSError as problem:
        raise error(f"{path}: cannot be read: {problem.strerror}") from problem
