"""The ledger of movements and the Stripe events behind each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import polars as pl

    from dashboards.marts import Marts, Row

MOST = 5_000


def movements(
    marts: Marts, since: date, until: date, types: Sequence[str], reasons: Sequence[str], words: str
) -> pl.DataFrame:
    """Return movements of a period, newest first, at most `MOST`.

    Args:
        marts: The build to read.
        since: First day.
        until: Last day.
        types: Movement types wanted; none means all.
        reasons: Reasons wanted; none means all.
        words: Part of a customer's, tenant's, subscription's or event's id; empty means any.
    """
    return marts.frame(
        f"""
        select movement_date, customer_id, tenant_id, movement_type, reason, amount, mrr_before, mrr_after,
            upper(currency) as currency, reporting_amount, upper(reporting_currency) as reporting_currency,
            effective_at, known_at, source, subscription_ids, source_event_ids, movement_id
        from marts.mrr_movements
        where movement_date between ? and ?
            and (len(?::varchar[]) = 0 or list_contains(?::varchar[], movement_type))
            and (len(?::varchar[]) = 0 or list_contains(?::varchar[], reason))
            and (? = '' or contains(
                lower(concat_ws(' ', customer_id, tenant_id, array_to_string(subscription_ids, ' '),
                    array_to_string(source_event_ids, ' '), movement_id)), lower(?)))
        order by effective_at desc, movement_id
        limit {MOST}
    """,
        since,
        until,
        list(types),
        list(types),
        list(reasons),
        list(reasons),
        words,
        words,
    )


def span(marts: Marts) -> Row:
    """Return the first and last day of the ledger, its types and its reasons."""
    return marts.row("""
        select min(movement_date) as first_day, max(movement_date) as last_day,
            list_sort(list(distinct movement_type)) as types,
            list_sort(list(distinct reason) filter (where reason is not null)) as reasons
        from marts.mrr_movements
    """)


def events(marts: Marts, event_ids: Sequence[str]) -> pl.DataFrame:
    """Return the raw Stripe events of these ids, oldest first; ids of objects and invoices have none."""
    return marts.frame(
        """
        select event_id, event_type, created_at, observed_at, object_type, object_id,
            previous_attributes, body
        from marts.stripe_events
        where list_contains(?::varchar[], event_id)
        order by created_at, event_id
    """,
        list(event_ids),
    )
