"""Compiles the product side of the dbt project once and builds it in memory as often as a test asks."""

from __future__ import annotations

import functools
import json
import os
import shutil
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb
import pytest

from tests.dbt_project.factories import write_landing
from tests.dbt_project.product.ledger import create_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PROJECT = Path(__file__).parents[3] / "dbt_project"
PRODUCT = ["path:models/staging/" + name for name in ("usage", "validation", "tenants")]
PRODUCT += ["path:models/intermediate/" + name for name in ("usage", "compliance", "growth")]
PRODUCT += [
    f"path:models/intermediate/data_quality/dq_{about}__*" for about in ("landing", "usage", "validation")
]
PRODUCT += ["path:models/marts/" + name for name in ("usage", "compliance", "growth")] + ["pipeline_streams"]
# Stand for the moments of a build while its queries are compiled; each build puts its own in their place.
NOW, KNOWN = "2001-01-01T00:00:01+00:00", "2001-01-01T00:00:02+00:00"
ALWAYS = "9999-12-31T00:00:00+00:00"


class Model(NamedTuple):
    """One compiled model."""

    relation: str
    kind: str
    query: str


class Warehouse:
    """Builds and reads one warehouse after another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.landing = folder / "landing"
        self.build_path = folder / "dbt.duckdb"
        self.connection = duckdb.connect()  # noqa: TID251 - in memory, no file behind it

    def build(
        self,
        streams: Mapping[str, Sequence[Mapping[str, Any]]],
        now: str = "2026-03-17T12:00:00+00:00",
        ledger: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    ) -> None:
        """Land the rows and build every model of the product side."""
        shutil.rmtree(self.landing, ignore_errors=True)
        write_landing(self.landing, streams)
        self.rebuild(now, ledger)

    def rebuild(
        self,
        now: str = "2026-03-17T12:00:00+00:00",
        ledger: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
        as_known_at: str = ALWAYS,
    ) -> None:
        """Build anew from what has landed."""
        self.connection.close()
        self.connection = duckdb.connect()  # noqa: TID251 - in memory, no file behind it
        self.connection.execute("set TimeZone = 'UTC'; set threads = 2; set preserve_insertion_order = false")
        for schema in ("staging", "intermediate", "marts"):
            self.connection.execute(f"create schema {schema}")
        create_ledger(self.connection, ledger or {})
        for model in self.models:
            query = model.query.replace(NOW, now).replace(KNOWN, as_known_at)
            self.connection.execute(f"create {model.kind} {model.relation} as {query}")

    @functools.cached_property
    def compiled(self) -> dict[str, Any]:
        """Every node of the product side with its compiled query, by dbt's id."""
        moments = json.dumps({"now": NOW, "as_known_at": KNOWN, "keep_steps": True})
        results = self.dbt("compile", "--select", *PRODUCT, "--vars", moments)
        return {r.node.unique_id: r.node for r in results if r.node.resource_type == "model"}

    @property
    def checks(self) -> dict[str, str]:
        """The query of each data-quality check, by name."""
        nodes = [node for node in self.compiled.values() if node.name.startswith("dq_")]
        return {node.name: node.compiled_code.replace('"dbt".', "") for node in nodes}

    @functools.cached_property
    def models(self) -> tuple[Model, ...]:
        """The compiled models, each after those that it reads."""
        waiting = dict(self.compiled)
        ordered: list[Model] = []
        while waiting:
            for key in [k for k, n in waiting.items() if not any(d in waiting for d in n.depends_on.nodes)]:
                node = waiting.pop(key)
                kind = node.config.materialized
                if kind != "ephemeral":
                    relation = f"{node.schema}.{node.name}"
                    ordered.append(Model(relation, kind, node.compiled_code.replace('"dbt".', "")))
        return tuple(ordered)

    def dbt(self, *arguments: str) -> list[Any]:
        """Run dbt itself, in this process, and return its results."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415 - slow to import
        from dbt.cli.main import dbtRunner  # noqa: PLC0415 - slow to import

        folders = ["--target-path", str(self.folder / "target"), "--log-path", str(self.folder / "logs")]
        project = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = dbtRunner().invoke(
                [*arguments, *project, *folders, "--log-level", "none", "--no-write-json"]
            )
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        results = list(getattr(answer.result, "results", []))
        bad = [f"{r.node.name}: {r.message}" for r in results if r.status in {"error", "fail", "skipped"}]
        assert answer.success, bad or str(answer.exception)
        return results

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query on the build."""
        found: list[tuple[Any, ...]] = self.connection.execute(query).fetchall()
        return found


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Return a warehouse that can be built again and again."""
    made = Warehouse(tmp_path_factory.mktemp("product"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "LOKI_LANDING_ROOT", str(made.landing))
        patch.setitem(os.environ, "LOKI_BUILD_PATH", str(made.build_path))
        patch.setitem(os.environ, "DO_NOT_TRACK", "1")
        yield made
    made.connection.close()
