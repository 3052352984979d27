"""Writes finished files: to a temporary name first, then moved, so that nothing is ever half-written."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ldn_print.errors import ChangedError, OutputError, ProjectError, read_source


def prepare_folder(folder: Path) -> None:
    """Make a folder and see that files can be written there, before any work is done.

    Raises:
        OutputError: it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".ldn-print-")
        os.close(handle)
        Path(name).unlink()
    except OSError as problem:
        raise _explain(folder, problem) from problem


def write_file(path: Path, data: bytes, *, is_lasting: bool = False) -> None:
    """Write a file whole or not at all.

    Args:
        path: where.
        data: its bytes.
        is_lasting: wait until the disk has it; for what cannot be made again.

    Raises:
        OutputError: it cannot be written; what stood there before is still there.
    """
    # The name is known before there is a file: an interruption at any moment leaves none behind.
    temporary = path.with_name(f".ldn-print-{secrets.token_hex(6)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            file.write(data)
            if is_lasting:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as problem:
        raise _explain(path, problem) from problem
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def remove_file(path: Path) -> None:
    """Take a file away; one that is not there is no mistake.

    Raises:
        OutputError: it cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise _explain(path, problem) from problem


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep everybody else who asks for it out of a folder until this is done; they wait.

    Raises:
        OutputError: the folder cannot be made or opened.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as problem:
        raise _explain(folder, problem) from problem
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@dataclass(frozen=True)
class Seen:
    """A file as somebody saw it: its text and the SHA-256 of it in hexadecimal, both empty where there is none."""

    text: str = ""
    digest: str = ""


def read_seen(path: Path) -> Seen:
    """Return a file's text, and the digest by which `write_seen` knows it again.

    Raises:
        ProjectError: it is there and cannot be read as UTF-8 text.
    """
    if not path.exists():
        return Seen()
    text = read_source(path, ProjectError)
    return Seen(text, hashlib.sha256(text.encode()).hexdigest())


def write_seen(path: Path, text: str, digest: str) -> None:
    """Write a file that people edit too, unless it is another one than was seen.

    Args:
        path: where; behind a link the file that it points to.
        text: what stands there from now on.
        digest: that of the file when it was seen, as `read_seen` returned it.

    Raises:
        ChangedError: somebody else wrote the file meanwhile; theirs is still there.
        OutputError: it cannot be written; what stood there before is still there.
    """
    target = path.resolve()
    try:
        with locked(target.parent):
            if read_seen(target).digest != digest:
                raise ChangedError(f"{path.name}: was changed meanwhile\n  Look at what stands there now.")
            write_file(target, text.encode(), is_lasting=True)
    except ChangedError:
        raise
    except OutputError as problem:
        fact = str(problem).partition("\n")[0]
        raise OutputError(f"{fact}\n  Let the account that runs this program write there.") from problem


def _explain(path: Path, problem: OSError) -> OutputError:
    hints = {
        errno.ENOSPC: "Free some space on the disk, then run the command again.",
        errno.EDQUOT: "Free some of your disk quota, then run the command again.",
        errno.EACCES: "Choose a folder that you may write to with --output.",
        errno.EPERM: "Choose a folder that you may write to with --output.",
        errno.EROFS: "The disk is read-only. Choose another folder with --output.",
        errno.ENOTDIR: "A file stands where a folder should be. Choose another folder with --output.",
        errno.EEXIST: "A file stands where a folder should be. Choose another folder with --output.",
        errno.EISDIR: "A folder stands where the file should be. Remove it or choose another --output.",
    }
    hint = hints.get(problem.errno or 0, "Choose another folder with --output.")
    return OutputError(f"{path}: cannot be written: {problem.strerror or problem}\n  {hint}")
