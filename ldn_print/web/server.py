"""Serves the desk, and leaves cleanly: what is under way comes to its end first."""

from __future__ import annotations

import contextlib
import logging
import socket

import uvicorn
from starlette.applications import Starlette

from ldn_print.web.app import make_app
from ldn_print.web.state import Options

_LEAVE_SECONDS = 30
_KEEP_SECONDS = 15
_MOST_CONNECTIONS = 512


def serve(options: Options, host: str, port: int) -> None:
    """Serve the desk until somebody ends it.

    Nothing about requests is logged: addresses hold no patient's data, and still nobody needs them.

    Args:
        options: what the desk stands on.
        host: the address to listen on.
        port: its port.
    """
    app = make_app(options)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_level="critical",
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_SECONDS,
        timeout_graceful_shutdown=_LEAVE_SECONDS,
        limit_concurrency=_MOST_CONNECTIONS,
        h11_max_incomplete_event_size=32_768,
        ws="none",
    )
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    with contextlib.suppress(KeyboardInterrupt):
        _Server(config, app).run()


class _Server(uvicorn.Server):
    """The server; who listens for news is told first that it leaves, and holds nothing up."""

    def __init__(self, config: uvicorn.Config, app: Starlette) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Leave."""
        batches = getattr(self._app.state, "batches", None)
        if batches:
            batches.leave()
        await super().shutdown(sockets)
