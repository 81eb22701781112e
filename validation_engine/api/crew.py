"""The processes that validate for the API, so that documents use every core and hold up no answer.

Each does one task at a time, for the thread that took it. Large documents leave one process free
for small ones. A process that dies is replaced, and its task given to another: nothing of a task
is committed before its answer is here, so that trying again repeats nothing. A task is refused
only after one death more than there are processes: each of them may have been killed at once, by
something else, with the task already on its way. One that takes far longer than any document does
is killed, and its task refused at once: it would hang the next one too.
"""

from __future__ import annotations

import socket
import struct
import subprocess
import threading
from contextlib import nullcontext
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import TYPE_CHECKING

import msgspec
import structlog

from tenants.errors import Unavailable
from validation_engine.api.work import Answer, Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validation_engine.api.work import Task

_log = structlog.get_logger(__name__)
_LARGE = 100_000
# The largest documents take some ten seconds; starting on a busy machine takes a minute.
_PATIENCE = 300.0


class Crew:
    """A number of processes.

    Args:
        size: How many: two or more, so that large documents leave one free.
        command: Starts a process that ends in `worker.work`, given its descriptor as last argument.
        patience: How many seconds a process may take for a document, its own start among them.
    """

    def __init__(self, size: int, command: Sequence[str], patience: float = _PATIENCE) -> None:
        self._large = threading.Semaphore(size - 1)
        self._workers = [_Worker(command, patience) for _ in range(size)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def answer(self, task: Task) -> Answer:
        """Have a document validated; the thread waits for it.

        Raises:
            EngineError: The document, a module or the type cannot be used.
            Unavailable: One process after another died on it, or one took far too long.
        """
        asked = msgspec.msgpack.encode(task)
        with self._large if task.size > _LARGE else nullcontext():
            for _ in range(len(self._workers) + 1):
                told = self._told(asked)
                if isinstance(told, Answer):
                    return told
                if told is not None:
                    raise told.error()
        message = "The document could not be validated: what read it was stopped; send a simpler one."
        raise Unavailable(message, "validation_stopped")

    def processes(self) -> list[int]:
        """Return the ids of the processes there are now."""
        return [worker.process_id for worker in self._workers]

    def close(self) -> None:
        """End the processes; what they were at is not committed, and nobody was told that it is."""
        for worker in self._workers:
            worker.close()

    def _told(self, asked: bytes) -> Answer | Refusal | None:
        worker = self._idle.get()
        try:
            return worker.answer(asked)
        finally:
            self._idle.put(worker)


class _Worker:
    """A process and the way to it, used by one thread at a time."""

    def __init__(self, command: Sequence[str], patience: float) -> None:
        self._command = command
        self._patience = patience
        self._decoder = msgspec.msgpack.Decoder(Answer | Refusal)
        self._changing = threading.Lock()
        self._is_closed = False
        self._start()

    @property
    def process_id(self) -> int:
        """Return the id of its process."""
        return self._process.pid

    def answer(self, asked: bytes) -> Answer | Refusal | None:
        """Return what the process answers; None where it died, with another one in its place.

        Raises:
            Unavailable: It neither answered in time nor died; there is another one in its place.
        """
        try:
            self._pipe.send_bytes(asked)
            told: Answer | Refusal = self._decoder.decode(self._pipe.recv_bytes())
        except BlockingIOError:
            self._replace()
            message = f"Validating the document took more than {self._patience:.0f} s; send a simpler one."
            raise Unavailable(message, "validation_too_slow") from None
        except (EOFError, OSError):
            self._replace()
            return None
        return told

    def _replace(self) -> None:
        self._pipe.close()
        self._end()
        self._start()
        _log.error("validation_worker_replaced", process_id=self.process_id)

    def close(self) -> None:
        """End the process for good."""
        with self._changing:
            self._is_closed = True
            self._end()

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()

    def _start(self) -> None:
        """Start the process; what it is asked before it is up waits for it."""
        with self._changing:
            if self._is_closed:
                message = "The service is ending; send the document again."
                raise Unavailable(message, "validation_stopped")
            ours, theirs = socket.socketpair()
            for wait in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
                ours.setsockopt(socket.SOL_SOCKET, wait, _interval(self._patience))
            with theirs:
                descriptor = theirs.fileno()
                self._process = subprocess.Popen((*self._command, str(descriptor)), pass_fds=(descriptor,))  # noqa: S603 - our own module
            self._pipe = Connection(ours.detach())


def _interval(seconds: float) -> bytes:
    """Return a time as the system's sockets take it: whole seconds, and millionths."""
    return struct.pack("ll", int(seconds), int(seconds % 1 * 1_000_000))
