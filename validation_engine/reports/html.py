"""A report to read or print: one page, no scripts, nothing loaded from elsewhere."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from validation_engine.results import GateOutcome, ModuleResult, Result

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
h1{font-size:1.5rem}h2{margin-top:2rem;border-bottom:1px solid #ccc}
article{border-left:4px solid #999;padding:.2rem 0 .2rem 1rem;margin:1rem 0}
article.FAIL{border-color:#b3261e}article.WARNING{border-color:#b26a00}article.NEEDS_REVIEW{border-color:#0b57d0}
blockquote{margin:.4rem 0;background:#f5f5f5;padding:.4rem .8rem}
.verdict{font-weight:700}small{color:#555}
table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left}
"""
_SHOWN = ("FAIL", "WARNING", "NEEDS_REVIEW")


def as_html(results: Sequence[tuple[str, Result]], refused: Mapping[str, str]) -> bytes:
    """Return the report as UTF-8; what could not be read is named at its end."""
    title = escape(results[0][0]) if len(results) == 1 else f"{len(results)} documents"
    body = "\n".join(line for name, result in results for line in _document(name, result))
    body += "".join(f"\n<p>Not read: {escape(message)}</p>" for message in refused.values())
    page = (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>Compliance report: {title}</title><style>{_STYLE}</style></head>\n<body>\n{body}\n"
        "<p><small>This report is no legal advice.</small></p>\n</body></html>\n"
    )
    return page.encode()


def _document(name: str, result: Result) -> Iterator[str]:
    facts = result.document
    yield f'<h1>{escape(name)}: <span class="verdict">{result.status}</span></h1>'
    rows = (
        ("Read as", f"{facts.type} (detected {facts.detected_type}, {facts.type_score:.0%})"),
        ("Rules as of", f"{result.as_of} (from {result.as_of_source})"),
        ("Ruleset", f"{result.ruleset.version}, {result.ruleset.hash[:12]}; engine {result.engine_version}"),
        ("Document", f"SHA-256 {facts.sha256}, {facts.characters:,} characters"),
    )
    yield (
        "<table>"
        + "".join(f"<tr><th>{head}</th><td>{escape(cell)}</td></tr>" for head, cell in rows)
        + "</table>"
    )
    for module, answer in result.modules.items():
        yield from _module(module, answer)


def _module(name: str, answer: ModuleResult) -> Iterator[str]:
    counts = Counter(outcome.verdict for outcome in answer.gates)
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    yield f"<h2>{escape(name)}: {answer.status}</h2><p>{told}</p>"
    for outcome in answer.gates:
        if outcome.verdict in _SHOWN:
            yield _outcome(outcome)


def _outcome(outcome: GateOutcome) -> str:
    quotes = "".join(
        f"<blockquote>{escape(' '.join(one.quote.split()))} <small>line {one.line}, column {one.column}"
        f"{f', page {one.page}' if one.page else ''}</small></blockquote>"
        for one in outcome.evidence
    )
    waived = (
        f" (waived by {escape(outcome.waiver.author)}: {escape(outcome.waiver.reason)})"
        if outcome.waiver
        else ""
    )
    return (
        f'<article class="{outcome.verdict}"><p><span class="verdict">{outcome.verdict}</span>{waived} '
        f"{escape(outcome.title)} <small>{outcome.id}, {outcome.severity}</small></p>"
        f"<p>{escape(outcome.message)}</p>{quotes}<p><small>{escape(outcome.legal_reference)}</small></p>"
        f"<p>Remedy: {escape(outcome.suggestion)}</p></article>"
    )
