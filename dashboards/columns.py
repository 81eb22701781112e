"""How table columns look; a short word for each kind."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st

from dashboards.numbers import number_format

Width = Literal["small", "medium", "large"] | int


def text(label: str, help: str | None = None, width: Width | None = None) -> Any:  # noqa: A002, ANN401 - Streamlit's own words
    """Return a column of plain text; never interpreted as HTML or Markdown."""
    return st.column_config.TextColumn(label, help=help, width=width)


def money(label: str, currency: str, help: str | None = None) -> Any:  # noqa: A002, ANN401 - as above
    """Return a column of amounts in whole minor units; the currency stands in the heading."""
    return st.column_config.NumberColumn(
        f"{label}, {currency.upper()}", help=help, format=number_format(currency)
    )


def amount(label: str, help: str | None = None, width: Width | None = None) -> Any:  # noqa: A002, ANN401 - as above
    """Return a column of amounts whose currency stands in a column beside it."""
    return st.column_config.NumberColumn(label, help=help, width=width, format="%,.2f")


def count(label: str, help: str | None = None) -> Any:  # noqa: A002, ANN401 - as above
    """Return a column of whole numbers."""
    return st.column_config.NumberColumn(label, help=help, format="%,d")


def share(label: str, help: str | None = None) -> Any:  # noqa: A002, ANN401 - as above
    """Return a column of fractions, shown in percent."""
    return st.column_config.NumberColumn(label, help=help, format="percent")


def level(label: str, top: float, help: str | None = None, format: str = "%.0f %%") -> Any:  # noqa: A002, ANN401 - as above
    """Return a column of levels with a bar from 0 to `top`."""
    return st.column_config.ProgressColumn(label, help=help, min_value=0, max_value=top, format=format)


def day(label: str, help: str | None = None) -> Any:  # noqa: A002, ANN401 - as above
    """Return a column of days."""
    return st.column_config.DateColumn(label, help=help, format="D MMM YYYY")


def month(label: str, help: str | None = None) -> Any:  # noqa: A002, ANN401 - as above
    """Return a column of months, each its first day."""
    return st.column_config.DateColumn(label, help=help, format="MMM YYYY")


def moment(label: str, help: str | None = None) -> Any:  # noqa: A002, ANN401 - as above
    """Return a column of moments in UTC."""
    return st.column_config.DatetimeColumn(label, help=help, format="D MMM YYYY HH:mm", timezone="UTC")


def words(label: str, help: str | None = None) -> Any:  # noqa: A002, ANN401 - as above
    """Return a column of lists of words, each in its own pill."""
    return st.column_config.ListColumn(label, help=help)


def flag(label: str, help: str | None = None) -> Any:  # noqa: A002, ANN401 - as above
    """Return a column of yes and no."""
    return st.column_config.CheckboxColumn(label, help=help)


def link(label: str, shown: str, help: str | None = None) -> Any:  # noqa: A002, ANN401 - as above
    """Return a column of addresses of web pages, each shown as the same word."""
    return st.column_config.LinkColumn(label, help=help, display_text=shown, validate="^https?://")
