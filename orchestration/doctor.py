"""Looks at everything an installation rests on; each finding has its remedy."""

from __future__ import annotations

import platform
import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from orchestration.context import load, reporting
from orchestration.settings import BuildSettings
from tenants.errors import PlatformError
from tenants.settings import PlatformSettings
from tenants.warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tenants.warehouse import Build

LEAST_FREE_BYTES = 2 * 1024**3
STALE_HOURS = 26
SOON = timedelta(days=30)
PINNED = {"duckdb": "2.0.0", "dbt-core": "1.11.16", "dagster": "1.13.27", "streamlit": "1.67.0"}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: What.
        is_well: Whether nothing needs to be done.
        detail: What was found and, where it is not well, what to do.
    """

    subject: str
    is_well: bool
    detail: str

    @property
    def line(self) -> str:
        """Say it in one line."""
        return f"{'ok  ' if self.is_well else 'FAIL'}  {self.subject:<13} {self.detail}"


def examine() -> Iterator[Finding]:
    """Yield what was found, settings first; without usable settings there is nothing more to see."""
    try:
        settings = load(PlatformSettings)
        report = reporting(settings, load(BuildSettings))
    except PlatformError as error:
        yield Finding("settings", is_well=False, detail=error.message)
        return
    money = f"catalogue {report.catalogue}, policy {report.policy.name}, {report.currency.upper()}"
    yield Finding("settings", is_well=True, detail=f"state in {settings.state()}; {money}")
    yield _versions()
    yield _disk(settings)
    yield _attempt("control plane", lambda: _control(settings))
    yield _attempt("sign-in", lambda: _sign_in(settings))
    yield _attempt("mail", lambda: _mail(settings))
    yield _attempt("stripe", lambda: _stripe(settings))
    yield _attempt("landing zone", lambda: _landing(settings))
    yield _attempt("warehouse", lambda: _warehouse(settings))
    yield _attempt("completeness", lambda: _completeness(settings))


def _attempt(subject: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except PlatformError as error:
        return Finding(subject, is_well=False, detail=error.message)


def _versions() -> Finding:
    other = [
        f"{name} {version(name)} instead of {pin}" for name, pin in PINNED.items() if version(name) != pin
    ]
    if other:
        return Finding("versions", is_well=False, detail=f"{', '.join(other)}: run `make setup`")
    found = ", ".join(f"{name} {pin}" for name, pin in PINNED.items())
    return Finding("versions", is_well=True, detail=f"Python {platform.python_version()}, {found}")


def _disk(settings: PlatformSettings) -> Finding:
    folder = next(place for place in (settings.state(), *settings.state().parents) if place.exists())
    free = shutil.disk_usage(folder).free
    is_well = free >= LEAST_FREE_BYTES
    remedy = "" if is_well else ": free some, a build needs room beside the published one"
    return Finding("disk", is_well=is_well, detail=f"{free / 1024**3:.1f} GiB free at {folder}{remedy}")


def _control(settings: PlatformSettings) -> Finding:
    from tenants.control import ControlPlane  # noqa: PLC0415 - heavy

    with closing(ControlPlane.open(settings, settings.clock())) as control:
        count = len(list(control.tenants.all()))
    return Finding("control plane", is_well=True, detail=f"{count} tenants")


def _sign_in(settings: PlatformSettings) -> Finding:
    from tenants.control import ControlPlane  # noqa: PLC0415 - heavy

    with closing(ControlPlane.open(settings, settings.clock())) as control:
        ending = control.saml.ending(control.clock.now() + SOON)
    if not ending:
        return Finding("sign-in", is_well=True, detail="no provider's certificate expires within 30 days")
    named = ", ".join(f"{tenant_id} on {end:%Y-%m-%d}" for tenant_id, end in ending.items())
    detail = (
        f"the last certificate of an identity provider expires: {named}; add the next with `loki sso saml`"
    )
    return Finding("sign-in", is_well=False, detail=detail)


def _mail(settings: PlatformSettings) -> Finding:
    if settings.smtp_url is None:
        return Finding("mail", is_well=True, detail="not asked: LOKI_SMTP_URL is not set")
    from smtplib import SMTPException  # noqa: PLC0415 - start-up time

    from tenants.mail.server import mail_server  # noqa: PLC0415 - as above

    try:
        with mail_server(settings.smtp_url):
            return Finding("mail", is_well=True, detail="the server answers and takes our credentials")
    except (OSError, SMTPException) as error:
        detail = f"the server at LOKI_SMTP_URL cannot be used ({type(error).__name__}): check address, "
        return Finding("mail", is_well=False, detail=f"{detail}credentials and certificate")


def _stripe(settings: PlatformSettings) -> Finding:
    if settings.stripe_api_key is None:
        return Finding("stripe", is_well=True, detail="not asked: LOKI_STRIPE_API_KEY is not set")
    from tenants.stripe_client import make_client, stripe_errors  # noqa: PLC0415 - heavy

    with stripe_errors():
        make_client(settings).v1.customers.list({"limit": 1})
    return Finding("stripe", is_well=True, detail=f"{settings.stripe_api_base} accepts the key")


def _landing(settings: PlatformSettings) -> Finding:
    from ingest.landing import damage  # noqa: PLC0415 - heavy
    from ingest.streams import open_landing  # noqa: PLC0415 - as above

    landing = open_landing(settings, settings.clock())
    damaged = damage.find(landing)
    if damaged:
        names = ", ".join(entry.path for entry in damaged)
        detail = f"{names} cannot be read: run `loki refresh`, which sets it aside and fetches its rows again"
        return Finding("landing zone", is_well=False, detail=detail)
    files = landing.manifests.files.values()
    rows = sum(entry.rows for entry in files)
    return Finding("landing zone", is_well=True, detail=f"{rows:,} rows in {len(files)} files")


def _warehouse(settings: PlatformSettings) -> Finding:
    build = Warehouse(settings.state()).published()
    with Warehouse(settings.state()).open() as connection:
        connection.execute("select * from marts.build_info").fetchall()
    hours = (settings.clock().now() - build.built_at).total_seconds() / 3600
    is_well = hours <= STALE_HOURS
    remedy = "" if is_well else ": run `loki refresh`, and see in Dagster why the daily one did not"
    return Finding("warehouse", is_well=is_well, detail=f"build {build.id}, {hours:.1f} hours old{remedy}")


def _completeness(settings: PlatformSettings) -> Finding:
    build = Warehouse(settings.state()).published()
    bad = incomplete(build)
    if bad:
        return Finding("completeness", is_well=False, detail="; ".join(bad))
    return Finding("completeness", is_well=True, detail="no stream has a known gap")


def incomplete(build: Build) -> list[str]:
    """Return every stream with a gap or a failed last pull, with what the ledger says."""
    return [
        f"{row['stream']}: {row['last_detail'] or row['last_status']}"
        for row in build.facts["completeness"]
        if row["gaps"] or row["last_status"] == "error"
    ]
