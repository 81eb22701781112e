"""Results for people and other programs: JSON, SARIF, text, HTML, PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validation_engine.corrections.edits import SourceEdit
    from validation_engine.results import Result

MEDIA_TYPES = {
    "json": "application/json",
    "sarif": "application/sarif+json",
    "text": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
}


class Findings(NamedTuple):
    """What was found in named documents.

    Attributes:
        results: Results by name, in order.
        fixes: By name and gate, the edits of the source that the gate proposes.
        refused: By name, why a document could not be read.
    """

    results: list[tuple[str, Result]]
    fixes: dict[str, dict[str, list[SourceEdit]]]
    refused: dict[str, str]


def render(
    results: Sequence[tuple[str, Result]],
    output: str,
    fixes: Mapping[str, Mapping[str, Sequence[SourceEdit]]] | None = None,
    refused: Mapping[str, str] | None = None,
) -> bytes:
    """Return a report on named documents.

    Args:
        results: Results by name.
        output: `text`, `json`, `sarif`, `html` or `pdf`.
        fixes: What `Findings` says; SARIF shows it.
        refused: What `Findings` says; all but the text show it.
    """
    if output == "json":
        from validation_engine.reports.as_json import as_json  # noqa: PLC0415 - loaded late: start-up time counts

        return as_json(results, refused or {})
    if output == "sarif":
        from validation_engine.reports.sarif import as_sarif  # noqa: PLC0415 - loaded late: start-up time counts

        return as_sarif(results, fixes or {}, refused or {})
    if output == "html":
        from validation_engine.reports.html import as_html  # noqa: PLC0415 - loaded late: start-up time counts

        return as_html(results, refused or {})
    if output == "pdf":
        from validation_engine.reports.pdf import as_pdf  # noqa: PLC0415 - loaded late: start-up time counts

        return as_pdf(results, refused or {})
    from validation_engine.reports.text import as_text  # noqa: PLC0415 - loaded late: start-up time counts

    return as_text(results)
