"""Cuts a large font down to the characters of a language, for scripts with thousands of signs.

The system's Chinese font has two files of 19 MB, which the engine copies for every page. A cut holds what
a catalog needs and is some 100 KB; it is made once for each set of characters and kept in the cache. A sign
that it lacks, in a clinic's name for example, still comes from the whole font.
"""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache
from pathlib import Path

from ldn_print.engine.folders import FOLDERS
from ldn_print.errors import OutputError
from ldn_print.files import write_file
from ldn_print.languages import Script, cut_family

PREFIX = "font/"
# Signs that a page needs beside its messages: ASCII, Latin-1, dashes, quotes, bullet, ellipsis.
_ALWAYS = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x100)])) + "–—‘’“”•…\u2066\u2069"
_WEIGHTS = {"Regular": 400, "Bold": 700}
_UNUSED_TABLES = (b"vhea", b"vmtx", b"VORG")  # for vertical lines, which nothing here has

cut_assets: dict[str, bytes] = {}


@lru_cache(maxsize=32)
def cut_css(script: Script, characters: str, cache_folder: Path) -> str:
    """Return the style that makes the engine use cut fonts; empty where a script needs none.

    The fonts themselves are in `cut_assets` from then on. Where the system's font is in no known place,
    nothing is cut and the whole font serves.
    """
    rules = []
    for file in script.cut:
        weight = next(number for name, number in _WEIGHTS.items() if name in file)
        path = _find(file)
        if path is None:
            return ""
        name = f"{PREFIX}{_key(path, script.cut_face, characters)}.otf"
        cut_assets[name] = _read_or_cut(cache_folder / name, path, script.cut_face, characters)
        rules.append(
            f'@font-face {{ font-family: "{cut_family(script)}"; font-weight: {weight}; src: url(asset:{name}) }}'
        )
    if rules:
        rules.append(f':root {{ --font: "{cut_family(script)}", {", ".join(map(repr, script.fonts))} }}')
    return "\n".join(rules)


@lru_cache(maxsize=8)
def _find(file: str) -> Path | None:
    return next((path for folder in FOLDERS if folder.is_dir() for path in sorted(folder.rglob(file))), None)


def _key(path: Path, face: int, characters: str) -> str:
    """Return a name for a cut that changes with the font and with the characters."""
    state = path.stat()
    text = f"{path}:{state.st_size}:{state.st_mtime_ns}:{face}:{characters}"
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _read_or_cut(place: Path, path: Path, face: int, characters: str) -> bytes:
    if place.is_file():
        return place.read_bytes()
    data = _cut(path, face, characters)
    try:
        write_file(place, data)
    except OutputError:
        return data  # without a cache it is cut again next time
    return data


def _cut(path: Path, face: int, characters: str) -> bytes:
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update({ord(sign) for sign in f"{characters}{_ALWAYS}"})
    wanted.drop_table_tag_set.update({int.from_bytes(tag) for tag in _UNUSED_TABLES})
    cut = uharfbuzz.subset(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)), face), wanted)
    return _renumber(bytes(cut.blob.data))


def _renumber(data: bytes) -> bytes:
    """Return a cut font whose character ids (CID) are its glyph ids again.

    Cutting moves glyphs up but leaves their CIDs. The engine writes glyph ids, which a PDF reader takes for
    CIDs: it would show other signs than those written.
    """
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    top = font["CFF "].cff.topDictIndex[0]
    if hasattr(top, "ROS"):
        names = [".notdef", *(f"cid{number:05d}" for number in range(1, len(top.charset)))]
        places = top.CharStrings.charStrings
        top.CharStrings.charStrings = {new: places[old] for old, new in zip(top.charset, names, strict=True)}
        top.charset = names
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
