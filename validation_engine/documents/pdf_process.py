"""A program that reads one PDF and ends: what a hostile file does to it, it does to no other process.

It is given the bytes on its standard input and writes JSON: the text of each page, or the code of a refusal
with the number it is about. It imports nothing of ours but what reads pages, to start fast.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any


def main(folder: str, pages: int, characters: int, seconds: float, memory: int) -> None:
    """Read within limits.

    Args:
        folder: Where the library lies.
        pages: The most pages.
        characters: The most characters.
        seconds: The most time.
        memory: The most bytes of address space.
    """
    sys.path.insert(0, folder)
    sys.path.append(str(Path(__file__).parents[2]))
    import pypdfium2  # noqa: PLC0415 - its folder is known only now

    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        opened = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        reason = str(error).lower()
        told = {"refused": "encrypted" if "password" in reason or "security" in reason else "damaged"}
    else:
        with contextlib.suppress(pypdfium2.PdfiumError):  # a form that cannot be opened has no fields
            opened.init_forms()
        told = _read(opened, pages, characters, time.monotonic() + seconds)
    sys.stdout.write(json.dumps(told))


def _read(opened: Any, pages: int, characters: int, deadline: float) -> dict[str, Any]:  # noqa: ANN401 - no types there
    import pypdfium2.raw  # noqa: PLC0415 - its folder is known only now

    from validation_engine.documents import pdf_columns, pdf_placing, pdf_unseen  # noqa: PLC0415 - its folder is known only now

    if len(opened) > pages:
        return {"refused": "pages", "number": len(opened)}
    texts: list[str] = []
    size = 0
    for index in range(len(opened)):
        if time.monotonic() > deadline:
            return {"refused": "slow"}
        page = opened[index]
        layer, text = _layer(page, pypdfium2.raw)
        text = pdf_unseen.without_unseen(page, layer, pypdfium2.raw, text)
        over = pdf_placing.placed(page, layer, pypdfium2.raw, text)
        texts.append(pdf_columns.in_reading_order(layer, pypdfium2.raw, text, over))
        layer.close()
        page.close()
        size += len(texts[-1])
        if size > characters:
            return {"refused": "characters"}
    return {"pages": texts}


def _layer(page: Any, library: Any) -> tuple[Any, str]:  # noqa: ANN401 - no types there
    """Return a page's text layer and its text, the page turned by whoever reads text that runs sideways.

    As the page lies, the library tells lines that run downwards from the last to the first.
    """
    from validation_engine.documents import pdf_pieces  # noqa: PLC0415 - its folder is known only now

    layer = page.get_textpage()
    text = layer.get_text_range()
    turn = pdf_pieces.turn(layer.raw, library, text)
    if turn is None or turn == page.get_rotation():
        return layer, text
    layer.close()
    page.set_rotation(turn)
    layer = page.get_textpage()
    return layer, layer.get_text_range()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))
