"""Same input, same bytes: in any process, under any locale, on any day."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from weasyprint import css

from ldn_print.clinic import default_clinic
from ldn_print.jobs import Job, Settings
from ldn_print.models import Edition, Leaflet
from ldn_print.press import Press
from ldn_print.project import Library
from tests.conftest import ROOT, Printed, Run

LANGUAGES = ("en", "ar", "zh-Hans")
ARGUMENTS = ("build", "fibromyalgia", *(part for tag in LANGUAGES for part in ("-l", tag)), "-o", "there")


def compare(printed: Printed, folder: Path) -> None:
    """Compare what a process printed with the matrix."""
    for tag in LANGUAGES:
        path = folder / "there" / tag / "fibromyalgia.standard.letter.pdf"
        assert path.read_bytes() == printed.data("fibromyalgia", tag), tag


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "ar_EG.UTF-8", "LC_ALL": "ar_EG.UTF-8", "LANGUAGE": "ar", "PYTHONHASHSEED": "1"},
        {"LANG": "C", "LC_ALL": "C", "LANGUAGE": "hi:es", "PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo"},
        {"LANG": "de_DE.UTF-8", "LC_ALL": "", "LC_NUMERIC": "de_DE.UTF-8", "PYTHONHASHSEED": "random"},
    ],
)
def test_locale_of_the_operator_changes_nothing(
    printed: Printed, run_program: Run, tmp_path: Path, environment: dict[str, str]
) -> None:
    """A sheet's language is named by the build alone; hash seed and time zone do not matter either."""
    ran = run_program(*ARGUMENTS, "-j", "1", **environment)

    assert ran.code == 0, ran.err
    compare(printed, tmp_path)


def test_two_processes_print_what_one_prints(printed: Printed, run_program: Run, tmp_path: Path) -> None:
    """The number of workers does not matter."""
    ran = run_program(*ARGUMENTS, "-j", "2")

    assert ran.code == 0, ran.err
    compare(printed, tmp_path)


def test_another_day_prints_the_same(printed: Printed, tmp_path: Path) -> None:
    """No clock is read: 400 days later the bytes are the same."""
    later = (
        "import sys, time; now = time.time; time.time = lambda: now() + 400 * 86400\n"
        "from ldn_print.cli import main; main(sys.argv[1:])"
    )
    subprocess.run(
        [sys.executable, "-P", "-c", later, *ARGUMENTS, "-j", "1"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        check=True,
        capture_output=True,
    )

    compare(printed, tmp_path)


@pytest.mark.parametrize("tag", ["en", "ar", "zh-Hans", "hi"])
def test_styles_that_are_remembered_are_those_of_the_engine(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tag: str
) -> None:
    """Sheet, guide, large print and two languages: the bytes are those of an engine that works out every style."""
    editions: tuple[Edition, ...] = ("standard", "guide", "large-print", "bilingual")
    jobs = [Job(Leaflet("fibromyalgia", edition), tag, "a4") for edition in editions]

    def print_all(folder: str) -> list[bytes]:
        press = Press(Settings(library, default_clinic(), tmp_path / folder))
        return [press.make(job).data for job in jobs if job.leaflet.edition != "bilingual" or tag != "en"]

    print_all("first")
    remembered = print_all("again")
    monkeypatch.setattr(css, "StyleFor", css.StyleFor.__base__)

    assert all(remembered)
    assert print_all("engine") == remembered
