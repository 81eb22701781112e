"""What is too large, too deep or damaged is refused quickly, in little memory, with one clear sentence."""

from __future__ import annotations

import io
import random
import resource
import time
import zipfile
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import docx
import pytest
from pypdf import PdfReader, PdfWriter

from validation_engine.documents.limits import DEFAULT
from validation_engine.documents.read import read, read_text
from validation_engine.errors import DocumentRefused

if TYPE_CHECKING:
    from collections.abc import Callable


def zip_of(unpacked: int, name: str = "word/document.xml", *, unit: bytes = b"a") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, unit * unpacked)
    return written.getvalue()


def docx_of(paragraphs: int) -> bytes:
    opened, written = docx.Document(), io.BytesIO()
    numbers = random.Random(1)
    words = "".join(f"<w:p><w:r><w:t>{numbers.random()}</w:t></w:r></w:p>" for _ in range(paragraphs))
    opened.save(written)
    with (
        zipfile.ZipFile(written) as plain,
        zipfile.ZipFile(swollen := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for part in plain.infolist():
            held = plain.read(part)
            archive.writestr(part, held.replace(b"<w:body>", b"<w:body>" + words.encode()))
    return swollen.getvalue()


def pdf_of(pages: int, password: str | None = None) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(72, 72)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def pdf_with(drawn: bytes, times: int) -> bytes:
    """Return a PDF whose one page is drawn by some bytes over and over, packed."""
    packing = zlib.compressobj(9)
    packed = b"".join([packing.compress(drawn) for _ in range(times)]) + packing.flush()
    font = "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R{font}>>".encode(),
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(packed), packed),
    )
    body, places = b"%PDF-1.4\n", [b"0000000000 65535 f \n"]
    for number, one in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    end = b"xref\n0 5\n%btrailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        b"".join(places),
        len(body),
    )
    return body + end


REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "100 MB": (lambda: b"a" * 100_000_000, "a.txt", "document_too_large"),
    "1,000:1 zip": (lambda: zip_of(50_000_000), "a.docx", "document_expands"),
    "zip of 1 GB": (lambda: zip_of(200_000_000), "a.docx", "document_too_large"),
    "zip of something else": (lambda: zip_of(10, "x.txt"), "a.docx", "document_unreadable"),
    "deep HTML": (lambda: b"<html>" + b"<div>" * 100_000, "a.html", "document_too_deep"),
    "damaged PDF": (lambda: b"%PDF-1.7\nrubbish", "a.pdf", "document_damaged"),
    "damaged DOCX": (lambda: b"PK\x03\x04rubbish", "a.docx", "document_damaged"),
    "misnamed": (lambda: b"just text", "a.pdf", "document_damaged"),
    "encrypted PDF": (lambda: pdf_of(1, "secret"), "a.pdf", "document_encrypted"),
    "PDF page of 400 MB": (lambda: pdf_with(b" " * 1_000_000, 500), "a.pdf", "document_expands"),
    "PDF page of 2 million words": (
        lambda: pdf_with(b"BT /F1 12 Tf (word word) Tj ET\n" * 1_000, 2_000),
        "a.pdf",
        "document_expands",
    ),
    "DOCX part of 20 MB": (
        lambda: zip_of(100, unit=random.Random(1).randbytes(70_000).hex().encode()),
        "a.docx",
        "document_too_large",
    ),
    "DOCX of 200,000 paragraphs": (lambda: docx_of(200_000), "a.docx", "document_too_large"),
    "old Office": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "document_encrypted"),
    "image": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "a.png", "document_unreadable"),
    "10,000 pages": (lambda: pdf_of(10_000), "a.pdf", "document_too_large"),
}


@pytest.mark.parametrize("case", [name for name in REFUSED if name != "10,000 pages"])
def test_it_is_refused_within_a_second_and_200_mb(case: str) -> None:
    refuses_quickly(case)


@pytest.mark.long
def test_ten_thousand_pages_are_refused_within_a_second_and_200_mb() -> None:
    refuses_quickly("10,000 pages")


def refuses_quickly(case: str) -> None:
    make, name, code = REFUSED[case]
    content = make()
    read(b"warm")
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(DocumentRefused) as refused:
        read(content, name=name)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")
    assert time.process_time() - began < 1.0
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) < 200_000


def test_more_pages_than_allowed_are_refused_before_a_page_is_read() -> None:
    content = pdf_of(DEFAULT.pages + 1)
    assert len(PdfReader(io.BytesIO(content)).pages) == DEFAULT.pages + 1
    with pytest.raises(DocumentRefused, match="1,001 pages"):
        read(content)


@pytest.mark.parametrize("kind", ["text/plain", "text/markdown"])
def test_many_lines_are_refused(kind: str) -> None:
    with pytest.raises(DocumentRefused, match="150,001 lines"):
        read_text("a\n" * DEFAULT.lines, kind)


def test_many_characters_are_refused() -> None:
    with pytest.raises(DocumentRefused, match="characters"):
        read_text("a" * (DEFAULT.characters + 1))


@pytest.mark.parametrize(
    "text",
    [
        "<" * 200_000,
        "<!--" * 50_000,
        "<a " * 60_000,
        "&" * 200_000,
        "<p>" * 60_000,
        "<![CDATA[" * 20_000,
        "<style>" * 200_000,
        "<style>" + ".a" * 200_000 + "</style>",
    ],
)
def test_hostile_html_is_read_or_refused_in_linear_time(text: str) -> None:
    began = time.process_time()
    with suppress(DocumentRefused):
        read_text("<html>" + text, "text/html")
    assert time.process_time() - began < 3.0


@pytest.mark.parametrize(
    "text",
    [
        "> " * 20_000,
        "* " * 20_000,
        "[" * 20_000,
        "`" * 20_001,
        "|a" * 20_000,
        "**a " * 20_000,
        "<!--" * 400_000,
        "[" * 1_900_000,
        "[a](" * 400_000,
        "*a **b " * 100_000,
    ],
)
def test_hostile_markdown_is_read_in_linear_time(text: str) -> None:
    began = time.process_time()
    read_text(text, "text/markdown")
    assert time.process_time() - began < 5.0


@pytest.mark.parametrize("stop", [".", "!", "?", "\u2026"])
def test_a_run_of_stops_is_read_in_linear_time(stop: str) -> None:
    began = time.process_time()
    read_text(stop * 200_000)
    assert time.process_time() - began < 3.0
