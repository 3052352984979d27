"""A build: what is planned, refused and written, and what happens when things go wrong."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ldn_print.build import Request, run_build
from ldn_print.clinic import default_clinic
from ldn_print.executors import PoolExecutor
from ldn_print.files import write_file
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.languages import all_languages
from ldn_print.models import Leaflet
from ldn_print.press import Press
from ldn_print.project import Library
from tests.conftest import FEW, HANDOUTS, ROOT, Printed, Run, change

SPANISH = "locales/es_US/LC_MESSAGES/ldn_print.po"


def empty_translation(library: Library, msgid: str, file: str = SPANISH) -> int:
    """Take out the translation of a message and return the line that it stands on."""
    path = library.root / file
    lines = path.read_text(encoding="utf-8").splitlines()
    place = lines.index(f'msgid "{msgid}"')
    lines[place + 1] = 'msgstr ""'
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return place + 1


def make_fuzzy(library: Library, msgid: str) -> None:
    """Mark the translation of a message fuzzy."""
    change(library.root / SPANISH, f'msgid "{msgid}"', f'msgid "{msgid}"')
    path = library.root / SPANISH
    lines = path.read_text(encoding="utf-8").splitlines()
    place = lines.index(f'msgid "{msgid}"')
    while lines[place - 1].startswith(("#", "msgctxt")):
        place -= 1
    lines.insert(place, "#, fuzzy")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_build_writes_one_file_per_handout_language_and_paper(run: Run) -> None:
    """Names say language, handout, edition and paper."""
    ran = run("build", "fibromyalgia", "-l", "en", "-l", "ar", "--paper", "both", "-o", "there")

    assert ran.code == 0, ran.err
    assert sorted(str(path) for path in Path("there").rglob("*.pdf")) == [
        f"there/{language}/fibromyalgia.standard.{paper}.pdf"
        for language in ("ar", "en")
        for paper in ("a4", "letter")
    ]
    assert ran.out.split() == sorted(ran.out.split())


def test_build_without_options_prints_everything_complete(printed: Printed, library: Library) -> None:
    """No configuration is needed: all handouts in all complete languages; what is not complete is listed."""
    left_out = {(left.leaflet.name, left.language.tag) for left in printed.report.left_out}
    wanted = {(handout, tag) for handout in HANDOUTS for tag in all_languages()} - left_out

    assert printed.report.exit_code == 0
    assert printed.report.refused == []
    assert {
        (job.leaflet.name, job.language) for job in (built.result.job for built in printed.report.built)
    } == wanted
    assert len(printed.report.built) == 2 * len(wanted)
    assert {(handout, tag) for handout in FEW for tag in all_languages()} <= wanted
    assert {(handout, "en") for handout in HANDOUTS} <= wanted


@pytest.mark.parametrize("damage", [empty_translation, make_fuzzy])
def test_language_with_a_hole_is_refused_and_the_others_are_built(copy: Library, run: Run, damage: Any) -> None:
    """A missing or fuzzy message refuses its language, with file and line; English never fills the hole."""
    damage(copy, "Never split or crush {tablet} naltrexone. It is too strong.")

    ran = run("build", "fibromyalgia", "-l", "es-US", "-l", "ar")

    assert ran.code == 1
    assert "Not printed: fibromyalgia in es-US" in ran.err
    assert "Never split or crush {tablet} naltrexone. It is too strong." in ran.err
    place = next(line for line in ran.err.splitlines() if "ldn_print.po:" in line)
    number = int(place.split("ldn_print.po:")[1].split(":")[0])
    assert "Never split" in "".join((copy.root / SPANISH).read_text().splitlines()[number - 2 : number + 2])
    assert [path.name for path in Path("out").rglob("*.pdf")] == ["fibromyalgia.standard.letter.pdf"]
    assert not Path("out/es-US").exists()


def test_every_missing_message_is_named(copy: Library, run: Run) -> None:
    """A translator mends everything in one go."""
    for msgid in ("Never split or crush {tablet} naltrexone. It is too strong.", "Storage", "Upset stomach"):
        empty_translation(copy, msgid)

    ran = run("build", "fibromyalgia", "-l", "es-US")

    assert ran.err.count("[T-missing]") == 3


def test_incomplete_language_is_left_out_of_a_plain_build_and_listed(copy: Library, run: Run) -> None:
    """Nobody has to name languages; what is left out is said."""
    empty_translation(copy, "Storage")

    ran = run("build", "fibromyalgia")

    assert ran.code == 0
    assert "Left out, not complete in es-US: fibromyalgia (1 of" in ran.err
    assert not Path("out/es-US").exists()
    assert Path("out/hi/fibromyalgia.standard.letter.pdf").exists()


def test_draft_shows_holes_and_cannot_be_taken_for_a_real_sheet(copy: Library, run: Run) -> None:
    """A draft has holes with the id of the message, never English, and another name."""
    from tests.conftest import pdf_text

    empty_translation(copy, "Storage")

    ran = run("build", "fibromyalgia", "-l", "es-US", "--draft")

    assert ran.code == 0
    (path,) = Path("out").rglob("*.pdf")
    assert path.name == "fibromyalgia.standard.letter.draft.pdf"
    assert "[m-" in pdf_text(path)
    assert "Storage" not in pdf_text(path)


def test_policy_approved_refuses_what_nobody_signed(run: Run) -> None:
    """A clinic that asks for approved sheets gets none, with the reason."""
    ran = run("build", "fibromyalgia", "-l", "en", "--policy", "approved")

    assert ran.code == 1
    assert "these words are not approved (draft)" in ran.err
    assert "Lacking: fibromyalgia (standard, en): a prescriber, a pharmacist." in ran.err
    assert not Path("out").exists()


def test_json_is_one_object_and_nothing_else(run: Run) -> None:
    """A script reads stdout; words go elsewhere."""
    ran = run("build", "fibromyalgia", "-l", "en", "--json")

    report = json.loads(ran.out)
    (built,) = report["built"]
    assert (report["report"], report["schema"], report["exit_code"]) == ("build", 3, 0)
    assert built["path"] == "out/en/fibromyalgia.standard.letter.pdf"
    assert (built["pages"], built["bytes"]) == (2, Path(built["path"]).stat().st_size)


def test_json_of_a_refusal_holds_every_finding(copy: Library, run: Run) -> None:
    """A script learns why a file is missing."""
    empty_translation(copy, "Storage")

    ran = run("build", "fibromyalgia", "-l", "es-US", "--json")

    (refused,) = json.loads(ran.out)["refused"]
    assert ran.code == 1
    assert [finding["code"] for finding in refused["findings"]] == ["T-missing"]


def test_output_that_is_a_file_is_refused_before_any_work(run: Run) -> None:
    """The target is looked at first."""
    Path("taken").write_text("mine")

    ran = run("build", "fibromyalgia", "-l", "en", "-o", "taken")

    assert ran.code == 5
    assert "taken: cannot be written" in ran.err
    assert Path("taken").read_text() == "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that not even root may write to")
def test_output_that_is_read_only_is_refused(run: Run) -> None:
    """A folder that cannot be written to is told before any work is done."""
    ran = run("build", "fibromyalgia", "-l", "en", "-o", "/proc/sheets")

    assert ran.code == 5
    assert "/proc/sheets: cannot be written" in ran.err
    assert "--output" in ran.err


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "Free some space"), (errno.EROFS, "read-only"), (errno.EACCES, "may write to")],
)
def test_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run, number: int, words: str
) -> None:
    """A full or locked disk loses nothing: exit code 5, the reason, no half-written file."""
    path = Path("out/en/fibromyalgia.standard.letter.pdf")
    path.parent.mkdir(parents=True)
    path.write_text("the old sheet")

    def fail(self: Path, target: Path) -> Path:
        raise OSError(number, os.strerror(number), str(target))

    monkeypatch.setattr(Path, "replace", fail)
    ran = run("build", "fibromyalgia", "-l", "en")
    monkeypatch.undo()

    assert ran.code == 5
    assert words in ran.err
    folder = next(tmp_path.rglob("en"))
    assert [found.read_text() for found in folder.iterdir()] == ["the old sheet"]


def test_full_disk_under_stdout_is_told(tmp_path: Path) -> None:
    """A real full device: /dev/full takes no byte, and the answer is words and exit code 5."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "ldn_print", "list", "--json"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert "Traceback" not in done.stderr
    assert "No space left" in done.stderr
    assert done.returncode == 5


def test_write_file_keeps_the_permissions_that_the_user_wants(tmp_path: Path) -> None:
    """Files are readable as the umask says, not private as temporary files are."""
    old = os.umask(0o027)
    try:
        write_file(tmp_path / "a" / "b.pdf", b"x")
    finally:
        os.umask(old)

    assert (tmp_path / "a" / "b.pdf").stat().st_mode & 0o777 == 0o640


def test_interrupted_build_says_so_and_leaves_only_whole_files(tmp_path: Path) -> None:
    """Ctrl-C: exit code 130, finished files stay, no temporary file is left."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "ldn_print", "build", "--paper", "both", "-o", "there"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path / "cache")},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    for _ in range(600):
        if list(tmp_path.glob("there/*/*.pdf")):
            break
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 130, err
    assert "Interrupted" in err
    assert "Traceback" not in err
    files = [path for path in tmp_path.rglob("there/**/*") if path.is_file()]
    assert files
    assert all(path.suffix == ".pdf" and path.read_bytes().rstrip().endswith(b"%%EOF") for path in files)


def test_interruption_while_files_are_written_leaves_only_whole_files(tmp_path: Path) -> None:
    """Sheets that come from the cache are written one upon the other: Ctrl-C at any moment of that."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-m", "ldn_print", "build", "-l", "en", "-o"]
    subprocess.run([*command, "first"], cwd=tmp_path, env=environment, check=True, capture_output=True)
    for delay_ms in range(12):
        folder = tmp_path / f"there-{delay_ms}"
        process = subprocess.Popen(
            [*command, str(folder)], env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        while process.poll() is None and not list(folder.glob("*/*.pdf")):
            time.sleep(0.001)
        time.sleep(delay_ms / 1000)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        left = [path.name for path in folder.rglob("*") if path.is_file() and path.suffix != ".pdf"]
        assert left in ([], ["manifest.json"])


def test_failure_of_one_handout_does_not_stop_the_others(small_copy: Library, run: Run) -> None:
    """A template that fails is that handout's failure: exit code 4, the others are written."""
    change(
        small_copy.handouts / "fibromyalgia" / "handout.html",
        "{% block glance %}",
        "{% block glance %}{{ nonsense }}",
    )

    ran = run("build", "-l", "en")

    assert ran.code == 4
    assert "Not printed: fibromyalgia in en" in ran.err
    assert "'nonsense' is undefined" in ran.err
    assert "fibromyalgia/handout.html:" in ran.err
    assert sorted(path.name for path in Path("out/en").iterdir()) == [
        "chronic-pain.standard.letter.pdf",
        "crohns-disease.standard.letter.pdf",
    ]


class _Recorder:
    """Takes the news of a build."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.told.append((done, total))


def test_progress_is_told_from_nothing_to_all(library: Library, tmp_path: Path, cache_folder: Path) -> None:
    """A progress bar gets files done and planned."""
    tell = _Recorder()
    request = Request((Leaflet("fibromyalgia"),), (), ("letter",), tmp_path, workers=1)

    run_build(Settings(library, default_clinic(), cache_folder), request, tell)

    assert tell.told == [(done, 5) for done in range(6)]


def test_executors_answer_alike(library: Library, cache_folder: Path) -> None:
    """One process or two: the same bytes."""
    from ldn_print.executors import Executor, SerialExecutor

    settings = Settings(library, default_clinic(), cache_folder)
    jobs = [Job(Leaflet("fibromyalgia"), language, "letter") for language in ("en", "hi")]

    def collect(executor: Executor, wanted: Sequence[Job]) -> dict[Job, bytes]:
        results: Iterator[JobResult] = executor.run(wanted)
        return {result.job: result.data for result in results}

    assert collect(SerialExecutor(Press(settings)), jobs) == collect(PoolExecutor(settings, 2), jobs)
