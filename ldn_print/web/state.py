"""What the desk stands on: the library and the clinic as they are now, and what was made from them."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import RLock
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

from ldn_print.clinic import default_clinic, load_clinic
from ldn_print.finder import Finder
from ldn_print.job_cache import JobCache
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.models import Clinic
from ldn_print.press import Press
from ldn_print.project import Library
from ldn_print.shelf import trim
from ldn_print.watch import stamp_of
from ldn_print.web.workers import Workers, draw, make_sheet

_LOOK_SECONDS = 0.5  # how old what is known of the files may be
_MOST_PICTURE_BYTES = 64_000_000
_T = TypeVar("_T")
_TRIM_EACH = 200  # sheets between two looks at how much is kept


@dataclass(frozen=True)
class Options:
    """What the desk was started with.

    Args:
        library: where handouts, templates and locales lie.
        cache_folder: for things that can be made again.
        clinic_file: the clinic's profile; None without one.
        can_edit: whether pages may write the profile, translations and approvals.
        access_code: what staff type once; empty on this machine alone.
        trusted_header: the header in which a reverse proxy on this machine names who is signed in; may be empty.
        api_keys: who may ask as a machine: a name by its key.
        hosts: names and addresses that the desk answers to, in small letters, without a port.
        workers: how many processes make pages.
    """

    library: Library
    cache_folder: Path
    clinic_file: Path | None = None
    can_edit: bool = True
    access_code: str = ""
    trusted_header: str = ""
    api_keys: dict[str, str] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset({"localhost", "127.0.0.1", "[::1]"})
    workers: int = 2

    @property
    def queue(self) -> int:
        """How many pages may be under way or waiting before somebody is asked to come back."""
        return 32 * self.workers


@dataclass(frozen=True)
class View:
    """Library and clinic as they were at one moment; ``stamp`` changes when a source is saved."""

    settings: Settings
    press: Press
    finder: Finder
    cache: JobCache
    stamp: str


class Desk:
    """The library and the clinic, read again when somebody saves a file.

    Args:
        options: what the desk was started with.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.workers = Workers(options.workers, options.queue)
        self._lock = RLock()
        self._view: View | None = None
        self._profile: tuple[tuple[str, int], ...] = ()
        self._looked = 0.0
        self._pictures: OrderedDict[str, tuple[bytes, ...]] = OrderedDict()
        self._made = 0
        self._making: dict[tuple[object, ...], asyncio.Future[JobResult]] = {}

    @contextmanager
    def view(self) -> Iterator[View]:
        """Yield library and clinic as they are now; nobody else reads them meanwhile.

        Raises:
            ProjectError: the clinic's profile has findings.
        """
        with self._lock:
            now = time.monotonic()
            if self._view is None or now - self._looked > _LOOK_SECONDS:
                self._view, self._looked = self._look(), now
            yield self._view

    async def read(self, look: Callable[[View], _T]) -> _T:
        """Return what a function finds in library and clinic as they are now; it is called in a thread.

        Raises:
            ProjectError: the clinic's profile has findings.
        """

        def run() -> _T:
            with self.view() as view:
                return look(view)

        return await run_in_threadpool(run)

    def look_again(self) -> None:
        """Read what changed at once: this desk has written something."""
        self._looked = 0.0

    def _look(self) -> View:
        before, profile = self._view, self._profile_stamp()
        if before and profile == self._profile and before.settings.today == date.today():
            settings = before.settings
        else:
            clinic = self.read_clinic()
            settings = Settings(self.options.library, clinic, self.options.cache_folder, today=date.today())
        stamp = stamp_of(settings.library, settings.clinic.approvals)
        if before and before.stamp == stamp and before.settings is settings:
            return before
        self._profile = profile
        press = Press(settings)
        return View(settings, press, Finder(press), JobCache(settings), stamp)

    def _profile_stamp(self) -> tuple[tuple[str, int], ...]:
        """Return when the clinic's profile and the pictures beside it were last saved."""
        file = self.options.clinic_file
        if file is None:
            return ()
        beside = (path for path in file.parent.glob("*") if path.suffix.lower() in (".png", ".svg"))
        return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in (file, *beside) if path.is_file()))

    def read_clinic(self) -> Clinic:
        """Return the clinic's profile as it stands in its file.

        Raises:
            ProjectError: it cannot be read or has findings.
        """
        file = self.options.clinic_file
        return load_clinic(file) if file and file.exists() else default_clinic()

    async def make(self, view: View, job: Job) -> JobResult:
        """Return a job's file, from what was kept or made now.

        Raises:
            BusyError, TooSlowError: as `Workers.run`.
        """
        known = await run_in_threadpool(view.cache.get, job)
        if known is not None:
            return known
        # What makes the page holds on to these settings until it is done: nothing else can have their id.
        key = id(view.settings), view.stamp, job
        if key not in self._making:  # who asks for the same sheet meanwhile waits for the same page
            making = asyncio.ensure_future(self.workers.run(make_sheet, view.settings, job, view.stamp))
            self._making[key] = making
            making.add_done_callback(lambda _: self._making.pop(key, None))
        made = await asyncio.shield(self._making[key])
        self._made += 1
        if self._made % _TRIM_EACH == 0:
            await run_in_threadpool(trim, self.options.cache_folder)
        return made

    async def pictures(self, data: bytes) -> tuple[bytes, ...]:
        """Return the pages of a sheet as PNG; those looked at last are kept in memory.

        Raises:
            BusyError, TooSlowError: as `Workers.run`.
        """
        key = hashlib.sha256(data).hexdigest()
        if key not in self._pictures:
            self._pictures[key] = await self.workers.run(draw, data)
            while sum(len(page) for pages in self._pictures.values() for page in pages) > _MOST_PICTURE_BYTES:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end(key)
        return self._pictures[key]
