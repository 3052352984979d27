"""Saved sets on the desk: a choice is kept under a name beside the clinic's profile, taken up, taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ldn_print.errors import ChangedError, LdnPrintError
from ldn_print.sets import FILE, MAX_NAME, SavedSet, Sets, delete_set, read_sets, save_set
from ldn_print.web.state import Options

_CHANGED = "Somebody else changed the saved sets meanwhile. Nothing was written. The list is new now: try again."


@dataclass(frozen=True)
class SavedSets:
    """The saved sets as the page shows them.

    ``can_write`` is true where buttons make sense, ``why_not`` says in words why they do not. ``trouble`` is what
    is wrong with the file as a whole: then nothing is written either.
    """

    sets: Sets
    can_write: bool
    why_not: str = ""
    trouble: str = ""


def sets_file(options: Options) -> Path | None:
    """Return where sets are kept; None without a clinic's folder."""
    return options.clinic_file.parent / FILE if options.clinic_file else None


def look_up_sets(options: Options) -> SavedSets:
    """Return the saved sets, and whether they can be changed here."""
    path = sets_file(options)
    if path is None:
        why = "Saved sets lie beside the clinic's profile, and this desk was started without one (--clinic FILE)."
        return SavedSets(Sets(), can_write=False, why_not=why)
    try:
        sets = read_sets(path, options.library)
    except LdnPrintError as problem:
        return SavedSets(Sets(), can_write=False, trouble=str(problem))
    if not options.can_edit:
        why = "This desk may not write: sets are changed in the file beside the clinic's profile."
        return SavedSets(sets, can_write=False, why_not=why)
    trouble = "\n".join(map(str, sets.findings))
    return SavedSets(sets, can_write=not trouble, trouble=trouble)


@dataclass(frozen=True)
class Kept:
    """What became of a wish to save: ``problem`` is empty when it was done; ``asks`` when the name is taken."""

    problem: str = ""
    asks: bool = False


def keep_set(options: Options, saved: SavedSet, digest: str, *, replaces: bool) -> Kept:
    """Save a choice under a name.

    Args:
        options: what the desk was started with.
        saved: name and choice.
        digest: that of the file when the page was made.
        replaces: whether a set of the same name may go.
    """
    path, known = sets_file(options), look_up_sets(options)
    name = saved.name
    if path is None or not known.can_write:
        return Kept(known.why_not or known.trouble)
    if not name or len(name) > MAX_NAME or not name.isprintable():
        return Kept(f"Write a name of up to {MAX_NAME} letters.")
    if not saved.selection.sheets or not saved.selection.languages:
        return Kept("Tick at least one sheet and one language before you save.")
    if known.sets.find(name) and not replaces:
        return Kept(
            f"“{name}” is there already. Tick “Replace it” and save again, or choose another name.", asks=True
        )
    return Kept(_write(lambda: save_set(path, saved, digest)))


def drop_set(options: Options, name: str, digest: str) -> str:
    """Take a set away; return what is wrong, or nothing."""
    path, known = sets_file(options), look_up_sets(options)
    if path is None or not known.can_write:
        return known.why_not or known.trouble
    return _write(lambda: delete_set(path, name, digest))


def _write(write: Callable[[], None]) -> str:
    try:
        write()
    except ChangedError:
        return _CHANGED
    except LdnPrintError as problem:
        return str(problem)
    return ""
