from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tenants.warehouse import Warehouse

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.early

LOKI = [sys.executable, "-m", "orchestration.cli"]
SEED_MIX = "500 starter, 200 professional, 50 enterprise, 20 enterprise_plus, a tenth of each"
TABLES = """
    select table_schema || '.' || table_name from information_schema.tables
    where table_schema = 'marts' and table_name <> 'build_info' order by 1
"""


def loki(home: Path, *arguments: str) -> str:
    """Run a command as a person would, with only that state folder in its environment."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LOKI_")}
    done = subprocess.run(  # noqa: S603 - our own command
        [*LOKI, *arguments], env=own | {"LOKI_HOME": str(home)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def ask(home: Path, sql: str) -> list[tuple[Any, ...]]:
    with Warehouse(home).open() as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("demo")
    said = loki(home, "demo", "--mix", "seed", "--tenants", "77", "--months", "2", "--no-serve")
    (home / "said.txt").write_text(said)
    return home


def marts(home: Path, build_id: str | None = None) -> dict[str, list[tuple[Any, ...]]]:
    with Warehouse(home).open(build_id) as connection:
        names = [name for (name,) in connection.execute(TABLES).fetchall()]
        return {name: sorted(connection.execute(f"from {name}").fetchall(), key=repr) for name in names}


def test_the_seed_mix_has_exactly_the_mrr_of_its_price_list(home: Path) -> None:
    said = (home / "said.txt").read_text()
    assert "21,923.00 USD" in said, SEED_MIX
    assert "263,076.00 USD" in said
    assert "operator@staff.example" in said
    sql = "select closing_mrr, paying_customers from marts.mrr_months order by month desc limit 1"
    (newest,) = json.loads(loki(home, "query", sql, "--format", "json"))
    assert newest == {"closing_mrr": "21923.00000000", "paying_customers": 77}


def test_every_movement_names_the_stripe_events_that_caused_it(home: Path) -> None:
    sql = """
        select count(*), count(*) filter (len(source_event_ids) = 0), sum(amount) from marts.mrr_movements
    """
    assert ask(home, sql) == [(77, 0, Decimal(21923))]


def test_validations_and_usage_came_through_and_lie_apart_by_tenant(home: Path) -> None:
    ((runs,),) = ask(home, "select count(*) from marts.validation_runs")
    assert runs >= 150
    warehouse = Warehouse(home)
    files = sorted((warehouse.published().path / "tenants").glob("*.duckdb"))
    assert len(files) == 77
    counted = 0
    for file in files:
        with warehouse.open_tenant(file.stem) as connection:
            rows = connection.execute("select tenant_id from marts.validation_runs").fetchall()
            assert set(rows) <= {(file.stem,)}
            counted += len(rows)
    assert counted == runs


def test_a_refresh_with_nothing_new_changes_nothing(home: Path) -> None:
    before = Warehouse(home).published().id
    assert "already current" in loki(home, "refresh")
    assert Warehouse(home).published().id == before


@pytest.mark.long
def test_a_rebuild_from_the_landing_zone_gives_the_same_marts_row_for_row(home: Path) -> None:
    before = marts(home)
    loki(home, "rebuild")
    assert marts(home) == before


@pytest.mark.long
def test_the_whole_seed_world_has_the_mrr_of_the_price_list(tmp_path: Path) -> None:
    said = loki(tmp_path, "demo", "--mix", "seed", "--tenants", "770", "--no-serve")
    assert "219,230.00 USD" in said
    assert "2,630,760.00 USD" in said
