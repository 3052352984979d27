"""``ldn-print serve``: the clinic desk in a browser."""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path

import click

_LOCAL = ("127.0.0.1", "localhost", "::1")
_LEAST_CODE, _LEAST_KEY = 8, 24  # signs


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8765, help="Default: 8765.")
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="The address to listen on. Any but this machine's own needs a code (LDN_PRINT_ACCESS_CODE) or a proxy.",
)
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    metavar="NAME",
    help="A name that the desk answers to, as in 'desk.example.org'.",
)
@click.option(
    "--trust-header",
    default="",
    metavar="NAME",
    help="The header in which a reverse proxy on this machine names who is signed in, as in 'X-Remote-User'.",
)
@click.option(
    "--clinic",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The clinic's profile. It may be missing: the page 'Clinic' writes it.",
)
@click.option(
    "--api-keys",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Keys of machines, one a line: a name, a gap, the key. The file is for its owner alone (chmod 600).",
)
@click.option("--read-only", is_flag=True, help="No page writes anything: profile, translation, approval.")
@click.option("--edit", is_flag=True, help="Let pages write, also when others than this machine reach them.")
@click.option("-j", "--jobs", type=click.IntRange(1, 32), metavar="N", help="Processes that make pages.")
def command(
    port: int,
    host: str,
    names: tuple[str, ...],
    trust_header: str,
    clinic: Path | None,
    api_keys: Path | None,
    read_only: bool,
    edit: bool,
    jobs: int | None,
) -> int:
    r"""Open the clinic desk: find a sheet in a browser, see it, print it. Ctrl-C ends.

    \b
    ldn-print serve --clinic clinic.toml
    LDN_PRINT_ACCESS_CODE=… ldn-print serve --host 0.0.0.0 --allow-host desk.example.org
    """
    from ldn_print.cli import places
    from ldn_print.web.server import serve
    from ldn_print.web.state import Options

    is_local = host in _LOCAL
    code = os.environ.get("LDN_PRINT_ACCESS_CODE", "").strip()
    _check_access(is_local, code, trust_header)
    if read_only and edit:
        raise click.UsageError("--read-only and --edit exclude each other. Use one of them.")
    options = Options(
        library=places.library(),
        cache_folder=places.cache_folder(),
        clinic_file=clinic,
        can_edit=not read_only and (is_local or edit),
        access_code=code,
        trusted_header=trust_header,
        api_keys=_read_keys(api_keys) if api_keys else {},
        hosts=frozenset({*_LOCAL, "[::1]", host.casefold(), *(name.casefold() for name in names)}),
        workers=jobs or min(4, os.cpu_count() or 1),
    )
    _check_port(host, port)
    shown = "localhost" if is_local else host
    click.echo(f"The desk is open: http://{shown}:{port}/  (Ctrl-C ends)", err=True)
    serve(options, host, port)
    return 0


def _check_access(is_local: bool, code: str, header: str) -> None:
    """Refuse a desk that a network could use without a code."""
    if not is_local and not code and not header:
        raise click.UsageError(
            "--host: whoever reaches that address could use the desk.\n"
            f"  Set a code that staff type once: LDN_PRINT_ACCESS_CODE={secrets.token_hex(5)} ldn-print serve …\n"
            "  or let a reverse proxy on this machine say who is signed in: --trust-header X-Remote-User."
        )
    if code and len(code) < _LEAST_CODE:
        raise click.UsageError(f"LDN_PRINT_ACCESS_CODE: at least {_LEAST_CODE} signs.")
    if header and not is_local:
        raise click.UsageError("--trust-header: the proxy runs on this machine, so listen on 127.0.0.1 only.")


def _check_port(host: str, port: int) -> None:
    """Refuse a port that is taken, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise click.UsageError(
                f"{host}, port {port}: {problem.strerror or problem}. Is the desk open already? Or use --port."
            ) from None


def _read_keys(path: Path) -> dict[str, str]:
    """Return who may ask as a machine: a name by its key."""
    if path.stat().st_mode & 0o077:
        raise click.UsageError(f"{path}: others can read it. Run: chmod 600 {path}")
    keys: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, key = line.strip().partition(" ")
        if len(key.strip()) < _LEAST_KEY:
            raise click.UsageError(
                f"{path}:{number}: write a name, a gap, and a key of {_LEAST_KEY} signs or more."
            )
        keys[key.strip()] = name
    return keys
