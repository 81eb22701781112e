"""What an audit entry is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

ActorKind = Literal["staff", "user", "key", "command", "system", "anonymous"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, a key, someone at the command line, or the platform by itself.

    Attributes:
        address: The network address it came from; personal.
        user_agent: What it says of itself; personal.
    """

    kind: ActorKind
    actor_id: str
    address: str | None = None
    user_agent: str | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.actor_id}"


SYSTEM = Actor("system", "platform")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is done to which object.

    Attributes:
        action: A constant name in the past tense, such as `user_added`.
        detail: Facts without personal data.
        personal: Facts about people; encrypted with the tenant's key.
    """

    action: str
    object_type: str
    object_id: str
    tenant_id: str | None
    detail: Mapping[str, Any] = field(default_factory=dict)
    personal: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """An entry as it is read; `personal` is None once the tenant's key is destroyed."""

    seq: int
    at: datetime
    tenant_id: str | None
    actor_kind: str
    actor_id: str
    action: str
    object_type: str
    object_id: str
    detail: dict[str, Any]
    personal: dict[str, Any] | None
    entry_hash: str


class Wanted(TypedDict, total=False):
    """Which entries are asked for; what is left out or None is any.

    Attributes:
        actor: Id of who acted.
        object_id: Id of what was acted on.
        since: From this time on.
        until: Before this time.
    """

    tenant_id: str | None
    action: str | None
    actor: str | None
    object_id: str | None
    since: datetime | None
    until: datetime | None
