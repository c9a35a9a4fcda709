"""Serves the page on the loopback interface, to who knows the token in its address and to nobody else."""

from __future__ import annotations

import json
import secrets
import sys
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from curation.calibration.session import Session
from curation.mistake import Mistake, one_line

LARGEST = 4096
"""Bytes of a request that are read: it holds a number and a word."""

POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'nonce-{nonce}'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Server(ThreadingHTTPServer):
    """A server of one session on a free port of 127.0.0.1."""

    daemon_threads = True

    def __init__(self, session: Session):
        super().__init__(("127.0.0.1", 0), Handler)
        self.session, self.token = session, secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/{self.token}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Silent where the browser went away in the middle of an answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers the page. What comes from another page, or to another name, is refused: a site whose name was turned to
    this machine would else read and label."""

    server: Server
    timeout = 60

    def do_GET(self) -> None:
        name = self._name()
        if name == "":
            self._page()
        elif name == "about":
            self._json(self.server.session.about())
        elif name == "state":
            self._json(self.server.session.state())
        elif name is not None and name.startswith("picture/"):
            self._picture(name.removeprefix("picture/"))
        elif name is not None:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        name = self._name()
        if name is None:
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST or self.headers.get("Content-Type") != "application/json":
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        try:
            asked = json.loads(self.rfile.read(int(length)))
            if name == "label":
                self._json(self.server.session.label(_number(asked["number"]), asked["label"]))
            elif name == "write":
                self._json({"evidence": self.server.session.write(float(asked["at"]))})
            else:
                self.send_error(HTTPStatus.NOT_FOUND)
        except (Mistake, OSError) as error:
            self._json({"error": one_line(error)}, HTTPStatus.CONFLICT)
        except (ValueError, KeyError, TypeError, IndexError):
            self.send_error(HTTPStatus.BAD_REQUEST)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the terminal has better things to say."""

    def _name(self) -> str | None:
        """What is asked for below the token; None, and refused, where the request is not from our page."""
        host = f"127.0.0.1:{self.server.server_port}"
        empty, token, *rest = self.path.split("/", 2) if self.path.count("/") > 1 else ("", "", "")
        origin = self.headers.get("Origin", f"http://{host}")
        if (
            self.headers.get("Host") == host
            and origin == f"http://{host}"
            and empty == ""
            and secrets.compare_digest(token.encode(), self.server.token.encode())
        ):
            return "/".join(rest)
        self.send_error(HTTPStatus.FORBIDDEN)
        return None

    def _page(self) -> None:
        nonce = secrets.token_urlsafe(16)
        page = Path(__file__).with_name("page.html").read_text(encoding="utf-8").replace("{nonce}", nonce)
        self._send(page.encode(), "text/html; charset=utf-8", HTTPStatus.OK, POLICY.format(nonce=nonce))

    def _picture(self, number: str) -> None:
        try:
            found = self.server.session.picture(_number(int(number)))
        except (ValueError, IndexError):
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self._json(asdict(found) if found else {"url": None, "caption": None})

    def _json(self, value: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(json.dumps(value).encode(), "application/json", status, "default-src 'none'")

    def _send(self, body: bytes, kind: str, status: HTTPStatus, policy: str) -> None:
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", policy),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _number(value: Any) -> int:
    """A place in a list. Raises IndexError."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise IndexError(value)
    return value
