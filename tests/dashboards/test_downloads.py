"""The files behind charts and tables."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dashboards.downloads import csv_bytes, parquet_bytes, xlsx_bytes

FRAME = pl.DataFrame(
    {
        "month": [date(2026, 10, 1), date(2026, 11, 1)],
        "mrr": [Decimal("1234.56789012"), None],
        "known_at": [datetime(2026, 11, 1, 9, 30, tzinfo=UTC), None],
        "signals": [["a", "b"], []],
        "name": ["Firm", '=HYPERLINK("http://example.com")'],
    },
    schema_overrides={"mrr": pl.Decimal(38, 8), "known_at": pl.Datetime("us", "UTC")},
)


def test_parquet_keeps_values_and_types() -> None:
    assert pl.read_parquet(io.BytesIO(parquet_bytes(FRAME))).equals(FRAME)


def test_csv_has_the_exact_amounts() -> None:
    lines = csv_bytes(FRAME).decode().splitlines()
    assert lines[0] == "month,mrr,known_at,signals,name"
    assert lines[1].startswith("2026-10-01,1234.56789012,2026-11-01T09:30:00")
    assert lines[1].endswith(",a; b,Firm")


def test_excel_has_the_same_numbers_and_times_in_utc() -> None:
    rows = list(openpyxl.load_workbook(io.BytesIO(xlsx_bytes(FRAME))).active.values)
    assert rows[0] == ("month", "mrr", "known_at", "signals", "name")
    assert rows[1] == (datetime(2026, 10, 1), 1234.56789012, datetime(2026, 11, 1, 9, 30), "a; b", "Firm")  # noqa: DTZ001 - Excel knows no zones


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30),
    st.sampled_from("=+-@"),
)
def test_no_spreadsheet_runs_a_text_as_a_formula(text: str, start: str) -> None:
    frame = pl.DataFrame({"name": [start + text]})
    cell = pl.read_csv(csv_bytes(frame), schema={"name": pl.String})["name"][0]
    assert cell == "'" + start + text
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(frame)))
    assert book.active["A2"].data_type == "s"
