"""The spreadsheet round trip: what was typed comes back, and nothing else can change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ldn_print import cli
from ldn_print.project import Library
from tests.conftest import FEW, FOLDERS, ROOT, Run

PO = "locales/es_US/LC_MESSAGES/ldn_print.po"
RASH = "Sarpullido."
pytestmark = pytest.mark.xdist_group("exchange")  # one process exports the spreadsheet


@pytest.fixture(scope="module")
def export_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a small library and its Spanish as ``es.xlsx``, made by the real commands."""
    folder = tmp_path_factory.mktemp("exported")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / "library" / name)
    for handout in set(Library(ROOT).handout_ids()) - {*FEW}:
        shutil.rmtree(folder / "library" / "handouts" / handout)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LDN_PRINT_LIBRARY", str(folder / "library"))
        assert cli.run(("update",)) == 0
        assert cli.run(("export", "es-US", "-o", str(folder / "es.xlsx"))) == 0
    return folder


@pytest.fixture
def exported(export_once: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Return a library of this test's own, whose Spanish stands in ``es.xlsx``."""
    shutil.copytree(export_once / "library", tmp_path / "library")
    shutil.copy(export_once / "es.xlsx", "es.xlsx")
    monkeypatch.setenv("LDN_PRINT_LIBRARY", str(tmp_path / "library"))
    return Library(tmp_path / "library")


def edit(action: Callable[[Worksheet], None], sheet: str = "messages") -> None:
    """Change the spreadsheet as a person would."""
    book = load_workbook("es.xlsx")
    action(book[sheet])
    book.save("es.xlsx")


def row_of(sheet: Worksheet, target: str) -> int:
    """Return the row of a translation."""
    return next(int(cell.row) for cell in sheet["E"] if cell.value == target)


def test_sheet_can_be_written_only_where_it_may(exported: Library) -> None:
    """Ids and English are locked, translation, state and note are open, states are chosen from a list."""
    sheet = load_workbook("es.xlsx")["messages"]
    row = row_of(sheet, RASH)

    assert sheet.protection.sheet
    assert [cell.protection.locked for cell in sheet[row]] == [True, True, True, True, False, False, False, True]
    assert sheet.cell(row, 4).value == "Rash."
    assert "Safety message." in sheet.cell(row, 2).value
    assert sheet.cell(row, 3).value.startswith("1 line of ")
    assert sheet.cell(row, 3).value.endswith(" mm")
    assert [choice.formula1 for choice in sheet.data_validations.dataValidation] == ['"translated,not sure"']


def test_unchanged_sheet_changes_nothing(exported: Library, run: Run) -> None:
    """A round trip without work leaves the same bytes."""
    before = (exported.root / PO).read_bytes()

    ran = run("import", "es.xlsx")

    assert ran.code == 0
    assert "0 messages changed" in ran.out
    assert (exported.root / PO).read_bytes() == before


def test_change_is_told_and_nothing_else_moves(exported: Library, run: Run) -> None:
    """One typed cell changes one message; a note and a doubt come along."""
    before = (exported.root / PO).read_text(encoding="utf-8").splitlines()

    def type_in(sheet: Worksheet) -> None:
        row = row_of(sheet, RASH)
        sheet.cell(row, 5).value = "Sarpullido rojo."
        sheet.cell(row, 6).value = "not sure"
        sheet.cell(row, 7).value = "ask a nurse"

    edit(type_in)

    assert "1 messages would change" in run("import", "es.xlsx", "--dry-run").out
    assert (exported.root / PO).read_text(encoding="utf-8").splitlines() == before
    ran = run("import", "es.xlsx")

    assert "was: Sarpullido." in ran.out
    assert "is:  Sarpullido rojo." in ran.out
    after = (exported.root / PO).read_text(encoding="utf-8").splitlines()
    assert [line for line in before if line not in after] == ['msgstr "Sarpullido."']
    assert 'msgstr "Sarpullido rojo."' in after
    assert "# note: ask a nurse" in after
    assert "[T-fuzzy]" in run("build", "fibromyalgia", "-l", "es-US").err


def test_guard_looks_at_what_comes_in(exported: Library, run: Run) -> None:
    """A wrong dose that was typed into a cell is told at once, and no build prints it."""
    edit(lambda sheet: setattr(sheet.cell(row_of(sheet, RASH), 5), "value", "Sarpullido 4.5 mg."))

    ran = run("import", "es.xlsx")

    assert ran.code == 1
    assert "[T-number]" in ran.err
    assert "[T-number]" in run("build", "fibromyalgia", "-l", "es-US").err


def _same_again(sheet: Worksheet) -> None:
    sheet.append([cell.value for cell in sheet[row_of(sheet, RASH)]])


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda sheet: setattr(sheet.cell(row_of(sheet, RASH), 4), "value", "Red rash."), "the English of m-"),
        (
            lambda sheet: setattr(sheet.cell(row_of(sheet, RASH), 1), "value", "m-00000000"),
            "no message has the id",
        ),
        (lambda sheet: setattr(sheet.cell(row_of(sheet, RASH), 6), "value", "perfect"), "the state 'perfect'"),
        (lambda sheet: setattr(sheet.cell(row_of(sheet, RASH), 5), "value", "=1+1"), "holds a formula"),
        (lambda sheet: sheet.delete_cols(2), "its columns are not those"),
        (_same_again, "twice in the sheet"),
    ],
)
def test_damaged_sheet_is_refused_whole(
    exported: Library, run: Run, action: Callable[[Worksheet], None], words: str
) -> None:
    """Whatever was done to the locked cells, nothing is half imported."""
    before = (exported.root / PO).read_bytes()
    edit(action)

    ran = run("import", "es.xlsx")

    assert ran.code == 3
    assert words in ran.err
    assert (exported.root / PO).read_bytes() == before


def test_message_that_both_changed_is_refused(exported: Library, run: Run) -> None:
    """Two people's work on one sentence is not thrown away in silence."""
    path = exported.root / PO
    path.write_text(path.read_text(encoding="utf-8").replace(f'"{RASH}"', '"Erupción."'), encoding="utf-8")
    edit(lambda sheet: setattr(sheet.cell(row_of(sheet, RASH), 5), "value", "Sarpullido rojo."))

    ran = run("import", "es.xlsx")

    assert ran.code == 3
    assert "was changed in the catalog and in the sheet" in ran.err
    assert "The catalog says now: Erupción." in ran.err


@pytest.mark.parametrize("data", [b"", b"not a spreadsheet", b"PK\x03\x04broken"])
def test_file_that_is_no_spreadsheet_is_told(small_copy: Library, run: Run, data: bytes) -> None:
    """A wrong file is one clear message."""
    Path("x.xlsx").write_bytes(data)

    ran = run("import", "x.xlsx")

    assert ran.code == 3
    assert "cannot be read as XLSX" in ran.err


def test_text_that_looks_like_a_formula_stays_text(exported: Library) -> None:
    """No cell that the program writes is ever computed."""
    sheet = load_workbook("es.xlsx")["messages"]

    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert not any(str(cell.value).startswith("=") for row in sheet.iter_rows() for cell in row if cell.value)
