"""Paper as clinics have it: a copy of a copy, a fax, one bit of black; type and ink measured."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageFilter

from ldn_print.languages import all_languages
from ldn_print.project import Library
from ldn_print.styles import CARD_SIZE, GUIDE_SIZE, LARGE_PT
from tests.conftest import FEW, Printed

MM_PER_POINT = 25.4 / 72
DPI = 300
FAX = (204, 98)  # dots per inch, across and down: the standard resolution of a fax
# What has to be read on any copy: the warning, doses, numbers to call.
MUST_READ = (
    ("Do not take any opioid with LDN", "Do not stop", "50 mg", "Never double", "911"),
    ("EMERGENCY", "911", "988", "1-800-222-1222", "Cannot be woken", "You took an opioid"),
)


def raster(path: Path, page: int, dpi: int = DPI) -> Image.Image:
    """Return a page in greys."""
    image: Image.Image = pypdfium2.PdfDocument(path)[page].render(scale=dpi / 72).to_pil()
    return image.convert("L")


def one_bit(image: Image.Image, threshold: int = 128) -> Image.Image:
    """Return a picture in pure black and white."""
    return image.point(lambda value: 255 if value >= threshold else 0)


def copy_of_a_copy(image: Image.Image) -> Image.Image:
    """Return what two photocopiers make of a page: blur, dirt and black or white, twice."""
    for _ in range(2):
        blurred = image.filter(ImageFilter.GaussianBlur(1.6))
        dirt = Image.effect_noise(image.size, 24)
        image = one_bit(ImageChops.add(blurred, dirt, scale=1, offset=-128))
    return image


def fax(image: Image.Image) -> Image.Image:
    """Return what a fax at its standard resolution makes of a page, drawn large enough to be read."""
    width, height = (round(side * dots / DPI) for side, dots in zip(image.size, FAX, strict=True))
    return one_bit(image.resize((width, height), Image.Resampling.BOX), 150).resize(image.size)


def read(image: Image.Image, folder: Path) -> str:
    """Return the text that character recognition finds on a picture, in one line."""
    path = folder / "page.png"
    image.save(path, dpi=(DPI, DPI))
    command = ["tesseract", str(path), "-", "--psm", "4", "-l", "eng"]
    one_thread = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # its threads stand in one another's way
    text = subprocess.run(command, capture_output=True, text=True, check=True, env=one_thread).stdout
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("page", [0, 1])
@pytest.mark.parametrize("treat", [one_bit, copy_of_a_copy, fax])
def test_doses_and_warnings_survive_bad_copies(printed: Printed, tmp_path: Path, treat: type, page: int) -> None:
    """Standards 39 and 40: one bit of black, a copy of a copy and a fax keep every dose and warning readable."""
    text = read(treat(raster(printed.path("fibromyalgia", "en"), page)), tmp_path)

    assert [words for words in MUST_READ[page] if words not in text] == []


@pytest.mark.parametrize("name", FEW)
@pytest.mark.parametrize("tag", list(all_languages()))
def test_a_page_takes_little_ink(printed: Printed, name: str, tag: str) -> None:
    """Standards 42: a page takes at most 8 % of ink, and has no large dark area."""
    for page in (0, 1):
        image = raster(printed.path(name, tag), page)
        white = sum(value * count for value, count in enumerate(image.histogram())) / 255
        assert 1 - white / (image.width * image.height) <= 0.08


@pytest.mark.parametrize("bold", [False, True])
def test_letters_are_tall_enough(bold: bool) -> None:
    """Standards 33: small letters of running text are at least 2 mm tall, read from the font itself."""
    font = latin(bold)
    x_height = font["OS/2"].sxHeight / font["head"].unitsPerEm

    assert x_height * 12 * MM_PER_POINT >= 2.0
    assert x_height * 12 * GUIDE_SIZE * MM_PER_POINT >= 2.3
    assert x_height * LARGE_PT * MM_PER_POINT >= 3.0


def test_decimal_point_of_a_dose_can_be_seen() -> None:
    """Standards 41: at least 0.6 mm across in every size that a dose is set in."""
    font = latin(bold=True)
    glyph = font["glyf"][font.getBestCmap()[ord(".")]]
    width = (glyph.xMax - glyph.xMin) / font["head"].unitsPerEm

    assert width * 12 * MM_PER_POINT >= 0.6


def test_type_is_never_below_its_floor() -> None:
    """Standards 33: 10 pt on a page; 8 pt on the card, the only exception."""
    for language in all_languages().values():
        script = language.script
        assert script.body >= 12
        assert min(script.small, script.foot) >= 10
        assert script.body * CARD_SIZE >= 8


def test_greys_are_dark_enough(library: Library) -> None:
    """Standards 38: text is black; the lightest rule has a contrast of 3 to 1 with paper."""
    tokens = (library.templates / "css" / "tokens.css").read_text(encoding="utf-8")
    ink, faint = (re.search(rf"--{name}: #(\w+);", tokens) for name in ("ink", "faint"))
    assert ink is not None
    assert faint is not None

    assert ink[1] == "000"
    assert contrast(int(faint[1][:2], 16)) >= 3


def contrast(grey: int) -> float:
    """Return the contrast of a grey with white paper (WCAG 2.2)."""
    part = grey / 255
    light = part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
    return 1.05 / (light + 0.05)


def latin(bold: bool) -> TTFont:
    """Return the font that doses and English are set in."""
    style = "Bold" if bold else "Regular"
    command = ["fc-match", "-f", "%{file}", f"Noto Sans:style={style}:lang=en"]
    return TTFont(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
