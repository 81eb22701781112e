"""Events of the last 30 days, and the webhook endpoints they are sent to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from orchestration.demo.sandbox.account import VERSION
from orchestration.demo.sandbox.errors import ApiError, Json, missing
from orchestration.demo.sandbox.lists import PAGE, cut, envelope, listing
from orchestration.demo.sandbox.params import Spec, boolean, many, mapping, merge_metadata, text
from orchestration.demo.sandbox.routing import retrieval, route
from orchestration.demo.sandbox.webhooks import matches, new_secret

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account
    from orchestration.demo.sandbox.events import Event

_LIST = PAGE.with_(type=text, types=many(text), delivery_success=boolean)
_MOST_TYPES = 20
RENDERED_AS = orjson.dumps(VERSION)


@route("GET /v1/events")
def list_events(account: Account, form: Json) -> Json:
    """List events of the last 30 days, newest first."""
    values = _LIST.read(form)
    types = values.get("types") or ([values["type"]] if values.get("type") else [])
    if len(types) > _MOST_TYPES:
        message = f"You may specify at most {_MOST_TYPES} event types."
        raise ApiError(message, param="types")
    since, until = values.get("created") or (None, None)
    delivered = values.get("delivery_success")
    cursors = {values.get("starting_after"), values.get("ending_before")}

    def fits(event: Event) -> bool:
        in_time = (since is None or event.created >= since) and (until is None or event.created <= until)
        is_wanted = in_time and (not types or matches(event.type, types))
        return event.id in cursors or (is_wanted and delivered in (None, event.pending == 0))

    found = (event for event in reversed(account.log.events) if fits(event))
    data, has_more = cut(found, values, lambda event: event.id, "event")
    return envelope(
        [orjson.Fragment(event.render(RENDERED_AS)) for event in data], "/v1/events", has_more=has_more
    )


@route("GET /v1/events/{id}")
def retrieve_event(account: Account, _form: Json, event_id: str) -> Json:
    """Return one event."""
    event = account.log.by_id.get(event_id)
    if event is None:
        raise missing(event_id, "event")
    rendered: Json = orjson.loads(event.render(RENDERED_AS))
    return rendered


_ENDPOINT = Spec(
    description=text,
    disabled=boolean,
    enabled_events=many(text),
    metadata=mapping,
    url=text,
    api_version=text,
)


def _require_url(values: Json) -> None:
    if values.get("url") is not None and not values["url"].startswith(("http://", "https://")):
        message = "Invalid URL: URL must be absolute."
        raise ApiError(message, code="url_invalid", param="url")


@route("POST /v1/webhook_endpoints")
def create_endpoint(account: Account, form: Json) -> Json:
    """Register an endpoint; its signing secret is shown this once."""
    values = _ENDPOINT.with_("url enabled_events").read(form)
    _require_url(values)
    endpoint: Json = {
        "id": account.ids.new("we"),
        "object": "webhook_endpoint",
        "api_version": values.get("api_version"),
        "application": None,
        "created": account.now,
        "description": values.get("description"),
        "enabled_events": values["enabled_events"],
        "livemode": False,
        "metadata": merge_metadata({}, values.get("metadata")),
        "status": "enabled",
        "url": values["url"],
    }
    secret = new_secret()
    account.secret(endpoint["id"])["secret"] = secret
    account.add(endpoint)
    return {**endpoint, "secret": secret}


@route("POST /v1/webhook_endpoints/{id}")
def update_endpoint(account: Account, form: Json, endpoint_id: str) -> Json:
    """Change an endpoint, or switch it off."""
    endpoint = account.get("webhook_endpoint", endpoint_id)
    values = _ENDPOINT.read(form)
    _require_url(values)
    if "disabled" in values:
        endpoint["status"] = "disabled" if values.pop("disabled") else "enabled"
    values["metadata"] = merge_metadata(endpoint["metadata"], values.get("metadata"))
    endpoint.update({name: value for name, value in values.items() if value is not None})
    account.dirty.add(endpoint_id)
    return endpoint


@route("DELETE /v1/webhook_endpoints/{id}")
def delete_endpoint(account: Account, _form: Json, endpoint_id: str) -> Json:
    """Delete an endpoint."""
    return account.remove(account.get("webhook_endpoint", endpoint_id))


retrieval("webhook_endpoint", "/v1/webhook_endpoints")
listing("webhook_endpoint", "/v1/webhook_endpoints")
