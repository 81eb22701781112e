"""Keeps two accounts, or test and live mode of one, from flowing into the same landing zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.errors import StripeRefused, WrongAccount
from ingest.stripe import parsing

if TYPE_CHECKING:
    from ingest.settings import IngestSettings
    from ingest.stripe.client import StripeReader
    from ingest.stripe.sink import Sink

CURSOR = "stripe/account"


def same_account(reader: StripeReader, sink: Sink, settings: IngestSettings) -> None:
    """Compare the key's account and mode with those that filled the landing zone so far.

    A key that may not read its account, and a server that has none, are judged by the mode alone.

    Raises:
        WrongAccount: They differ.
    """
    mode = "test" if settings.is_test_key() else "live"
    known = sink.landing.cursor(CURSOR)
    try:
        account = parsing.head(reader.get("/v1/account")).id
    except StripeRefused:
        account = None
    if known is None:
        sink.move(CURSOR, {"account": account, "mode": mode})
        return
    differs = account is not None and known["account"] is not None and account != known["account"]
    if differs or mode != known["mode"]:
        message = (
            f"LOKI_STRIPE_API_KEY belongs to account {account or 'unknown'} in {mode} mode, but "
            f"{sink.landing.root} holds account {known['account'] or 'unknown'} in {known['mode']} mode; "
            "use that account's key, or another LOKI_HOME."
        )
        raise WrongAccount(message, account=account, mode=mode)
