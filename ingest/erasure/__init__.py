"""Forgets people in what has landed and in what is still to come; amounts stay under an anonymous id."""

from ingest.erasure.forgotten import Forgotten, Subject

__all__ = ["Forgotten", "Subject"]
