"""How far the data has come, what did not fit, and which builds are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from dashboards.marts import Marts, Row


def streams(marts: Marts) -> pl.DataFrame:
    """Return each stream of the landing zone and how far it has come, troubled ones first."""
    return marts.frame("""
        select stream, last_status, rows, last_asked_at, last_observed_at, complete_until, gaps, quarantined
        from marts.pipeline_streams
        order by last_status <> 'ok' desc, gaps desc, quarantined desc, stream
    """)


def stream_totals(marts: Marts) -> Row:
    """Return sums over all streams."""
    return marts.row("""
        select count(*) as streams, sum(rows) as rows, sum(gaps) as gaps, sum(quarantined) as quarantined,
            count(*) filter (where last_status <> 'ok') as troubled, min(complete_until) as complete_until
        from marts.pipeline_streams
    """)


def findings(marts: Marts, checks: Sequence[str] = (), words: str = "") -> pl.DataFrame:
    """Return findings, newest first; only of these checks and with these words in them."""
    return marts.frame(
        """
        select "check", object_id, detail, first_seen_at
        from marts.data_quality
        where (len(?::varchar[]) = 0 or list_contains(?::varchar[], "check"))
            and (? = '' or contains(lower(concat_ws(' ', "check", object_id, detail)), lower(?)))
        order by first_seen_at desc nulls last, "check", object_id
    """,
        list(checks),
        list(checks),
        words,
        words,
    )


def finding_counts(marts: Marts) -> pl.DataFrame:
    """Return how often each check found something, most often first."""
    return marts.frame("""
        select "check", count(*) as findings, max(first_seen_at) as newest
        from marts.data_quality group by "check" order by findings desc, "check"
    """)
