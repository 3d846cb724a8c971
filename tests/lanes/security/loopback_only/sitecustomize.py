"""Python reads this file first where its folder is on the path: the process reaches this machine and nobody else, and
what it wanted to reach is written down. It holds no test, and needs nothing of the project."""

import os
import sys
from pathlib import Path
from typing import Any

HERE = {"127.0.0.1", "::1", "localhost", "", None}
REFUSED = Path(os.environ["REFUSED_ADDRESSES"])


def _host(event: str, arguments: tuple[Any, ...]) -> object:
    """Whom a call of `socket` is for; a path of this machine is nobody."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    else:
        return None
    return host.decode() if isinstance(host, bytes) else host


def _refuse_strangers(event: str, arguments: tuple[Any, ...]) -> None:
    host = _host(event, arguments)
    if host not in HERE:
        with REFUSED.open("a") as file:
            file.write(f"{event} {host}\n")
        raise OSError(f"{host} is not this machine")


sys.addaudithook(_refuse_strangers)
