"""The README is true: its commands run, its tables are what the program says."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from ldn_print.clinic import load_clinic
from ldn_print.errors import ExitCode
from ldn_print.languages import all_languages
from ldn_print.models import GENERAL
from ldn_print.page import PageContext
from ldn_print.project import Library
from ldn_print.schedule import load_schedule
from tests.conftest import ROOT, Run, change
from tests.signing import start_repository
from tests.test_layers import LAYERS

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line]


APPROVE = README.split("## Approve\n")[1].split("## Connect\n")[0]
SERVE = [line for line in COMMANDS if "./ldn-print serve" in line]  # they run until somebody ends them
CLUSTER = [line for line in COMMANDS if "10.0.0.1" in line]  # they need a scheduler: tests/test_cluster.py
STORY = [line for line in APPROVE.splitlines() if line in COMMANDS]


@pytest.mark.parametrize(
    "line",
    [line for line in COMMANDS if line.startswith("./ldn-print") and line not in (*STORY, *SERVE, *CLUSTER)],
)
def test_command_of_the_readme_runs(small_copy: Library, run: Run, line: str) -> None:
    """Every command that a reader may copy does what it should."""
    shutil.copytree(ROOT / "handouts" / GENERAL, small_copy.handouts / GENERAL)
    # Two handouts stand for all; those that no command names would only be printed again and again.
    for handout_id in set(small_copy.handout_ids()) - {GENERAL, "fibromyalgia", *shlex.split(line)}:
        shutil.rmtree(small_copy.handouts / handout_id)
    for before in (other for other in COMMANDS if " import " in line and " export " in other):
        assert run(*shlex.split(before)[1:]).code == 0
    ran = run(*shlex.split(line)[1:])

    assert ran.code == 0, ran.err


def test_story_of_signatures_runs(small_copy: Library, run: Run) -> None:
    """The commands of the part about approvals, one after the other, with the reviewers of its example."""
    example = next(block for kind, block in BLOCKS if kind == "toml" and "[example-1]" in block)
    (small_copy.handouts / "reviewers.toml").write_text(example, encoding="utf-8")
    start_repository(small_copy.root)
    path, old = small_copy.templates / "sections" / "side-effects.html", "stand up slowly"
    for line in STORY:
        if " impact" in line:
            change(path, old, "get up slowly")
        if " manifest" in line:  # back to the words that were built
            change(path, "get up slowly", old)
            subprocess.run(["git", "checkout", "-q", "."], cwd=small_copy.root, check=True)
        answers = ["--yes"] if re.search("approve|withdraw", line.split()[1]) else []
        criteria = ["--criteria", "read-all,facts,doses"] if " approve " in line else []
        ran = run(*shlex.split(line)[1:], *answers, *criteria)
        assert ran.code == 0, (line, ran.err)
    assert [line.split()[1] for line in STORY] == [
        *("approve", "approve", "approvals", "build", "impact", "version", "approve"),
        *("manifest", "verify", "recall", "withdraw"),
    ]


def test_two_commands_stand_at_the_top() -> None:
    """The first code block is all that a person needs."""
    assert COMMANDS[:2] == ["./ldn-print build", "tests/run"]
    programs = [re.sub(r"^[A-Z_]+=\S+ ", "", command).split()[0] for command in COMMANDS]
    assert all((ROOT / program).is_file() for program in programs)


def test_ci_runs_the_second_command() -> None:
    """Continuous integration proves what the README promises."""
    assert "tests/run" in (ROOT / ".ci" / "run").read_text()


def test_clinic_profile_of_the_readme_is_valid(tmp_path: Path) -> None:
    """The example can be copied as it stands, and with its commented lines too."""
    example = next(block for kind, block in BLOCKS if kind == "toml" and "country" in block)
    path = tmp_path / "clinic.toml"
    path.write_text(example, encoding="utf-8")
    assert load_clinic(path).name == "Example Clinic"

    path.write_text(re.sub("(?m)^# (?!logo)", "", example), encoding="utf-8")
    assert load_clinic(path).paper == "a4"


def test_dose_plan_of_the_readme_is_valid(tmp_path: Path) -> None:
    """The example is a plan, for a clinic with the limits of the example."""
    clinic, plan = tmp_path / "clinic.toml", tmp_path / "plan.toml"
    clinic.write_text('country = "US"\nhighest_dose = 4.5\nlargest_step = 1.5\n', encoding="utf-8")
    example = next(block for kind, block in BLOCKS if kind == "toml" and "[[step]]" in block)
    plan.write_text(example, encoding="utf-8")

    assert len(load_schedule(plan, load_clinic(clinic)).calendar) == 2


def test_exit_codes_are_told_as_they_are() -> None:
    """The table has just the codes of the program."""
    table = README.split("| Exit code |")[1].split("\n\n")[0]

    assert [int(code) for code in re.findall(r"(?m)^\| (\d+) \|", table)] == [int(code) for code in ExitCode]


def test_handouts_and_languages_are_told_as_they_are(library: Library) -> None:
    """The list of what can be printed is complete."""
    listed = README.split("handouts:")[1].split("\n\n")[0]

    assert tuple(re.findall(r"`([a-z-]+)`", listed)) == library.handout_ids()
    assert f"{len(library.handout_ids())} handouts:" in README
    for language in all_languages().values():
        assert language.english in README


def test_pictures_are_there_and_small() -> None:
    """The pictures of real pages are in the repository and nothing else is."""
    pictures = {ROOT / name for name in re.findall(r'src="([^"]+)"', README)}

    assert pictures == set((ROOT / "docs").glob("*.png"))
    assert all(path.stat().st_size < 100_000 for path in pictures)


def test_rooms_and_names_of_templates_are_told() -> None:
    """The page of architecture names every room, and the templates' names are those they get."""
    rooms = set(LAYERS) - {"__init__", "__main__", "data"}
    assert [room for room in rooms if f"`{room}`" not in README] == []

    named = set(re.findall(r"`(\w+)`", README.split("### Templates")[1].split("##")[0]))
    assert {name for name in named if name != "PageContext"} <= set(PageContext.__dataclass_fields__)
