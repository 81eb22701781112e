"""The numbers behind a chart or table as CSV, XLSX and Parquet: exact, not as rounded for display."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """Return UTF-8 CSV; text that a spreadsheet would run as a formula gets a leading apostrophe."""
    return _harmless(_flat(frame)).write_csv().encode()


def xlsx_bytes(frame: pl.DataFrame) -> bytes:
    """Return one worksheet; text stays text, times are in UTC (Excel knows no time zones)."""
    buffer = io.BytesIO()
    sheet = _flat(frame).with_columns(
        pl.col(name).dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        for name, kind in frame.schema.items()
        if isinstance(kind, pl.Datetime) and kind.time_zone
    )
    import xlsxwriter  # noqa: PLC0415 - only a click on the button needs it

    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet.write_excel(book, worksheet="numbers", autofit=True, autofilter=False)
    return buffer.getvalue()


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """Return Parquet with the warehouse's own types."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


FORMATS: dict[str, tuple[str, Callable[[pl.DataFrame], bytes]]] = {
    "csv": ("text/csv", csv_bytes),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_bytes),
    "parquet": ("application/vnd.apache.parquet", parquet_bytes),
}


def offer(frame: pl.DataFrame, name: str, stamp: str) -> None:
    """Show one button per format; a file is only made when its button is pressed.

    Args:
        frame: The exact numbers.
        name: What the file is called, before the stamp.
        stamp: The state that the numbers come from: a build's id, or a time on a live page.
    """
    with st.popover("Download", icon=":material/download:", type="tertiary", key=f"download-{name}"):
        st.caption(f"{frame.height:,} rows, exact values, as of {stamp}")
        for extension, (mime, make) in FORMATS.items():
            st.download_button(
                extension.upper(),
                partial(make, frame),
                file_name=f"{name}-{stamp}.{extension}",
                mime=mime,
                key=f"download-{name}-{extension}",
                on_click="ignore",
                width="stretch",
            )


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with lists joined by a semicolon, for formats that hold plain cells only."""
    return frame.with_columns(
        pl.col(name).cast(pl.List(pl.String)).list.join("; ")
        for name, kind in frame.schema.items()
        if isinstance(kind, pl.List) and not isinstance(kind.inner, (pl.Struct, pl.List))
    )


def _harmless(frame: pl.DataFrame) -> pl.DataFrame:
    risky = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(
        pl.when(pl.any_horizontal(pl.col(name).str.starts_with(start) for start in _FORMULA_STARTS))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in risky
    )
