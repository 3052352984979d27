"""Work that was done is not done again; and nothing is served that is not what would be made now."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ldn_print import page_cache
from ldn_print.clinic import default_clinic
from ldn_print.engine.identity import engine_identity
from ldn_print.job_cache import JobCache
from ldn_print.jobs import Job, Settings
from ldn_print.languages import get_language
from ldn_print.models import DoseLimits, Leaflet
from ldn_print.page import Margins, RenderedPage
from ldn_print.page_cache import page_key
from ldn_print.press import Press
from ldn_print.project import Library
from ldn_print.shelf import FOLDER, Shelf, trim
from tests.conftest import ROOT, Run, change

JOB = Job(Leaflet("fibromyalgia"), "es-US", "letter")
DAY = date(2026, 11, 23)


def entries(cache_folder: Path) -> list[Path]:
    """Return what is kept of pages and jobs."""
    return [path for path in (cache_folder / FOLDER).rglob("*") if path.is_file()]


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache of this test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "ldn-print"


def key(library: Library, job: Job = JOB, **changes: object) -> str:
    """Return under which key a job is kept."""
    settings = Settings(library, default_clinic(), Path("nowhere"), today=DAY)
    return JobCache(replace(settings, **changes))._key(job)  # type: ignore[arg-type]


def test_second_print_is_the_first_and_renders_nothing(
    small_copy: Library, run: Run, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bytes in every format, without a press."""
    options = ("build", "fibromyalgia", "-l", "en", "-l", "ar", "-f", "pdf", "-f", "html", "-f", "text")
    assert run(*options, "-o", "first").code == 0
    monkeypatch.setattr(Press, "__init__", lambda *_: pytest.fail("a press was made"))

    ran = run(*options, "-o", "second")

    assert ran.code == 0, ran.err
    first, second = (
        {path.relative_to(folder): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}
        for folder in ("first", "second")
    )
    assert len(first) == 7
    assert first == second


def test_one_changed_word_makes_new_what_shows_it_and_nothing_else(
    small_copy: Library, run: Run, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handout's own message in one language: one page is laid out again."""
    options = ("build", "-l", "en", "-l", "es-US", "-o", "out", "-j", "1")
    assert run(*options).code == 0
    old = "Un medicamento para probar contra el dolor de la fibromialgia."
    catalog = small_copy.catalog("es_US")
    text = catalog.read_text(encoding="utf-8")
    place = text.index("#: handouts/fibromyalgia/handout.html\n")
    start = text.index('msgstr "', place) + len('msgstr "')
    catalog.write_text(f"{text[:start]}Sí: {text[start:]}" if old not in text else text.replace(old, f"Sí: {old}"))
    laid_out: list[str] = []
    make = page_cache.PageCache.make

    def watched(self: page_cache.PageCache, page: RenderedPage, make_one: Callable[[], object]) -> object:
        def making() -> object:
            laid_out.append(page.html)
            return make_one()

        return make(self, page, making)  # type: ignore[arg-type]

    monkeypatch.setattr(page_cache.PageCache, "make", watched)
    ran = run(*options)

    assert ran.code in (0, 1)
    assert len(laid_out) == 1
    assert "fibromialgia" in laid_out[0]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that even root cannot read")
@pytest.mark.parametrize("command", [("list",), ("build", "fibromyalgia", "-l", "es-US")], ids=lambda row: row[0])
@pytest.mark.parametrize(
    "name",
    ["handouts/fibromyalgia/handout.toml", "locales/es_US/LC_MESSAGES/ldn_print.po"],
    ids=["handout", "catalog"],
)
def test_source_that_cannot_be_read_is_named(
    small_copy: Library, run: Run, own_cache: Path, command: tuple[str, ...], name: str
) -> None:
    """The person hears which file it is, also when everything was made and kept before."""
    assert run(*command).code == 0
    path = small_copy.root / name
    path.unlink()
    path.symlink_to("/proc/self/mem")

    ran = run(*command)

    assert ran.code == 3
    assert f"{path}: cannot be read" in ran.err


PERTURBED = (
    "templates/sections/help.html",
    "templates/css/page.css",
    "templates/icons/warning.svg",
    "templates/tools/card.toml",
    "handouts/fibromyalgia/handout.html",
    "handouts/fibromyalgia/handout.toml",
    "handouts/references.toml",
    "locales/terms.toml",
    "locales/es_US/terms.toml",
    "locales/es_US/LC_MESSAGES/ldn_print.po",
)
ADDED = (
    "handouts/reviewers.toml",
    "handouts/fibromyalgia/approvals.toml",
    "locales/languages.toml",
    "templates/sections/new.html",
)
UNRELATED = (
    "handouts/crohns-disease/handout.html",
    "handouts/grades.toml",
    "locales/ldn_print.pot",
    "locales/ar/LC_MESSAGES/ldn_print.po",
    "locales/hi/terms.toml",
)


@pytest.mark.parametrize("name", [*PERTURBED, *ADDED])
def test_every_file_that_a_job_can_read_changes_its_key(small_copy: Library, name: str) -> None:
    """A byte more in any of them, or a file that comes."""
    before = key(small_copy)
    with (small_copy.root / name).open("a", encoding="utf-8") as file:
        file.write("\n")

    assert key(small_copy) != before


@pytest.mark.parametrize("name", UNRELATED)
def test_files_of_others_do_not(small_copy: Library, name: str) -> None:
    """Another handout, another language, what is for editors."""
    before = key(small_copy)
    with (small_copy.root / name).open("a", encoding="utf-8") as file:
        file.write("\n")

    assert key(small_copy) == before


def test_every_setting_changes_the_key(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clinic with each of its lines, the day, the job itself, our code and the machine."""
    clinic = default_clinic()
    clinics = [
        replace(clinic, name="Example Clinic"),
        replace(clinic, address=("1 Example Street",)),
        replace(clinic, phone="555-0142"),
        replace(clinic, after_hours="555-0142"),
        replace(clinic, decimal=","),
        replace(clinic, paper="a4"),
        replace(clinic, language="es-US"),
        replace(clinic, policy="approved"),
        replace(clinic, verify_url="https://example.org/"),
        replace(clinic, limits=DoseLimits(1, 1)),  # type: ignore[arg-type]
        replace(clinic, country=replace(clinic.country, regulator=clinic.country.emergency)),
    ]
    jobs = [
        replace(JOB, paper="a4"),
        replace(JOB, language="ar"),
        replace(JOB, format="html"),
        replace(JOB, leaflet=Leaflet("fibromyalgia", "guide")),
        replace(JOB, leaflet=Leaflet("fibromyalgia", "standard", ("diary",))),
    ]
    keys = [key(library), *(key(library, clinic=row) for row in clinics), *(key(library, row) for row in jobs)]
    keys.append(key(library, today=date(2026, 11, 24)))
    monkeypatch.setattr("ldn_print.job_cache.engine_identity", lambda: "another machine")
    keys.append(key(library))

    assert len(set(keys)) == len(keys)


def test_identity_is_the_same_in_every_process() -> None:
    """Not of a run, of a folder or of the order in which a disk lists its files."""
    told = "from ldn_print.engine.identity import engine_identity; print(engine_identity())"
    done = subprocess.run(
        [sys.executable, "-P", "-c", told],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == engine_identity()


PAGE = RenderedPage(
    html="<p>One</p>",
    css="p {}",
    assets={"logo": b"1"},
    language=get_language("en"),
    paper="letter",
    fingerprint="0000-00000",
    characters="",
    margins=Margins(1, 1, 1),
)


@pytest.mark.parametrize(
    "changes",
    [
        {"html": "<p>Two</p>"},
        {"css": "p { color: #000 }"},
        {"assets": {"logo": b"2"}},
        {"assets": {"mark": b"1"}},
        {"language": get_language("es-US")},
        {"paper": "a4"},
        {"characters": "ñ"},
        {"margins": Margins(1, 1, 2)},
        {"even": False},
        {"others": (get_language("ar"),)},
        {"html": "<p>One</p>p {}", "css": ""},
    ],
)
def test_every_field_of_a_page_changes_its_key(changes: dict[str, object]) -> None:
    """What the engine gets is what the key is made of."""
    assert page_key(replace(PAGE, **changes)) != page_key(PAGE)  # type: ignore[arg-type]


WATCHED = """
import sys
opened = set()
sys.addaudithook(lambda event, rest: opened.add(str(rest[0])) if event == "open" else None)
from ldn_print import cli
code = cli.run(sys.argv[2:])
with open(sys.argv[1], "w") as file:
    file.write("\\n".join(opened))
sys.exit(code)
"""


@pytest.mark.parametrize(
    ("options", "leaflet"),
    [
        (("fibromyalgia",), Leaflet("fibromyalgia")),
        (("fibromyalgia", "-e", "bilingual"), Leaflet("fibromyalgia", "bilingual")),
        (("fibromyalgia", "--with", "card,diary"), Leaflet("fibromyalgia", "standard", ("card", "diary"))),
        (
            ("fibromyalgia", "crohns-disease", "-e", "packet"),
            Leaflet.of_packet(("fibromyalgia", "crohns-disease"), ()),
        ),
    ],
)
def test_nothing_is_read_that_is_not_in_the_key(
    copy: Library, tmp_path: Path, options: tuple[str, ...], leaflet: Leaflet
) -> None:
    """Every file of the library that a build opens is one of those that the key is made of."""
    listed = tmp_path / "opened"
    done = subprocess.run(
        [sys.executable, "-P", "-c", WATCHED, str(listed), "build", *options, "-l", "es-US", "-j", "1"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path / "new-cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    opened = {
        Path(line) for line in listed.read_text(encoding="utf-8").splitlines() if line.startswith(str(copy.root))
    }
    cache = JobCache(Settings(copy, default_clinic(), tmp_path, today=DAY))
    cache._key(replace(JOB, leaflet=leaflet))

    assert len(opened) > 30
    assert {path for path in opened if path.is_file()} - set(cache._digests) == set()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda _data: b"",
        lambda data: data.replace(b"%PDF", b"%PDG", 1),
        lambda data: b"{}\n" + data,
        lambda _data: b"[]\n",
        lambda data: b"\xff\xfe\n" + data,
    ],
)
def test_damaged_entry_is_made_anew(own_cache: Path, damage: Callable[[bytes], bytes]) -> None:
    """Cut off, changed, another's: thrown away, never served."""
    shelf = Shelf(own_cache)
    shelf.put("ab12", {"pages": 2}, b"%PDF the bytes")
    assert shelf.get("ab12") == ({"pages": 2}, b"%PDF the bytes")
    path = own_cache / "ab" / "ab12"
    path.write_bytes(damage(path.read_bytes()))

    assert shelf.get("ab12") is None
    assert not path.exists()


def test_entry_of_another_key_is_not_served(own_cache: Path) -> None:
    """A file that was copied to a wrong name."""
    shelf = Shelf(own_cache)
    shelf.put("ab12", {}, b"one")
    (own_cache / "ab" / "ab34").write_bytes((own_cache / "ab" / "ab12").read_bytes())

    assert shelf.get("ab34") is None


def test_damaged_cache_prints_the_right_sheet(small_copy: Library, run: Run, own_cache: Path) -> None:
    """Every entry broken: the same bytes as before, made again."""
    options = ("build", "fibromyalgia", "-l", "en")
    assert run(*options, "-o", "first").code == 0
    assert len(entries(own_cache)) == 2
    for path in entries(own_cache):
        path.write_bytes(path.read_bytes()[:-7])

    assert run(*options, "-o", "second").code == 0
    name = "en/fibromyalgia.standard.letter.pdf"
    assert Path("first", name).read_bytes() == Path("second", name).read_bytes()


def test_refused_and_draft_pages_are_not_kept(small_copy: Library, run: Run, own_cache: Path) -> None:
    """What must not be printed is judged again each time; a draft is for translators."""
    assert run("build", "fibromyalgia", "-l", "en", "--draft").code == 0
    change(small_copy.handouts / "fibromyalgia" / "handout.html", "It may not help you.", "It may not help. " * 60)
    assert run("build", "fibromyalgia", "-l", "en").code == 1

    assert entries(own_cache) == []


def test_room_is_made_for_what_is_used(own_cache: Path) -> None:
    """Above its bound the cache loses what was not used for longest."""
    shelf = Shelf(own_cache / FOLDER / "jobs")
    for number in range(10):
        shelf.put(f"{number}{number}", {}, bytes(1000))
        os.utime(own_cache / FOLDER / "jobs" / f"{number}{number}" / f"{number}{number}", (number, number))
    assert trim(own_cache, 20_000) == 0
    assert shelf.get("00") is not None  # used again: now the newest

    gone = trim(own_cache, 5_000)

    left = {path.name for path in entries(own_cache)}
    assert gone == 10 - len(left)
    assert "00" in left
    assert "11" not in left
    assert "99" in left
    assert sum(path.stat().st_size for path in entries(own_cache)) <= 5_000


def test_cache_is_shown_and_cleared(small_copy: Library, run: Run, own_cache: Path) -> None:
    """Where it is, how large; gone when somebody asks."""
    assert run("build", "fibromyalgia", "-l", "en").code == 0
    shown = run("cache")
    assert str(own_cache) in shown.out
    assert "MB" in shown.out

    assert "files thrown away" in run("cache", "--clear").out
    assert entries(own_cache) == []
    assert " 0 files, 0.0 MB" in run("cache").out
