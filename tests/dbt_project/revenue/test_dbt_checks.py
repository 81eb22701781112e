"""dbt's own checks of the revenue models: contracts, unit tests, schema tests, identities."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.dbt_project.revenue.account import Account, moment
from tests.dbt_project.revenue.warehouse import PROJECT, SELECTED

pytestmark = pytest.mark.early


def test_contracts_unit_tests_and_identities_hold(tmp_path: Path) -> None:
    account = Account()
    body = account.subscribe(moment("2025-01-15"), [account.item(account.price("10000", plan="gold"))])
    account.cancel(body, moment("2025-03-15"))
    state = {
        "LOKI_LANDING_ROOT": str(account.land(tmp_path / "landing")),
        "LOKI_BUILD_PATH": str(tmp_path / "build.duckdb"),
    }
    command = [
        *(str(Path(sys.executable).parent / "dbt"), "build", "--quiet", "--no-use-colors"),
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")),
        *("--vars", '{"reporting_currency": "usd", "now": "2025-06-01T00:00:00+00:00"}'),
        *("--select", *SELECTED, "path:tests/revenue"),
    ]
    done = subprocess.run(command, env=os.environ | state, capture_output=True, text=True, check=False)  # noqa: S603 - our own dbt
    assert done.returncode == 0, done.stdout
    with duckdb.connect(state["LOKI_BUILD_PATH"], read_only=True) as con:  # noqa: TID251 - a test's own database
        listed = con.execute("select schema_name || '.' || view_name from duckdb_views() where not internal")
        for (view,) in listed.fetchall():
            con.execute(f"from {view}")  # reads nothing that was kept in memory only
        assert con.execute("select count(*) from marts.mrr_invoice_bridge").fetchone() != (0,)
        tables = {name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()}
    assert "int_customers" in tables
    assert "int_item_mrr" not in tables
