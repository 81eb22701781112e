"""Who is signed in: random tokens in cookies, kept as hashes, dead the moment they are revoked."""

from tenants.sessions.principal import Principal
from tenants.sessions.sessions import Session, Sessions

__all__ = ["Principal", "Session", "Sessions"]
