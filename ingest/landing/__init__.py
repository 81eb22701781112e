"""The landing zone: what was observed, once, as Parquet, with how far each source was read."""

from ingest.landing.zone import LandingZone

__all__ = ["LandingZone"]
