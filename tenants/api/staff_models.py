"""What the routes of the platform's own people take and give."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic needs it at run time
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tenants.api.fields import In, Name, Out

StaffRole = Literal["operator", "revenue", "success"]
_ROLES = "operator: everything; revenue: all revenue pages; success: upsell, health and usage of all tenants."


class StaffOut(Out):
    """A person of the platform itself, who belongs to no tenant."""

    user_id: str
    email: str = Field(examples=["rosa@loki.example"])
    name: str = Field(examples=["Rosa Lind"])
    role: StaffRole = Field(description=_ROLES, examples=["revenue"])
    status: Literal["active", "invited", "deactivated"] = Field(
        description="Invited until they have set a password.", examples=["active"]
    )
    sign_in_count: int = Field(examples=[14])
    last_active_at: datetime | None
    created_at: datetime
    created_by: str = Field(examples=["staff:usr_2zq0d1x8k6v9m3ta"])


class StaffIn(In):
    """A new person of the staff; without a password they are invited by e-mail."""

    email: Annotated[str, StringConstraints(max_length=320)] = Field(examples=["rosa@loki.example"])
    name: Annotated[str, StringConstraints(max_length=200)] = Field("", examples=["Rosa Lind"])
    role: StaffRole = Field(description=_ROLES, examples=["revenue"])
    password: Annotated[str, StringConstraints(max_length=256)] | None = Field(
        None, repr=False, examples=[None]
    )


class StaffChange(In):
    """What changes of a person of the staff; what is left out stays."""

    name: Name | None = Field(None, examples=["Rosa Lind"])
    role: StaffRole | None = Field(None, description=_ROLES, examples=["success"])
