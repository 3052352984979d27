"""Reads ``clinic.toml``, the profile of the clinic that hands the sheets out.

Nothing is required but the country. A logo is taken apart and put together again, so that nothing but
a picture gets onto the page.
"""

from __future__ import annotations

import io
import re
import warnings
from pathlib import Path
from typing import cast
from xml.etree import ElementTree

from ldn_print.countries import CHOOSE, Country, Paper, all_countries, get_country
from ldn_print.errors import LanguageError, ProjectError
from ldn_print.languages import get_language
from ldn_print.models import Clinic, DoseLimits, Logo, Phrase, Policy, picture_type
from ldn_print.tables import Table, read_toml

MAX_HIGHEST_DOSE = 10  # mg a day (handout standards 7, number 27)
MAX_LOGO_BYTES = 2_000_000
LOGO_HINT = "Use a simple SVG, or a PNG below 4000 x 4000 pixels."
MAX_NAME, MAX_ADDRESS = 60, 3  # signs, lines
MAX_PHRASE = 200
MAX_LOGO_PIXELS = 16_000_000
_PRINT_PIXELS = (1400, 300)  # 56 x 12 mm at about 600 dpi
_PHONE = re.compile(r"[0-9+() .\-–/]{3,24}(?: ?(?:ext\.?|x) ?[0-9]{1,6})?")
_URL = re.compile(r"https?://[A-Za-z0-9./:?&=_~-]{3,52}[/=]")
_PNG_START, _PNG_END = b"\x89PNG", b"IEND"
_SVG = "{http://www.w3.org/2000/svg}"
_SVG_TAGS = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title", "desc", "defs"}
    | {"linearGradient", "radialGradient", "stop", "clipPath"}
)
_SVG_ATTRIBUTES = frozenset(
    "viewBox width height x y x1 y1 x2 y2 cx cy r rx ry d points transform fill stroke id offset "
    "fill-rule clip-rule clip-path fill-opacity stroke-opacity stop-color stop-opacity stroke-width "
    "stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray gradientUnits gradientTransform".split()
)
_SVG_DEPTH = 30


def default_clinic() -> Clinic:
    """Return the profile that is used when a clinic gave none: nothing but a country of care."""
    return parse_clinic(Table("default profile", {"country": "US"}), Path())


def load_clinic(path: Path) -> Clinic:
    """Return the profile in a file.

    Raises:
        ProjectError: the file cannot be read or has findings; all of them are listed.
    """
    table = Table(str(path), read_toml(path, ProjectError))
    clinic = parse_clinic(table, path.parent)
    if table.findings:
        raise ProjectError.from_diagnostics(f"{path}: not usable", table.findings)
    return clinic


def parse_clinic(table: Table, folder: Path) -> Clinic:
    """Return a profile from its table; findings stay in the table.

    Args:
        table: the keys as the clinic wrote them.
        folder: where a logo's path starts from.
    """
    country = _parse_country(table)
    clinic = Clinic(
        country=country,
        decimal=_parse_decimal(table, country),
        paper=cast(Paper, table.text("paper", country.paper, choices=("letter", "a4"))),
        language=table.text("language", country.language),
        name=table.text("name", ""),
        address=table.texts("address"),
        phone=_parse_phone(table, "phone"),
        after_hours=_parse_phone(table, "after_hours"),
        logo=_parse_logo(table, folder),
        policy=cast(Policy, table.text("policy", "mark", choices=("mark", "approved"))),
        limits=_parse_limits(table),
        approvals=_parse_folder(table, folder),
        verify_url=_parse_url(table),
        phrases=_parse_phrases(table),
    )
    for key, limit in (("name", MAX_NAME), ("address", MAX_ADDRESS)):
        if len(getattr(clinic, key)) > limit:
            unit = "characters" if key == "name" else "lines"
            table.report(key, f"is longer than {limit} {unit}", "It has to fit the corner of the page.")
    table.finish()
    return clinic


def _parse_country(table: Table) -> Country:
    code = table.text("country")
    if code:
        try:
            return get_country(code)
        except ProjectError as problem:
            fact, _, hint = str(problem).partition("\n")
            table.report("country", fact.removeprefix("country "), hint.strip())
    return next(iter(all_countries().values()))


def _parse_decimal(table: Table, country: Country) -> str:
    if country.decimal == CHOOSE:
        return table.text("decimal", choices=(".", ","))
    return table.text("decimal", country.decimal, choices=(country.decimal,))


def _parse_limits(table: Table) -> DoseLimits | None:
    """Return what a filled dose plan may hold; None when the clinic has not said it: then none is printed."""
    if not table.has("highest_dose") and not table.has("largest_step"):
        return None
    limits = DoseLimits(table.amount("highest_dose"), table.amount("largest_step"))
    if limits.highest > MAX_HIGHEST_DOSE:
        table.report(
            "highest_dose", f"{limits.highest} mg is no low dose", f"At most {MAX_HIGHEST_DOSE} mg a day."
        )
    return limits


def _parse_folder(table: Table, folder: Path) -> Path | None:
    """Return the folder of the clinic's own approvals, which the first approval makes."""
    name = table.text("approvals", "")
    if not name:
        return None
    path = folder / name
    if path.exists() and not path.is_dir():
        table.report("approvals", f"{path}: is not a folder", "Name a folder for the clinic's own approvals.")
    return path


def _parse_url(table: Table) -> str:
    """Return the start of the address in a sheet's square code; the sheet's own code follows it."""
    url = table.text("verify_url", "")
    if url and not _URL.fullmatch(url):
        hint = 'At most 60 plain signs that end in / or =: "https://example.org/ldn/".'
        table.report("verify_url", f"{url!r} is no address that a code can follow", hint)
    return url


def _parse_phrases(table: Table) -> tuple[Phrase, ...]:
    """Return the clinic's own sentences for notes: ``[phrases.NAME]`` with one text for each language's tag."""
    if not table.has("phrases"):
        return ()
    rows, found = table.table("phrases"), []
    for name in rows.names():
        row = rows.table(name)
        texts = {tag: row.text(tag) for tag in row.names()}
        if not texts:
            rows.report(name, "has no words", 'Add a line for a language, as in en = "Call us today."')
        for tag, text in texts.items():
            try:
                get_language(tag)
            except LanguageError:
                row.report(tag, "is no language that is known", 'Use a tag such as "es-US".')
            if len(text) > MAX_PHRASE:
                row.report(tag, f"is longer than {MAX_PHRASE} signs", "A note has room for three lines.")
        found.append(Phrase(name, texts))
    return tuple(found)


def _parse_phone(table: Table, key: str) -> str:
    number = table.text(key, "")
    if number and not _PHONE.fullmatch(number):
        table.report(key, f"{number!r} is not a phone number", 'Digits, spaces and + ( ) - only: "555-0142".')
    return number


def _parse_logo(table: Table, folder: Path) -> Logo | None:
    name = table.text("logo", "")
    if not name:
        return None
    path = folder / name
    try:
        _check_size(path.stat().st_size)
        data = path.read_bytes()
        return _clean_svg(data) if path.suffix.lower() == ".svg" else _clean_png(data)
    except OSError as problem:
        table.report("logo", f"{path}: cannot be read: {problem.strerror or problem}", "Check name and folder.")
    except ValueError as problem:
        table.report("logo", f"{path}: {problem}", LOGO_HINT)
    return None


def clean_logo(data: bytes) -> Logo:
    """Return a logo that somebody sent, taken apart and put together again: nothing but the picture is left.

    Raises:
        ValueError: it is neither a PNG nor a simple SVG, or larger than `MAX_LOGO_BYTES`; says what is wrong.
    """
    _check_size(len(data))
    data = data.removeprefix(b"\xef\xbb\xbf")
    return _clean_svg(data) if picture_type(data) == "image/svg+xml" else _clean_png(data)


def _check_size(size: int) -> None:
    if size > MAX_LOGO_BYTES:
        raise ValueError(f"is larger than {MAX_LOGO_BYTES // 1_000_000} MB")


def _clean_png(data: bytes) -> Logo:
    """Return the picture decoded and encoded again, small enough for its place on the page.

    Raises:
        ValueError: it is no PNG, or has more pixels than anybody prints.
    """
    from PIL import Image, UnidentifiedImageError

    if data.startswith(_PNG_START) and _PNG_END not in data[-32:]:
        raise ValueError("is a damaged PNG picture")  # the engine lets Pillow fill up what is missing
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(io.BytesIO(data), formats=["PNG"])
        if image.width * image.height > MAX_LOGO_PIXELS:
            raise ValueError("has more pixels than anybody can print")
        image = image.convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise ValueError("has more pixels than anybody can print") from problem
    except UnidentifiedImageError as problem:
        raise ValueError("is not a PNG picture") from problem
    except (OSError, SyntaxError) as problem:
        raise ValueError("is a damaged PNG picture") from problem
    image.thumbnail(_PRINT_PIXELS)
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "PNG")
    return Logo(out.getvalue(), "image/png")


def _clean_svg(data: bytes) -> Logo:
    """Return the drawing with nothing but shapes in it.

    Raises:
        ValueError: it is no SVG, or holds something that is not a plain shape.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("has a document type declaration")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314  # no DTD, size limited above
    except ElementTree.ParseError as problem:
        raise ValueError(f"is not an SVG drawing: {problem}") from problem
    if root.tag != f"{_SVG}svg" or "viewBox" not in root.attrib:
        raise ValueError("is not an SVG drawing with a viewBox")
    _keep_shapes(root, _SVG_DEPTH)
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    return Logo(ElementTree.tostring(root), "image/svg+xml")


def _keep_shapes(element: ElementTree.Element, depth: int) -> None:
    tag = element.tag.removeprefix(_SVG) if isinstance(element.tag, str) else "?"
    if tag not in _SVG_TAGS or depth == 0:
        raise ValueError(f"holds <{tag}>, which is not a plain shape (turn text into paths)")
    for name in list(element.attrib):
        value = element.attrib[name]
        reference = "url(" in value and not value.strip().startswith("url(#")
        if name not in _SVG_ATTRIBUTES or reference:
            del element.attrib[name]
    for child in element:
        _keep_shapes(child, depth - 1)
