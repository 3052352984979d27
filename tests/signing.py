"""What tests about approvals share: people who may sign, and the commands with which they do."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from ldn_print.project import Library
from tests.conftest import Ran, Run

REVIEWERS = """\
[example-1]
name = "Example Prescriber"
credential = "MD"
roles = ["prescriber", "pharmacist"]

[example-2]
name = "Example Pharmacist"
roles = ["pharmacist"]

[example-3]
name = "Example Linguist"
roles = ["linguist", "reviser"]

[example-4]
name = "Example Reviser"
roles = ["reviser"]
"""
CLINICIAN = "read-all,facts,doses"
LINGUIST = "read-all,compared"
LONGER = f"{LINGUIST},two-translations,back-translation,debriefed"


def list_reviewers(folder: Path, text: str = REVIEWERS) -> None:
    """Write who may sign."""
    folder.mkdir(exist_ok=True)
    (folder / "reviewers.toml").write_text(text, encoding="utf-8")


def approve(run: Run, reviewer: str, role: str, criteria: str, *more: str, name: str = "fibromyalgia") -> Ran:
    """Sign without being asked."""
    return run("approve", name, "--role", role, "--reviewer", reviewer, "--criteria", criteria, "--yes", *more)


def approve_english(run: Run, *more: str, name: str = "fibromyalgia") -> None:
    """Let a prescriber and a pharmacist sign the English words."""
    for reviewer, role in (("example-1", "prescriber"), ("example-2", "pharmacist")):
        ran = approve(run, reviewer, role, CLINICIAN, *more, name=name)
        assert ran.code == 0, ran.err


def approve_translation(run: Run, tag: str, *more: str) -> None:
    """Let a linguist, a reviser and a prescriber sign a translation."""
    steps = (("example-3", "linguist", LONGER), ("example-4", "reviser", LINGUIST))
    for reviewer, role, criteria in (*steps, ("example-1", "prescriber", f"{CLINICIAN},reads-language")):
        ran = approve(run, reviewer, role, criteria, "-l", tag, *more)
        assert ran.code == 0, ran.err


def ledger_of(library: Library) -> Path:
    """Return the ledger of the handout that the tests sign."""
    return library.handouts / "fibromyalgia" / "approvals.toml"


def start_repository(folder: Path) -> None:
    """Put a folder under version control."""
    who = {f"GIT_{role}_{what}": "example" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Start"]):
        subprocess.run(["git", *command], cwd=folder, check=True, env={**os.environ, **who})
