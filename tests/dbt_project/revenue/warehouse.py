"""The project's revenue models, compiled by dbt once for each policy, run by DuckDB on any landing zone."""

from __future__ import annotations

import functools
import json
import os
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import duckdb
from filelock import FileLock

from tests.dbt_project.revenue import keeping
from tests.dbt_project.revenue.keeping import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from datetime import datetime

LANDING, NOW, KNOWN = "/landing-of-this-run", "2001-01-01T00:00:01+00:00", "2001-01-01T00:00:02+00:00"
SELECTED = ["tag:revenue", "path:models/staging/stripe", "minor_units"]


@dataclass(frozen=True)
class Model:
    """One compiled model: where it goes and the query that makes it."""

    schema: str
    name: str
    kind: str
    query: str


@dataclass(frozen=True)
class Project:
    """All models that revenue needs, in the order in which they can be built."""

    models: tuple[Model, ...]

    def mutated(self, name: str, change: Callable[[str], str]) -> Project:
        """Return the project with one model's query changed."""
        return Project(tuple(replace(m, query=change(m.query)) if m.name == name else m for m in self.models))

    def build(
        self, landing: Path, now: datetime, known: datetime | None = None, file: Path | None = None
    ) -> duckdb.DuckDBPyConnection:
        """Build every model from a landing zone, as of a moment; in memory where no file is named."""
        con = duckdb.connect(str(file) if file else ":memory:")  # noqa: TID251 - a test's own database
        con.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false; set threads = 2")
        for schema in ("staging", "intermediate", "marts"):
            con.execute(f"create schema {schema}")
        replaced = {
            LANDING: str(landing),
            NOW: now.isoformat(),
            KNOWN: (known.isoformat() if known else "9999-12-31T00:00:00+00:00"),
        }
        for model in self.models:
            query = functools.reduce(lambda text, pair: text.replace(*pair), replaced.items(), model.query)
            con.execute(f"create {model.kind} {model.schema}.{model.name} as {query}")
        return con


@functools.cache
def _manifest() -> Any:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - slow to import

    parsed = keeping.folder() / "parsed"  # dbt's own copy, with which the next process parses faster
    with _environment(), FileLock(f"{parsed}.lock"):
        answer = dbtRunner().invoke(["parse", *_options({}, parsed)])
    assert answer.success, answer.exception
    return answer.result


@functools.cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    """Make dbt's folder once for the process; it goes when the process ends."""
    return tempfile.TemporaryDirectory(prefix="loki-dbt-")


def _environment() -> AbstractContextManager[object]:
    """Enter the environment that dbt is to see, and leave none of it to other tests."""
    return mock.patch.dict(os.environ, {"LOKI_LANDING_ROOT": LANDING, "LOKI_BUILD_PATH": ":memory:"})


def _options(variables: dict[str, object], target: Path | None = None) -> list[str]:
    folder = Path(_scratch().name)
    given = {"now": NOW, "as_known_at": KNOWN, "keep_steps": True, **variables}
    return [
        *("--quiet", "--log-level", "none", "--no-version-check", "--no-write-json"),
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(target or folder / "target"), "--log-path", str(folder / "logs")),
        *("--vars", json.dumps(given)),
    ]


def compiled(
    switches: dict[str, Any] | None = None,
    currency: str = "usd",
    timezone: str = "UTC",
    *,
    quality: bool = False,
) -> Project:
    """Return the project compiled under a policy's switches, a reporting currency and a time zone.

    Args:
        switches: The policy; none means the default one.
        currency: To report in.
        timezone: Whose days to report by.
        quality: Whether `data_quality` is built as well, which looks at all streams.
    """
    return _compiled(json.dumps(switches), currency, timezone, quality)


@functools.cache
def _compiled(switches: str, currency: str, timezone: str, quality: bool) -> Project:  # noqa: FBT001 - a cache's key
    def made() -> bytes:
        models = _ordered(_nodes(switches, currency, timezone, quality=quality))
        return json.dumps([asdict(model) for model in models]).encode()

    models = keeping.kept(json.dumps([switches, currency, timezone, quality]), made)
    return Project(tuple(Model(**model) for model in json.loads(models)))


def _nodes(switches: str, currency: str, timezone: str, *, quality: bool) -> list[Any]:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - slow to import

    variables: dict[str, object] = {"reporting_currency": currency, "reporting_timezone": timezone}
    if json.loads(switches):
        variables["policy_switches"] = json.loads(switches)
    selection = [part for name in [*SELECTED, *["+data_quality"] * quality] for part in ("--select", name)]
    manifest = _manifest().deepcopy()  # compiling marks its nodes
    with _environment():
        answer: Any = dbtRunner(manifest=manifest).invoke(["compile", *_options(variables), *selection])
    assert answer.success, answer.exception
    return [result.node for result in answer.result.results if result.node.resource_type in {"model", "seed"}]


def _ordered(nodes: Iterable[Any]) -> Iterable[Model]:
    waiting = {node.unique_id: node for node in nodes}
    seeds = PROJECT / "seeds"
    for path in sorted(seeds.glob("*.csv")):
        yield Model("staging", path.stem, "table", f"select * from read_csv('{path}')")  # noqa: S608 - our own file
    waiting = {key: node for key, node in waiting.items() if node.resource_type == "model"}
    while waiting:
        ready = [node for node in waiting.values() if not any(d in waiting for d in node.depends_on.nodes)]
        for node in ready:
            del waiting[node.unique_id]
            if node.config.materialized == "ephemeral":
                continue
            kind = "view" if node.config.materialized == "view" else "table"
            schema = "intermediate" if node.schema.startswith("intermediate") else node.schema
            yield Model(schema, node.name, kind, node.compiled_code.replace('"memory".', ""))
