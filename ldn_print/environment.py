"""The Jinja2 environment of the templates: sandboxed, strict, escaped, with our messages.

``{% trans %}`` blocks reach `MessageSource.message`; nothing else in a template can reach Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from jinja2 import FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.loaders import BaseLoader, ChoiceLoader
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from ldn_print.project import Library

_PERCENT_NAME = re.compile(r"%\((\w+)\)s")
HANDOUTS = "handouts"
STATE_TEMPLATE = "state.html"
TOOL_TEMPLATE = "tool.html"
BILINGUAL_TEMPLATE = "bilingual.html"
PACKET_TEMPLATE = "packet.html"
PERSONAL_TEMPLATE = "personal.html"
SPECIMEN_TEMPLATE = "specimen.html"
CHOOSER_TEMPLATE = "chooser.html"
CHOOSER_SENTENCE = "chooser-sentence.html"
SITE_TITLE = "site/title.html"
SITE_ENTRANCE = "site/entrance.html"
SITE_INDEX = "site/index.html"


class MessageSource(Protocol):
    """What a template's messages are asked of."""

    def message(self, context: str, text: str, plural: str, values: Mapping[str, object]) -> Markup:
        """Return a message in the page's language as HTML."""


def with_braces(text: str) -> str:
    """Return a message as authors and translators see it: ``{dose}`` for Jinja's ``%(dose)s``."""
    return _PERCENT_NAME.sub(r"{\1}", text).replace("%%", "%")


def make_environment(library: Library) -> ImmutableSandboxedEnvironment:
    """Return the environment over a library's templates and handouts.

    A condition's template is named ``handouts/<id>/handout.html``; shared ones by their path below
    ``templates/``.
    """
    loader: BaseLoader = ChoiceLoader(
        [
            PrefixLoader({HANDOUTS: FileSystemLoader(library.handouts)}),
            FileSystemLoader(library.templates),
        ]
    )
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # set by the extension
    environment.globals.update(_functions())
    return environment


def _functions() -> dict[str, Callable[..., Markup]]:
    @pass_context
    def gettext(context: Context, text: str, **values: Any) -> Markup:
        return _source(context).message("", with_braces(text), "", values)

    @pass_context
    def pgettext(context: Context, message_context: str, text: str, **values: Any) -> Markup:
        return _source(context).message(message_context, with_braces(text), "", values)

    @pass_context
    def ngettext(context: Context, text: str, plural: str, num: int, **values: Any) -> Markup:
        return _source(context).message("", with_braces(text), with_braces(plural), {**values, "num": num})

    return {"gettext": gettext, "_": gettext, "pgettext": pgettext, "ngettext": ngettext}


def _source(context: Context) -> MessageSource:
    source: MessageSource = context["page"]
    return source
