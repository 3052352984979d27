"""Serves the desk, and leaves cleanly: what is under way comes to its end first."""

from __future__ import annotations

import logging

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
    import uvicorn

    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    uvicorn.run(
        make_app(options),
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
