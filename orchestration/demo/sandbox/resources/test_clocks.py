"""Test clocks: customers with a time of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.account import Timeline
from orchestration.demo.sandbox.errors import ApiError, Json
from orchestration.demo.sandbox.lists import listing
from orchestration.demo.sandbox.params import Spec, integer, text
from orchestration.demo.sandbox.resources.customers import delete as delete_customer
from orchestration.demo.sandbox.routing import retrieval, route
from orchestration.demo.sandbox.shapes.customers import test_clock

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

_KIND, _PATH = "test_helpers.test_clock", "/v1/test_helpers/test_clocks"


@route(f"POST {_PATH}")
def create(account: Account, form: Json) -> Json:
    """Create a clock that stands at a given time."""
    values = Spec("frozen_time", frozen_time=integer, name=text).read(form)
    clock = test_clock(account.ids.new("clock"), values.get("name"), account.now, values["frozen_time"])
    account.clocks[clock["id"]] = Timeline(values["frozen_time"], clock["id"])
    return account.add(clock, "test_helpers.test_clock.created")


@route(f"POST {_PATH}/{{id}}/advance")
def advance(account: Account, form: Json, clock_id: str) -> Json:
    """Move a clock on; what its customers' subscriptions owe to that time happens."""
    clock = account.get(_KIND, clock_id)
    until = Spec("frozen_time", frozen_time=integer).read(form)["frozen_time"]
    timeline = account.clocks[clock_id]
    if until <= timeline.now:
        message = "The frozen time of a test clock can only move forward."
        raise ApiError(message, param="frozen_time")
    under_way = {"status": "advancing", "status_details": {"advancing": {"target_frozen_time": until}}}
    account.tell({**clock, **under_way}, "test_helpers.test_clock.advancing")
    account.advance(timeline, until)
    clock["frozen_time"] = until
    account.dirty.add(clock_id)
    account.tell(clock, "test_helpers.test_clock.ready")
    return {**clock, **under_way}


@route(f"DELETE {_PATH}/{{id}}")
def delete(account: Account, _form: Json, clock_id: str) -> Json:
    """Delete a clock and the customers that live by it."""
    clock = account.get(_KIND, clock_id)
    for customer in [each for each in account.store.of("customer") if each["test_clock"] == clock_id]:
        delete_customer(account, {}, customer["id"])
    account.begin()
    return account.remove(clock, "test_helpers.test_clock.deleted")


retrieval(_KIND, _PATH)
listing(_KIND, _PATH)
