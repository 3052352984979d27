"""The dose plan: blank by itself; filled in only from numbers that fit each other and the clinic's limits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ldn_print.clinic import parse_clinic
from ldn_print.errors import ProjectError
from ldn_print.models import Clinic
from ldn_print.schedule import load_schedule
from ldn_print.tables import Table
from tests.conftest import Run, pdf_text

LIMITS = {"country": "US", "highest_dose": 4.5, "largest_step": 1.5}
PLAN = """\
form = "capsule"
strength = 1.5
time = "bedtime"
start = 2026-12-01
[[step]]
dose = 1.5
count = 1
weeks = 2
[[step]]
dose = 3
count = 2
weeks = 1
[[step]]
dose = 4.5
count = 3
weeks = 1
"""


def clinic(**changes: object) -> Clinic:
    """Return a clinic with limits."""
    return parse_clinic(Table("clinic.toml", LIMITS | changes), Path())


def plan(folder: Path, old: str = "", new: str = "") -> Path:
    """Write a plan with one change."""
    assert old in PLAN
    path = folder / "plan.toml"
    path.write_text(PLAN.replace(old, new, 1) if old else PLAN, encoding="utf-8")
    return path


def test_calendar_has_a_row_for_each_week(tmp_path: Path) -> None:
    """Dates, doses and counts of every week follow from the steps."""
    weeks = load_schedule(plan(tmp_path), clinic()).calendar

    assert [(week.start, week.dose, week.count) for week in weeks] == [
        (date(2026, 12, 1), Decimal("1.5"), Decimal(1)),
        (date(2026, 12, 8), Decimal("1.5"), Decimal(1)),
        (date(2026, 12, 15), Decimal(3), Decimal(2)),
        (date(2026, 12, 22), Decimal("4.5"), Decimal(3)),
    ]


@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        ("dose = 3\ncount = 2", "dose = 1.5\ncount = 1", "step[1]: 1.5 mg does not rise from 1.5 mg"),
        (
            "dose = 3\ncount = 2",
            "dose = 4.5\ncount = 3",
            "rises by 3.0 mg, but the clinic's largest_step is 1.5 mg",
        ),
        ("dose = 4.5\ncount = 3", "dose = 6\ncount = 4", "6 mg is above the clinic's highest_dose, 4.5 mg"),
        ("count = 2", "count = 3", "3 capsules of 1.5 mg make 4.5 mg, not 3 mg"),
        ("strength = 1.5", "strength = 3", "1 capsules of 3 mg make 3 mg, not 1.5 mg"),
        ("count = 1", "count = 0.5", "0.5 capsules cannot be measured out"),
        ("count = 1", 'count = "1"', "expected a number, got text '1'"),
        ("dose = 3", "dose = -3", "-3 is not above zero"),
        ("weeks = 2", "weeks = 13", "13 is out of range"),
        ("weeks = 2", "weeks = 12", "14 weeks in all"),
        ('time = "bedtime"', 'time = "at 9"', "'at 9' is not one of the choices"),
        ('form = "capsule"', 'form = "tablet"', "'tablet' is not one of the choices"),
        ("start", "begin", "begin: this key is not known"),
        (PLAN[PLAN.index("[[step]]") :], "", "step: is missing"),
    ],
)
def test_number_that_does_not_fit_is_refused(tmp_path: Path, old: str, new: str, fact: str) -> None:
    """Standards 7 (27, 28): no plan is printed with a number that contradicts another one."""
    with pytest.raises(ProjectError) as problem:
        load_schedule(plan(tmp_path, old, new), clinic())

    assert fact in str(problem.value)


def test_liquid_is_measured_in_tenths(tmp_path: Path) -> None:
    """An oral syringe has marks for tenths of a mL."""
    liquid = PLAN.replace('"capsule"', '"liquid"').replace("strength = 1.5", "strength = 1")
    path = tmp_path / "plan.toml"
    path.write_text(liquid.replace("count = 1", "count = 1.5").replace("count = 2", "count = 3"), encoding="utf-8")
    with pytest.raises(ProjectError, match=r"make 3 mg, not 4\.5 mg"):
        load_schedule(path, clinic())

    path.write_text(path.read_text(encoding="utf-8").replace("dose = 4.5\ncount = 3", "dose = 4.5\ncount = 4.5"))
    assert [week.count for week in load_schedule(path, clinic()).calendar][-1] == Decimal("4.5")


def test_clinic_without_limits_gets_no_filled_plan(tmp_path: Path) -> None:
    """Limits come from the clinic's clinical lead, never from this program."""
    with pytest.raises(ProjectError, match="sets no limits for doses"):
        load_schedule(plan(tmp_path), parse_clinic(Table("clinic.toml", {"country": "US"}), Path()))


def test_limit_that_is_no_low_dose_is_refused() -> None:
    """Standards 7 (27): nothing above 10 mg a day."""
    table = Table("clinic.toml", LIMITS | {"highest_dose": 50})

    parse_clinic(table, Path())

    assert "50 mg is no low dose" in str(table.findings[0])


def test_plan_prints_filled_in(run: Run, tmp_path: Path) -> None:
    """Each week shows its day, mg and capsules; the blank plan shows none of them."""
    Path("clinic.toml").write_text('country = "US"\nhighest_dose = 4.5\nlargest_step = 1.5\n', encoding="utf-8")

    filled = run("build", "dose-plan", "-l", "en", "--clinic", "clinic.toml", "--schedule", str(plan(tmp_path)))
    text = pdf_text(Path("out/en/dose-plan.tool.letter.pdf")).replace("\u00a0", " ")
    blank = run("build", "dose-plan", "-l", "en", "-o", "blank")

    assert (filled.code, blank.code) == (0, 0), filled.err + blank.err
    assert "Tue, Dec 22" in text
    assert "One capsule has 1.5 mg of naltrexone." in text
    assert text.count("4.5 mg") == 1
    assert "4.5" not in pdf_text(Path("blank/en/dose-plan.tool.letter.pdf"))


def test_schedule_without_a_plan_to_fill_is_a_usage_error(run: Run, tmp_path: Path) -> None:
    """Numbers that would be printed nowhere are refused."""
    ran = run("build", "fibromyalgia", "-l", "en", "--schedule", str(plan(tmp_path)))

    assert ran.code == 2
    assert "--with dose-plan" in ran.err
