"""Typst: headings, paragraphs, lists and rows of cells in one column, tagged by Typst itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ldn_print.languages import Language
from ldn_print.wording import Wording

_HEAD = """\
#set document(title: {title})
#set page(paper: "us-letter", margin: (x: 20mm, top: 19mm, bottom: 18.5mm),
  footer: [#sys.inputs.at("name", default: "")])
#set text(lang: {lang}, dir: {direction}, font: ({fonts},), size: {size}pt)
"""


def typst_source(wording: Wording, language: Language) -> str:
    """Return the words of a leaflet as a Typst document."""
    script = language.script
    fonts = ", ".join(f'"{font}"' for font in ("Noto Sans", *script.fonts))
    head = _HEAD.format(
        title=_quoted(wording.name),
        lang=_quoted(language.tag.split("-")[0]),
        direction=language.direction,
        fonts=fonts,
        size=script.body,
    )
    parts, cells = [head], list[str]()
    for line in wording.lines:
        if line.kind in ("th", "td"):
            cells.append(f"[#{_quoted(line.text)}]")
            continue
        if cells:
            parts.append(f"#table(columns: 2, {', '.join(cells)})")
            cells = []
        if line.kind in ("h1", "h2", "h3"):
            parts.append(f"#heading(level: {line.kind[1]}, {_quoted(line.text)})")
        elif line.kind == "li":
            parts.append(f"#list([#{_quoted(line.text)}])")
        elif line.kind == "p":
            parts.append(f"#par({_quoted(line.text)})")
    return "\n".join(parts)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def typst_cases(typst: Any, wording: Wording, language: Language, folder: Path) -> dict[str, Callable[[], object]]:
    """Return what is timed: a compile from nothing, and one of a warm compiler with another name on the page.

    Args:
        typst: the Python package of Typst.
        wording: the words to set.
        language: their language.
        folder: where the source may be written.
    """
    path = folder / f"{language.tag}.typ"
    path.write_text(typst_source(wording, language), encoding="utf-8")
    compiler = typst.Compiler(str(path))
    number = iter(range(10**9))

    def fresh() -> bytes:
        made: bytes = typst.Compiler(str(path)).compile()
        return made

    def again() -> bytes:
        made: bytes = compiler.compile(sys_inputs={"name": f"Example Patient {next(number)}"})
        return made

    return {"Typst, fresh": fresh, "Typst, name changed": again}
