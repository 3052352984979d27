"""A desk that really runs: a server on a free port of this machine, asked over the network as browsers do."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn

from ldn_print.project import Library
from ldn_print.web.app import make_app
from ldn_print.web.state import Desk, Options

CLINIC = """\
# Ask the clinical lead before the limits are changed.
country = "US"
name = "Example Clinic"
phone = "555-0142"
highest_dose = 4.5
largest_step = 1.5

[phrases.bring]
en = "Bring a list of all your medicines."
es-US = "Traiga una lista de todas sus medicinas."
"""
_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What the desk answered."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.data.decode()

    @property
    def words(self) -> str:
        """What a person reads on the page."""
        return " ".join(re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", self.text, flags=re.DOTALL).split())


class Client:
    """A browser without a screen: keeps cookies, follows nothing.

    Args:
        port: where the desk listens.
        app: the desk itself, where it runs in this process.
    """

    def __init__(self, port: int, app: Any = None) -> None:
        self.port, self.app, self.cookies = port, app, dict[str, str]()
        self.address = f"http://127.0.0.1:{port}"

    @property
    def state(self) -> Desk:
        """What the desk stands on."""
        state: Desk = self.app.state.desk
        return state

    def get(self, path: str, **headers: str) -> Answer:
        """Return the answer to an address."""
        return self.ask("GET", path, None, headers)

    def post(self, path: str, form: Mapping[str, object], **headers: str) -> Answer:
        """Return the answer to a form, sent with the token of this browser as a page would."""
        if "ldn_csrf" not in self.cookies:
            self.get("/")
        body = urlencode({"csrf": self.cookies["ldn_csrf"], **form}, doseq=True).encode()
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body, kind | headers)

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Return the answer to any request."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_SECONDS)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    cookie, _, rest = value.partition(";")[0].partition("=")
                    self.cookies[cookie] = rest
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, named, answer.read())
        finally:
            connection.close()


@contextmanager
def open_desk(options: Options) -> Iterator[Client]:
    """Yield a browser for a desk that runs until it is left."""
    app = make_app(options)
    config = uvicorn.Config(app, port=0, log_level="critical", ws="none", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + _SECONDS
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        yield Client(server.servers[0].sockets[0].getsockname()[1], app)
    finally:
        server.should_exit = True
        thread.join()


def write_clinic(folder: Path, text: str = CLINIC) -> Path:
    """Return a clinic's profile in a folder of its own."""
    folder.mkdir(exist_ok=True)
    path = folder / "clinic.toml"
    path.write_text(text, encoding="utf-8")
    return path


def options_for(library: Library, cache_folder: Path, clinic: Path | None, **more: object) -> Options:
    """Return what a desk of the tests is started with: one worker."""
    return Options(library, cache_folder, clinic, workers=1, **more)  # type: ignore[arg-type]
