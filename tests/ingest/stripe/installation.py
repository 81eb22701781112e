"""An installation that is kept up to date with an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.stripe.sync import sync

if TYPE_CHECKING:
    from ingest.landing import LandingZone
    from ingest.settings import IngestSettings
    from tenants.clock import FixedClock
    from tests.ingest.stripe.fake_stripe import FakeStripe


ALWAYS_ASKED = ("/v1/account", "/v1/events", "/v1/balance_transactions")


@dataclass(frozen=True)
class Installation:
    """A landing zone that is kept up to date with an account, and has been from the start."""

    account: FakeStripe
    settings: IngestSettings
    landing: LandingZone
    clock: FixedClock

    def sync(self, **more: Any) -> dict[str, int]:
        self.account.requests.clear()
        return sync(self.settings, self.landing, self.clock, **more).new_rows

    def happens(self, *events: dict[str, Any]) -> None:
        self.account.objects["event"] = sorted(
            [*self.account.objects["event"], *events], key=lambda e: e["created"]
        )

    def rows(self, stream: str, *columns: str) -> list[Any]:
        rows = self.landing.read(stream, columns).to_pylist()
        return [row[columns[0]] if len(columns) == 1 else tuple(row[c] for c in columns) for row in rows]

    def fetched(self) -> list[str]:
        return [path for path in self.account.paths() if path not in ALWAYS_ASKED]
