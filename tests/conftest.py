"""What many tests share: the real library, a copy that may be damaged, the printed matrix, the command."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ldn_print import cli
from ldn_print.build import BuildReport, Request, run_build
from ldn_print.clinic import default_clinic
from ldn_print.countries import Paper
from ldn_print.extract import Extractor
from ldn_print.jobs import Settings
from ldn_print.languages import get_language
from ldn_print.models import Leaflet
from ldn_print.project import Library

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.desk import Client

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("handouts", "templates", "locales")
HANDOUTS = Library(ROOT).handout_ids()
FULL = ("en", "es-US")  # languages in which every guide is printed for the tests
PARTLY = ("ar", "zh-Hans", "hi")
FEW = ("chronic-pain", "crohns-disease", "fibromyalgia")


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
# Tests that share something costly run in one process: the validator once it is warm, sheets printed for a file.
one_process = pytest.mark.xdist_group("veraPDF")


def pytest_configure() -> None:
    """Let programs that the tests start hear Ctrl-C, which a shell keeps from what it runs in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write the group of a test into its id, where the process that shares the tests out looks for it.

    pytest-xdist 3.8 writes it into an attribute that pytest 9.2 does not read, and shares the tests out as if they
    had no group (https://github.com/pytest-dev/pytest-xdist/issues/1386). Versions that fit find it there.
    """
    for item in items if "PYTEST_XDIST_WORKER" in os.environ else ():
        mark = item.get_closest_marker("xdist_group")
        if mark and not item.nodeid.endswith(f"@{mark.args[0]}"):
            item._id = type(item._id).parse(f"{item.nodeid}@{mark.args[0]}")


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all processes of this run of the tests share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(autouse=True)
def _no_home_writes(shared_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test out of the home folder of whoever runs it; what one process of the run keeps, others use."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared_folder / "cache"))
    monkeypatch.delenv("LDN_PRINT_LIBRARY", raising=False)


@pytest.fixture(scope="session")
def cache_folder(shared_folder: Path) -> Path:
    """Return where the engine may keep its list of fonts."""
    return shared_folder / "cache" / "ldn-print"


@pytest.fixture(scope="session")
def library() -> Library:
    """Return the real library; tests only read it."""
    return Library(ROOT)


@pytest.fixture(scope="session")
def extractor(library: Library) -> Extractor:
    """Return the messages of the real library; its templates are read once for many tests."""
    return Extractor(library)


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Return a copy of the library that a test may damage; commands use it instead of the real one."""
    folder = tmp_path / "library"
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    monkeypatch.setenv("LDN_PRINT_LIBRARY", str(folder))
    return Library(folder)


@pytest.fixture
def small_copy(copy: Library) -> Library:
    """Return a copy with a few handouts, for what would take long with all of them."""
    for handout_id in set(copy.handout_ids()) - set(FEW):
        shutil.rmtree(copy.handouts / handout_id)
    return copy


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command in this process, in an empty folder."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run_command(*arguments: str) -> Ran:
        capfd.readouterr()
        code = cli.run(arguments)
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return Ran(int(code), out, err)

    return run_command


@pytest.fixture
def run_program(tmp_path: Path) -> Run:
    """Return a function that runs the program in a process of its own."""

    def run_process(*arguments: str, **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "ldn_print", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run_process


@dataclass(frozen=True)
class Printed:
    """Everything that the real library prints, on both papers, in every language."""

    report: BuildReport
    folder: Path

    def data(self, handout: str, language: str, paper: str = "letter") -> bytes:
        """Return one file of the matrix."""
        return self.path(handout, language, paper).read_bytes()

    def path(self, name: str, language: str, paper: str = "letter", edition: str = "standard") -> Path:
        """Return where one file of the matrix lies."""
        return self.folder / language / f"{name}.{edition}.{paper}.pdf"

    def paths(self, language: str = "*") -> Iterator[Path]:
        """Yield all files of the matrix, or those of one language."""
        return (built.path for built in self.report.built if language in ("*", built.result.job.language))

    def has(self, handout: str, language: str) -> bool:
        """Tell whether a handout is complete in a language, and so was printed."""
        return self.path(handout, language).is_file()


def print_once(folder: Path, make: Callable[[Path], BuildReport]) -> Printed:
    """Return what is printed into a folder by the first process that comes; the others wait for it."""
    folder.mkdir(exist_ok=True)
    known = folder / "report"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not known.exists():
            known.write_bytes(pickle.dumps(make(folder)))
    return Printed(pickle.loads(known.read_bytes()), folder)


@pytest.fixture(scope="session")
def printed(library: Library, cache_folder: Path, shared_folder: Path) -> Printed:
    """Return the whole matrix of sheets, printed once for all tests."""
    settings = Settings(library, default_clinic(), cache_folder)
    leaflets = tuple(map(Leaflet, library.handout_ids()))

    def make(folder: Path) -> BuildReport:
        return run_build(settings, Request(leaflets, (), ("letter", "a4"), folder, workers=2))

    return print_once(shared_folder / "printed", make)


@pytest.fixture(scope="session")
def printed_guides(library: Library, cache_folder: Path, shared_folder: Path) -> Printed:
    """Return the guides, the tools and a handout with tools behind it, printed once for all tests.

    All guides in English; in the other languages a few of them: all are too many for each run of the tests.
    """
    settings = Settings(library, default_clinic(), cache_folder)
    return print_once(shared_folder / "guides", lambda folder: _print_guides(settings, folder))


def _print_guides(settings: Settings, folder: Path) -> BuildReport:
    library = settings.library
    tools = library.tool_ids()
    everything = tuple(Leaflet(handout, "guide") for handout in library.handout_ids())
    few = tuple(leaflet for leaflet in everything if leaflet.name in FEW)
    alone = (*map(Leaflet.of_tool, tools), Leaflet("fibromyalgia", "standard", tools))
    report = BuildReport()
    rounds: tuple[tuple[tuple[Leaflet, ...], tuple[str, ...], tuple[Paper, ...]], ...] = (
        (everything, FULL[:1], ("letter",)),
        (few, FULL[1:], ("letter", "a4")),
        ((*few[:1], *alone), PARTLY, ("letter",)),
        (alone, FULL, ("letter",)),
    )
    for leaflets, tags, papers in rounds:
        languages = tuple(map(get_language, tags))
        part = run_build(settings, Request(leaflets, languages, papers, folder, workers=2))
        report.built += part.built
        report.refused += part.refused
    return report


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a running browser."""
    from tests.browser import open_browser  # only where one is needed

    with open_browser() as running:
        yield running


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the profile of a clinic that has a desk."""
    from tests.desk import write_clinic

    return write_clinic(tmp_path_factory.mktemp("clinic"))


@pytest.fixture(scope="module")
def desk(library: Library, cache_folder: Path, clinic: Path) -> Iterator[Client]:
    """Return a browser without a screen at that clinic's desk, over the real library."""
    from tests.desk import open_desk, options_for

    with open_desk(options_for(library, cache_folder, clinic)) as client:
        yield client


def pdf_text(path: Path) -> str:
    """Return the text of a PDF as Poppler extracts it, in the order of the content."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def change(path: Path, old: str, new: str) -> None:
    """Change a file of a copy; the old words have to be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
