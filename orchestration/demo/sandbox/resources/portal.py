"""Billing portal sessions and their configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.demo.sandbox.lists import listing
from orchestration.demo.sandbox.params import Spec, anything, boolean, mapping, merge_metadata, text
from orchestration.demo.sandbox.routing import retrieval, route
from orchestration.demo.sandbox.shapes.platform import portal_session

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account
    from orchestration.demo.sandbox.errors import Json

_CONFIGURATION = Spec(
    active=boolean,
    business_profile=Spec(headline=text, privacy_policy_url=text, terms_of_service_url=text),
    default_return_url=text,
    features=anything,
    login_page=anything,
    metadata=mapping,
    name=text,
)
_KIND = "billing_portal.configuration"


@route("POST /v1/billing_portal/sessions")
def create(account: Account, form: Json) -> Json:
    """Open the portal for a customer; its `url` is a page for a person."""
    values = Spec(
        "customer", customer=text, return_url=text, configuration=text, flow_data=anything, locale=text
    ).read(form)
    account.named("customer", values["customer"], "customer")
    wished = values.get("configuration")
    configuration = account.named(_KIND, wished, "configuration") if wished else _default(account)
    session_id = account.ids.new("bps")
    url = f"{account.base_url}/_sandbox/portal/{session_id}"
    session = portal_session(session_id, values["customer"], configuration["id"], url, account.now)
    session["return_url"] = values.get("return_url") or configuration["default_return_url"]
    session["locale"] = values.get("locale")
    return account.add(session, "billing_portal.session.created")


def _default(account: Account) -> Json:
    known = next((each for each in account.store.of(_KIND) if each["is_default"]), None)
    return known or _new(account, {}, is_default=True)


def _new(account: Account, values: Json, *, is_default: bool) -> Json:
    configuration: Json = {
        "id": account.ids.new("bpc"),
        "object": _KIND,
        "active": True,
        "application": None,
        "business_profile": {"headline": None, "privacy_policy_url": None, "terms_of_service_url": None},
        "created": account.now,
        "default_return_url": values.get("default_return_url"),
        "features": _features(),
        "is_default": is_default,
        "livemode": False,
        "login_page": {"enabled": False, "url": None},
        "metadata": merge_metadata({}, values.get("metadata")),
        "name": values.get("name"),
        "updated": account.now,
    }
    configuration["business_profile"].update(values.get("business_profile") or {})
    return account.add(configuration, "billing_portal.configuration.created")


def _features() -> Json:
    return {
        "customer_update": {"allowed_updates": [], "enabled": False},
        "invoice_history": {"enabled": True},
        "payment_method_update": {"enabled": True, "payment_method_configuration": None},
        "subscription_cancel": {
            "cancellation_reason": {"enabled": False, "options": []},
            "enabled": True,
            "mode": "at_period_end",
            "proration_behavior": "none",
        },
        "subscription_pause": {
            "duration": {"interval_options": [], "type": "indefinite"},
            "enabled": False,
        },
        "subscription_update": {
            "billing_cycle_anchor": None,
            "default_allowed_updates": [],
            "enabled": False,
            "proration_behavior": "none",
            "schedule_at_period_end": {"conditions": []},
            "trial_update_behavior": "end_trial",
        },
    }


@route("POST /v1/billing_portal/configurations")
def create_configuration(account: Account, form: Json) -> Json:
    """Create a configuration."""
    return _new(account, _CONFIGURATION.read(form), is_default=False)


retrieval(_KIND, "/v1/billing_portal/configurations")
listing(_KIND, "/v1/billing_portal/configurations", active=boolean, is_default=boolean)
