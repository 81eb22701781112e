from __future__ import annotations

import pytest
from pydantic import ValidationError

from ingest.settings import IngestSettings


def test_object_types_to_leave_out_are_named_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKI_STRIPE_SKIP_STREAMS", "dispute, exchange_rate")

    assert IngestSettings(_env_file=None).stripe_skip_streams == ["dispute", "exchange_rate"]


def test_an_unknown_object_type_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValidationError, match=r"disputes is none of customer, .*dispute"):
        IngestSettings(_env_file=None, stripe_skip_streams=["disputes"])


def test_events_are_never_asked_for_with_less_than_a_days_overlap() -> None:
    with pytest.raises(ValidationError, match="stripe_overlap_hours"):
        IngestSettings(_env_file=None, stripe_overlap_hours=1)
