"""A leaflet as one page of HTML for any screen: responsive, self-contained, without a script."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib import resources
from pathlib import Path

from ldn_print.models import picture_type
from ldn_print.page import RenderedPage

_ASSET = re.compile(r'src="asset:([^"]+)"')
_HEAD_END = "</head>"
# Where side effects are reported stands in the same element and is no number; a number with an extension cannot
# be called by a tap.
_PHONE = re.compile(r'(<bdi dir="ltr" class="tel [^"]+">)([+\d() \u00a0./-]+)(</bdi>)')


def to_web_page(page: RenderedPage) -> str:
    """Return a page as HTML with its own style sheet and pictures inside."""
    icons = "\n".join(
        f'.icon-{Path(name).stem} {{ background-image: url("{_data_uri(data)}") }}'
        for name, data in page.assets.items()
        if name.startswith("icons/") and f"icon-{Path(name).stem}" in page.html
    )
    families = ", ".join(f'"{font}"' for font in page.language.script.fonts)
    style = f":root {{ --font: {families} }}\n{_style_sheet()}{icons}"
    head = f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>\n{style}\n</style>\n'
    html = link_phones(page.html.replace(_HEAD_END, f"{head}{_HEAD_END}", 1))
    return _ASSET.sub(lambda match: f'src="{_data_uri(page.assets[match[1]])}"', html)


def link_phones(html: str) -> str:
    """Return a page on which a tap on a phone number calls it."""
    return _PHONE.sub(_call, html)


@cache
def _style_sheet() -> str:
    return resources.files("ldn_print.data").joinpath("web.css").read_text(encoding="utf-8")


def _call(phone: re.Match[str]) -> str:
    """Return a phone number that a tap calls."""
    digits = re.sub(r"[^+\d]", "", phone[2].replace("(0)", ""))
    return f'{phone[1]}<a href="tel:{digits}">{phone[2]}</a>{phone[3]}'


def _data_uri(data: bytes) -> str:
    return f"data:{picture_type(data)};base64,{base64.b64encode(data).decode()}"
