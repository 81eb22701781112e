"""Usage periods tile time, and what has ended stays as it was cut, whatever is subscribed when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.catalogue import load_catalogue
from tenants.stores import Period
from tenants.tenancy.entitlements import Entitlements
from tenants.tenancy.terms import NOTHING_EARLIER, changed, quotas_at

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOMENT = timedelta(microseconds=1)
_CREATED = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
_IRIS = load_catalogue("iris")
_QUOTAS = {plan.id: plan.quotas for plan in _IRIS.plans}
_spans = st.timedeltas(timedelta(0), timedelta(days=70))


@dataclass(frozen=True)
class Change:
    """A subscription's change.

    Attributes:
        after: How long after the one before it is heard of.
        anchor: Where its months begin, seen from when it is heard of.
    """

    after: timedelta
    anchor: timedelta | None
    plan: str | None


_changes = st.lists(
    st.builds(
        Change,
        after=_spans,
        anchor=st.none() | st.timedeltas(timedelta(days=-80), timedelta(days=20)),
        plan=st.none() | st.sampled_from(sorted(_QUOTAS)),
    ),
    max_size=8,
)


def entitled(anchor: datetime = _CREATED, plan: str = "starter") -> Entitlements:
    return Entitlements(
        plan=plan,
        modules=(),
        features=frozenset(),
        quotas=_QUOTAS[plan],
        user_limit=None,
        rate_limit_per_minute=100,
        overage_meters=frozenset(_IRIS.overage_prices),
        anchor=anchor,
    )


def lived(
    changes: list[Change], *, is_subscribed: bool
) -> Iterator[tuple[datetime, Entitlements, Entitlements]]:
    """Yield when each change is heard of, with what held before and what holds after it."""
    now, may = _CREATED, entitled()
    for change in changes:
        now += change.after
        wanted = entitled(
            may.anchor if change.anchor is None else now + change.anchor,  # type: ignore[arg-type]
            change.plan or may.plan,
        )
        is_first = not is_subscribed and may.anchor == _CREATED
        new = replace(wanted, earlier=changed(may, wanted, now, is_first_anchor=is_first))
        yield now, may, new
        may = new


def walked(may: Entitlements, since: datetime, until: datetime) -> list[Period]:
    periods = [may.period(since)]
    while periods[-1].end <= until:
        periods.append(may.period(periods[-1].end))
    return periods


@given(changes=_changes, is_subscribed=st.booleans(), at=_spans)
@settings(max_examples=300)
def test_periods_follow_each_other_without_gap_or_overlap(
    changes: list[Change],
    is_subscribed: bool,  # noqa: FBT001 - drawn
    at: timedelta,
) -> None:
    now, may = _CREATED, entitled()
    for now, _, may in lived(changes, is_subscribed=is_subscribed):  # noqa: B007 - the last ones are meant
        pass
    periods = walked(may, _CREATED - timedelta(days=40), now + timedelta(days=40))
    for one, next_one in pairwise(periods):
        assert one.start < one.end == next_one.start
        for moment in (one.start, one.end - _MOMENT, min(one.start + at, one.end - _MOMENT)):
            assert may.period(moment) == one
    assert max(each.end - each.start for each in periods) <= timedelta(days=31)


@given(changes=_changes)
@settings(max_examples=300)
def test_what_has_ended_stays_as_it_was_cut_and_above_the_quotas_that_held(changes: list[Change]) -> None:
    for now, old, new in lived(changes, is_subscribed=True):
        ended = [each for each in walked(old, _CREATED, now) if each.end <= now]
        for period in ended:
            assert new.period(period.start) == period
            assert new.period(period.end - _MOMENT) == period
            last = period.end - _MOMENT
            assert quotas_at(last, new) == quotas_at(last, old)


@given(changes=_changes, uses=st.lists(st.tuples(_spans, st.integers(1, 5000)), max_size=20))
@settings(max_examples=300)
def test_each_unit_of_use_is_charged_in_one_period(
    changes: list[Change], uses: list[tuple[timedelta, int]]
) -> None:
    """Units are counted by the start of the period that runs when they are taken, and added up by period."""
    taken: Counter[datetime] = Counter()
    may, began = entitled(), _CREATED
    for until, _, new in [*lived(changes, is_subscribed=True), (_CREATED + timedelta(days=600), may, None)]:
        moments = [(began + after, units) for after, units in uses if began + after < until]
        for at, units in moments:
            taken[may.period(at).start] += units
        may, began = new or may, until
    charged = sum(
        units
        for period in walked(may, _CREATED, _CREATED + timedelta(days=700))
        for start, units in taken.items()
        if period.start <= start < period.end
    )
    assert charged == taken.total()


def test_a_change_heard_of_late_cuts_the_running_period_where_it_lay() -> None:
    changes = [Change(timedelta(days=40), timedelta(days=-2), "professional")]
    ((now, old, new),) = lived(changes, is_subscribed=True)
    at = now - timedelta(days=2)
    assert new.period(now) == Period(at, datetime(2026, 4, 10, 9, 30, tzinfo=UTC))
    assert new.period(at - _MOMENT) == Period(old.period(now).start, at)
    assert quotas_at(at - _MOMENT, new)["conversations"] == Decimal(1000)
    assert quotas_at(at, new)["conversations"] == Decimal(10000)


def test_a_change_that_lies_before_the_running_period_cuts_nothing_that_has_ended() -> None:
    changes = [Change(timedelta(days=40), timedelta(days=-35), None)]
    ((now, old, new),) = lived(changes, is_subscribed=True)
    assert new.period(now - _MOMENT) == Period(old.period(now).start, now)
    assert new.period(now).start == now


def test_the_first_subscription_counts_all_periods_anew_as_nothing_was_charged() -> None:
    changes = [Change(timedelta(days=100), timedelta(days=-40), None)]
    ((now, _, new),) = lived(changes, is_subscribed=False)
    assert new.earlier == NOTHING_EARLIER
    assert new.period(now - timedelta(days=40)).start == now - timedelta(days=40)
