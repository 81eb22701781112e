from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from validation_engine.gates.cache import cached
from validation_engine.gates.ruleset import RULESETS, parsed_rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from validation_engine.gates.cache import Parsed


class Reading:
    """Gives the shipped rules slowly, and counts how often it had to."""

    def __init__(self, seconds: float = 0) -> None:
        self.times = 0
        self.seconds = seconds
        self.parsed = parsed_rules(RULESETS)

    def __call__(self) -> Parsed:
        self.times += 1
        time.sleep(self.seconds)
        return self.parsed


def at_once(do: Callable[[], object], times: int) -> None:
    threads = [threading.Thread(target=do) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_several_that_start_at_once_one_reads_and_all_get_the_same(tmp_path: Path) -> None:
    reading, given = Reading(seconds=0.5), []
    at_once(lambda: given.append(cached(tmp_path, "a", reading)), 3)
    assert reading.times == 1
    assert given == [reading.parsed] * 3


def test_another_digest_is_read_anew_and_takes_the_place_of_the_last(tmp_path: Path) -> None:
    reading = Reading()
    for digest in ("a", "b", "b"):
        cached(tmp_path, digest, reading)
    assert reading.times == 2
    assert [file.name[:9] for file in tmp_path.rglob("*.msgpack")] == ["ruleset-b"]


def test_a_damaged_copy_is_read_anew_and_replaced(tmp_path: Path) -> None:
    reading = Reading()
    cached(tmp_path, "a", reading)
    (kept,) = tmp_path.rglob("*.msgpack")
    kept.write_bytes(b"half a copy")
    assert cached(tmp_path, "a", reading) == cached(tmp_path, "a", reading) == reading.parsed
    assert reading.times == 2


def test_a_process_that_was_killed_while_it_read_holds_up_nobody(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        cached(tmp_path, "a", lambda: os._exit(9))
    os.waitpid(child, 0)
    reading = Reading()
    assert cached(tmp_path, "a", reading) == reading.parsed


def test_where_nothing_can_be_kept_every_start_reads(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").write_text("no folder")
    reading = Reading()
    for _ in range(2):
        assert cached(tmp_path, "a", reading) == reading.parsed
    assert reading.times == 2
