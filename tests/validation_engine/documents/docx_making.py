"""DOCX files for tests, made of the XML that Word writes."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

SPACES = " ".join(
    f'xmlns:{name}="{address}"'
    for name, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)


def run(text: str, about: str = "") -> str:
    return f"<w:r>{about}<w:t>{text}</w:t></w:r>"


def paragraph(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def joined(inner: str, kind: str = "del") -> str:
    """Return a paragraph whose mark is deleted, so that the next one goes on with it."""
    return paragraph(f'<w:pPr><w:rPr><w:{kind} w:id="7" w:author="x"/></w:rPr></w:pPr>{inner}')


def with_body(inner: str) -> Any:
    opened = docx.Document()
    last = opened.element.body[-1]
    for element in parse_xml(f"<w:body {SPACES}>{inner}</w:body>"):
        last.addprevious(element)
    return opened


def saved(opened: Any) -> bytes:
    written = io.BytesIO()
    opened.save(written)
    return written.getvalue()


def with_footnote(opened: Any, text: str) -> Any:
    blob = f"<w:footnotes {SPACES}><w:footnote w:id='1'>{paragraph(run(text))}</w:footnote></w:footnotes>"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, blob.encode(), opened.part.package)
    opened.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    return opened
