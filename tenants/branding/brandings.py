"""Branding of tenants: colours, a font from a list, a logo, CSS that is made safe where it is shown."""

from __future__ import annotations

import re
from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from tenants.audit.records import Change
from tenants.branding.logos import reencoded
from tenants.control.generations import AccessCache
from tenants.control.tables import brandings
from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from tenants.audit.log import AuditLog
    from tenants.audit.records import Actor
    from tenants.clock import Clock
    from tenants.control.database import ControlDatabase

FEATURE = "white_label"
FONTS = ("system", "serif", "monospace", "humanist", "geometric")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_LONGEST_CSS = 20_000


class Branding(msgspec.Struct, frozen=True, kw_only=True):
    """A look; the defaults are the platform's own.

    Attributes:
        primary_colour: `#RRGGBB` of what is to be pressed and of the page in view.
        accent_colour: `#RRGGBB` of lines and marks.
        font: One of `FONTS`.
        css: Rules as the tenant wrote them: never shown before they are reduced to what is safe.
        logo: A PNG.
    """

    primary_colour: str = "#2196F3"
    accent_colour: str = "#FFC107"
    font: str = "system"
    css: str = ""
    logo: bytes | None = None
    updated_at: datetime | None = None


class Brandings:
    """The looks of all tenants.

    Args:
        database: The control plane's.
        audit: Told of every change.
        clock: The present.
    """

    def __init__(self, database: ControlDatabase, audit: AuditLog, clock: Clock) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._known: AccessCache[Branding] = AccessCache(database)

    def of(self, tenant_id: str) -> Branding:
        """Return a tenant's look, the default where it has set none."""
        return self._known.get(tenant_id, lambda: self._load(tenant_id))

    def change(self, tenant_id: str, by: Actor, **fields: Any) -> Branding:  # noqa: ANN401 - the fields of a branding
        """Change fields of a look and return it.

        Raises:
            InvalidInput: A field is wrong.
        """
        return self._put(tenant_id, by, fields)

    def set_logo(self, tenant_id: str, content: bytes | None, by: Actor) -> Branding:
        """Set the logo from any image, or take it away.

        Raises:
            InvalidInput: It is no image that can be read.
        """
        return self._put(tenant_id, by, {"logo": None if content is None else reencoded(content)})

    def _put(self, tenant_id: str, by: Actor, fields: dict[str, Any]) -> Branding:
        change = Change(
            action="branding_changed",
            object_type="branding",
            object_id=tenant_id,
            tenant_id=tenant_id,
            detail={"fields": sorted(fields)},
        )

        def work(connection: Connection) -> Branding:
            old = self._load(tenant_id)
            new = _checked(msgspec.structs.replace(old, **fields, updated_at=self._clock.now()))
            row = {"tenant_id": tenant_id, **msgspec.structs.asdict(new)}
            connection.execute(sa.delete(brandings).where(brandings.c.tenant_id == tenant_id))
            connection.execute(sa.insert(brandings).values(row))
            self._audit.append(connection, by, change)
            return new

        return self._database.write(work, touches_access=True)

    def _load(self, tenant_id: str) -> Branding:
        with self._database.read() as connection:
            row = connection.execute(
                sa.select(brandings).where(brandings.c.tenant_id == tenant_id)
            ).one_or_none()
        if row is None:
            return Branding()
        fields = row._asdict()
        del fields["tenant_id"]
        return Branding(**fields)


def _checked(branding: Branding) -> Branding:
    for colour in (branding.primary_colour, branding.accent_colour):
        if not _COLOUR.fullmatch(colour):
            message = f"{colour[:20]!r} is no colour; write it as #2196F3."
            raise InvalidInput(message, "invalid_colour")
    if branding.font not in FONTS:
        message = f"There is no font {branding.font[:20]!r}; choose one of {', '.join(FONTS)}."
        raise InvalidInput(message, "unknown_font")
    if len(branding.css) > _LONGEST_CSS or "\0" in branding.css:
        message = f"The CSS may have up to {_LONGEST_CSS:,} characters and no null; shorten it."
        raise InvalidInput(message, "css_too_long")
    return branding
