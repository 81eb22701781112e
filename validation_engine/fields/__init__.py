"""Typed fields of a document, each with its place; worked out when first asked for."""

from validation_engine.fields.fields import Fields

__all__ = ["Fields"]
