"""A process that validates for the API: a task comes over its socket, the answer goes back.

It ends when the socket does, and so outlives no process that it works for.
"""

from __future__ import annotations

import gc
import signal
from multiprocessing.connection import Connection

import msgspec

from validation_engine.api.work import Bench, Task, answer_or_refusal
from validation_engine.engine import default_engine


def work(descriptor: int) -> None:
    """Answer tasks until nobody is left to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that it works for
    bench, decoder = Bench(default_engine()), msgspec.msgpack.Decoder(Task)
    gc.freeze()
    with Connection(descriptor) as pipe:
        while True:
            try:
                task = decoder.decode(pipe.recv_bytes())
                pipe.send_bytes(msgspec.msgpack.encode(answer_or_refusal(bench, task)))
            except (EOFError, ConnectionError):
                return
