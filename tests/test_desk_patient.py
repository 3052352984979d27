"""What is filled in for a patient: it stands on the page that is printed, and nowhere else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, pdf_text
from tests.desk import Client, write_clinic
from tests.test_desk import free_port, wait_for

NAME, NOTE = "Zyxwvut Canary", "Qwertzuiop note"

pytestmark = pytest.mark.xdist_group("desk-patient")  # one process has what they share
CHOICE = {"sheet": "fibromyalgia", "language": "es-US", "edition": "standard", "paper": "letter"}
PLAN = {"form": "capsule", "strength": "1.5", "time": "bedtime", "start": "2026-12-01"}
STEPS = {"dose": ["1.5", "3", ""], "count": ["", "2", ""], "weeks": ["2", "2", ""]}


class Place:
    """A desk in a process and a folder of its own, with all that it may write to.

    Args:
        folder: where it lives.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "tmp").mkdir()
        self.clinic = write_clinic(folder / "clinic")
        self.log = folder / "log"
        self.client = Client(free_port())

    def files(self) -> dict[Path, bytes]:
        """Return every file below, and what is in it; the log is looked at by itself."""
        every = (path for path in self.folder.rglob("*") if path.is_file() and path != self.log)
        return {path: path.read_bytes() for path in every}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Return a running desk."""
    place = Place(tmp_path_factory.mktemp("place"))
    folders = {"XDG_CACHE_HOME": "cache", "TMPDIR": "tmp", "HOME": "."}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment |= {name: str(place.folder / folder) for name, folder in folders.items()}
    port = str(place.client.port)
    command = [sys.executable, "-P", "-m", "ldn_print", "serve", "--port", port, "--clinic", str(place.clinic)]
    with place.log.open("w") as log:
        running = subprocess.Popen(
            [*command, "-j", "1"], env=environment, stdout=log, stderr=log, cwd=place.folder
        )
        try:
            wait_for(place.client)
            yield place
        finally:
            running.terminate()
            running.wait(30)


def text_of(data: bytes, folder: Path) -> str:
    """Return the text of a PDF."""
    path = folder / "copy.pdf"
    path.write_bytes(data)
    return " ".join(pdf_text(path).split())


def test_copy_holds_what_was_filled_in(place: Place, tmp_path: Path) -> None:
    """Name, note, the clinic's sentence in the patient's language, and the plan with worked-out capsules."""
    form = {**CHOICE, **PLAN, **STEPS, "name": NAME, "note": "Llame el lunes.", "phrase": "bring"}
    answer = place.client.post("/patient.pdf", form)
    text = text_of(answer.data, tmp_path)

    assert answer.headers["cache-control"] == "no-store"
    assert "Canary" not in answer.headers["content-disposition"]
    assert NAME in text
    assert "Traiga una lista de todas sus medicinas. Llame el lunes." in text
    assert re.search(r"1\.5 .*al acostarse.* 3 ", text)


def test_nothing_of_it_is_written_anywhere(place: Place) -> None:
    """Good copies, refused ones, machines: no file changes, no log has a word of it, nor has the next page."""
    client = place.client
    client.get(f"/sheet.pdf?{'&'.join(f'{key}={value}' for key, value in CHOICE.items())}")
    form = {**CHOICE, **PLAN, **STEPS, "name": NAME, "note": NOTE, "note_language": "es-US"}
    client.post("/patient.pdf", {**form, "calendar": "1"})
    before = place.files()
    pages = [client.post("/patient", form), client.post("/patient.pdf", form)]
    pages.append(client.post("/patient.pdf", {**form, "calendar": "1"}))
    pages.append(client.post("/patient", {**form, "strength": NAME, "start": NOTE}))
    pages.append(client.post("/patient", {**form, "name": NAME * 9}))
    body = json.dumps({"name": NAME, "note": NOTE, "note_language": "es-US"}).encode()
    kind = {"content-type": "application/json"}
    pages.append(client.ask("POST", "/api/v1/sheets/fibromyalgia?language=es-US", body, kind))
    wrong = json.dumps({"name": 7, "prescriber": NAME * 9, NOTE: NAME}).encode()
    told = client.ask("POST", "/api/v1/sheets/fibromyalgia?language=es-US", wrong, kind)

    assert [page.status for page in pages] == [200, 200, 200, 422, 422, 200]
    assert {page.headers["cache-control"] for page in pages} == {"no-store"}
    assert told.status == 422
    assert "Zyxwvut" not in told.text
    assert place.files() == before, sorted(place.files().keys() - before.keys())
    assert "Zyxwvut" not in place.log.read_text()
    assert "Qwertz" not in place.log.read_text()
    assert "Zyxwvut" not in client.get("/?sheet=fibromyalgia&language=es-US").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"strength": "abc"}, "Strength: write a number above zero"),
        ({"strength": "4"}, "Step 1"),
        ({"dose": "", "count": "", "weeks": ""}, "Dose plan: is empty"),
        ({"dose": ["9"], "count": [""], "weeks": ["2"]}, "above the clinic's highest_dose"),
        ({"dose": ["1.5"], "count": ["2"], "weeks": ["2"]}, "2 capsules of 1.5 mg make 3 mg"),
        ({"dose": ["1.5"], "count": [""], "weeks": ["two"]}, "Step 1: write for how many weeks"),
        ({"dose": ["3", "1.5"], "count": ["", ""], "weeks": ["1", "1"]}, "does not rise"),
        ({"date": "tomorrow"}, "Date: write the day"),
        ({"start": "1.12."}, "First day: write the day"),
        ({"phrase": "bring", "note": "Hello", "note_language": "en"}, "Write in the patient's language"),
        ({"phrase": "unknown"}, "one of the clinic's sentences is not there"),
        ({"name": "x" * 61}, "Name: is longer than 60 signs"),
        ({"dose": ["1.5", "3", "4.5"] * 2, "count": [""] * 6, "weeks": ["1"] * 6}, "does not rise"),
    ],
)
def test_what_does_not_fit_is_told_beside_the_form(place: Place, wrong: dict[str, object], words: str) -> None:
    """Nothing is printed, and what was typed stands in the form again."""
    answer = place.client.post("/patient.pdf", {**CHOICE, **PLAN, **STEPS, "prescriber": "Dr. Example", **wrong})

    assert answer.status == 422
    assert words in answer.words.replace("&#39;", "'")
    assert 'value="Dr. Example"' in answer.text


def test_long_plan_goes_onto_a_calendar(place: Place, tmp_path: Path) -> None:
    """More steps than the sheet has lines are refused with the way out, and the calendar holds them."""
    steps = {"dose": ["0.5", "1", "1.5", "2", "2.5"], "count": [""] * 5, "weeks": ["1"] * 5}
    form = {**CHOICE, **PLAN, **steps, "strength": "0.5"}
    refused = place.client.post("/patient.pdf", form)
    made = place.client.post("/patient.pdf", {**form, "calendar": "1"})

    assert "Print the plan as a calendar" in refused.words
    assert made.headers["content-type"] == "application/pdf"
    assert "2.5 mg" in text_of(made.data, tmp_path)
