"""The command line: exit codes, clear words, quick answers."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from ldn_print.project import Library
from tests.conftest import ROOT, Run, change

PO = "locales/es_US/LC_MESSAGES/ldn_print.po"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("build", "fibromialgia"), 3, "Did you mean fibromyalgia"),
        (("build", "-l", "sp"), 3, "language 'sp': not known"),
        (("build", "-l", "spanish"), 3, "Did you mean es-US"),
        (("build", "--langage", "en"), 2, "--language"),
        (("build", "--paper", "legal"), 2, "letter"),
        (("build", "--jobs", "0"), 2, "0"),
        (("build", "-l", "en", "--all-languages"), 2, "exclude each other"),
        (("build", "--clinic", "nowhere.toml"), 3, "nowhere.toml: cannot be read"),
        (("bild",), 2, "Did you mean 'build'"),
        (("nonsense",), 2, "Commands: build, list"),
    ],
)
def test_mistake_is_answered_in_words(run: Run, arguments: tuple[str, ...], code: int, words: str) -> None:
    """A wrong word on the command line: exit code, the fact, what was probably meant, nothing written."""
    ran = run(*arguments)

    assert ran.code == code
    assert words in ran.err
    assert ran.out == ""
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        ("handouts/fibromyalgia/handout.toml", "[evidence]", "[evidence", 3, "is not valid TOML"),
        (
            "handouts/fibromyalgia/handout.toml",
            "level = 3",
            'level = "3"',
            3,
            "evidence.level: expected a whole number",
        ),
        ("handouts/fibromyalgia/handout.toml", "[evidence]\nlevel = 3\n", "levl = 3\n", 3, "evidence: is missing"),
        ("handouts/references.toml", "year = 2009", "yeer = 2009", 3, "younger-2009.yeer: this key is not known"),
        ("templates/sections/sheet.html", "{% endcall %}", "", 4, "template syntax error"),
        (
            "handouts/fibromyalgia/handout.html",
            "{% block studies %}",
            "{% block study %}",
            4,
            "'studies' is missing",
        ),
        ("templates/css/page.css", "text-align: start", "text-aling: start", 1, "the layout engine warns"),
        (PO, 'msgid "Storage"', 'msgid "Storage', 3, "PO syntax error"),
        (PO, 'msgid ""\n', '#, fuzzy\nmsgid ""\n', 3, "header is marked fuzzy"),
        (PO, "nplurals=", "nplurals=1", 3, "plural"),
        (PO, "Language: es_US", "Language: fr", 3, "Language: fr"),
    ],
)
def test_damaged_source_is_answered_in_words(
    copy: Library, run: Run, file: str, old: str, new: str, code: int, words: str
) -> None:
    """Each kind of damage: exit code, file, fact; nothing half-written."""
    change(copy.root / file, old, new)

    ran = run("build", "fibromyalgia", "-l", "es-US")

    assert ran.code == code, ran.err
    assert words in ran.err
    assert Path(file).name in ran.err or code == 1
    assert not list(Path().rglob("*.pdf"))


def test_placeholder_misspelt_in_a_translation_refuses_the_language(copy: Library, run: Run) -> None:
    """A dose that would not be filled in is never printed."""
    path = copy.root / PO
    text = path.read_text(encoding="utf-8")
    source, _, rest = text.partition('msgid "Never split or crush {tablet}')
    path.write_text(source + 'msgid "Never split or crush {tablet}' + rest.replace("{tablet}", "{tablett}", 1))
    assert "{tablett}" in path.read_text()

    ran = run("build", "fibromyalgia", "-l", "es-US")

    assert ran.code == 1
    assert "the placeholder {tablet} is missing" in ran.err


def test_glyph_that_no_font_has_refuses_the_page(copy: Library, run: Run) -> None:
    """A sign that would print as a box is found before it prints."""
    path = copy.root / PO
    lines = path.read_text(encoding="utf-8").splitlines()
    place = lines.index('msgid "At a glance"') + 1
    lines[place] = 'msgstr "De un vistazo \U00010a50"'
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    ran = run("build", "fibromyalgia", "-l", "es-US")

    assert ran.code == 1
    assert "no font has a sign for" in ran.err
    assert "\U00010a50" in ran.err


def test_list_tells_handouts_and_languages_as_json(run: Run, library: Library) -> None:
    """Every handout in each edition, every tool, every language of the registry, with its state."""
    report = json.loads(run("list", "--json").out)

    handouts = library.handout_ids()
    assert [row["id"] for row in report["leaflets"]] == [*handouts, *handouts, *library.tool_ids()]
    for row in report["leaflets"]:
        states = {tag: cell["state"] for tag, cell in row["languages"].items()}
        assert tuple(states) == ("en", "es-US", "ar", "zh-Hans", "hi")
        assert states["en"] == "draft"
        assert set(states.values()) <= {"draft", "incomplete", "not started"}


def test_list_tells_what_is_missing(copy: Library, run: Run) -> None:
    """A language that becomes incomplete is listed with the number of its missing messages."""
    assert "missing" not in run("list").out

    change(copy.root / PO, 'msgid "Storage"', 'msgid "Somewhere else"')

    assert "1 missing" in run("list").out


def test_list_of_a_language_without_catalog_says_not_started(copy: Library, run: Run) -> None:
    """A language of the registry without a catalog is shown as such."""
    (copy.root / PO).unlink()

    ran = run("list")

    assert "not started" in ran.out
    assert run("build", "-l", "es-US").code == 3


def test_help_imports_nothing_heavy(run_program: Run) -> None:
    """The help is instant because engine, templates and catalogs stay out."""
    ran = run_program("--help", PYTHONPROFILEIMPORTTIME="1")

    assert ran.code == 0
    assert "build" in ran.out
    heavy = ("weasyprint", "jinja2", "babel", "rich", "PIL", "tinycss2", "asyncio", "multiprocessing")
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in ran.err.splitlines()}
    assert not loaded & set(heavy)


def test_version_is_told(run: Run) -> None:
    """The version is what the package says."""
    from ldn_print import __version__

    assert __version__ in run("--version").out


def test_update_starts_a_language_and_keeps_it_marked_as_a_draft(copy: Library, run: Run) -> None:
    """A new catalog has every message, empty, and says that it is a draft which nobody has reviewed."""
    (copy.root / PO).unlink()

    ran = run("update", "es-US")

    text = (copy.root / PO).read_text(encoding="utf-8")
    assert ran.code == 0
    assert '"X-Status: draft\\n"' in text
    assert "Nobody has reviewed these translations" in text
    assert text.count("msgid ") == copy.template_catalog.read_text().count("msgid ")


def test_doctor_names_what_is_missing_and_what_mends_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing font is told with the command that installs it."""
    assert run("doctor").code == 0

    from ldn_print.engine import fonts

    monkeypatch.setattr(fonts, "missing_families", lambda: {"Noto Sans Arabic": "fonts-noto-core"})
    ran = run("doctor")

    assert ran.code == 1
    assert "MISSING  font Noto Sans Arabic" in ran.out
    assert "apt-get install fontconfig fonts-noto-core" in ran.out


def test_fault_of_ours_is_logged_and_not_thrown_at_the_person(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected error: exit code 70, a log to send, no traceback, and no typed words in the log."""
    from ldn_print import listing

    def fail(settings: object) -> None:
        raise RuntimeError("".join(("Can", "ary")))

    monkeypatch.setattr(listing, "load_listing", fail)
    ran = run("list")

    assert ran.code == 70
    log = Path(ran.err.split("What happened is in ")[1].split(": please")[0])
    assert "RuntimeError" in log.read_text()
    assert "Canary" not in log.read_text()


def test_interruption_has_its_own_exit_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is 130, as shells expect."""
    from ldn_print import listing

    def interrupt(settings: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(listing, "load_listing", interrupt)

    assert run("list").code == 130


def test_launcher_starts_the_program_from_any_folder(tmp_path: Path) -> None:
    """The launcher works through a link and from another folder."""
    import subprocess

    if not (ROOT / ".venv" / "ready-requirements.lock").exists():
        pytest.skip("the launcher has not set anything up here")
    link = tmp_path / "print-it"
    link.symlink_to(ROOT / "ldn-print")
    (tmp_path / "click.py").write_text("raise RuntimeError('a file in the current folder was imported')")

    done = subprocess.run([link, "--version"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "ldn-print, version" in done.stdout
    assert sys.version_info >= (3, 11)
