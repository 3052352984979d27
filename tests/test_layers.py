"""The rooms of the package: each imports only from smaller layers, so that no circle can arise."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "ldn_print"
LAYERS = {
    "__init__": 0,
    "errors": 0,
    "tables": 1,
    "outline": 2,
    "bilingual": 3,
    "languages": 2,
    "countries": 2,
    "data": 2,
    "files": 2,
    "line_breaks": 3,
    "specimens": 3,
    "models": 3,
    "messages": 3,
    "project": 3,
    "forms": 2,
    "spelling": 2,
    "safety": 2,
    "termbase": 4,
    "content": 4,
    "clinic": 4,
    "catalog": 4,
    "environment": 4,
    "values": 4,
    "template_parts": 5,
    "extract": 6,
    "checks": 6,
    "kept": 5,
    "localize": 7,
    "engine": 6,
    "scaffold": 4,
    "schedule": 4,
    "personal": 5,
    "scaffold_language": 5,
    "readability_page": 7,
    "pictures": 2,
    "page": 8,
    "styles": 9,
    "plain_text": 9,
    "web_page": 9,
    "render": 10,
    "chooser": 11,
    "pdf": 11,
    "doctor": 9,
    "page_cache": 12,
    "shelf": 3,
    "jobs": 6,
    "locales": 4,
    "press": 13,
    "job_cache": 7,
    "context": 14,
    "budgets": 14,
    "status": 14,
    "pseudo": 14,
    "update": 15,
    "spreadsheet": 3,
    "exchange": 15,
    "preview": 15,
    "one_message": 5,
    "workbench": 16,
    "booklet": 16,
    "executors": 14,
    "cluster": 15,
    "overview": 14,
    "impact": 14,
    "impact_page": 15,
    "codes": 2,
    "word_diff": 2,
    "ssh_keys": 2,
    "square_code": 2,
    "wording": 4,
    "ledger": 4,
    "reviewers": 5,
    "approval": 5,
    "sources": 11,
    "approvals": 12,
    "signing": 13,
    "versions": 12,
    "manifest": 5,
    "release": 12,
    "verification": 13,
    "carry": 15,
    "review": 14,
    "build": 15,
    "sets": 4,
    "clinic_file": 5,
    "bundle": 16,
    "watch": 4,
    "processes": 0,
    "faults": 3,
    "finder": 12,
    "web": 17,
    "site_pages": 14,
    "site": 16,
    "report": 16,
    "listing": 17,
    "cli": 18,
    "__main__": 19,
}
# One room per library: nobody else may import it.
ROOMS = {
    "weasyprint": {"engine"},
    "pydyf": {"engine"},
    "pikepdf": {"engine"},
    "jinja2": {"environment", "template_parts", "extract", "render", "web"},
    "starlette": {"web"},
    "uvicorn": {"web"},
    "rapidfuzz": {"finder"},
    "babel": {"languages", "catalog", "localize"},
    "click": {"cli"},
    "rich": {"cli"},
    "PIL": {"clinic", "pictures"},
    "pypdfium2": {"pictures"},
    "openpyxl": {"spreadsheet"},
    "fontTools": {"engine"},
    "pyphen": {"checks"},
    "uharfbuzz": {"engine"},
    "icu4py": {"line_breaks"},
    "tomlkit": {"sets", "clinic_file"},
    "budoux": {"line_breaks"},
    "distributed": {"cluster"},
    "dask": {"cluster"},
}


def room(path: Path) -> str:
    """Return the room that a file belongs to."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Return the modules that a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_file_imports_only_from_smaller_layers(path: Path) -> None:
    """The direction of data is one way."""
    own = room(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "ldn_print" or len(parts) < 2:
            continue
        other = parts[1] if parts[1] in LAYERS else "__init__"
        assert other == own or LAYERS[other] < LAYERS[own], f"{own} may not import {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_library_stays_in_its_room(path: Path) -> None:
    """A library that is replaced one day is replaced in one place."""
    for name in imports(path):
        allowed = ROOMS.get(name.split(".")[0])
        assert allowed is None or room(path) in allowed, f"{name} does not belong into {room(path)}"


@pytest.mark.parametrize("path", [path for path in FILES if room(path) != "cli"], ids=lambda path: path.name)
def test_only_the_faces_print_or_exit(path: Path) -> None:
    """Below the command line nothing is printed, and nothing reads the environment."""
    text = path.read_text(encoding="utf-8")

    assert "print(" not in text.replace("ldn_print(", "").replace("_print(", "").replace("fingerprint(", "")
    assert "sys.exit" not in text
    assert "os.environ.get" not in text


def test_every_room_has_a_layer() -> None:
    """A new room is given its place."""
    assert {room(path) for path in FILES} == set(LAYERS)


def test_no_room_is_a_warehouse() -> None:
    """Past 400 lines there is a second room inside."""
    assert [path.name for path in FILES if len(path.read_text().splitlines()) > 400] == []
