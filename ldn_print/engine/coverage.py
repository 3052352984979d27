"""Which signs the fonts of a script have: told before a page is made with a sign that no font can draw."""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache

from ldn_print.languages import Script

_INVISIBLE = frozenset("\n\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069")


def find_uncovered(text: str, script: Script) -> str:
    """Return the signs of a text that none of a script's fonts has, sorted; empty where its fonts are missing.

    Args:
        text: any text.
        script: whose fonts are looked at, as this machine has them.
    """
    covered = _covered(script.fonts)
    return "".join(sorted(set(text) - covered - _INVISIBLE)) if covered else ""


@lru_cache(maxsize=16)
def _covered(families: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*map(_signs, families))


@lru_cache(maxsize=64)
def _signs(family: str) -> frozenset[str]:
    """Return every sign that a font family has on this machine."""
    from fontTools.ttLib import TTFont

    if not shutil.which("fc-match"):
        return frozenset()
    found = subprocess.run(  # noqa: S603  # a family's name from our own registry
        ["fc-match", "--format", "%{family}\n%{index}\n%{file}", family],  # noqa: S607  # found on the path above
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    if len(found) < len(("family", "index", "file")) or family not in found[0].split(","):
        return frozenset()
    with TTFont(found[2], fontNumber=int(found[1]), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap() or {}))
