"""The specimen: every component in every language, every icon, every script."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from ldn_print.languages import all_languages
from ldn_print.project import Library
from ldn_print.specimens import all_specimens
from tests.conftest import Run, one_process, pdf_text
from tests.test_engine import plain
from tests.vera import find_all_failures


@pytest.fixture
def specimen(run: Run) -> Path:
    """Return the specimen as the command writes it."""
    ran = run("specimen")
    assert (ran.code, ran.err) == (0, "")
    return Path(ran.out.strip())


@one_process
def test_specimen_shows_languages_scripts_and_drawings(specimen: Path, library: Library) -> None:
    """A designer sees all there is; the file passes what every file passes."""
    text = plain(pdf_text(specimen))

    for language in all_languages().values():
        assert plain(f"{language.english} ({language.script.body} pt)") in text
    for sample in all_specimens():
        if sample.language.direction == "ltr":
            assert plain(sample.sentences[0]) in text
    for icon in (library.templates / "icons").glob("*.svg"):
        assert icon.stem in text
    assert find_all_failures([specimen]) == {}
    assert len(pypdfium2.PdfDocument(specimen)) > len(all_languages())
