"""Remembers what style sheets say, from one layout to the next.

The engine works out the style of every element anew in each layout, although the same rules go for the same kind
of element in all leaflets of a language: a quarter of a first print. Here it is worked out once for the rules that
match an element and for those around it, and kept unchanged. Each layout gets copies of its own, since the engine
writes into styles. Pseudo-elements, of which the engine prepares six for each element, are worked out when it asks
for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import inf
from types import SimpleNamespace
from typing import Any

from weasyprint import css
from weasyprint.css import (
    AnonymousStyle,
    ComputedStyle,
    InitialStyle,
    StyleFor,
    declaration_precedence,
    find_style_attributes,
    preprocess_declarations,
)

MOST_STYLES = 1000  # of one set of style sheets, then they are forgotten; 31 handouts have 300
_MOST_SETS = 24  # of style sheets: those of a language, with and without lines of the dose plan
# Attributes that the engine takes for a style.
_OWN = ("style", "lang", "id")
_OWN_OF = {"a": ("name",), "{http://www.w3.org/2000/svg}svg": ("width", "height")}

Declared = dict[str, tuple[Any, Any]]  # the value of each property that rules name, with its weight
_installed = False


def install() -> None:
    """Put the part that remembers in the place of the engine's, once per process."""
    global _installed
    if not _installed:
        _installed = True
        css.StyleFor = RememberedStyles


@dataclass(eq=False)
class _Known:
    """What is known of a kind of element: its style, and what rules name for its pseudo-elements."""

    style: Any
    declared: dict[str | None, Declared]
    _pseudos: dict[str, Any] = field(default_factory=dict)

    def pseudo(self, name: str, memory: _Memory) -> Any:
        """Return the style of a pseudo-element; None where no rule names it."""
        if name not in self._pseudos and name in self.declared:
            self._pseudos[name] = memory.computed(self.style, self.declared[name], name)
        return self._pseudos.get(name)


@dataclass(eq=False)
class _Memory:
    """The kinds of elements that one set of style sheets has met."""

    sheets: tuple[Any, ...]
    font_config: Any
    base_url: str | None
    page_sizes: dict[str, Any] = field(default_factory=lambda: {"box": None, "area": None})
    known: dict[tuple[Any, ...], _Known] = field(default_factory=dict)

    def recall(self, wrapper: Any, above: _Known | None) -> _Known:
        """Return what is known of an element, from the rules that match it and from what is around it.

        Args:
            wrapper: the element, as the selectors see it.
            above: what is known of the one around it.
        """
        element = wrapper.etree_element
        rules = tuple(_matching(wrapper, self.sheets))
        key = (above, _attributes(element), *((*rest, id(declarations)) for *rest, declarations in rules))
        known = self.known.get(key)
        if known is None:
            declared = _cascade((*_own_rules(element, self.base_url), *rules))
            style = self.computed(above.style if above else None, declared[None])
            known = self.known[key] = _Known(style, declared)
        return known

    def computed(self, parent: Any, declared: Declared, pseudo: str | None = None) -> Any:
        """Return the style of a kind of element, or of a pseudo-element of it: worked out when it is asked for."""
        if parent is None:
            root = InitialStyle(self.font_config)
        else:
            root = parent if parent.parent_style is None else parent.root_style
        return ComputedStyle(parent, declared, pseudo, root, self.base_url, self.font_config, self.page_sizes)


@lru_cache(maxsize=_MOST_SETS)
def _memory_of(sheets: tuple[Any, ...], font_config: Any, base_url: str | None) -> _Memory:
    return _Memory(sheets, font_config, base_url)


class RememberedStyles(StyleFor):  # type: ignore[misc]  # the engine has no types
    """The styles of one layout. The arguments are the engine's."""

    def __init__(
        self, html: Any, sheets: Sequence[Any], presentational_hints: bool, font_config: Any, target_collector: Any
    ) -> None:
        if presentational_hints:
            raise ValueError("no page of ours is laid out with presentational hints")
        self._memory = _memory_of(tuple(sheets), font_config, html.base_url)
        if len(self._memory.known) > MOST_STYLES:
            self._memory.known.clear()
        self._sheets, self.font_config = sheets, font_config
        self.initial_page_sizes = self._memory.page_sizes
        self._cascaded_styles: dict[Any, Any] = {}  # the engine puts those of pages here
        self._computed_styles: dict[Any, Any] = {}
        self._known: dict[Any, _Known] = {}
        self._recall(html, target_collector)

    def __call__(self, element: Any, pseudo_type: str | None = None) -> Any:
        """Return the style of an element, of a page or of a part of them; None where no rule names that part."""
        if pseudo_type and element in self._known and (element, pseudo_type) not in self._computed_styles:
            known = self._known[element].pseudo(pseudo_type, self._memory)
            if known is not None:
                style = _Style(known, self._computed_styles[element, None])
                self._computed_styles[element, pseudo_type] = style
        return super().__call__(element, pseudo_type)

    def _recall(self, html: Any, target_collector: Any) -> None:
        """Give every element the style of its kind; elements of one kind share it, as in the engine."""
        shared: dict[_Known, _Style] = {}
        for wrapper in html.wrapper_element.iter_subtree():
            element = wrapper.etree_element
            parent = wrapper.parent.etree_element if wrapper.parent else None
            known = self._known[element] = self._memory.recall(wrapper, self._known.get(parent))
            style = shared.get(known)
            if style is None:
                style = shared[known] = _Style(known.style, self._computed_styles.get((parent, None)))
                if target_collector and style["anchor"]:
                    target_collector.collect_anchor(style["anchor"])
            self._computed_styles[element, None] = style


class _Style(ComputedStyle):  # type: ignore[misc]  # the engine has no types
    """The style of an element in one layout: what is known of its kind, free to be written into."""

    def __init__(self, known: Any, parent: Any) -> None:
        super().__init__(
            parent,
            known.cascaded,
            known.pseudo_type,
            known.root_style,
            known.base_url,
            known.font_config,
            known.initial_page_sizes,
        )
        self._of_kind = known
        self.specified = known.specified
        self.cache = known.cache
        self.update(known)

    def __missing__(self, key: str) -> Any:
        value = self[key] = self._of_kind[key]
        return value

    @cached_property
    def anonymous_style(self) -> Any:
        """The style of boxes that stand for no element."""
        return _AnonymousStyle(self)


class _AnonymousStyle(AnonymousStyle):  # type: ignore[misc]  # the engine has no types
    """The style of boxes that stand for no element, in one layout."""

    def __init__(self, parent: _Style) -> None:
        super().__init__(parent)
        self._of_kind = parent._of_kind.anonymous_style
        self.update(self._of_kind)

    def __missing__(self, key: str) -> Any:
        value = self[key] = self._of_kind[key]
        return value


def _matching(wrapper: Any, sheets: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield origin, layer, specificity, pseudo-element and declarations of the rules that match an element."""
    for sheet, origin, of_sheet in sheets:
        for specificity, _, pseudo, (declarations, layer) in sheet.matcher.match(wrapper):
            place = inf if layer is None else sheet.layers.index(layer)
            yield origin, place, of_sheet or specificity, pseudo, declarations


def _attributes(element: Any) -> tuple[str | None, ...]:
    """Return what the engine takes from an element's own attributes for a style."""
    names = _OWN + _OWN_OF.get(element.tag, ())
    return tuple(map(element.get, names))


def _own_rules(element: Any, base_url: str | None) -> Iterator[tuple[Any, ...]]:
    alone = SimpleNamespace(iter=lambda: [element])
    for specificity, _, declarations, base in find_style_attributes(alone, base_url=base_url):
        yield "author", inf, specificity, None, tuple(preprocess_declarations(base, declarations))


def _cascade(rules: Iterable[tuple[Any, ...]]) -> dict[str | None, Declared]:
    """Return what wins of several rules for an element and its pseudo-elements (CSS 2.1, 6.4.1).

    Args:
        rules: as `_matching` yields them; of two with the same weight the later one wins.
    """
    winning: dict[str | None, Declared] = {None: {}}
    for origin, place, specificity, pseudo, declarations in rules:
        declared = winning.setdefault(pseudo, {})
        for name, value, importance in declarations:
            weight = (declaration_precedence(origin, importance), place, specificity)
            if name not in declared or declared[name][1] <= weight:
                declared[name] = value, weight
    return winning
