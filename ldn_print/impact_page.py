"""The page that shows what a change does: lists, and the pages before and after, in one file of HTML."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from markupsafe import Markup

from ldn_print.impact import Impact, PagePair, Touched
from ldn_print.word_diff import Piece

_PAGE = Markup("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>What this change does</title>
<style>
body {{ font: 1rem/1.5 sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse }}
th, td {{ text-align: start; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid #767676; vertical-align: top }}
.pair {{ display: flex; flex-wrap: wrap; gap: 1rem; margin: 0 0 1.5rem }}
figure {{ margin: 0; flex: 1 1 20rem }}
img {{ max-width: 100%; border: 1px solid #767676 }}
del {{ background: #fbe0e0 }}
ins {{ background: #dff2df }}
</style>
</head>
<body>
<h1>What this change does</h1>
<table>
<tr><th scope="row">Leaflets in a language whose words change</th><td>{touched}</td></tr>
<tr><th scope="row">Of these, signatures that no longer count</th><td>{stale}</td></tr>
<tr><th scope="row">New or changed messages</th><td>{messages}</td></tr>
<tr><th scope="row">English words to translate again</th><td>{words}</td></tr>
</table>
<h2>Whose words change</h2>
<table>
<tr><th scope="col">Leaflet</th><th scope="col">Edition</th><th scope="col">Language</th>
<th scope="col">Before</th><th scope="col">After</th></tr>
{rows}
</table>
<h2>Pages before and after</h2>
{samples}
</body>
</html>
""")


def render_impact(impact: Impact, samples: Sequence[Touched]) -> str:
    """Return the page of a change.

    Args:
        impact: what it does.
        samples: leaflets with their pages, one of each kind of change.
    """
    words = ", ".join(f"{tag}: {count}" for tag, count in impact.words_left.items() if count) or "none"
    return _PAGE.format(
        touched=len(impact.touched),
        stale=len(impact.stale),
        messages=len(impact.messages),
        words=words,
        rows=Markup("\n").join(map(_row, impact.touched)),
        samples=Markup("\n").join(map(_sample, samples))
        or Markup("<p>None was asked for, or none can be printed.</p>"),
    )


def _row(row: Touched) -> Markup:
    cells = (row.leaflet.name, row.leaflet.label, row.language.tag, _state_before(row), _state_after(row))
    return Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells))


def _state_before(row: Touched) -> str:
    """Return in words what state a leaflet's words were in."""
    return row.before.state if row.before else "not printed"


def _state_after(row: Touched) -> str:
    """Return in words what state a leaflet's words are in now."""
    return row.after.state if row.after else "not complete: translate first"


def _sample(row: Touched) -> Markup:
    heading = Markup("<h3>{} ({}) in {}</h3>").format(row.leaflet.name, row.leaflet.label, row.language.label)
    lines = Markup("").join(
        Markup('<p lang="{}" dir="{}">{}</p>').format(
            row.language.tag, row.language.direction, Markup("").join(map(_piece, pieces))
        )
        for pieces in row.changes
    )
    pages = [_pair(number, pair) for number, pair in enumerate(row.pages, start=1) if pair.differs]
    return heading + lines + (Markup("").join(pages) or Markup("<p>The pages look the same.</p>"))


def _piece(piece: Piece) -> Markup:
    tag = {"same": "span", "gone": "del", "new": "ins"}[piece.kind]
    return Markup("<{tag}>{text}</{tag}>").format(tag=Markup(tag), text=piece.text)  # noqa: S704  # one of three


def _pair(number: int, pair: PagePair) -> Markup:
    figures = [
        _figure(f"Page {number}, {when}", picture)
        for when, picture in (("before", pair.before), ("after", pair.after))
    ]
    return Markup('<div class="pair">{}</div>').format(Markup("").join(figures))


def _figure(caption: str, picture: bytes | None) -> Markup:
    if picture is None:
        return Markup("<figure><figcaption>{}: cannot be printed</figcaption></figure>").format(caption)
    source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    return Markup('<figure><img src="{}" alt="{}"><figcaption>{}</figcaption></figure>').format(
        source, caption, caption
    )
