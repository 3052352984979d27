"""A translator's spreadsheet (XLSX): what was written into the open cells comes back, and nothing else can change.

The program's own cells are locked, and checked when the file comes back: a lock can be taken off.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

from ldn_print.errors import CatalogError

TRANSLATED, NOT_SURE = "translated", "not sure"
STATES = ("", TRANSLATED, NOT_SURE)
_HEAD = ("id", "where it stands", "room", "English", "translation", "state", "note", "what the guard says")
_WIDTHS = (12, 34, 16, 52, 52, 13, 30, 40)
_OPEN = frozenset({"translation", "state", "note"})
_SHEET, _ABOUT = "messages", "about"
_SCHEMA = 1
_GREY, _GREEN = "FFEDEDED", "FFE6F2E6"


@dataclass(frozen=True)
class Line:
    """A message in the spreadsheet: ``where``, ``room`` and ``findings`` inform, the last three may be written."""

    id: str
    source: str
    target: str
    state: str
    note: str
    where: str = ""
    room: str = ""
    findings: str = ""


@dataclass(frozen=True)
class SheetFile:
    """What a spreadsheet holds: its language, and what stood in it when it was written (``before``, by id)."""

    language: str
    lines: tuple[Line, ...]
    before: dict[str, str]


def write_sheet(language: str, lines: Sequence[Line], *, is_rtl: bool) -> bytes:
    """Return a spreadsheet with a row for each message, and a hidden one that remembers how it was.

    Args:
        language: its tag.
        lines: the messages in reading order.
        is_rtl: the language runs from right to left.
    """
    from openpyxl import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    sheet.title = _SHEET
    _write_row(sheet, 1, _HEAD)
    for number, line in enumerate(lines, start=2):
        _write_row(sheet, number, _cells(line))
        _style_row(sheet, number, is_rtl=is_rtl)
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[chr(64 + column)].width = width
    sheet.freeze_panes = "E2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.autoFilter = False
    sheet.auto_filter.ref = f"A1:H{len(lines) + 1}"
    choice = DataValidation(type="list", formula1=f'"{",".join(filter(None, STATES))}"', allow_blank=True)
    choice.add(f"F2:F{len(lines) + 1}")
    sheet.add_data_validation(choice)
    about = book.create_sheet(_ABOUT)
    about.sheet_state = "hidden"
    _write_row(about, 1, ("ldn_print spreadsheet", str(_SCHEMA), language))
    for number, line in enumerate(lines, start=2):
        _write_row(about, number, (line.id, line.target))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(line: Line) -> tuple[str, ...]:
    return (line.id, line.where, line.room, line.source, line.target, line.state, line.note, line.findings)


def _write_row(sheet: Any, number: int, texts: Iterable[str]) -> None:
    """Write texts as texts: one that starts with an equals sign is no formula."""
    for column, text in enumerate(texts, start=1):
        cell = sheet.cell(number, column)
        cell.value = text
        cell.data_type = "s"


def _style_row(sheet: Any, number: int, *, is_rtl: bool) -> None:
    from openpyxl.styles import Alignment, PatternFill, Protection

    for column, name in enumerate(_HEAD, start=1):
        cell = sheet.cell(number, column)
        right = is_rtl and name == "translation"
        cell.alignment = Alignment(
            wrap_text=True,
            vertical="top",
            readingOrder=2 if right else 1,
            horizontal="right" if right else "left",
        )
        cell.protection = Protection(locked=name not in _OPEN)
        cell.fill = PatternFill("solid", start_color=_GREEN if name in _OPEN else _GREY)


def read_sheet(data: bytes, name: str) -> SheetFile:
    """Return what stands in a spreadsheet that `write_sheet` made.

    Args:
        data: the file.
        name: how errors name it.

    Raises:
        CatalogError: it is no such spreadsheet, or a column or a row of it was taken out, doubled or computed.
    """
    book = _open(data, name)
    if _SHEET not in book.sheetnames or _ABOUT not in book.sheetnames:
        raise CatalogError(f"{name}: is not a spreadsheet of 'ldn-print export'\n  Export the language again.")
    head, *rows = _rows(book[_SHEET], name)
    about, *before = _rows(book[_ABOUT], name)
    if tuple(head[: len(_HEAD)]) != _HEAD or about[:2] != ["ldn_print spreadsheet", str(_SCHEMA)]:
        raise CatalogError(
            f"{name}: its columns are not those of 'ldn-print export'\n"
            f"  They are: {', '.join(_HEAD)}. Put them back in this order, or export again."
        )
    lines = tuple(_line(row, number, name) for number, row in enumerate(rows, start=2) if any(row))
    doubled = {line.id for line in lines if sum(other.id == line.id for other in lines) > 1} if lines else set()
    if doubled:
        raise CatalogError(f"{name}: twice in the sheet: {', '.join(sorted(doubled))}\n  Keep one row of each id.")
    return SheetFile(about[2], lines, {row[0]: row[1] for row in before if row[0]})


def _open(data: bytes, name: str) -> Any:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return load_workbook(io.BytesIO(data))
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError) as problem:
        raise CatalogError(f"{name}: cannot be read as XLSX\n  Save it as an Excel workbook (.xlsx).") from problem


def _rows(sheet: Any, name: str) -> Iterator[list[str]]:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                raise CatalogError(f"{name}: {cell.coordinate} holds a formula\n  Type the words themselves.")
        texts = ["" if cell.value is None else str(cell.value) for cell in row]
        yield texts + [""] * (len(_HEAD) - len(texts))


def _line(row: Sequence[str], number: int, name: str) -> Line:
    message_id, where, room, source, target, state, note, findings = row[: len(_HEAD)]
    if state.strip() not in STATES:
        raise CatalogError(
            f"{name}: row {number}: the state {state!r} is not known\n"
            f"  Choose {' or '.join(STATES[1:])}, or leave it."
        )
    return Line(message_id, source, target.strip(), state.strip(), " ".join(note.split()), where, room, findings)
