"""Answers that are not read at all: entities, encodings, sizes, and what is no answer."""

from __future__ import annotations

import base64
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from tests.tenants.sso.attacked import World, refused
from tests.tenants.sso.conftest import HOST, asked, go

if TYPE_CHECKING:
    from collections.abc import Callable


def _with_dtd(declared: str, used: str) -> Callable[[Any], bytes]:
    def finish(response: Any) -> bytes:
        text = etree.tostring(response).decode().replace("subject-1", used)
        return f"<!DOCTYPE x [{declared}]>{text}".encode()

    return finish


def test_entities_that_grow_without_end_are_refused_unread(world: World) -> None:
    bomb = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    world.idp.finish = _with_dtd(bomb, "&a11;")
    assert refused(go(world.callers.client(HOST))) == "not_readable"


def test_entities_from_files_and_from_the_network_are_refused_and_not_fetched(world: World) -> None:
    fetched: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fetched.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        for address in (f"http://127.0.0.1:{server.server_address[1]}/x", "file:///etc/hostname"):
            for kind in ("ENTITY x", "ENTITY % x"):
                declared = f'<!{kind} SYSTEM "{address}">' + ("%x;" if "%" in kind else "")
                world.idp.finish = _with_dtd(declared, "&x;")
                assert refused(go(world.callers.client(HOST))) == "not_readable"
        server.shutdown()
        thread.join()
    assert fetched == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-7", "latin-1"])
def test_an_answer_in_another_encoding_than_utf_8_is_refused(world: World, encoding: str) -> None:
    world.idp.person["displayName"] = "Ada Łoś é" if encoding != "latin-1" else "é"
    world.idp.finish = lambda response: etree.tostring(response, encoding="unicode").encode(encoding)
    assert refused(go(world.callers.client(HOST))) in {"not_readable", "signature_wrong"}


def test_what_is_no_answer_at_all_is_refused(world: World) -> None:
    client = world.callers.client(HOST)
    form = asked(client)
    for text in ("%%%", base64.b64encode(b"not xml").decode(), base64.b64encode(b"<a/>").decode()):
        answer = client.post("/sso/saml/acs", data={**form, "SAMLResponse": text})
        assert refused(answer) in {"not_readable", "not_a_response"}
    assert client.post("/sso/saml/acs", data={"RelayState": form["RelayState"]}).status_code == 422


def test_an_answer_beyond_any_size_is_refused(world: World) -> None:
    world.idp.person["note"] = "x" * 510_000
    assert refused(go(world.callers.client(HOST))) == "not_readable"
    client = world.callers.client(HOST)
    for size, status in ((800_000, 422), (2_000_000, 400)):
        assert client.post("/sso/saml/acs", data={"SAMLResponse": "A" * size}).status_code == status
