"""What the server refuses: foreign names, other pages' sockets, foreign files, and every change when read-only."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket

from genlab.lab.read_only import HINT, SENTENCE, is_read_only

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL = ("127.0.0.1", "localhost", "[::1]", "::1")
ANYWHERE = {"0.0.0.0", "::", "[::]"}

LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that ask and change nothing."""


def middleware() -> list[Middleware]:
    """Refuse other people's host names (a page elsewhere must not reach this lab) and forbid foreign requests."""
    return [
        Middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts()),
        Middleware(OwnOrigin),
        Middleware(ReadOnly),
        Middleware(SecurityHeaders),
    ]


def allowed_hosts() -> list[str]:
    """Host names under which the app answers: this computer's, the one it listens on, and ``server.allowedHosts``."""
    from streamlit import config

    host, extra = os.environ.get("GENLAB_HOST"), list[str]()
    if not host:
        # Asked only then: reading the options before `genlab` has set them makes Streamlit complain of a change.
        host = config.get_option("server.address") or "127.0.0.1"
        extra = config.get_option("server.allowedHosts") or []
    if host in ANYWHERE:
        return ["*"]
    return list(dict.fromkeys([*LOCAL, host, *extra]))


def same_origin(connection: HTTPConnection) -> bool:
    """Whether the page that opens a socket comes from this server; only browsers send an origin, and all do."""
    origin, host = connection.headers.get("origin", ""), connection.headers.get("host", "")
    return bool(host) and origin.partition("://")[2] == host and origin.startswith(("http://", "https://"))


class OwnOrigin:
    """Closes every socket that a page of another origin opens.

    Streamlit itself lets any port of this computer in, and asks the internet for its own address to decide on others.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or close before the socket has opened."""
        if scope["type"] == "websocket" and not same_origin(HTTPConnection(scope)):
            await WebSocket(scope, receive, send).close(1008)
            return
        await self.app(scope, receive, send)


class ReadOnly:
    """In a lab for looking only, answers nothing but questions: uploads are refused before their bodies are read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse in a sentence."""
        if scope["type"] == "http" and scope["method"] not in LOOKING and is_read_only():
            await PlainTextResponse(f"{SENTENCE} {HINT}", 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


POLICY = "; ".join(
    [
        "default-src 'self' data: blob:",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "connect-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)
"""What a page may load: this server's files only. The browser itself keeps genlab offline."""

HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
]


class SecurityHeaders:
    """Adds the headers that keep a page to itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the headers added to HTTP answers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
