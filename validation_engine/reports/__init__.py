"""Results for people and other programs: JSON, SARIF, text, HTML, PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validation_engine.results import Result

MEDIA_TYPES = {
    "json": "application/json",
    "sarif": "application/sarif+json",
    "text": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
}


def render(results: Sequence[tuple[str, Result]], output: str) -> bytes:
    """Return a report on named documents in one of the formats `text`, `json`, `sarif`, `html`, `pdf`."""
    if output == "json":
        from validation_engine.reports.as_json import as_json  # noqa: PLC0415 - loaded late: start-up time counts

        return as_json(results)
    if output == "sarif":
        from validation_engine.reports.sarif import as_sarif  # noqa: PLC0415 - loaded late: start-up time counts

        return as_sarif(results)
    if output == "html":
        from validation_engine.reports.html import as_html  # noqa: PLC0415 - loaded late: start-up time counts

        return as_html(results)
    if output == "pdf":
        from validation_engine.reports.pdf import as_pdf  # noqa: PLC0415 - loaded late: start-up time counts

        return as_pdf(results)
    from validation_engine.reports.text import as_text  # noqa: PLC0415 - loaded late: start-up time counts

    return as_text(results)
