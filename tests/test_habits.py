"""Habits of this project that a program can watch."""

from __future__ import annotations

import ast
import re
import subprocess
import zipfile
from pathlib import Path

from tests.conftest import FOLDERS, ROOT


def tracked() -> list[Path]:
    """Return the files of the repository, or of an unpacked archive where there is no git."""
    try:
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        made = {".venv", ".git", "out", "build", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
        files = (path for path in ROOT.rglob("*") if path.is_file())
        return [path for path in files if not made & set(path.relative_to(ROOT).parts)]
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def test_every_test_says_what_it_proves() -> None:
    """Each test has one sentence that is true when it passes."""
    for path in (ROOT / "tests").glob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"


def test_no_font_and_no_made_file_is_in_the_repository() -> None:
    """Fonts come from the system; what a command makes is not kept."""
    endings = {".ttf", ".otf", ".ttc", ".woff", ".woff2", ".pdf", ".mo", ".jar", ".whl", ".so"}

    assert [path.name for path in tracked() if path.suffix in endings] == []


def test_no_number_that_should_be_data_stands_in_a_template() -> None:
    """A dose or a phone number in a template would not follow the country of care."""
    for path in [*ROOT.glob("templates/sections/*.html"), *ROOT.glob("handouts/*/*.html")]:
        text = re.sub(r"\{[%{#].*?[%}#]\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"<[^>]*>", "", text)
        assert not re.search(r"\d", text), path


def test_icons_are_drawings_of_one_kind() -> None:
    """Own line icons: one field, one stroke, no text, nothing from outside."""
    icons = list((ROOT / "templates" / "icons").glob("*.svg"))

    assert len(icons) >= 11
    for path in icons:
        text = path.read_text(encoding="utf-8")
        assert 'viewBox="0 0 24 24"' in text
        assert 'stroke-width="1.3"' in text
        assert not re.search("<text|<image|<style|href|url", text)


def test_style_sheets_place_nothing_with_left_or_right() -> None:
    """Right-to-left pages mirror because nothing names a side, the unit of a dose apart."""
    text = (ROOT / "templates" / "css" / "blocks.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).replace(
        ".plan .unit { font-weight: 700; text-align: right }", ""
    )

    assert not re.search(
        r"(margin|padding|border)-(left|right)|\b(left|right)\s*:|text-align: (left|right)|float", text
    )


def test_wheel_carries_the_library(tmp_path: Path) -> None:
    """Who installs the package gets handouts, templates and locales with it."""
    import sys

    source = tmp_path / "source"
    for path in tracked():
        target = source / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
    ]
    subprocess.run([*command, str(source)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")

    names = zipfile.ZipFile(wheel).namelist()

    for folder in FOLDERS:
        wanted = {
            f"ldn_print/library/{path.relative_to(ROOT)}"
            for path in tracked()
            if path.relative_to(ROOT).parts[0] == folder
        }
        assert wanted <= set(names)
