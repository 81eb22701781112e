"""All gates together: compiled once, named by version and hash, asked for by module."""

from __future__ import annotations

import gc
import hashlib
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from validation_engine.detect.detector import Detector
from validation_engine.detect.schema import Profiles
from validation_engine.errors import GateFileError, UnknownName
from validation_engine.gates.cache import Parsed, cached
from validation_engine.gates.compiling import compile_gate
from validation_engine.gates.document_types import expanded
from validation_engine.lazy import lazy
from validation_engine.learned.table import Learned, Pairs, Table, WeightTable
from validation_engine.scan.scanner import PatternSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.detect.detector import Detection
    from validation_engine.documents.model import Document
    from validation_engine.gates.compiled import CompiledGate
    from validation_engine.scan.finder import Finder
    from validation_engine.scan.hits import Hits

RULESETS = Path(__file__).parent.parent / "rulesets"
MODULES = ("fca_uk", "gdpr_uk", "tax_uk", "nda_uk", "hr_scottish")
CUSTOM = "custom"
WORDS = "document_words.json"
STATEMENTS, PAIRS, NETWORK = "statements.json", "pairs.json", "network.json"


class Ruleset:
    """Gates by module, with one pattern set for all.

    Attributes:
        version: The ruleset's own version, raised with every change of meaning.
        hash: SHA-256 over every file, so that a result can be reproduced.
        patterns: The pattern set, of gates and of the signals of types.
    """

    def __init__(self, parsed: Parsed, digest: str) -> None:
        self.version = parsed.version
        self.hash = digest
        self.macros = parsed.macros
        self.profiles = parsed.profiles
        self.patterns = PatternSet(parsed.macros, parsed.expanded)
        self.gates = [compile_gate(gate, self.patterns) for gate in parsed.gates]
        self.detector = Detector(parsed.profiles, parsed.words, self.patterns)
        self.patterns.freeze(parsed.atoms)
        self._finders: dict[str, Finder] = {}
        self.by_module: dict[str, list[CompiledGate]] = {}
        for compiled in self.gates:
            self.by_module.setdefault(compiled.module, []).append(compiled)

    def detect(self, document: Document) -> Detection:
        """Return the document's type."""
        return self.detector.detect(document, self.patterns.scan(document, self._signals))

    def scan(self, document: Document, document_type: str) -> Hits:
        """Return the hits of the patterns of all gates that apply to a type."""
        finder = self._finders.get(document_type)
        if finder is None:
            gates = [gate for gate in self.gates if document_type in gate.types]
            numbers = {number for gate in gates for number in gate.patterns()}
            finder = self._finders[document_type] = self.patterns.finder(sorted(numbers))
        return self.patterns.scan(document, finder)

    @lazy
    def _signals(self) -> Finder:
        return self.patterns.finder(self.detector.numbers)

    def module(self, name: str) -> list[CompiledGate]:
        """Return the gates of a module.

        Raises:
            UnknownName: There is no such module.
        """
        if name not in self.by_module:
            msg = f"There is no module {name!r}; there are: {', '.join(self.by_module)}."
            raise UnknownName(msg, "unknown_module")
        return self.by_module[name]


@lru_cache
def statements(module: str) -> Table:
    """Return what a module's gates learned to hear; read when the first document needs it, to start fast."""
    from validation_engine.learned.network import Network, NetworkFile  # noqa: PLC0415 - numpy, to start fast

    words, pairs, network = (RULESETS / module / name for name in (STATEMENTS, PAIRS, NETWORK))
    if not words.exists():
        return Learned().table()
    between = Network(msgspec.json.decode(network.read_bytes(), type=NetworkFile))
    return Learned(
        msgspec.json.decode(words.read_bytes(), type=WeightTable),
        msgspec.json.decode(pairs.read_bytes(), type=Pairs),
    ).table(between)


def shipped() -> Ruleset:
    """Return the ruleset of the package, from its kept form where that is current."""
    with _uncollected():
        return Ruleset(*_parsed(RULESETS))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector from going through what is only being built, which takes a tenth of the start."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def parsed_rules(folder: Path) -> Parsed:
    """Return what the rule files hold, not compiled yet."""
    return _parsed(folder)[0]


def _parsed(folder: Path) -> tuple[Parsed, str]:
    """Return what the rule files hold, and their hash."""
    files = _files(folder)
    digest = _digest(files)
    return cached(folder, digest, lambda: _read(files)), digest


def _files(folder: Path) -> list[Path]:
    return sorted([*folder.rglob("*.yaml"), *folder.rglob("*.json")])


def _digest(files: list[Path]) -> str:
    total = hashlib.sha256()
    for path in files:
        total.update(path.relative_to(RULESETS).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _read(files: list[Path]) -> Parsed:
    from validation_engine.gates.load import read_gate  # noqa: PLC0415 - no kept form needs YAML, to start fast
    from validation_engine.gates.vocabulary import read_vocabulary  # noqa: PLC0415 - as above

    gates = [read_gate(path) for path in files if path.suffix == ".yaml" and path.parent.name in MODULES]
    missing = [module for module in MODULES if not any(gate.id.startswith(f"{module}.") for gate in gates)]
    if missing:
        msg = f"The ruleset has no gates for {', '.join(missing)}; the installation is incomplete."
        raise GateFileError(msg)
    order = {module: index for index, module in enumerate(MODULES)}
    gates.sort(key=lambda gate: (order[gate.id.split(".", 1)[0]], gate.id))
    about = _yaml("ruleset.yaml")
    profiles = msgspec.convert(_yaml("document_types.yaml"), Profiles)
    expanded(profiles)  # refuses a profile of a type that there is not
    macros = read_vocabulary(RULESETS)
    words = msgspec.json.decode((RULESETS / WORDS).read_bytes(), type=WeightTable)
    parsed = Parsed(gates, macros, profiles, words, str(about["version"]))
    patterns = Ruleset(parsed, "").patterns
    return msgspec.structs.replace(parsed, expanded=patterns.expanded, atoms=patterns.atoms)


def _yaml(name: str) -> dict[str, object]:
    import yaml  # noqa: PLC0415 - as above

    return dict(yaml.safe_load((RULESETS / name).read_text(encoding="utf-8")))
