"""The made-up build has no table, column or type that the marts' contracts do not promise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
import yaml

from tenants.warehouse import Warehouse

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MARTS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts"
NOT_OF_DBT = {"build_info", "policy_gap"}
NOT_SHOWN = ("upgrade_model_backtest",)


def promised() -> dict[str, dict[str, str]]:
    files = [yaml.safe_load(file.read_text()) for file in MARTS.rglob("*.yml")]
    models = [model for file in files for model in file.get("models", [])]
    return {model["name"]: {c["name"]: c["data_type"] for c in model["columns"]} for model in models}


def described(connection: DuckDBPyConnection) -> dict[str, dict[str, str]]:
    names = "select table_name, column_name, data_type from information_schema.columns"
    rows = connection.execute(f"{names} where table_schema = 'marts'").fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        tables.setdefault(table, {})[column] = kind
    return tables


def canonical(kind: str) -> str:
    return str(duckdb.sqltype(kind))


def test_the_made_up_build_keeps_the_marts_contracts(state: Path) -> None:
    contracts = promised()
    with Warehouse(state).open() as connection:
        tables = described(connection)
    assert set(tables) - NOT_OF_DBT <= set(contracts)
    wrong = {
        f"{table}.{column}": (kind, contracts[table].get(column))
        for table in set(tables) - NOT_OF_DBT
        for column, kind in tables[table].items()
        if column not in contracts[table] or canonical(kind) != canonical(contracts[table][column])
    }
    assert not wrong


@pytest.mark.parametrize("table", sorted(promised()))
def test_every_mart_is_made_up(table: str, state: Path) -> None:
    with Warehouse(state).open() as connection:
        assert table in described(connection) or table in NOT_SHOWN
