"""One published build as one person may read it; answers are remembered by build id."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from tenants.warehouse import Warehouse

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import polars as pl
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]
_REMEMBERED = 400


@dataclass(frozen=True)
class Marts:
    """The marts of one build: the whole warehouse, or one tenant's file and nothing else.

    Attributes:
        state: The folder of all run-time state.
        build_id: The build that every number of a page comes from.
        tenant_id: Whose file is read; None is for staff and reads the internal warehouse.
    """

    state: Path
    build_id: str
    tenant_id: str | None = None

    def connect(self) -> AbstractContextManager[DuckDBPyConnection]:
        """Open what may be read, read-only."""
        warehouse = Warehouse(self.state)
        if self.tenant_id is None:
            return warehouse.open(self.build_id)
        return warehouse.open_tenant(self.tenant_id, self.build_id)

    def frame(self, sql: str, *parameters: object) -> pl.DataFrame:
        """Return the rows of a query; the same query on the same build is answered from memory."""
        return _answer(str(self.state), self.build_id, self.tenant_id, sql, parameters)

    def row(self, sql: str, *parameters: object) -> Row:
        """Return the first row by column name, empty where there is none."""
        return next(self.frame(sql, *parameters).iter_rows(named=True), {})

    def policies(self) -> list[str]:
        """Return the names of the policies built beside the configured one."""
        sql = """
            select distinct table_schema[7:] as policy from information_schema.tables
            where table_schema like 'marts\\_%' escape '\\' order by policy
        """
        return list(self.frame(sql)["policy"])


@st.cache_data(max_entries=_REMEMBERED, show_spinner=False)
def _answer(
    state: str, build_id: str, tenant_id: str | None, sql: str, parameters: tuple[object, ...]
) -> pl.DataFrame:
    with Marts(Path(state), build_id, tenant_id).connect() as connection:
        rows: pl.DataFrame = connection.sql(sql, params=list(parameters)).pl()
        return rows
