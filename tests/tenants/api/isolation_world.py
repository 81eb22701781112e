"""The whole application with two tenants that own one of everything, and each operation of its document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.tenants.api.isolation_matrix import BODIES, IDS
from tests.tenants.api.serving import Client

if TYPE_CHECKING:
    import requests
    from fastapi import FastAPI

    from tests.tenants.api.owners import Owner

HOST = "loki.test"


@dataclass(frozen=True)
class Operation:
    """One method of one path, as the OpenAPI document has it."""

    method: str
    path: str
    told: dict[str, Any]

    def names(self, place: str) -> list[str]:
        return [each["name"] for each in self.told.get("parameters", ()) if each["in"] == place]

    @property
    def has_ids(self) -> bool:
        return any(name in IDS for place in ("path", "query") for name in self.names(place))

    def send(self, client: Client, ids: dict[str, str]) -> requests.Response:
        path = self.path.format_map({**dict.fromkeys(self.names("path"), "1"), **ids})
        query = {name: ids[name] for name in self.names("query") if name in ids}
        body = BODIES.get((self.method, self.path), {}) if "requestBody" in self.told else None
        return client.request(self.method, path, params=query, json=body)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class World:
    """The whole application with two tenants that own one of everything each."""

    app: FastAPI
    address: str
    victim: Owner
    other: Owner
    operations: list[Operation]

    def client(self, key: str | None = None, host: str = HOST) -> Client:
        return Client(self.address, host, {} if key is None else {"Authorization": f"Bearer {key}"})


def operations_of(app: FastAPI) -> list[Operation]:
    return [
        Operation(method.upper(), path, each)
        for path, methods in app.openapi()["paths"].items()
        for method, each in methods.items()
    ]
