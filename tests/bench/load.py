"""Requests over a number of kept connections, each sent after the answer to the one before."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def per_second(port: int, requests: Sequence[bytes], connections: int) -> float:
    """Return how many requests a second are answered with 200, by the clock.

    Raises:
        RuntimeError: One was not.
    """
    return asyncio.run(_rate(port, requests, connections))


def post(path: str, body: bytes, **headers: str) -> bytes:
    """Return a request as it goes over the wire."""
    given = {"Host": "localhost", "Content-Type": "application/json", "Content-Length": str(len(body))}
    told = {**given, **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


async def _rate(port: int, requests: Sequence[bytes], connections: int) -> float:
    started = time.perf_counter()
    await asyncio.gather(*(_sent(port, requests[first::connections]) for first in range(connections)))
    return len(requests) / (time.perf_counter() - started)


async def _sent(port: int, requests: Sequence[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        answer = await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode())
    writer.close()
