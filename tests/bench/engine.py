"""The engine on one core: documents a second by size, beside Python's `re`; and with ten times the gates.

Times are the processor's, so that a busy machine does not count against either side. Every document that is
timed is read for the first time: the engine is warmed up with others, made from other random numbers.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from orchestration.demo.documents import KINDS, make_document
from validation_engine.documents.plain import read_plain
from validation_engine.engine import Engine, Options
from validation_engine.gates.document_types import TYPES
from validation_engine.gates.ruleset import RULESETS, Ruleset, parsed_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from validation_engine.gates.cache import Parsed
    from validation_engine.gates.schema import Clue, GateFile

TODAY = date(2026, 11, 26)
FLOORS = {"1 kB": 1_000, "10 kB": 150, "100 kB": 15, "100 kB in one line": 15, "100 kB of invoices": 15}
# How many documents of each size, and what an operator says they are.
_COUNTS = {"1 kB": 600, "10 kB": 60, "100 kB": 12, "100 kB in one line": 12, "100 kB of invoices": 12}
_TYPES = {"100 kB of invoices": "vat_invoice"}
# Enough to warm up with that most patterns, which are compiled when they are first tried, have been.
_WARMING, _TIMED = (5, 6, 7), 99
MOST_TIMES_FOR_TEN_TIMES_THE_GATES = 2.0
LONGEST_START = 0.5
_SECONDS = 1.5
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main() -> bool:
    """Print the figures and return whether every limit is kept."""
    engine, parsed = Engine(), parsed_rules(RULESETS)
    _meet_every_type(engine)
    warmed = [documents(seed) for seed in _WARMING]
    warming = {size: [text for made in warmed for text in made[size]] for size in FLOORS}
    timed = {
        size: [text for text in texts if text not in warming[size]]
        for size, texts in documents(_TIMED).items()
    }
    kept = [_speed(engine, size, warming[size], timed[size]) for size in FLOORS]
    kept.append(_ten_times(engine, parsed, warming["10 kB"], timed["10 kB"]))
    kept.append(_start())
    return all(kept)


def documents(seed: int) -> dict[str, list[str]]:
    """Return documents of each size, made of the demo's letters, notices, invoices and agreements.

    Args:
        seed: Another gives other names, figures, orders and faults; the demo's wordings are the same.
    """
    rng = random.Random(seed)
    made: dict[str, list[str]] = {size: [] for size in FLOORS}
    for size, count in _COUNTS.items():
        kinds = [_TYPES[size]] if size in _TYPES else KINDS
        for turn in range(count):
            text = _joined(kinds[turn % len(kinds) :], kinds, int(size.split()[0]) * 1_000, rng)
            made[size].append(text.replace("\n", " ") if "line" in size else text)
    return made


def _joined(first: Sequence[str], kinds: Sequence[str], length: int, rng: random.Random) -> str:
    """Return fresh documents, one of each kind and of any kind after them, as one of a length."""
    parts: list[str] = []
    while sum(map(len, parts)) < length:
        kind = first[len(parts)] if len(parts) < len(first) else rng.choice(kinds)
        parts.append(make_document(kind, rng, 0.3).text)
    return "\n\n".join(parts)[:length]


def per_second(
    work: Callable[[str], object], warming: Sequence[str], timed: Sequence[str], seconds: float = _SECONDS
) -> float:
    """Return how many documents a second of processor time the work does, none of them seen before.

    Args:
        work: What to do with a document.
        warming: Documents to warm up with.
        timed: Documents to time, each once.
        seconds: When to stop, if documents are left.
    """
    for text in warming:
        work(text)
    done, began = 0, time.process_time()
    while done < len(timed) and time.process_time() - began < seconds:
        work(timed[done])
        done += 1
    return done / (time.process_time() - began)


def validating(engine: Engine, document_type: str | None = None) -> Callable[[str], bytes]:
    """Return the whole work on one document: all modules, result as JSON."""
    options = Options(modules=list(engine.ruleset.by_module), today=TODAY, document_type=document_type)
    return lambda text: engine.validate(text, options).to_json()


def _meet_every_type(engine: Engine) -> None:
    """Have the patterns of each type indexed: an engine does so once, for its first document of the type."""
    for document_type in TYPES:
        validating(engine, document_type)("A sentence.")


def _speed(engine: Engine, size: str, warming: Sequence[str], timed: Sequence[str]) -> bool:
    floor = FLOORS[size]
    rate = per_second(validating(engine, _TYPES.get(size)), warming, timed)
    ours = per_second(lambda text: engine.ruleset.patterns.scan(read_plain(text)), warming[:2], timed, 0.5)
    theirs = per_second(_with_re(engine), (), timed, 0.5)
    sys.stdout.write(
        f"{size:20} {rate:8.0f} documents/s (at least {floor});"
        f" scan {ours:8.0f}/s, Python's re {theirs:6.1f}/s: {ours / theirs:.0f} times\n"
    )
    return rate >= floor


def _with_re(engine: Engine) -> Callable[[str], object]:
    patterns = [re.compile(one, re.IGNORECASE) for one in engine.ruleset.patterns.expanded.values()]

    def scan(text: str) -> list[int]:
        document = read_plain(text)
        return [number for number, pattern in enumerate(patterns) if pattern.search(document.folded)]

    return scan


def _ten_times(engine: Engine, parsed: Parsed, warming: Sequence[str], timed: Sequence[str]) -> bool:
    gates = [_varied(gate, turn) for turn in range(10) for gate in parsed.gates]
    many = Engine(Ruleset(msgspec.structs.replace(parsed, gates=gates), "ten times"))
    _meet_every_type(many)
    once, tenfold = (per_second(validating(one), warming, timed) for one in (engine, many))
    times = once / tenfold
    sys.stdout.write(
        f"{len(gates)} gates instead of {len(parsed.gates)}: {times:.2f} times the time"
        f" (at most {MOST_TIMES_FOR_TEN_TIMES_THE_GATES})\n"
    )
    return times <= MOST_TIMES_FOR_TEN_TIMES_THE_GATES


def _varied(gate: GateFile, turn: int) -> GateFile:
    """Return a gate with other words of the same shape, so that no two copies share a pattern."""
    if turn == 0:
        return gate
    clues = {
        field: [_other(clue, turn) for clue in getattr(gate, field)]
        for field in ("applies_when", "not_when", "forbidden", "required")
    }
    return msgspec.structs.replace(gate, id=f"{gate.id}_{turn}", **clues)


def _other(clue: Clue, turn: int) -> Clue:
    lists = {
        field: [_turned(pattern, turn) for pattern in getattr(clue, field)]
        for field in ("patterns", "near", "unless")
    }
    return msgspec.structs.replace(clue, **lists)


def _turned(pattern: str, turn: int) -> str:
    table = str.maketrans(_LETTERS, _LETTERS[turn:] + _LETTERS[:turn])
    parts = r"\\.|\{[^}]*\}|\[[^\]]*\]|\(\?[\w-]*:?|([a-z]+)"
    return re.sub(parts, lambda found: _word(found, table), pattern)


def _word(found: re.Match[str], table: dict[int, int]) -> str:
    return found.group().translate(table) if found.group(1) else found.group()


def _start() -> bool:
    program = "from validation_engine.engine import Engine;import time;Engine();print(time.process_time())"
    seconds = min(
        float(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout)  # noqa: S603
        for _ in range(3)
    )
    sys.stdout.write(f"start {seconds:.2f} s (at most {LONGEST_START})\n")
    return seconds <= LONGEST_START
