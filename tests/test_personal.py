"""What staff fill in for one patient: on the page, tagged, and nowhere else."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from ldn_print.clinic import parse_clinic
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.languages import all_languages
from ldn_print.models import Clinic, Leaflet
from ldn_print.personal import parse_personal
from ldn_print.press import Press
from ldn_print.project import Library
from ldn_print.tables import Table
from tests.conftest import ROOT, Run, one_process, pdf_text
from tests.test_engine import elements
from tests.vera import find_failures

NAME, NOTE = "Qanary Examplename", "Zqnote bring the diary."
PATIENT = f"""
name = "{NAME}"
date = 2026-11-23
prescriber = "Qprescriber"
note = "{NOTE}"
[plan]
form = "capsule"
strength = 1.5
time = "bedtime"
start = 2026-11-24
step = [{{dose = 1.5, count = 1, weeks = 2}}]
"""
PROFILE = 'country = "US"\nhighest_dose = 4.5\nlargest_step = 1.5\n'


@pytest.fixture(scope="module")
def clinic() -> Clinic:
    """Return a clinic with limits for doses."""
    values = {"country": "US", "highest_dose": 4.5, "largest_step": 1.5}
    return parse_clinic(Table("clinic.toml", values), Path())


def make(library: Library, cache_folder: Path, clinic: Clinic, tag: str, patient: str) -> JobResult:
    """Return a sheet for one patient."""
    settings = Settings(library, clinic, cache_folder, personal=parse_personal(patient, clinic))
    return Press(settings).make(Job(Leaflet("fibromyalgia"), tag, "letter"))


@pytest.fixture(scope="module")
def made(library: Library, cache_folder: Path, clinic: Clinic) -> dict[str, JobResult]:
    """Return the sheet for one patient in every language."""
    return {tag: make(library, cache_folder, clinic, tag, PATIENT) for tag in all_languages()}


@pytest.mark.parametrize("tag", all_languages())
@one_process
def test_stamped_sheet_passes_both_standards(made: dict[str, JobResult], tag: str) -> None:
    """PDF/UA-1 and PDF/A-2a hold for a stamped sheet as for any other (standards 68)."""
    result = made[tag]

    assert (result.findings, result.error, result.pages) == ((), None, 2)
    assert find_failures(result.data, "ua1", "2a") == []


@pytest.mark.parametrize("tag", all_languages())
@one_process
def test_what_was_filled_in_stands_on_its_page_and_in_the_tree(
    made: dict[str, JobResult], tmp_path: Path, tag: str
) -> None:
    """Name and plan on page 1, date, prescriber and note on page 2; read aloud first, the note in its language."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(made[tag].data)
    first, second = pdf_text(path).split("\f")[:2]
    with pikepdf.open(path) as pdf:
        read = [
            (str(row.Lang), str(row.ActualText))
            for row in elements(pdf)
            if "/ActualText" in row and "/Lang" in row
        ][:3]

    assert "Qanary" in first
    assert "1.5" in first
    assert "Qprescriber" in second
    assert "Zqnote" in second
    assert (read[0][0], NAME in read[0][1], "1.5 mg" in read[0][1]) == (tag, True, True)
    if tag == "en":
        assert NOTE in read[1][1]
    else:
        assert [language for language, _ in read] == [tag, tag, "en"]
        assert read[2][1].strip() == NOTE


@pytest.mark.parametrize(("tag", "column"), [("en", {"Time", "bedtime"}), ("ar", {"وقت"})])
@one_process
def test_dose_plan_stands_below_its_headers(
    made: dict[str, JobResult], tmp_path: Path, tag: str, column: set[str]
) -> None:
    """What is filled in starts where the header of its column starts, in Arabic on the right."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(made[tag].data)
    command = ["pdftotext", "-bbox", "-f", "1", "-l", "1", str(path), "-"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    words = re.findall(r'<word xMin="(.+)" yMin="(.+)" xMax="(.+)" yMax=".+">(.+)</word>', listed)
    edge = 2 if all_languages()[tag].direction == "rtl" else 0
    edges = [float(word[edge]) for word in words if {word[3], word[3][::-1]} & column]

    assert len(edges) >= 2
    assert abs(edges[-1] - edges[-2]) < 2  # pt


@one_process
def test_note_in_another_language_says_that_it_is_not_translated(
    made: dict[str, JobResult], tmp_path: Path
) -> None:
    """In the reader's language; a note in the sheet's own language does not say so."""
    texts = {}
    for tag in ("en", "es-US"):
        path = tmp_path / f"{tag}.pdf"
        path.write_bytes(made[tag].data)
        texts[tag] = pdf_text(path)

    assert "(sin traducir)" in texts["es-US"]
    assert "(not translated)" not in texts["en"]


def test_names_in_any_script(library: Library, cache_folder: Path, clinic: Clinic, tmp_path: Path) -> None:
    """A name is printed as it is written; a sign that no font has is refused."""
    for name in ("अनुष्का उदाहरण", "مثال", "样例", "Łucja Przykładowa-Überlang Nguyễn"):
        assert make(library, cache_folder, clinic, "en", f'name = "{name}"').findings == ()

    result = make(library, cache_folder, clinic, "en", 'name = "\ue123"')
    assert [finding.code for finding in result.findings] == ["P-glyph"]


def test_nothing_of_a_patient_is_kept(tmp_path: Path) -> None:
    """Design §2.6: only the page holds it; no name of a file, no metadata, no other file, no output."""
    home = tmp_path / "home"
    (home / "tmp").mkdir(parents=True)
    (home / "clinic.toml").write_text(PROFILE, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(home), "TMPDIR": str(home / "tmp")}
    environment["XDG_CACHE_HOME"] = str(home / "cache")
    command = ["build", "fibromyalgia", "-l", "es-US", "-l", "ar", "--clinic", "clinic.toml", "--patient", "-"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "ldn_print", *command],
        cwd=home,
        env=environment,
        input=PATIENT.encode(),
        capture_output=True,
        check=True,
    )

    canaries = ("Qanary", "Zqnote", "Qprescriber")
    files = [path for path in home.rglob("*") if path.is_file()]
    sheets = [path for path in files if path.suffix == ".pdf"]
    assert len(sheets) == 2
    for canary in canaries:
        assert canary.encode() not in done.stdout + done.stderr
        assert not any(canary in str(path) for path in files)
        assert not any(canary.encode() in path.read_bytes() for path in files if path not in sheets)
    for path in sheets:
        with pikepdf.open(path) as pdf:
            told = str(pdf.docinfo) + bytes(pdf.Root.Metadata.read_bytes()).decode()
        assert not any(canary in told for canary in canaries)


def test_same_patient_same_bytes(library: Library, cache_folder: Path, clinic: Clinic) -> None:
    """Design §2.5: a stamped sheet is the same file each time."""
    first, second = (make(library, cache_folder, clinic, "en", PATIENT).data for _ in range(2))

    assert first == second
    with pikepdf.open(io.BytesIO(first)) as pdf:
        assert len(pdf.pages) == 2


def test_next_patient_gets_nothing_of_the_one_before(library: Library, cache_folder: Path, clinic: Clinic) -> None:
    """A desk that fills in one sheet after the other prints each as if it were the first."""
    press, job = Press(Settings(library, clinic, cache_folder)), Job(Leaflet("fibromyalgia"), "ar", "letter")
    patients = [PATIENT, PATIENT.replace(NAME, "Other Examplename").replace(NOTE, "Zqother.")]
    made = [press.for_patient(parse_personal(text, clinic), None).make(job).data for text in patients]

    assert made == [make(library, cache_folder, clinic, "ar", text).data for text in patients]
    assert made[0] != made[1]


@pytest.mark.parametrize(
    ("patient", "fact"),
    [
        ('name = "' + "Anna " * 11 + '"', "too long for its lines"),
        ('note = "' + "word " * 79 + '"', "too long for its lines"),
        (
            PATIENT.replace("weeks = 2}", "weeks = 2}" + ", {dose = 3, count = 2, weeks = 1}" * 1).replace(
                "weeks = 1}", "weeks = 1}, {dose = 4.5, count = 3, weeks = 1}"
            ),
            "the sheet has 2 lines",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    library: Library, cache_folder: Path, clinic: Clinic, patient: str, fact: str
) -> None:
    """A name, a note or a plan that is too long is told, never cut."""
    result = make(library, cache_folder, clinic, "en", patient)

    assert result.data == b""
    assert fact in result.findings[0].fact
    assert "Anna" not in str(result.findings)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("fibromyalgia", "--patient", "Jane"), "standard input"),
        (("diary", "--patient", "fd:9"), "goes with handouts"),
        (("fibromyalgia", "-f", "text", "--patient", "fd:9"), "goes with handouts"),
        (("fibromyalgia", "--patient", "fd:99"), "cannot be read"),
    ],
)
def test_wrong_ways_in_are_told(run: Run, arguments: tuple[str, ...], words: str) -> None:
    """A name never stands in a command, and a stamp needs a sheet."""
    ran = run("build", *arguments)

    assert ran.code == 2
    assert words in " ".join(ran.err.split())


def test_mistakes_are_told_without_their_text(run: Run, tmp_path: Path) -> None:
    """A finding names the key, never the patient."""
    path = tmp_path / "patient.toml"
    for text, key in (("name = Qanary", "TOML"), ('nam = "Qanary"', "nam"), ('note_language = "xx"', "language")):
        path.write_text(text, encoding="utf-8")
        handle = os.open(path, os.O_RDONLY)
        ran = run("build", "fibromyalgia", "--patient", f"fd:{handle}")
        os.close(handle)

        assert ran.code == 3
        assert key in ran.err
        assert "Qanary" not in ran.err
