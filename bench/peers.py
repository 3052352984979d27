"""The same words set by another engine, to know what is fast: Typst, where its Python package is there.

Not equal, and said so in bench/README.md: headings, paragraphs, lists and rows of cells, without drawings, forms
of the page, checks, mended tags or post-processing. Words, fonts, size and paper are the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from importlib import import_module
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


def load_typst() -> Any | None:
    """Return the Python package of Typst; None where it is not installed."""
    try:
        return import_module("typst")
    except ImportError:
        return None


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


def typst_cases(wording: Wording, language: Language) -> dict[str, Callable[[], object]]:
    """Return what is timed: a compile from nothing, and one of a warm compiler with another name on the page."""
    typst = load_typst()
    if typst is None:
        return {}
    path = Path(tempfile.mkdtemp()) / f"{language.tag}.typ"
    path.write_text(typst_source(wording, language), encoding="utf-8")
    compiler = typst.Compiler(str(path))
    number = iter(range(10**9))

    def fresh() -> bytes:
        made: bytes = typst.Compiler(str(path)).compile()
        return made

    def again() -> bytes:
        made: bytes = compiler.compile(sys_inputs={"name": f"Example Patient {next(number)}"})
        return made

    return {"fresh": fresh, "name changed": again}
