"""A leaflet for those who judge its words: its pages with every message marked, and a booklet, message by message.

The booklet needs no skill with computers: the place on the page, the English, the translation, what was found.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from ldn_print.budgets import Budget
from ldn_print.context import Place, describe_place
from ldn_print.countries import Paper
from ldn_print.errors import Diagnostic
from ldn_print.languages import Language
from ldn_print.messages import TAG, SourceMessage, with_examples
from ldn_print.models import Leaflet, Slot
from ldn_print.pictures import page_pictures
from ldn_print.press import Press
from ldn_print.styles import PAPER_MM

_BACK = re.compile(r"^back [0-9a-f]{8}: ")
_BESIDE_MM = 4  # left and right of a message in its picture
_AROUND_MM = 9  # above and below a message in its picture
_CROP_MM = 92  # width of a picture in the booklet
_LEAST_MM, _MOST_MM = 22, 70  # height of a picture


@dataclass(frozen=True)
class Row:
    """A message of the booklet: where it stands on which page, and all that helps to judge it.

    ``budget`` is its room, ``taken`` how many lines it takes on these pages; ``lines`` says both for paper.
    """

    message: SourceMessage
    target: str
    slots: tuple[Slot, ...]
    findings: tuple[Diagnostic, ...]
    notes: tuple[str, ...]
    where: str
    lines: str
    budget: Budget | None
    taken: int


@dataclass(frozen=True)
class Booklet:
    """A leaflet in a language: its pages as PNG, its messages in their order, what was found about them."""

    leaflet: Leaflet
    language: Language
    paper: Paper
    title: str
    pages: tuple[bytes, ...]
    rows: tuple[Row, ...]
    findings: tuple[Diagnostic, ...]
    spare_mm: tuple[float, ...]


def make_booklet(
    press: Press,
    leaflet: Leaflet,
    language: Language,
    paper: Paper,
    helps: tuple[Mapping[str, Place], Mapping[str, Budget]],
) -> Booklet:
    """Return the booklet of a leaflet as far as it is translated.

    Args:
        press: over the library.
        leaflet: which one.
        language: in which language.
        paper: its size.
        helps: where each message stands, and its room, by message id (`find_places`, `measure_budgets`).

    Raises:
        LdnPrintError: a template or the catalog cannot be read, or the page cannot be laid out.
    """
    made = press.draft(leaflet, language, paper)
    slots: dict[str, list[Slot]] = {}
    for name, slot in made.messages:
        slots.setdefault(name, []).append(slot)
    catalog = press.catalogs.get(language)
    messages = press.extractor.messages(leaflet)
    shown = sorted(messages, key=lambda row: _first(slots.get(row.key.id, ())))
    rows, handouts = [], len(press.library.handout_ids())
    for message in shown:
        name, entry = message.key.id, catalog.entries.get(message.key) if catalog else None
        place, budget = helps[0].get(name), helps[1].get(name)
        taken = made.lines.get(name, 0)
        rows.append(
            Row(
                message=message,
                target=entry.strings[0] if entry else "",
                slots=tuple(slots.get(name, ())),
                findings=press.catalogs.check(message, language),
                notes=(*message.notes, *(entry.notes if entry else ())),
                where=". ".join(describe_place(place, handouts)) if place else "",
                lines=_lines(budget, taken),
                budget=budget,
                taken=made.taken.get(name, 0),
            )
        )
    title = press.publication(leaflet).title
    pages = page_pictures(made.data)
    return Booklet(leaflet, language, paper, title, pages, tuple(rows), made.findings, made.spare_mm)


def _lines(budget: Budget | None, taken: int) -> str:
    """Return the room of a message in words, and how much of it is taken where the page is too long."""
    if budget is None:
        return ""
    return f"{budget.words}; takes {taken}, too long" if taken > budget.lines else budget.words


def _first(slots: Iterable[Slot]) -> tuple[int, float, float]:
    return min(((slot.page, slot.y, slot.x) for slot in slots), default=(99, 0.0, 0.0))


def page_assets(booklet: Booklet) -> dict[str, bytes]:
    """Return the pictures of the pages by the name that the booklet gives them."""
    return {f"page-{number}.png": data for number, data in enumerate(booklet.pages)}


def to_one_file(booklet: Booklet, *, watched: bool = False) -> str:
    """Return the booklet as one file of HTML with its pictures inside.

    Args:
        booklet: what to show.
        watched: the file is written again at each change: the page looks for that, and loads itself anew.
    """
    html, css = render_booklet(booklet)
    for name, data in page_assets(booklet).items():
        css = css.replace(f"asset:{name}", f"data:image/png;base64,{base64.b64encode(data).decode()}")
    script = _WATCHER if watched else ""
    return html.replace("</head>", f"<style>{css}</style>{script}</head>")


def render_booklet(booklet: Booklet) -> tuple[str, str]:
    """Return the booklet as HTML and its style sheet, in which pictures are named ``asset:page-0.png``."""
    width, height = PAPER_MM[booklet.paper]
    pages = "".join(
        f".page-{number} {{ background-image: url(asset:page-{number}.png);"
        f" background-size: {width}mm {height}mm }}"
        for number in range(len(booklet.pages))
    )
    numbers = {row.message.key.id: number for number, row in enumerate(booklet.rows, start=1)}
    body = [
        _HEAD.format(
            tag=booklet.language.tag,
            title=booklet.title,
            language=booklet.language.label,
            facts=_facts(booklet),
        ),
        *(_page(booklet, number, numbers, (width, height)) for number in range(len(booklet.pages))),
        Markup("<h2>Message by message</h2>"),
        *(_row(booklet, row, numbers[row.message.key.id], (width, height)) for row in booklet.rows),
        Markup("</body></html>"),
    ]
    return "".join(body), _CSS + pages


def _facts(booklet: Booklet) -> Markup:
    errors = sum(any(finding.is_error for finding in row.findings) for row in booklet.rows)
    spare = ", ".join(
        f"part {number}: {left:.0f} mm left" if left >= 0 else f"part {number}: {-left:.0f} mm too long"
        for number, left in enumerate(booklet.spare_mm, start=1)
    )
    words = [f"{len(booklet.rows)} messages, {errors} with errors or missing.", f"Room on the pages: {spare}."]
    items = [*words, *(f"{finding.fact} [{finding.code}]" for finding in booklet.findings)]
    return Markup("").join(Markup("<li>{}</li>").format(item) for item in items)


def _page(booklet: Booklet, number: int, numbers: Mapping[str, int], size: tuple[float, float]) -> Markup:
    """Return a page with a mark on each message that leads to its row."""
    spots = []
    for row in booklet.rows:
        for slot in row.slots:
            if slot.page == number:
                box = f"left:{slot.x:.1f}mm;top:{slot.y:.1f}mm;width:{slot.width:.1f}mm;height:{slot.height:.1f}mm"
                kind = "bad" if any(finding.is_error for finding in row.findings) else ""
                title = f"{row.message.key.id}: {with_examples(row.message)}"
                name = numbers[row.message.key.id]
                spots.append(_SPOT.format(number=name, box=box, kind=kind, title=title))
    style = f"width:{size[0]}mm;height:{size[1]}mm"
    return _PAGE.format(number=number, style=style, spots=Markup("").join(spots))


def _row(booklet: Booklet, row: Row, number: int, size: tuple[float, float]) -> Markup:
    language = booklet.language
    notes = Markup("").join(
        Markup("<p class=note>{}</p>").format(note)
        for note in (row.where, row.lines, *map(_readable, row.notes))
        if note
    )
    found = Markup("").join(
        Markup("<p class={}>{} [{}] {}</p>").format(
            "error" if finding.is_error else "warning", finding.fact.splitlines()[0], finding.code, finding.hint
        )
        for finding in row.findings
    )
    return _ROW.format(
        number=number,
        id=row.message.key.id,
        picture=_picture(row, size),
        safety=Markup("<span class=safety>safety</span> ") if row.message.is_safety else "",
        source=with_examples(row.message),
        tag=language.tag,
        direction=language.direction,
        target=TAG.sub("", row.target) or "(not translated)",
        notes=notes,
        found=found,
    )


def _readable(note: str) -> str:
    """Return a comment of the catalog as a reviewer reads it."""
    return _BACK.sub("Translated back: ", note)


def _picture(row: Row, size: tuple[float, float]) -> Markup:
    """Return the piece of the page around a message, the message framed: the page's picture, moved and scaled."""
    if not row.slots:
        return Markup("<p class=note>Not drawn on these pages: a title, the words for a picture, a mark.</p>")
    slot, (width, page_height) = row.slots[0], size
    scale = min(1.0, _CROP_MM / (slot.width + 2 * _BESIDE_MM))
    shown = _CROP_MM / scale
    left = min(max(0.0, slot.x + slot.width / 2 - shown / 2), width - shown)
    top = max(0.0, slot.y - _AROUND_MM)
    height = min(max(slot.height + 2 * _AROUND_MM, _LEAST_MM), _MOST_MM)
    frame = _lengths(scale, left=slot.x - left, top=slot.y - top, width=min(slot.width, shown), height=slot.height)
    style = f"width:{_CROP_MM}mm;" + _lengths(scale, height=height)
    style += f";background-position:{-left * scale:.1f}mm {-top * scale:.1f}mm"
    style += f";background-size:{width * scale:.1f}mm {page_height * scale:.1f}mm"
    return Markup('<div class="crop page-{}" style="{}"><div class=frame style="{}"></div></div>').format(
        slot.page, style, frame
    )


def _lengths(scale: float, **lengths: float) -> str:
    """Return lengths in mm as a style, drawn to scale."""
    return ";".join(f"{name}:{value * scale:.1f}mm" for name, value in lengths.items())


_CSS = """
@page { size: A4 landscape; margin: 12mm 10mm; @bottom-right { content: counter(page); font-size: 9pt } }
html { font: 11pt/1.4 "Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans CJK SC", sans-serif }
body { margin: 0 auto; max-width: 276mm; color: #000; background: #fff }
h1 { font-size: 17pt; margin: 4mm 0 1mm } h2 { font-size: 14pt; margin: 8mm 0 3mm }
.sheet { position: relative; margin: 4mm 0; border: .3mm solid #888; overflow: hidden }
.spot { position: absolute; display: block; border: .2mm dotted #767676; font-size: 6.5pt; line-height: 1;
  color: #0b4f8a; text-decoration: none; text-align: right }
.spot.bad { border: .5mm solid #b00020; color: #b00020 }
.row { display: table; width: 100%; border-top: .3mm solid #888; padding: 2.5mm 0; break-inside: avoid }
.row > div { display: table-cell; vertical-align: top; padding-right: 4mm }
.at { width: 94mm } .english { width: 84mm }
.crop { position: relative; border: .2mm solid #ccc; overflow: hidden; background-repeat: no-repeat }
.frame { position: absolute; border: .6mm solid #b00020 }
.note { font-size: 9pt; color: #444; margin: 1mm 0 } .source, .target { margin: 0 0 1mm; font-size: 12pt }
.error { color: #b00020; font-size: 10pt; margin: 1mm 0 }
.warning { color: #7a4a00; font-size: 10pt; margin: 1mm 0 }
.safety { font-size: 8.5pt; border: .3mm solid #b00020; padding: 0 1mm; color: #b00020 }
.row:target { background: #fff6d6 }
@media print { .sheet { display: none } body { max-width: none } }
"""
_HEAD = Markup("""\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}: {language}</title></head>
<body><h1>{title}</h1>
<p>{language}. Click on a place of the page to see its English, its translation and what was found.</p>
<ul>{facts}</ul>
""")
_PAGE = Markup('<div class="sheet page-{number}" style="{style}">{spots}</div>')
_SPOT = Markup('<a class="spot {kind}" href="#r{number}" style="{box}" title="{title}">{number}</a>')
_ROW = Markup("""\
<div class=row id=r{number}>
<div class=at>{picture}<p class=note>{number} · {id}</p></div>
<div class=english><p class=source>{safety}{source}</p>{notes}</div>
<div><p class=target lang="{tag}" dir="{direction}">{target}</p>{found}</div>
</div>
""")
# A script file beside the page tells when it was written: a page from a folder may load scripts, and no files.
_WATCHER = """
<script>
let seen = null;
setInterval(() => {
  const script = document.createElement("script");
  script.src = location.pathname.split("/").pop() + ".js?" + Date.now();
  script.onload = () => {
    script.remove();
    if (seen && seen !== window.written) location.reload();
    seen = window.written;
  };
  document.head.append(script);
}, 400);
</script>
"""
