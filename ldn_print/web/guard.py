"""Keeps the desk safe: who may ask, for how much, how often, and what a browser may do with the answer.

Every request passes here before anything of the desk sees it. Rules: OWASP ASVS on forgery (double-submit cookie,
Origin, Fetch metadata) and on rebinding of names (Host), CSP level 3.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ldn_print.web.access import Access

CSRF = "ldn_csrf"
MOST_BYTES = 3_000_000
READ_SECONDS = 15.0  # in which the whole of a request has to arrive
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# A leaflet for screens carries its style and pictures in itself, and nothing else.
LEAFLET_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'self'"
)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BURST, _PER_SECOND = 400.0, 60.0  # requests of one address
_MOST_ADDRESSES = 10_000


class Refused(Exception):  # noqa: N818  # an answer, not a fault of ours
    """A request is not answered: ``status``, and what the person reads."""

    def __init__(self, status: HTTPStatus, words: str, *, retry: int = 0) -> None:
        super().__init__(words)
        self.status, self.words, self.retry = status, words, retry


@dataclass
class _Bucket:
    left: float
    at: float


class Meter:
    """Counts what each address asks for.

    Args:
        burst: how many requests at once.
        per_second: how many more each second.
    """

    def __init__(self, burst: float = _BURST, per_second: float = _PER_SECOND) -> None:
        self._burst, self._rate = burst, per_second
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def takes(self, address: str) -> bool:
        """Tell whether an address may ask once more, and count it."""
        now = time.monotonic()
        bucket = self._buckets.setdefault(address, _Bucket(self._burst, now))
        self._buckets.move_to_end(address)
        if len(self._buckets) > _MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._rate)
        bucket.at = now
        bucket.left -= 1
        return bucket.left >= 0


class Guard:
    """The middleware.

    Args:
        app: what answers.
        hosts: names that the desk answers to, in small letters, without a port.
        access: who may ask.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str], access: Access) -> None:
        self._app, self._hosts, self._access = app, hosts, access
        self._meter = Meter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        token = request.cookies.get(CSRF) or secrets.token_urlsafe(24)
        scope.setdefault("state", {})["csrf"] = token
        sender = _Sender(send, token if CSRF not in request.cookies else "", request.url.scheme == "https")
        try:
            self._check(request)
            await self._app(scope, _limited(receive), sender)
        except Refused as refused:
            if sender.started:
                raise
            answer = PlainTextResponse(refused.words, refused.status)
            if refused.retry:
                answer.headers["retry-after"] = str(refused.retry)
            await answer(scope, receive, sender)

    def _check(self, request: Request) -> None:
        headers = request.headers
        _check_host(headers, self._hosts)
        address = request.client.host if request.client else ""
        if not self._meter.takes(address):
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS, "Too many requests. Wait a moment.", retry=2)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This is more than the desk takes.")
        request.state.who = self._access.who(request)
        if request.method not in _SAFE and not request.state.who.is_machine:
            _check_origin(headers)


def _check_host(headers: Headers, hosts: frozenset[str]) -> None:
    """Refuse names that are not ours: a foreign page could point its own name at this machine."""
    name = headers.get("host", "").casefold()
    if not name.endswith("]"):
        name = name.rpartition(":")[0] if ":" in name else name
    if name not in hosts:
        known = ", ".join(sorted(hosts))
        words = f"This desk does not answer to that name. It answers to: {known}. Others: --allow-host NAME."
        raise Refused(HTTPStatus.MISDIRECTED_REQUEST, words)


def _check_origin(headers: Headers) -> None:
    """Refuse what another site makes a browser send."""
    origin, site = headers.get("origin", ""), headers.get("sec-fetch-site", "same-origin")
    if site not in ("same-origin", "none") or (origin and urlsplit(origin).netloc != headers.get("host", "")):
        raise Refused(HTTPStatus.FORBIDDEN, "This was sent by another site. Start from the desk's own page.")


def check_token(request: Request, given: str) -> None:
    """Refuse a form that was not written by this desk for this browser.

    Raises:
        Refused: its token is not that of the cookie.
    """
    token = request.cookies.get(CSRF, "")
    if not token or not secrets.compare_digest(token.encode(), given.encode()):
        words = "This form is too old, or cookies are off. Go back, load the page again, and send it once more."
        raise Refused(HTTPStatus.FORBIDDEN, words)


def _limited(receive: Receive) -> Receive:
    """Return a reader of the request that refuses what is too long or comes too slowly."""
    taken, until = 0, time.monotonic() + READ_SECONDS

    done = False

    async def read() -> Message:
        nonlocal taken, done
        if done:  # what comes now is only that the reader has left
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.01, until - time.monotonic()))
        except TimeoutError:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT, "The request did not arrive in time.") from None
        taken += len(message.get("body", b""))
        done = not message.get("more_body", False)
        if taken > MOST_BYTES:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This is more than the desk takes.")
        return message

    return read


class _Sender:
    """Adds to each answer what a browser may do with it."""

    def __init__(self, send: Send, token: str, is_secure: bool) -> None:
        self._send, self._token, self._secure = send, token, is_secure
        self.started = False

    async def __call__(self, message: Message) -> None:
        """Pass a part of the answer on."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            headers.setdefault("content-security-policy", POLICY)
            headers.setdefault("cache-control", "no-store")
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "same-origin"
            headers["cross-origin-opener-policy"] = "same-origin"
            headers["cross-origin-resource-policy"] = "same-origin"
            headers["permissions-policy"] = "camera=(), microphone=(), geolocation=()"
            if self._token and headers.get("content-type", "").startswith("text/html"):
                secure = "; Secure" if self._secure else ""
                headers.append("set-cookie", f"{CSRF}={self._token}; Path=/; HttpOnly; SameSite=Strict{secure}")
        await self._send(message)
