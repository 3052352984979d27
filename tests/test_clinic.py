"""The clinic's profile: nothing needed but the country, and only pictures as a logo."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from ldn_print.clinic import default_clinic, load_clinic
from ldn_print.errors import ProjectError

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4">{}</svg>'


def write(folder: Path, text: str) -> Path:
    """Write a profile and return its path."""
    path = folder / "clinic.toml"
    path.write_text(text, encoding="utf-8")
    return path


def huge_png() -> bytes:
    """Return a PNG of 400 megapixels in a few hundred kilobytes, as an attacker would send it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    side = 20_000
    row = b"\0" + bytes(side // 8)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def png(width: int, height: int) -> bytes:
    """Return a PNG of a gradient, with an alpha channel."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGBA").save(out, "PNG")
    return out.getvalue()


def test_default_profile_needs_no_file() -> None:
    """A clinic can print before it has configured anything."""
    clinic = default_clinic()

    assert (clinic.country.code, clinic.paper, clinic.decimal, clinic.name) == ("US", "letter", ".", "")


def test_country_alone_is_enough(tmp_path: Path) -> None:
    """Paper, decimal sign and staff language follow from the country."""
    clinic = load_clinic(write(tmp_path, 'country = "NO"'))

    assert (clinic.paper, clinic.decimal, clinic.language) == ("a4", ",", "nb")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('name = "Example Clinic"', "country: is missing"),
        ('country = "XX"', "'XX': not known"),
        ('country = "US"\nphone = "call us"', "'call us' is not a phone number"),
        ('country = "US"\npaper = "legal"', "Choices: letter, a4"),
        ('country = "US"\npolicy = "aproved"', "Did you mean 'approved'"),
        ('country = "US"\nfon = "555-0142"', "fon: this key is not known"),
        ('country = "US"\nphone = "555-0142', "is not valid TOML"),
        ('country = "US"\nlogo = "nowhere.png"', "nowhere.png: cannot be read"),
        ('country = "US"\naddress = "1 Example Street"', "expected a list, got text"),
        ('country = "US"\naddress = ["1", "2", "3", "4"]', "is longer than 3 lines"),
        ('country = "US"\ndecimal = ","', "',' is not one of the choices"),
        ('country = "CA"', "decimal: is missing"),
    ],
)
def test_finding_names_the_key(tmp_path: Path, text: str, words: str) -> None:
    """Each mistake in a profile is told with its key and what to do."""
    with pytest.raises(ProjectError) as caught:
        load_clinic(write(tmp_path, text))

    assert words in str(caught.value)


def test_all_findings_are_told_at_once(tmp_path: Path) -> None:
    """A profile is mended in one go."""
    with pytest.raises(ProjectError) as caught:
        load_clinic(write(tmp_path, 'country = "US"\nphone = "x"\npaper = "y"\nnam = "z"'))

    assert len(caught.value.diagnostics) == 3


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("logo.png", huge_png(), "has more pixels than anybody can print"),
        ("logo.png", b"GIF89a", "is not a PNG"),
        ("logo.png", png(200, 200)[:120], "damaged PNG"),
        ("logo.svg", b"<svg", "is not an SVG drawing"),
        ("logo.svg", SVG.format('<image href="file:///etc/passwd"/>').encode(), "holds <image>"),
        ("logo.svg", SVG.format("<text>x</text>").encode(), "holds <text>"),
        ("logo.svg", SVG.format("<script>x</script>").encode(), "holds <script>"),
        ("logo.svg", SVG.format("<use/>").encode(), "holds <use>"),
        ("logo.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("").encode(), "document type"),
        ("logo.svg", SVG.format("<g>" * 50 + "</g>" * 50).encode(), "holds <g>"),
        ("logo.svg", b" " * 2_000_001, "larger than 2 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "data",
)
def test_logo_that_is_no_plain_picture_is_refused(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    """Nothing but a picture of a sane size gets onto the page."""
    (tmp_path / name).write_bytes(data)

    with pytest.raises(ProjectError) as caught:
        load_clinic(write(tmp_path, f'country = "US"\nlogo = "{name}"'))

    assert words in str(caught.value)


def test_png_logo_is_encoded_again_and_small(tmp_path: Path) -> None:
    """A large logo becomes as many pixels as its place can show, without transparency."""
    (tmp_path / "logo.png").write_bytes(png(3000, 900))

    logo = load_clinic(write(tmp_path, 'country = "US"\nlogo = "logo.png"')).logo

    assert logo is not None
    image = Image.open(io.BytesIO(logo.data))
    assert (image.mode, max(image.size) <= 1400) == ("RGB", True)


def test_svg_logo_loses_what_could_reach_out(tmp_path: Path) -> None:
    """Event handlers, styles and outside addresses are gone; the shapes stay."""
    shape = '<rect width="4" height="4" onload="x()" style="fill:url(http://a)" fill="url(http://a)"/>'
    (tmp_path / "logo.svg").write_text(SVG.format(shape))

    logo = load_clinic(write(tmp_path, 'country = "US"\nlogo = "logo.svg"')).logo

    assert logo is not None
    assert b"http://a" not in logo.data
    assert b"onload" not in logo.data
    assert b"<rect" in logo.data
