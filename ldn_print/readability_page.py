"""One page of HTML per leaflet: how easy its English is to read, and which sentences need work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from ldn_print.checks.readability import (
    MAX_GRADE,
    MAX_MEAN_WORDS,
    MAX_WORDS,
    MUST_KEEP,
    Readability,
    count_syllables,
    count_words,
    measure,
)
from ldn_print.messages import SourceMessage
from ldn_print.models import Publication

_LONG = 15  # words: the goal; MAX_WORDS is the gate
_HARD_SYLLABLES = 3
_SHOWN = 20
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
_PAGE = Markup("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Readability: {title}</title>
<style>
body {{ font: 1rem/1.5 sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse }}
th, td {{ text-align: start; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid #767676 }}
</style>
</head>
<body>
<h1>{title}</h1>
<table>
<tr><th scope="col">Measure</th><th scope="col">Here</th><th scope="col">At most</th></tr>
{rows}
</table>
<h2>Longest sentences</h2>
{long}
<h2>Words of three syllables and more</h2>
{hard}
</body>
</html>
""")


def render_readability(publication: Publication, messages: Sequence[SourceMessage]) -> str:
    """Return the readability page of a leaflet: figures, long sentences, hard words.

    Grades are Flesch-Kincaid; a name that has to stay counts as an easy word in the first (standards 1.10).
    """
    figures = measure([message.key.text for message in messages])
    rows = (
        ("Grade, names that must stay counted as easy", f"{figures.grade:.1f}", f"{MAX_GRADE:.0f}"),
        ("Grade, all words", f"{figures.grade_all_words:.1f}", "–"),
        ("Words in a sentence, mean", f"{figures.mean_words:.1f}", f"{MAX_MEAN_WORDS:.0f}"),
        ("Words in the longest sentence", str(count_words(figures.longest)), str(MAX_WORDS)),
        ("Sentences", str(len(figures.sentences)), "–"),
    )
    row = Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>')
    return str(
        _PAGE.format(
            title=publication.title,
            rows=Markup("\n").join(row.format(*cells) for cells in rows),
            long=_list(_long_sentences(figures)),
            hard=_list(_hard_words(figures)),
        )
    )


def _long_sentences(figures: Readability) -> list[str]:
    long = {sentence for sentence in figures.sentences if count_words(sentence) > _LONG}
    ordered = sorted(long, key=lambda sentence: (-count_words(sentence), sentence))
    return [f"{count_words(sentence)} words: {sentence}" for sentence in ordered]


def _hard_words(figures: Readability) -> list[str]:
    words = {word.casefold() for sentence in figures.sentences for word in _WORD.findall(sentence)}
    hard = sorted(word for word in words - MUST_KEEP if count_syllables(word) >= _HARD_SYLLABLES)
    return hard[:_SHOWN]


def _list(items: Iterable[str]) -> Markup:
    lines = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
    return Markup("<ul>{}</ul>").format(lines) if lines else Markup("<p>None.</p>")
