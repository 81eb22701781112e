from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import stamina

from ingest.errors import StreamsFailed, StripeKeyRefused, StripeSlowDown, StripeUnreachable, WrongAccount
from ingest.stripe.bucket import TokenBucket
from ingest.stripe.client import ATTEMPTS, StripeReader
from ingest.stripe.sync import sync
from tests.ingest.stripe.factories import customer, event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.landing import LandingZone
    from ingest.settings import IngestSettings
    from tenants.clock import FixedClock
    from tests.ingest.stripe.fake_stripe import FakeStripe


@pytest.fixture
def impatient() -> Iterator[None]:
    """Retry as often as in earnest, without waiting."""
    with stamina.set_testing(testing=True, attempts=ATTEMPTS):
        yield


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("failure", [500, 503, 409, 429, "cut"])
def test_a_failure_that_passes_is_tried_again(
    account: FakeStripe, settings: IngestSettings, failure: int | str
) -> None:
    account.objects["customer"] = [customer(1)]
    account.failures = [failure] * (ATTEMPTS - 1)

    assert len(StripeReader(settings).page("/v1/customers", {}).data) == 1


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("failure", "error"), [(500, StripeUnreachable), (429, StripeSlowDown)])
def test_a_failure_that_stays_is_told_with_the_setting_to_look_at(
    account: FakeStripe,
    settings: IngestSettings,
    failure: int,
    error: type[Exception],
) -> None:
    account.failures = [failure] * ATTEMPTS

    with pytest.raises(error, match="LOKI_STRIPE_"):
        StripeReader(settings).page("/v1/customers", {})


def test_the_wait_that_stripe_asks_for_is_obeyed(account: FakeStripe, settings: IngestSettings) -> None:
    waits: list[float] = []
    stamina.instrumentation.set_on_retry_hooks([lambda details: waits.append(details.wait_for)])
    account.failures = [429]
    account.retry_after = "0.25"
    try:
        StripeReader(settings).page("/v1/customers", {})
    finally:
        stamina.instrumentation.set_on_retry_hooks(None)

    assert 0.25 <= waits[0] < 1.25 + 0.01


def test_a_wrong_key_names_its_setting_and_is_not_tried_again(
    account: FakeStripe, settings: IngestSettings, landing: LandingZone, clock: FixedClock
) -> None:
    wrong = settings.model_copy(update={"stripe_api_key": type(settings.stripe_api_key)("sk_test_wrong")})

    with pytest.raises(StripeKeyRefused, match="LOKI_STRIPE_API_KEY"):
        sync(wrong, landing, clock)
    assert len(account.requests) == 1


@pytest.mark.usefixtures("impatient")
def test_an_address_where_nobody_answers_is_named(
    settings: IngestSettings, landing: LandingZone, clock: FixedClock
) -> None:
    nowhere = settings.model_copy(update={"stripe_api_base": "http://127.0.0.1:9"})

    with pytest.raises(StripeUnreachable, match=r":9 \(Connection refused\).*LOKI_STRIPE_API_BASE"):
        sync(nowhere, landing, clock)


def test_a_refused_list_is_an_error_in_the_ledger_while_the_others_land(
    account: FakeStripe, settings: IngestSettings, landing: LandingZone, clock: FixedClock
) -> None:
    account.objects["customer"] = [customer(1)]
    account.objects["event"] = [event(1, customer(1, name="new"))]
    account.refused["/v1/disputes"] = 403

    with pytest.raises(StreamsFailed, match="GET /v1/disputes with status 403"):
        sync(settings, landing, clock)

    assert landing.read("stripe_customer").num_rows == 2
    ledger = landing.read("sync_ledger", ["stream", "status"]).to_pylist()
    assert {"stream": "stripe_dispute", "status": "error"} in ledger


def test_a_refused_list_is_tried_again_until_it_answers_or_is_left_out_on_purpose(
    account: FakeStripe, settings: IngestSettings, landing: LandingZone, clock: FixedClock
) -> None:
    account.refused["/v1/disputes"] = 403
    for _ in range(2):
        with pytest.raises(StreamsFailed):
            sync(settings, landing, clock)
    account.requests.clear()

    without = settings.model_copy(update={"stripe_skip_streams": ["dispute"]})
    sync(without, landing, clock)

    assert account.paths() == ["/v1/account", "/v1/events", "/v1/balance_transactions"]
    gaps = landing.read("sync_ledger", ["stream", "status", "detail"]).to_pylist()
    assert {
        "stream": "stripe_dispute",
        "status": "gap",
        "detail": "left out by LOKI_STRIPE_SKIP_STREAMS",
    } in gaps


def test_another_accounts_key_is_refused_before_anything_lands(
    account: FakeStripe, settings: IngestSettings, landing: LandingZone, clock: FixedClock
) -> None:
    sync(settings, landing, clock)
    account.account_id = "acct_2"
    account.objects["event"] = [event(1, customer(1))]

    with pytest.raises(WrongAccount, match=r"acct_2 .*acct_1 .*LOKI_HOME"):
        sync(settings, landing, clock)
    assert landing.read("stripe_events").num_rows == 0


def test_the_bucket_lets_a_burst_pass_and_then_keeps_the_pace() -> None:
    moment, waited = 0.0, []

    def sleep(seconds: float) -> None:
        nonlocal moment
        waited.append(seconds)
        moment += seconds

    bucket = TokenBucket(20, now=lambda: moment, sleep=sleep)
    for _ in range(60):
        bucket.take()

    assert len(waited) == 40
    assert moment == pytest.approx(2.0)


def test_the_pace_stays_below_stripes_limits(settings: IngestSettings) -> None:
    unpaced = settings.model_copy(update={"stripe_reads_per_second": None})
    live = unpaced.model_copy(update={"stripe_api_key": type(settings.stripe_api_key)("sk_live_x")})

    assert unpaced.reads_per_second() < 25
    assert live.reads_per_second() < 100
