"""Many sheets at once on the desk: the same bytes as a build, told refusals, a cancel at once, saved sets."""

from __future__ import annotations

import asyncio
import io
import json
import re
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ldn_print.build import Request, run_build
from ldn_print.clinic import load_clinic
from ldn_print.jobs import Settings
from ldn_print.languages import get_language
from ldn_print.models import Leaflet
from ldn_print.project import Library
from ldn_print.web import batches
from tests.conftest import ROOT
from tests.desk import Answer, Client, open_desk, options_for, write_clinic

pytestmark = pytest.mark.xdist_group("desk-batch")  # one process has what they share

PAIR = ("crohns-disease", "fibromyalgia")
TAGS = ("en", "es-US")
FORM = {"sheet": PAIR, "language": TAGS, "edition": "standard", "paper": "letter", "format": ("pdf", "text")}


def start(desk: Client, **more: object) -> str:
    """Start a batch and return the address of its page."""
    answer = desk.post("/batch", {**FORM, "do": "start", **more})
    assert answer.status == 303, answer.words
    return answer.headers["location"]


def wait(desk: Client, address: str) -> Answer:
    """Return the page of a batch when it has come to its end."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        answer = desk.get(address)
        if 'data-over="yes"' in answer.text:
            return answer
        time.sleep(0.05)
    raise AssertionError("the batch did not end")


def zip_of(desk: Client, address: str) -> zipfile.ZipFile:
    """Return the zip of a batch that is done."""
    answer = desk.get(f"{address.partition('?')[0]}.zip")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/zip")
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_a_batch_is_what_a_build_writes(
    desk: Client, library: Library, cache_folder: Path, clinic: Path, tmp_path: Path
) -> None:
    """The zip holds the files of `build` in their folders, byte for byte, and its manifest, and nothing else."""
    address = start(desk)
    page = wait(desk, address)
    settings = Settings(library, load_clinic(clinic), cache_folder)
    languages = tuple(map(get_language, TAGS))
    run_build(settings, Request(tuple(map(Leaflet, PAIR)), languages, ("letter",), tmp_path, 1, ("pdf", "text")))

    built = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.*")}
    packed = zip_of(desk, address)
    assert {name: packed.read(name) for name in packed.namelist()} == built
    assert len(built) == 9
    assert "8 files" in page.words
    single = desk.get(f"{address.partition('?')[0]}/file/en/fibromyalgia.standard.letter.pdf")
    assert single.data == built["en/fibromyalgia.standard.letter.pdf"]
    assert desk.get(f"{address.partition('?')[0]}/file/../clinic.toml").status == 404


def test_news_come_as_they_happen(desk: Client) -> None:
    """A script hears how far it is; the stream ends with the batch."""
    address = start(desk)
    answer = desk.get(f"{address.partition('?')[0]}/events")

    news = [json.loads(line) for line in re.findall(r"data: (.*)", answer.text)]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert (news[-1]["done"], news[-1]["total"], news[-1]["over"]) == (8, 8, True)


def test_a_batch_shows_how_far_it_is_and_can_be_cancelled(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it runs the page loads itself anew without a script; a cancel ends it at once."""

    async def never(*_: object) -> None:
        await asyncio.sleep(3600)

    monkeypatch.setattr(batches.Batches, "_make", never)
    address = start(desk)
    page = desk.get(address)
    assert ('<meta http-equiv="refresh"' in page.text, "0 of 8" in page.words) == (True, True)
    assert '<meta http-equiv="refresh"' not in desk.get(f"{address}&still=1").text
    begun = time.monotonic()
    cancelled = desk.post(f"{address.partition('?')[0]}/cancel", {})
    page = desk.get(cancelled.headers["location"])

    assert (page.status, time.monotonic() - begun < 2) == (200, True)
    assert "Cancelled" in page.words
    assert desk.get(f"{address.partition('?')[0]}.zip").status == 404


def test_only_a_few_run_at_once(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is refused with words; its choice stays ticked."""

    async def never(*_: object) -> None:
        await asyncio.sleep(3600)

    monkeypatch.setattr(batches.Batches, "_make", never)
    running = [start(desk) for _ in range(batches.MOST_RUNNING)]
    answer = desk.post("/batch", {**FORM, "do": "start"})

    assert (answer.status, "are being made already" in answer.words) == (503, True)
    assert 'value="fibromyalgia" data-kind="handout" checked' in answer.text
    for address in running:
        desk.post(f"{address.partition('?')[0]}/cancel", {})


def test_too_many_are_refused_before_they_start(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for what cannot be held."""
    monkeypatch.setattr("ldn_print.web.batch.MOST_FILES", 7)
    answer = desk.post("/batch", {**FORM, "do": "start"})

    assert answer.status == 422
    assert "These are 8 files; the desk makes 7 at a time." in answer.words


def test_more_bytes_than_are_held_end_a_batch(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops with words, and keeps nothing."""
    monkeypatch.setattr(batches, "MOST_BYTES", 1000)
    address = start(desk)

    assert "more than the desk holds" in wait(desk, address).words
    assert desk.get(f"{address.partition('?')[0]}.zip").status == 404


def test_what_is_old_is_forgotten_and_the_choice_is_not(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its hour, or after a restart, the page leads back to the choice."""
    address = start(desk)
    wait(desk, address)
    monkeypatch.setattr(batches, "KEEP_SECONDS", 0.0)
    answer = desk.get(address)

    assert (answer.status, "not here any more" in answer.words) == (404, True)
    query = answer.text.partition('href="/batch?')[2].partition('"')[0]
    again = desk.get(f"/batch?{query.replace('&amp;', '&')}")
    assert again.text.count(" checked") == len((*PAIR, *TAGS, "pdf", "text"))


def test_a_packet_is_one_file_for_each_language(desk: Client) -> None:
    """What the conditions share comes once."""
    address = start(desk, edition="packet", format="pdf", language="en")
    page = wait(desk, address)

    assert zip_of(desk, address).namelist() == ["manifest.json", f"en/{'+'.join(PAIR)}.packet.letter.pdf"]
    assert "Crohn" in page.words


def test_what_is_refused_or_left_out_is_told(small_copy: Library, cache_folder: Path, tmp_path: Path) -> None:
    """Nothing goes silently: a clinic that wants approvals, a language that is not complete."""
    clinic = write_clinic(tmp_path / "clinic", 'country = "US"\npolicy = "approved"\n')
    catalog = small_copy.catalog("es_US")
    text = catalog.read_text(encoding="utf-8")
    found = re.search(r'msgid "[^"]*fibromyalgia[^"]*"\nmsgstr "([^"]+)"', text)
    assert found
    catalog.write_text(text.replace(found[1], "", 1), encoding="utf-8")
    with open_desk(options_for(small_copy, cache_folder, clinic)) as desk:
        assert "not complete in Spanish" in desk.get("/batch").words
        words = wait(desk, start(desk, sheet="fibromyalgia", format="pdf")).words

    assert ("Nothing was made" in words, "Refused: 1" in words, "Left out: 1" in words) == (True, True, True)
    assert "policy is &#39;approved&#39;" in words
    assert "messages are missing or wrong" in words


def test_all_and_none_work_without_a_script(desk: Client) -> None:
    """The buttons tick, and start nothing."""
    answer = desk.post("/batch", {**FORM, "do": "all-sheets"})

    assert answer.status == 200
    assert len(re.findall(r'data-kind="handout" checked', answer.text)) == len(Library(ROOT).handout_ids())


def test_a_foreign_form_starts_nothing(desk: Client) -> None:
    """Its token is not that of the browser."""
    assert desk.post("/batch", {**FORM, "do": "start", "csrf": "foreign"}).status == 403


def test_a_choice_is_kept_taken_up_replaced_and_deleted(desk: Client, clinic: Path) -> None:
    """All of it over the page, and in the end the file is a person's again."""
    file = clinic.with_name("sets.toml")

    def send(address: str, **fields: object) -> Answer:
        digest = re.search(r'name="digest" value="([^"]*)"', desk.get("/batch").text)
        assert digest
        return desk.post(address, {**FORM, "digest": digest[1], **fields})

    kept = send("/batch", do="save", name="  Pain  group ")
    assert "“Pain group” is saved." in desk.get(kept.headers["location"]).words
    again = send("/batch", do="save", name="pain group", language="hi")
    assert (again.status, "is there already" in again.words) == (409, True)
    assert '"hi"' not in file.read_text()
    send("/batch", do="save", name="Pain group", language="hi", replace="1")
    assert 'value="hi" data-kind="language" checked' in desk.get("/batch?set=Pain+group").text
    stale = desk.post("/batch/delete", {"name": "Pain group", "digest": "of long ago"})
    assert (stale.status, "Somebody else changed" in stale.words) == (409, True)
    send("/batch/delete", name="Pain group")
    assert "[[set]]" not in file.read_text()


def test_a_set_that_a_hand_broke_is_told_on_the_page(desk: Client, clinic: Path) -> None:
    """With what is wrong in it; nothing is written over a broken file."""
    file = clinic.with_name("sets.toml")
    file.write_text('[[set]]\nname = "Old"\nsheets = ["fibromyalgi"]\n')
    words = desk.get("/batch").words
    assert ("Cannot be used" in words, "Did you mean fibromyalgia" in words) == (True, True)
    file.write_text('[[set]\nname = "Old"')
    answer = desk.post("/batch", {**FORM, "do": "save", "name": "New"})

    assert (answer.status, "not valid TOML" in answer.words) == (409, True)
    assert file.read_text() == '[[set]\nname = "Old"'
    file.unlink()


def test_a_desk_that_may_not_write_shows_no_buttons(library: Library, cache_folder: Path, clinic: Path) -> None:
    """It says so, and refuses who asks all the same."""
    options = options_for(library, cache_folder, clinic, can_edit=False)
    with open_desk(options) as desk:
        page = desk.get("/batch")
        answer = desk.post("/batch", {**FORM, "do": "save", "name": "New"})
        gone = desk.post("/batch/delete", {"name": "New"})

    assert ("may not write" in page.words, "Save the set" in page.words) == (True, False)
    assert (answer.status, gone.status) == (403, 403)
    with open_desk(replace(options, clinic_file=None)) as desk:
        assert "started without one" in desk.get("/batch").words
