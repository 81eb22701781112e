"""dbt's child process, forked from one that has loaded dbt before: the same code, without loading it anew.

Without arguments beside the address this file is the command in the place of `orchestration.dbt_child`;
with a project it is the process that forks.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from orchestration import dbt_child


def ask(address: str) -> int:
    """Hand over standard streams, environment and folder; return the exit code of who ran with them."""
    with socket.socket(socket.AF_UNIX) as there:
        there.connect(address)
        told = json.dumps({"environment": dict(os.environ), "folder": os.getcwd()}).encode()  # noqa: PTH109 - light
        socket.send_fds(there, [told[:1]], [0, 1, 2])
        there.sendall(told[1:])
        there.shutdown(socket.SHUT_WR)
        code = 0 if there.recv(1) else 1
        there.recv(1)  # comes to its end with the process
        return code


def serve(address: str, project: str) -> None:
    """Load dbt, then fork for each who asks, until standard input ends."""
    from orchestration import dbt_child  # noqa: PLC0415 - the other side does without

    _parse(project)
    threads = os.listdir("/proc/self/task")  # noqa: PTH208 - light; libraries' own threads are there as well
    assert len(threads) == 1, "only a process of one thread can be forked"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        print("ready", flush=True)  # noqa: T201 - to who started this
        while sys.stdin not in (ready := select.select([listening, sys.stdin], [], [])[0]):
            assert ready == [listening]
            there, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _run(there, dbt_child)
            there.close()


def _run(there: socket.socket, child: dbt_child) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    told, given, _, _ = socket.recv_fds(there, 1, 3)
    while more := there.recv(65536):
        told += more
    for own, fd in enumerate(given):
        os.dup2(fd, own)
        os.close(fd)
    about = json.loads(told)
    os.environ.clear()
    os.environ.update(about["environment"])
    os.chdir(about["folder"])
    child.main()
    there.send(b"0")
    there.detach()  # open until the process ends
    sys.exit()


def _parse(project: str) -> None:
    import tempfile  # noqa: PLC0415 - as above
    from contextlib import chdir  # noqa: PLC0415 - as above

    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        os.environ["LOKI_LANDING_ROOT"] = os.environ["LOKI_BUILD_PATH"] = f"{folder}/none"
        where = ["--project-dir", project, "--profiles-dir", project, "--target-path", f"{folder}/target"]
        moments = json.dumps({"now": "2026-01-01T00:00:00+00:00", "as_known_at": "2026-01-01T00:00:00+00:00"})
        quiet = ["--log-path", f"{folder}/logs", "--log-level", "none", "--no-version-check"]
        # The static parser keeps threads that a fork would wait for in vain.
        answer = dbtRunner().invoke(["parse", "--no-static-parser", *where, *quiet, "--vars", moments])
        assert answer.success, answer.exception


if __name__ == "__main__":
    if len(sys.argv) > 2:
        serve(*sys.argv[1:])
    else:
        sys.exit(ask(sys.argv[1]))
