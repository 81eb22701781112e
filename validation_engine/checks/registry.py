"""Checks by name, what they are given, and what they answer."""

from __future__ import annotations

import importlib
import pkgutil
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

import msgspec

import validation_engine.checks as package
from validation_engine.errors import GateFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from validation_engine.documents.model import Document
    from validation_engine.fields import Fields


class Edit(msgspec.Struct, frozen=True):
    """A proposed change of the readable text; an empty span inserts."""

    start: int
    end: int
    text: str
    safety: Literal["safe", "review"] = "review"


class Finding(msgspec.Struct, frozen=True):
    """A span of the readable text that shows the fault, with the edit that would mend it, if any."""

    start: int
    end: int
    edit: Edit | None = None


class CheckResult(msgspec.Struct, frozen=True):
    """A check's verdict; `message` replaces the gate's where given, `edits` belong to no finding."""

    verdict: Literal["PASS", "FAIL", "NOT_APPLICABLE", "NEEDS_REVIEW"]
    message: str | None = None
    findings: list[Finding] = []
    edits: list[Edit] = []

    def all_edits(self) -> list[Edit]:
        """Return the edits of the findings and those that belong to none."""
        return [*(found.edit for found in self.findings if found.edit is not None), *self.edits]


class Context(msgspec.Struct, frozen=True):
    """What a check sees: the document, its fields and type, the date that chooses the rules, parameters."""

    document: Document
    fields: Fields
    document_type: str
    as_of: date
    params: Mapping[str, Any]


_CHECKS: dict[str, Callable[[Context], CheckResult]] = {}
_LOADING = Lock()


def check(name: str) -> Callable[[Callable[[Context], CheckResult]], Callable[[Context], CheckResult]]:
    """Register a function as the check of this name."""

    def register(function: Callable[[Context], CheckResult]) -> Callable[[Context], CheckResult]:
        if name in _CHECKS:
            msg = f"There are two checks named {name}; rename one."
            raise GateFileError(msg)
        _CHECKS[name] = function
        return function

    return register


def passed(message: str | None = None) -> CheckResult:
    """Answer PASS."""
    return CheckResult("PASS", message)


def failed(message: str | None = None, *findings: Finding) -> CheckResult:
    """Answer FAIL, with what shows it."""
    return CheckResult("FAIL", message, list(findings))


def not_applicable(message: str | None = None) -> CheckResult:
    """Answer that there is nothing to check."""
    return CheckResult("NOT_APPLICABLE", message)


def needs_review(message: str, *findings: Finding) -> CheckResult:
    """Answer that a person must look."""
    return CheckResult("NEEDS_REVIEW", message, list(findings))


def named(name: str) -> Callable[[Context], CheckResult]:
    """Return the check of a name.

    Raises:
        GateFileError: There is none.
    """
    if name not in _CHECKS:
        with _LOADING:  # several documents may be the first ones at once
            load_all()
    if name not in _CHECKS:
        msg = f"There is no check named {name}; there are: {', '.join(sorted(_CHECKS))}."
        raise GateFileError(msg)
    return _CHECKS[name]


def load_all() -> None:
    """Import every module of the package and of those in it, which registers their checks."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
