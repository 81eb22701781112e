"""What the control plane's commands share: opening the platform, who acts, how rows are shown."""

from __future__ import annotations

import getpass
import sys
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec
from pydantic import ValidationError

from tenants.audit.records import Actor
from tenants.control import ControlPlane
from tenants.errors import InvalidInput, Unavailable
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


WIDE = 10_000  # nothing is folded where no terminal sets a width


class Form(StrEnum):
    """How rows are written."""

    table = "table"
    json = "json"


@contextmanager
def platform() -> Iterator[tuple[ControlPlane, TenantStores]]:
    """Open the configured control plane and stores for one command.

    Raises:
        InvalidInput: The settings are wrong; all that is wrong is told at once.
    """
    settings = _settings()
    clock = settings.clock()
    control, stores = ControlPlane.open(settings, clock), TenantStores(settings, clock)
    try:
        yield control, stores
    finally:
        stores.close()
        control.close()


@contextmanager
def telling_each() -> Iterator[None]:
    """Say of each tenant for which something failed why, before the failure as a whole is told."""
    try:
        yield
    except Unavailable as error:
        failures = error.context.get("failures")
        for tenant_id, why in failures.items() if isinstance(failures, dict) else ():
            say(f"{tenant_id}: {why}")
        raise


def operator() -> Actor:
    """Return whoever runs the command, as the audit log names them."""
    return Actor("command", getpass.getuser())


def typed_secret(prompt: str) -> str:
    """Return what is typed at the terminal unseen, or the first line of standard input.

    Raises:
        InvalidInput: Nothing was given.
    """
    text = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if not text:
        message = f"No {prompt.rstrip(': ').lower()} was given; type it, or send it on standard input."
        raise InvalidInput(message, "secret_missing")
    return text


def show(rows: Sequence[dict[str, Any]], form: Form) -> None:
    """Write rows to standard output."""
    if form is Form.json:
        sys.stdout.write(msgspec.json.encode(rows).decode() + "\n")
        return
    from rich.console import Console  # noqa: PLC0415 - start-up time
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    table = Table(box=None, pad_edge=False)
    for name in rows[0] if rows else ():
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row.values()))
    # A pipe has no width: an id broken over two lines is found by no other program.
    width = None if sys.stdout.isatty() else WIDE
    Console(file=sys.stdout, width=width).print(table if rows else "Nothing there yet.")


def say(sentence: str) -> None:
    """Write a sentence to standard output."""
    sys.stdout.write(sentence + "\n")


def say_aside(sentence: str) -> None:
    """Write a sentence to standard error, where standard output carries what was asked for."""
    sys.stderr.write(sentence + "\n")


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict):
        return msgspec.json.encode(value).decode() if value else "–"
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value) or "–"
    return str(value)


def _settings() -> PlatformSettings:
    try:
        return PlatformSettings()
    except ValidationError as error:
        wrong = "; ".join(
            f"LOKI_{'_'.join(str(part) for part in each['loc']).upper()}: {each['msg']}"
            for each in error.errors()
        )
        message = f"The settings cannot be used: {wrong}. They come from the environment or from .env."
        raise InvalidInput(message, "invalid_settings") from None
