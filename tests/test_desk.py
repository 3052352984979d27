"""The desk over the network: what staff find and print, and what nobody gets."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ldn_print.clinic import load_clinic
from ldn_print.jobs import Job, Settings
from ldn_print.models import Leaflet
from ldn_print.press import Press
from ldn_print.project import Library
from ldn_print.web.guard import MOST_BYTES, Meter
from ldn_print.web.workers import Workers
from tests.conftest import ROOT, Run, change
from tests.desk import Client, open_desk, options_for, write_clinic
from tests.test_readme import SERVE

pytestmark = pytest.mark.xdist_group("desk")  # one process has what they share

SHEET = "sheet=fibromyalgia&language=es-US"
PAGES = ("/", "/?q=fibro", f"/?{SHEET}", "/sheet.pdf?sheet=no", "/nothing", "/enter", "/static/desk.css")

# What a page must not hold: a script or a style of its own, an address elsewhere.
OPEN = r"<script(?![^>]*src=\"/static/)|<style|\sstyle=|\son\w+=|https?://"


@pytest.mark.parametrize(
    ("typed", "language", "title"),
    [
        ("fibro", "", "LDN for fibromyalgia"),
        ("fybromyalga", "", "LDN for fibromyalgia"),
        ("M79.7", "", "LDN for fibromyalgia"),
        ("fibro spanish", "", "LDN for fibromyalgia, Spanish"),
        ("fibromialgia", "", "LDN for fibromyalgia, Spanish"),
        ("纤维肌痛", "", "LDN for fibromyalgia, Simplified Chinese"),
        ("MS", "ar", "LDN for multiple sclerosis, Arabic"),
    ],
)
def test_a_few_letters_find_the_sheet(desk: Client, typed: str, language: str, title: str) -> None:
    """Names in any language, codes, slips of the finger: the best is shown at once."""
    from urllib.parse import urlencode

    answer = desk.get("/?" + urlencode({"q": typed, "language": language}))

    assert answer.status == 200
    assert title in answer.words
    assert ' id="print"' in answer.text


def test_what_is_not_there_is_said(desk: Client) -> None:
    """No sheet is shown for words that fit none."""
    answer = desk.get("/?q=xyzzy")

    assert "Nothing fits “xyzzy”" in answer.words
    assert ' id="print"' not in answer.text


def test_the_desk_prints_what_build_prints(
    desk: Client, library: Library, cache_folder: Path, clinic: Path
) -> None:
    """The same bytes, with the clinic's letterhead, under a name that tells what it is."""
    answer = desk.get(f"/sheet.pdf?{SHEET}&paper=a4")
    press = Press(Settings(library, load_clinic(clinic), cache_folder))

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'inline; filename="fibromyalgia.standard.es-US.pdf"'
    assert answer.data == press.make(Job(Leaflet("fibromyalgia"), "es-US", "a4")).data
    assert desk.get(f"/page-1.png?{SHEET}&paper=a4").data.startswith(b"\x89PNG")
    assert desk.get("/chooser.pdf?paper=a4").data.startswith(b"%PDF")
    assert desk.get(f"/page-9.png?{SHEET}").status == 404
    assert "Example Clinic" in desk.get(f"/sheet.txt?{SHEET}").text
    assert 'lang="es' in desk.get(f"/sheet.html?{SHEET}").text


def test_the_state_is_told_in_words(desk: Client) -> None:
    """Nobody takes a draft for an approved sheet, or a language for one that is not there."""
    answer = desk.get(f"/?{SHEET}")

    assert "Draft: not approved" in answer.words


def test_every_answer_is_closed_to_others(desk: Client) -> None:
    """No page may load anything from elsewhere, be framed elsewhere, or be kept by a browser."""
    for path in PAGES:
        answer = desk.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"], path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store" or path.startswith("/static/")
        assert not re.search(r"<script(?![^>]*src=\"/static/)|<style|\sstyle=|\son\w+=|https?://", answer.text), (
            path
        )


def test_strangers_are_refused(desk: Client) -> None:
    """A foreign name, a foreign site, a form without its token, too much at once."""
    form = {"sheet": "fibromyalgia"}

    assert desk.get("/", host="evil.example").status == 421
    assert desk.post("/patient", form, origin="https://evil.example").status == 403
    assert desk.post("/patient", form, sec_fetch_site="cross-site").status == 403
    assert desk.post("/patient", {**form, "csrf": "guessed"}).status == 403
    assert desk.ask("POST", "/patient", b"", {"content-length": str(MOST_BYTES + 1)}).status == 413
    assert desk.ask("POST", "/patient", b"x" * 100, {"content-type": "multipart/form-data"}).status == 409
    assert desk.ask("PUT", "/", b"", {}).status == 405
    for path in ("/static/../state.py", "/static/%2e%2e/state.py", "/sheet.pdf?sheet=../../etc/passwd"):
        assert desk.get(path).status in (404, 409)


def test_who_sends_too_slowly_is_told(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that does not arrive in time holds nobody up."""
    monkeypatch.setattr("ldn_print.web.guard.READ_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", desk.port)) as line:
        line.sendall(b"POST /patient HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n")
        line.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\nname")
        assert line.recv(4096).startswith(b"HTTP/1.1 408")


def test_each_address_may_ask_so_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks too often waits; others do not notice."""
    now = [100.0]
    monkeypatch.setattr("ldn_print.web.guard.time.monotonic", lambda: now[0])
    meter = Meter(burst=3, per_second=1)

    assert [meter.takes("a") for _ in range(4)] == [True, True, True, False]
    assert meter.takes("b")
    now[0] += 2
    assert meter.takes("a")


def test_what_is_saved_shows_at_once(small_copy: Library, cache_folder: Path, tmp_path: Path) -> None:
    """A word, a letterhead, a hole in a translation: the next page has it, and a hole is not printed."""
    clinic = write_clinic(tmp_path / "clinic")
    with open_desk(options_for(small_copy, cache_folder, clinic)) as desk:
        assert ' id="print"' in desk.get(f"/?{SHEET}").text
        change(clinic, "Example Clinic", "Other Clinic")
        change(small_copy.catalog("es_US"), 'msgstr "ADVERTENCIA"', 'msgstr ""')
        time.sleep(0.6)
        answer = desk.get(f"/?{SHEET}")
        assert "cannot be printed in Spanish" in answer.words
        assert re.search(r'<option value="es-US" disabled[^>]*>[^<]*this sheet is not complete', answer.text)
        assert ' id="print"' not in answer.text
        assert desk.get(f"/sheet.pdf?{SHEET}").status == 409
        assert desk.get("/api/v1/sheets/fibromyalgia?language=es-US").status == 409
        assert "Other Clinic" in desk.get("/sheet.txt?sheet=fibromyalgia").text
        change(clinic, 'country = "US"', 'country = "XX"')
        time.sleep(0.6)
        assert "XX" in desk.get("/").words


def test_code_of_the_clinic_opens_the_desk(small_copy: Library, cache_folder: Path) -> None:
    """On a network everybody needs the code, machines a key; who was let in stays so after a restart."""
    keys = {"k" * 30: "ehr"}
    options = options_for(small_copy, cache_folder, None, access_code="open sesame", api_keys=keys)
    with open_desk(options) as desk:
        assert desk.get("/").headers["location"] == "/enter"
        assert desk.get(f"/sheet.pdf?{SHEET}").status == 303
        assert desk.get("/api/v1/leaflets").status == 401
        assert desk.get("/api/v1/leaflets", authorization=f"Bearer {'k' * 30}").status == 200
        assert desk.get("/", authorization=f"Bearer {'k' * 30}").status == 303
        desk.get("/enter")
        assert desk.post("/enter", {"code": "wrong"}).status == 401
        assert desk.post("/enter", {"code": "open sesame"}).status == 303
        assert desk.get("/").status == 200
        cookies = dict(desk.cookies)
    with open_desk(options) as again:
        again.cookies = cookies
        assert again.get("/").status == 200
        again.cookies["ldn_access"] = cookies["ldn_access"].replace(cookies["ldn_access"][:3], "999")
        assert again.get("/").status == 303


def test_too_much_work_is_told(small_copy: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a full queue somebody is told when to come again, and what is kept is still served."""
    with open_desk(options_for(small_copy, tmp_path / "cache", None)) as desk:
        assert desk.get("/sheet.txt?sheet=fibromyalgia").status == 200
        monkeypatch.setattr(desk.state.workers, "_most", 0)
        answer = desk.get("/sheet.txt?sheet=chronic-pain")
        assert answer.status == 503
        assert answer.headers["retry-after"] == "5"
        assert desk.get("/sheet.txt?sheet=fibromyalgia").status == 200


def test_a_killed_worker_is_replaced(small_copy: Library, tmp_path: Path) -> None:
    """A process that dies costs nobody their sheet."""
    with open_desk(options_for(small_copy, tmp_path / "cache", None)) as desk:
        assert desk.get("/sheet.txt?sheet=fibromyalgia").status == 200
        for process in list(desk.state.workers._pool._processes.values()):
            process.kill()
        assert desk.get("/sheet.txt?sheet=chronic-pain").status == 200


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_the_desk_leaves_when_its_work_is_done(small_copy: Library, tmp_path: Path) -> None:
    """Ended in the middle of a sheet, the program hands that sheet out first, and says nothing but good bye."""
    port = free_port()
    command = [sys.executable, "-P", "-m", "ldn_print", "serve", "--port", str(port), "-j", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as program:
        assert program.stderr is not None
        assert f"http://localhost:{port}/" in program.stderr.readline()
        desk = Client(port)
        wait_for(desk)
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(
                b"GET /sheet.pdf?sheet=fibromyalgia HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            )
            time.sleep(0.3)
            program.send_signal(signal.SIGTERM)
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"%%EOF" in answer[-20:]
        program.wait(30)
        assert "Traceback" not in program.stderr.read()


def _held_back() -> set[int]:
    """Return the signals that the process it runs in does not get, for a test."""
    return set(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, ())))


def test_interruption_reaches_no_worker_that_is_starting() -> None:
    """Ctrl-C while the desk opens is the server's: a worker that got it would end with a traceback."""

    async def ask() -> set[int]:
        workers = Workers(1, 1)
        try:
            return await workers.run(_held_back)
        finally:
            workers.close()

    assert asyncio.run(ask()) >= {signal.SIGINT, signal.SIGTERM}
    assert not _held_back() & {signal.SIGINT, signal.SIGTERM}


@pytest.mark.parametrize("line", SERVE)
def test_commands_of_the_readme_open_a_desk(tmp_path: Path, line: str) -> None:
    """Each answers a browser: with the first page, or, on a network, with the question for the code."""
    write_clinic(tmp_path)
    variables, _, rest = line.partition("./ldn-print ")
    port, environment = free_port(), {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path)}
    environment |= dict(word.split("=", 1) for word in variables.split())
    command = [sys.executable, "-P", "-m", "ldn_print", *rest.split(), "--port", str(port), "-j", "1"]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL) as program:
        try:
            desk = Client(port)
            wait_for(desk)
            assert desk.get("/enter" if variables else "/?q=fibro").status == (401 if variables else 200)
        finally:
            program.terminate()


def wait_for(desk: Client) -> None:
    """Wait until a desk answers."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            desk.get("/static/mark.svg")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError


def test_the_network_needs_a_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody opens the desk to a network by accident; a port that is taken is told."""
    monkeypatch.delenv("LDN_PRINT_ACCESS_CODE", raising=False)
    refused = run("serve", "--host", "0.0.0.0")
    assert (refused.code, "LDN_PRINT_ACCESS_CODE" in refused.err) == (2, True)
    monkeypatch.setenv("LDN_PRINT_ACCESS_CODE", "short")
    assert "at least 8 signs" in run("serve", "--host", "0.0.0.0").err
    monkeypatch.delenv("LDN_PRINT_ACCESS_CODE")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = run("serve", "--port", str(taken.getsockname()[1]))
    assert (answer.code, "Is the desk open already?" in answer.err) == (2, True)
    keys = Path("keys")
    keys.write_text("ehr " + "k" * 30)
    keys.chmod(0o644)
    assert "chmod 600" in run("serve", "--api-keys", "keys").err


def test_machines_get_the_same_sheets(desk: Client, library: Library) -> None:
    """By code, by name; what is wrong is told as data; the description names every address."""
    found = json.loads(desk.get("/api/v1/leaflets?code=M79.7").text)
    assert {row["id"] for row in found["leaflets"]} == {"fibromyalgia"}
    answer = desk.get("/api/v1/sheets/fibromyalgia?language=es-US&paper=a4")
    assert answer.data == desk.get(f"/sheet.pdf?{SHEET}&paper=a4").data
    assert (answer.headers["x-ldn-state"], len(answer.headers["x-ldn-code"])) == ("draft", 10)
    assert desk.get("/api/v1/sheets/nothing").status == 404
    assert desk.get("/api/v1/sheets/lupus?language=tlh").status == 422
    assert desk.get("/api/v1/verify/0000-00000").status == 404
    described = json.loads(desk.get("/api/v1/openapi.json").text)
    assert set(described["paths"]) >= {"/api/v1/leaflets", "/api/v1/sheets/{name}", "/api/v1/verify"}
    assert described["paths"]["/api/v1/sheets/{name}"]["get"]["parameters"][0]["schema"]["enum"] == [
        *library.handout_ids(),
        *library.tool_ids(),
    ]
