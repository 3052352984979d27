"""Who may use the desk: everybody on this machine; on a network who knows the code, or whom a proxy has let in."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass

from starlette.requests import Request

COOKIE = "ldn_access"
COOKIE_SECONDS = 30 * 86_400
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
_OPEN = ("/static/", "/enter")
_API = "/api/"


@dataclass(frozen=True)
class Who:
    """Who asks: ``may_enter`` when they may see pages, ``is_machine`` when they came with an API key."""

    may_enter: bool
    is_machine: bool = False
    name: str = ""


class Access:
    """Tells who asks.

    Args:
        code: what staff type once; empty where everybody who reaches the desk may use it.
        trusted_header: the header in which a reverse proxy on this machine names who is signed in; may be empty.
        api_keys: names of machines by their key.
    """

    def __init__(self, code: str, trusted_header: str, api_keys: dict[str, str]) -> None:
        self._code, self._header, self._keys = code, trusted_header, api_keys

    @property
    def is_open(self) -> bool:
        """True where nobody has to say who they are."""
        return not self._code and not self._header

    @property
    def is_behind_proxy(self) -> bool:
        """True where a reverse proxy says who is signed in: no code helps."""
        return bool(self._header)

    def who(self, request: Request) -> Who:
        """Return who asks."""
        machine = self._machine(request)
        if machine:
            return Who(may_enter=True, is_machine=True, name=machine)
        if self._header:
            address = request.client.host if request.client else ""
            name = request.headers.get(self._header, "") if address in _LOCAL else ""
            return Who(may_enter=bool(name), name=name)
        return Who(may_enter=self.is_open or self._is_let_in(request.cookies.get(COOKIE, "")))

    def _machine(self, request: Request) -> str:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.casefold() != "bearer" or not request.url.path.startswith(_API):
            return ""
        return next((name for key, name in self._keys.items() if _same(key, given.strip())), "")

    def is_code(self, given: str) -> bool:
        """Tell whether somebody typed the code."""
        return bool(self._code) and _same(self._code, given.strip())

    def cookie(self) -> str:
        """Return what a browser keeps once the code was typed: good for 30 days, also after a restart."""
        until = str(int(time.time()) + COOKIE_SECONDS)
        return f"{until}.{self._seal(until)}"

    def _is_let_in(self, cookie: str) -> bool:
        until, _, seal = cookie.partition(".")
        return until.isdigit() and int(until) > time.time() and _same(seal, self._seal(until))

    def _seal(self, until: str) -> str:
        key = hashlib.sha256(f"ldn-print desk {self._code}".encode()).digest()
        return hmac.new(key, until.encode(), hashlib.sha256).hexdigest()


def is_open_path(path: str) -> bool:
    """Tell whether an address may be asked for before anybody was let in."""
    return path.startswith(_OPEN)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
