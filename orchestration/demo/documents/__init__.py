"""Realistic British business documents, compliant and faulty, for the demo's validation calls."""

from orchestration.demo.documents.kinds import KINDS, Kind
from orchestration.demo.documents.make import Document, make_document

__all__ = ["KINDS", "Document", "Kind", "make_document"]
