"""Runs the dbt project in a process of its own and tells how each node went."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tenants.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PROJECT = Path(__file__).parents[1] / "dbt_project"
CHILD = (sys.executable, "-m", "orchestration.dbt_child")
BAD = frozenset({"error", "fail", "runtime error"})


class BuildFailed(PlatformError):  # noqa: N818 - says what happened, as its siblings do
    """The warehouse could not be built, or a test of it failed; nothing was published."""

    default_code = "build_failed"


@dataclass(frozen=True)
class Variant:
    """The project under one revenue policy.

    Attributes:
        policy: The policy's name.
        variables: dbt's variables.
        target: Where dbt keeps what it parsed and compiled; one folder for each variant.
        select: What to build; everything where empty.
    """

    policy: str
    variables: dict[str, Any]
    target: Path
    select: tuple[str, ...] = ()


@dataclass(frozen=True)
class Node:
    """How one model or test went.

    Attributes:
        id: dbt's unique id.
        name: dbt's name.
        type: `model`, `test`, `seed`.
        status: `success`, `pass`, `warn`, `error`, `fail` or `skipped`.
        message: dbt's own words, if any.
        failures: Rows that a test found.
        seconds: How long it took.
        policy: The variant it belongs to.
        compiled: Where the SQL that ran lies.
        depends_on: Ids of the models and sources that it reads.
    """

    id: str
    name: str
    type: str
    status: str
    message: str | None
    failures: int | None
    seconds: float
    policy: str
    compiled: str | None = None
    depends_on: Sequence[str] = ()


@dataclass(frozen=True)
class DbtRun:
    """One call of dbt.

    Attributes:
        landing: The landing zone it reads.
        build: The DuckDB file it writes.
        logs: The folder of its log.
        variants: What to build, in this order.
    """

    landing: Path
    build: Path
    logs: Path
    variants: Sequence[Variant] = field(default_factory=tuple)

    def build_and_test(self, progress: Callable[[str], None]) -> list[Node]:
        """Build and test all variants.

        Raises:
            BuildFailed: A model or a test failed; the message names it and where to look.
        """
        nodes = []
        for answer in self._lines("build"):
            if "finished" in answer:
                progress(answer["finished"])
            elif "node" in answer:
                nodes.append(Node(**answer["node"]))
        bad = [node for node in nodes if node.status in BAD]
        if bad:
            raise BuildFailed(self._explain(bad), nodes=[node.id for node in bad])
        return nodes

    def parse(self) -> None:
        """Parse all variants, leaving dbt's `manifest.json` in each target folder."""
        for _ in self._lines("parse"):
            pass

    def _explain(self, bad: list[Node]) -> str:
        first, others = bad[0], len(bad) - 1
        found = f"found {first.failures} rows" if first.failures else (first.message or first.status).strip()
        more = f" and {others} more" if others else ""
        look = f"see {self.logs / 'dbt.log'}"
        if first.compiled:
            look = f"the query is {first.compiled}; {look}"
        return (
            f"The {first.type} {first.name} (policy {first.policy}) failed: {found}{more}. "
            f"Nothing was published. To find out why: {look}."
        )

    def _lines(self, command: Literal["build", "parse"]) -> Iterator[dict[str, Any]]:
        request = {
            "command": command,
            "project": str(PROJECT),
            "logs": str(self.logs),
            "variants": [
                {"policy": v.policy, "vars": v.variables, "target": str(v.target), "select": v.select}
                for v in self.variants
            ],
        }
        environment = os.environ | {
            "LOKI_LANDING_ROOT": str(self.landing),
            "LOKI_BUILD_PATH": str(self.build),
            "DO_NOT_TRACK": "1",
        }
        self.logs.mkdir(parents=True, exist_ok=True)
        child_log = self.logs / "dbt-process.log"
        with (
            child_log.open("w") as stderr,
            subprocess.Popen(  # noqa: S603 - our own command
                CHILD,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                env=environment,
                cwd=Path(__file__).parents[1],
            ) as child,
        ):
            assert child.stdin and child.stdout  # noqa: S101, PT018 - both are pipes
            # The pipe stays open while we live: its end tells the child to stop, however we ended.
            child.stdin.write(json.dumps(request) + "\n")
            child.stdin.flush()
            finished = False
            for line in child.stdout:
                answer = json.loads(line)
                if "error" in answer:
                    message = f"dbt could not run: {answer['error']}. Nothing was published; see {self.logs}."
                    raise BuildFailed(message)
                finished = finished or "done" in answer
                yield answer
        if not finished:
            message = f"dbt stopped early (exit {child.returncode}). Nothing was published; see {child_log}."
            raise BuildFailed(message)
