"""API keys: shown once, kept as keyed hashes, scoped, rotated, revoked."""

from tenants.keys.api_keys import ApiKey, ApiKeys, IssuedKey

__all__ = ["ApiKey", "ApiKeys", "IssuedKey"]
