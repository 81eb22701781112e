from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest

from orchestration.validation_worker import COMMAND
from tenants.errors import Unavailable
from tests.validation_engine.factories import GATE
from validation_engine.api.bodies import Wanted
from validation_engine.api.crew import Crew
from validation_engine.api.work import Bench, OwnRules, Refusal, Task, answer_or_refusal
from validation_engine.engine import default_engine
from validation_engine.errors import EngineError
from validation_engine.suppressions import Suppression

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from validation_engine.engine import Engine

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
FAULTY = "Grow your money with our equity fund. A guaranteed 9% a year from our property bond."


def _task(**fields: Any) -> Task:
    own = OwnRules("ten_a", **fields.pop("own", {}))
    wanted = Wanted(**{"modules": ["fca_uk"], "text": FAULTY, **fields})
    return Task(wanted, own, "val_1", NOW, NOW.date())


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    started = Crew(2, COMMAND)
    yield started
    started.close()


def test_a_worker_answers_what_this_process_would(crew: Crew) -> None:
    waived = Suppression(
        gate_id="fca_uk.x", fingerprint="f", author="A", reason="known", expires_on=date(2027, 1, 1)
    )
    own = {"revision": 3, "gates": (("custom.no_jargon", GATE),), "suppressions": (waived,)}
    task = _task(own=own, as_of=date(2026, 5, 1), document_type="investment_promotion")
    here, there = Bench(default_engine()).answer(task), crew.answer(task)
    assert b'"custom.no_jargon"' in there.result
    assert (there.result, there.packed, there.facts) == (here.result, here.packed, here.facts)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"modules": []}, "modules_missing"),
        ({"text": None, "content": b"%PDF-1.4 damaged", "name": "a.pdf"}, "document_damaged"),
    ],
)
def test_what_the_engine_refuses_is_refused_with_its_code(
    crew: Crew, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(EngineError) as refused:
        crew.answer(_task(**fields))
    assert refused.value.code == code


def test_a_document_survives_the_death_of_the_process_it_was_given_to(crew: Crew) -> None:
    for worker in crew.processes():
        os.kill(worker, signal.SIGKILL)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(crew.answer, [_task()] * 16))
    assert {answer.facts.status for answer in answers} == {"FAIL"}


def test_a_document_that_no_process_survives_is_refused() -> None:
    crew = Crew(2, (sys.executable, "-c", "pass"))
    with pytest.raises(Unavailable, match="was stopped"):
        crew.answer(_task())
    crew.close()


HANGS = "import sys, time; time.sleep(600)"
# Takes the task, begins its answer and goes no further.
BEGINS = (
    "import os, sys, time; from multiprocessing.connection import Connection; at = int(sys.argv[1]);"
    "pipe = Connection(at); pipe.recv_bytes(); os.write(at, bytes(3)); time.sleep(600)"
)


@pytest.mark.parametrize("program", [HANGS, BEGINS])
@pytest.mark.parametrize("text", [FAULTY, FAULTY * 20_000])
def test_a_process_that_hangs_holds_up_nobody_for_ever_and_is_replaced(program: str, text: str) -> None:
    crew = Crew(2, (sys.executable, "-c", program), patience=1.5)
    before, began = crew.processes(), time.monotonic()
    with pytest.raises(Unavailable, match=r"took more than 2 s; send") as refused:
        crew.answer(_task(text=text))
    assert refused.value.code == "validation_too_slow"
    assert 1.4 < time.monotonic() - began < 20.0
    assert len(set(before) & set(crew.processes())) == 1
    crew.close()


# Of those that are started one hangs, whichever marks a file first; the others answer at once.
ONE_HANGS = (
    "import os, sys, time; from multiprocessing.connection import Connection\n"
    "try: os.close(os.open(sys.argv[1], os.O_CREAT | os.O_EXCL)); time.sleep(600)\n"
    "except FileExistsError: pass\n"
    "pipe = Connection(int(sys.argv[3]))\n"
    "while pipe.recv_bytes(): pipe.send_bytes(bytes.fromhex(sys.argv[2]))"
)


def test_others_are_answered_where_one_process_hung(tmp_path: Path) -> None:
    told = msgspec.msgpack.encode(Refusal("Told.", "told")).hex()
    crew = Crew(2, (sys.executable, "-c", ONE_HANGS, str(tmp_path / "hangs"), told), patience=5.0)
    codes = []
    for _ in range(4):
        with pytest.raises((EngineError, Unavailable)) as refused:
            crew.answer(_task())
        codes.append(refused.value.code)
    crew.close()
    assert sorted(codes) == ["told", "told", "told", "validation_too_slow"]


def test_large_documents_leave_a_process_free_for_small_ones() -> None:
    crew, ended = Crew(2, COMMAND), list[str]()

    def validate(name: str, text: str) -> None:
        with contextlib.suppress(Unavailable):  # closing the crew ends those that are left
            crew.answer(_task(text=text))
        ended.append(name)

    with ThreadPoolExecutor(4) as threads:
        for _ in range(4):
            threads.submit(validate, "large", FAULTY * 8_000)
        for _ in range(10):
            validate("small", FAULTY)
        told = ended.copy()
        crew.close()
    assert told.count("small") == 10
    assert told.count("large") < 4


def test_a_fault_of_ours_names_its_place_and_none_of_the_document() -> None:
    class Faulty:
        def validate(self, *_: object) -> None:
            raise ValueError(FAULTY)

    told = answer_or_refusal(Bench(cast("Engine", Faulty())), _task())
    assert isinstance(told, Refusal)
    assert isinstance(told.error(), RuntimeError)
    assert told.message.startswith("ValueError in the validation val_1")
    assert "guaranteed" not in told.message
