"""Starts a new handout: files that build and pass every check, with what is still to do marked in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ldn_print.errors import ContentError, read_source
from ldn_print.project import Library

MARK = "To do:"
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_TOML = """\
id = "{id}"
# {mark} the title names medicine and condition, in at most two lines, and promises nothing
title = "Taking low dose naltrexone (LDN) for {name}"
short_title = "LDN for {name}"
# {mark} who answers for these words
owner = "ldn_print editors"
# {mark} other names that staff may type
synonyms = []
# {mark} ICD-10-CM codes of the condition, each in one handout only
icd10cm = []
icd10cm_year = 2027
# {mark} keys of references.toml: the studies that the text is about
references = ["nal-label"]

# {mark} as in grades.toml
[evidence]
level = 0
direction = "unknown"

[[change]]
version = "0.1.0"
date = {issued}
kind = "first"
what = "First draft."
"""
_HTML = """\
{{% extends "handout.html" %}}

{{# {mark} what LDN is for here, in one line #}}
{{% block glance %}}
{{% trans %}}A medicine to try for pain. It may not help you.{{% endtrans %}}
{{% endblock %}}

{{# {mark} what studies found, with the number of people, and what nobody knows yet #}}
{{% block studies %}}
<p>{{% trans %}}No good study has tested LDN for this.{{% endtrans %}}</p>
<p>{{% trans %}}<b>We do not know</b> if it is safe for years.{{% endtrans %}}</p>
{{% endblock %}}

{{# {mark} what the condition is, in one or two plain sentences #}}
{{% block condition %}}
<p>{{% trans %}}Long-term pain goes on for months.{{% endtrans %}}</p>
{{% endblock %}}

{{# {mark} warnings that belong to this condition #}}
{{% block take_care %}}
<li>{{% trans %}}<b>Do not start LDN if you use any opioid, even tramadol.</b>{{% endtrans %}}</li>
{{% endblock %}}

{{# {mark} two or three questions that only this condition asks #}}
{{% block questions %}}
{{{{ blocks.ask(_("Is any of my pain medicine an opioid?")) }}}}
{{% endblock %}}
"""


@dataclass(frozen=True)
class NewFile:
    """A file to write."""

    path: Path
    text: str


def plan_handout(library: Library, handout_id: str, today: date) -> tuple[NewFile, ...]:
    """Return the files of a new handout, and the grade table with its row.

    Raises:
        ContentError: the name is not usable or taken.
    """
    if not _ID.fullmatch(handout_id):
        raise ContentError(
            f"handout {handout_id!r}: not a usable name\n  Use small letters, digits and hyphens: back-pain."
        )
    folder = library.handouts / handout_id
    if folder.exists():
        raise ContentError(f"{folder}: is there already\n  Choose another name, or edit that handout.")
    grades = read_source(library.grades, ContentError)
    words = {
        "id": handout_id,
        "name": handout_id.replace("-", " "),
        "mark": MARK,
        "issued": today,
    }
    row = (
        ""
        if re.search(rf"(?m)^{handout_id} =", grades)
        else f'{handout_id} = {{ level = 0, direction = "unknown" }}\n'
    )
    return (
        NewFile(folder / "handout.toml", _TOML.format(**words)),
        NewFile(folder / "handout.html", _HTML.format(**words)),
        NewFile(library.grades, grades + row),
    )


def find_marks(file: NewFile) -> tuple[str, ...]:
    """Return what is still to do in a file, each with its line."""
    return tuple(
        f"{file.path}:{number}: {line.split(MARK)[1].strip(' #}')}"
        for number, line in enumerate(file.text.splitlines(), start=1)
        if MARK in line
    )
