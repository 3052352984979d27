"""What goes for every process that makes pages for another one: who decides when it ends."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held_back(*signals: signal.Signals) -> Iterator[None]:
    """Hold signals back: a process that starts meanwhile never gets them, this one gets them afterwards.

    Ctrl-C goes to all processes of a command, and its first one decides what that means. A worker could turn it
    away itself only in its first line of ours: one that came before would end it with a traceback.

    Args:
        signals: which ones, in this thread and in the processes that it starts.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
