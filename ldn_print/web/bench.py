"""Keeps what translators look at: made in a process of its own, once for each state of the library."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import Request

from ldn_print.context import Place, find_places
from ldn_print.jobs import Settings
from ldn_print.languages import Language
from ldn_print.models import Leaflet
from ldn_print.press import Press
from ldn_print.status import LanguageStatus, read_status
from ldn_print.watch import read_stamps, stamp_of
from ldn_print.web.pages import desk_of
from ldn_print.web.state import Desk, View
from ldn_print.workbench import Workbench, make_workbench

_MOST_KEPT = 24  # leaflets, each with its pages as pictures
_OF_TRANSLATORS = frozenset({".po", ".pot"})
_OF_SIGNERS = "approvals.toml"
_T = TypeVar("_T")


class Bench:
    """What translators look at, of the library as it is now.

    Args:
        desk: on which it stands.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept: OrderedDict[tuple[object, ...], object] = OrderedDict()
        self._places: tuple[str, dict[str, Place]] = ("", {})
        self._lock = asyncio.Lock()

    async def workbench(self, view: View, leaflet: Leaflet, language: Language) -> Workbench:
        """Return a leaflet as its translator sees it.

        Raises:
            LdnPrintError: a source cannot be read, or the page cannot be laid out.
            BusyError, TooSlowError: as `Workers.run`.
        """
        key = "workbench", leaflet, language.tag, view.stamp
        known = self._kept.get(key)
        if isinstance(known, Workbench):
            return known
        source = source_stamp(view.settings)
        places = await self.places(view)
        values = view.settings, leaflet, language, _States(view.stamp, source), places
        return self._keep(key, view, await self._desk.workers.run(draw_workbench, *values))

    async def status(self, view: View) -> tuple[LanguageStatus, ...]:
        """Return how far each language is.

        Raises:
            LdnPrintError: a source cannot be read.
            BusyError, TooSlowError: as `Workers.run`.
        """
        key = "status", view.stamp
        known = self._kept.get(key)
        if isinstance(known, tuple):
            return known
        states = _States(view.stamp, source_stamp(view.settings))
        return self._keep(key, view, await self._desk.workers.run(read_board, view.settings, states))

    async def places(self, view: View) -> dict[str, Place]:
        """Return where each message of the library stands, by its id; found once as long as no template changes.

        Raises:
            LdnPrintError: a source cannot be read.
            BusyError, TooSlowError: as `Workers.run`.
        """
        async with self._lock:
            source = source_stamp(view.settings)
            if self._places[0] != source:
                states = _States(view.stamp, source)
                found = await self._desk.workers.run(look_for_places, view.settings, states)
                self._places = source, found
            return self._places[1]

    def _keep(self, key: tuple[object, ...], view: View, value: _T) -> _T:
        """Keep what was made, unless a source was saved meanwhile: it may be of either state."""
        if stamp_of(view.settings.library, view.settings.clinic.approvals) == view.stamp:
            self._kept[key] = value
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return value


def bench_of(request: Request) -> Bench:
    """Return the bench of the desk that a request came to."""
    state = request.app.state
    if not hasattr(state, "bench"):
        state.bench = Bench(desk_of(request))
    bench: Bench = state.bench
    return bench


def source_stamp(settings: Settings) -> str:
    """Return what stands for all sources but translations and signatures: it changes when one of them is saved."""
    rows = [
        (str(path), saved)
        for path, saved in read_stamps(settings.library).items()
        if path.suffix not in _OF_TRANSLATORS and path.name != _OF_SIGNERS and path.parent.name != "signed"
    ]
    return hashlib.sha256(repr(sorted(rows)).encode()).hexdigest()


@dataclass(frozen=True)
class _States:
    """What stands for the library: ``all`` changes with any source, ``source`` not with a translation."""

    all: str
    source: str


def draw_workbench(
    settings: Settings, leaflet: Leaflet, language: Language, states: _States, places: dict[str, Place]
) -> Workbench:
    """Return a leaflet as its translator sees it; called in a worker."""
    return make_workbench(_press(settings, states), leaflet, language, settings.clinic.paper, places)


def read_board(settings: Settings, states: _States) -> tuple[LanguageStatus, ...]:
    """Return how far each language is; called in a worker."""
    press = _press(settings, states)
    return read_status(press, press.catalogs.available())


def look_for_places(settings: Settings, states: _States) -> dict[str, Place]:
    """Return where each message of the library stands, by its id; called in a worker."""
    return find_places(_press(settings, states))


_presses: list[tuple[Settings, _States, Press]] = []


def _press(settings: Settings, states: _States) -> Press:
    """Return this process's press; it reads only translations again when only those were saved."""
    for known, at, press in _presses:
        if known == settings and at.source == states.source:
            if at.all != states.all:
                press.forget_catalogs()
                _presses[:] = [(settings, states, press)]
            return press
    _presses[:] = [(settings, states, Press(settings))]
    return _presses[0][2]
