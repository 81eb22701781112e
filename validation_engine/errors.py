"""What the engine refuses, and why.

    EngineError
    ├── DocumentRefused     a file or text that cannot or may not be read
    ├── GateFileError       a gate file that breaks the schema, with the place
    │   └── PatternRefused  a pattern that RE2 or our limits do not accept
    ├── TooManyMatches      patterns that match too much of a document
    └── UnknownName         a module, document type or gate that does not exist

Each message is one sentence that says what was wrong, where, and what to do.
"""

from __future__ import annotations


class EngineError(Exception):
    """A refusal with a stable code and its facts.

    Args:
        message: One sentence for a person.
        code: Stable, lower-case, machine-readable.
        facts: What it is about; never document text.
    """

    default_code = "engine_error"

    def __init__(self, message: str, code: str | None = None, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.facts = facts


class DocumentRefused(EngineError):  # noqa: N818 - says what happened, as the platform's errors do
    """The document cannot or may not be read."""

    default_code = "document_refused"


class GateFileError(EngineError):
    """A gate file does not obey the schema."""

    default_code = "gate_invalid"


class PatternRefused(GateFileError):  # noqa: N818 - says what happened, as the platform's errors do
    """A pattern cannot be compiled within the limits."""

    default_code = "pattern_refused"


class TooManyMatches(EngineError):  # noqa: N818 - says what happened, as the platform's errors do
    """Patterns match more of a document than may be looked at."""

    default_code = "too_many_matches"


class UnknownName(EngineError):  # noqa: N818 - says what happened, as the platform's errors do
    """There is no module, document type or gate of this name."""

    default_code = "unknown_name"
