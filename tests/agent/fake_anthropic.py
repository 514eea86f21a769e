"""A protocol-faithful local stand-in for the Anthropic Messages API, for tests.

The real ``anthropic`` SDK talks to it over a real socket, so what a test sees (events, exceptions,
retries, request ids) is what a user will see.  Standard library only; nothing leaves 127.0.0.1.

    with FakeAnthropic([reply(text("hello")), error(429, retry_after="0.1")]) as api:
        client = anthropic.Anthropic(api_key="test", base_url=api.url)

Each POST /v1/messages takes the next step of the script (the last one repeats when ``loop=True``;
otherwise a request beyond the script gets a 500 that names the mistake).  A step is a ``Reply``, or a
function ``request_body -> Reply`` for a scripted model that answers what it was asked.  Everything
received stands in ``api.requests`` as ``(path, headers, body)``, which is what privacy tests assert on.

Refused like the real service: no key (401), no ``anthropic-version``, missing ``model`` /
``max_tokens`` / ``messages`` and a ``tool_use`` without its ``tool_result`` in the next turn (400),
a model not in ``models`` (404).  Not imitated: billing, real token counts (4 characters = 1 token),
schema enforcement of ``strict`` tools, server tools, citations, server-side threads (a ``thread`` field
is accepted and ignored), batches, files.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Block = dict[str, Any]
Body = dict[str, Any]


def text(words: str) -> Block:
    """A text content block."""
    return {"type": "text", "text": words}


def thinking(words: str, signature: str = "sig") -> Block:
    """A thinking block; the client must send it back unchanged beside its tool_use."""
    return {"type": "thinking", "thinking": words, "signature": signature}


def tool_use(name: str, input: dict[str, Any] | str, id: str = "toolu_1") -> Block:
    """A client tool call.  Put several in one reply for parallel calls, each with its own id.

    A string ``input`` is streamed as it stands: cut-off JSON, as ``max_tokens`` leaves it.
    """
    return {"type": "tool_use", "id": id, "name": name, "input": input}


@dataclass
class Reply:
    """One scripted answer and how the wire misbehaves while it is sent."""

    blocks: list[Block] = field(default_factory=list)
    stop_reason: str = "end_turn"
    usage: dict[str, int] = field(default_factory=dict)
    status: int = 200
    error: dict[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    first_byte_s: float = 0.0  # silence before the response headers
    between_s: float = 0.0  # silence before each event
    error_after: int | None = None  # send an SSE `error` event after n events
    cut_after: int | None = None  # close the socket after n events, without the terminating chunk
    end_after: int | None = None  # end the stream cleanly after n events (message_stop missing)
    garbage_after: int | None = None  # send a data line that is not JSON after n events
    pings: int = 0  # `ping` events after message_start
    chunk: int = 12  # characters per delta
    extra: dict[str, Any] = field(default_factory=dict)  # merged into the message / message_delta


def reply(*blocks: Block, **how: Any) -> Reply:
    """A successful answer; its stop reason is ``tool_use`` when it ends in a tool call."""
    default = "tool_use" if any(b["type"] == "tool_use" for b in blocks) else "end_turn"
    return Reply(list(blocks), **{"stop_reason": default, **how})


_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def error(status: int, message: str = "scripted", retry_after: str | None = None, **headers: str) -> Reply:
    """An HTTP error in the API's envelope.  ``x_should_retry="false"`` becomes that header."""
    sent = {k.replace("_", "-"): v for k, v in headers.items()}
    if retry_after is not None:
        sent["retry-after"] = retry_after
    return Reply(status=status, error={"type": _KINDS.get(status, "api_error"), "message": message}, headers=sent)


def events(r: Reply, model: str, n: int, input_tokens: int) -> Iterable[tuple[str, Body]]:
    """The SSE events of a reply in the order and shape the service sends them."""
    usage = {
        "input_tokens": input_tokens,
        "output_tokens": 1,
        "cache_read_input_tokens": 0,
        "cache_creation_input_tokens": 0,
        **r.usage,
    }
    yield (
        "message_start",
        {
            "message": {
                "id": f"msg_{n:04d}",
                "type": "message",
                "role": "assistant",
                "model": model,
                "content": [],
                "stop_reason": None,
                "stop_sequence": None,
                "usage": usage,
            }
        },
    )
    for _ in range(r.pings):
        yield "ping", {}
    for i, block in enumerate(r.blocks):
        kind = block["type"]
        empty: Block = {
            "text": {"type": "text", "text": ""},
            "thinking": {"type": "thinking", "thinking": "", "signature": ""},
            "tool_use": {**block, "input": {}},
        }.get(kind, block)
        yield "content_block_start", {"index": i, "content_block": empty}
        key, kind_of_delta = {
            "text": ("text", "text_delta"),
            "thinking": ("thinking", "thinking_delta"),
            "tool_use": ("partial_json", "input_json_delta"),
        }.get(kind, ("", ""))
        whole = block.get("input") if kind == "tool_use" else block.get(key, "")
        whole = whole if isinstance(whole, str) else json.dumps(whole)
        for at in range(0, len(whole), r.chunk):
            yield "content_block_delta", {"index": i, "delta": {"type": kind_of_delta, key: whole[at : at + r.chunk]}}
        if kind == "thinking":
            yield "content_block_delta", {"index": i, "delta": {"type": "signature_delta", "signature": block["signature"]}}
        yield "content_block_stop", {"index": i}
    out = r.usage.get("output_tokens", max(1, sum(len(json.dumps(b)) for b in r.blocks) // 4))
    yield (
        "message_delta",
        {"delta": {"stop_reason": r.stop_reason, "stop_sequence": None, **r.extra}, "usage": {"output_tokens": out}},
    )
    yield "message_stop", {}


def refusal(headers: dict[str, str], body: Body, models: set[str] | None) -> Reply | None:
    """What the service itself would refuse before any model runs; None when the request is well formed."""
    if not (headers.get("x-api-key") or headers.get("authorization")):
        return error(401, "x-api-key header is required")
    if "anthropic-version" not in headers:
        return error(400, "anthropic-version: header is required")
    for name in ("model", "max_tokens", "messages"):
        if name not in body:
            return error(400, f"{name}: Field required")
    if models is not None and body["model"] not in models:
        return error(404, f"model: {body['model']}")
    turns = body["messages"]
    for turn, following in zip(turns, [*turns[1:], None], strict=True):
        content = turn["content"] if isinstance(turn["content"], list) else []
        asked = {b["id"] for b in content if b.get("type") == "tool_use"}
        back = following["content"] if following and isinstance(following["content"], list) else []
        if missing := asked - {b.get("tool_use_id") for b in back if b.get("type") == "tool_result"}:
            return error(400, f"tool_use ids without tool_result blocks immediately after: {', '.join(missing)}")
    return None


class FakeAnthropic:
    """The server.  Use as a context manager; ``url`` is the base_url and ``requests`` the record."""

    def __init__(
        self, script: Iterable[Reply | Callable[[Body], Reply]] = (), *, loop: bool = False, models: set[str] | None = None
    ) -> None:
        self.script, self.loop, self.models = list(script), loop, models
        self.requests: list[tuple[str, dict[str, str], Body]] = []
        self.raw: list[bytes] = []  # the bodies as they came
        self.disconnects = 0  # times the client went away before the stream was complete
        self._lock = threading.Lock()

    def __enter__(self) -> FakeAnthropic:  # noqa: C901  # one handler class, whole
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                """Silent: a test's output is its own."""

            def do_GET(self) -> None:
                rows = [
                    {"id": m, "type": "model", "display_name": m, "created_at": "2026-01-01T00:00:00Z", "lifecycle": "active"}
                    for m in sorted(api.models or ())
                ]
                self._json(200, {"data": rows, "has_more": False, "first_id": None, "last_id": None})

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length") or 0))
                body = json.loads(raw or b"{}")
                headers = {k.lower(): v for k, v in self.headers.items()}
                path = self.path.split("?")[0]
                with api._lock:
                    api.requests.append((path, headers, body))
                    api.raw.append(raw)
                    n = len(api.requests)
                counting = path.endswith("/count_tokens")
                r = refusal(headers, {"max_tokens": 1, **body} if counting else body, api.models)
                tokens = len(json.dumps([body.get(k) for k in ("system", "tools", "messages")])) // 4
                if r is None and counting:
                    return self._json(200, {"input_tokens": tokens}, n=n)
                r = r or api._next(body)
                time.sleep(r.first_byte_s)
                if r.error is not None:
                    return self._json(r.status, {"type": "error", "error": r.error, "request_id": f"req_{n:04d}"}, r.headers, n)
                if body.get("stream"):
                    return self._stream(r, body["model"], n, tokens)
                start, *_, (_, delta), _ = events(r, body["model"], n, tokens)
                message = {**start[1]["message"], "content": r.blocks, **delta["delta"]}
                message["usage"] = {**message["usage"], **delta["usage"]}
                self._json(200, message, r.headers, n)

            def _head(self, status: int, kind: str, headers: dict[str, str], n: int) -> None:
                self.send_response(status)
                for k, v in {"content-type": kind, "request-id": f"req_{n:04d}", **headers}.items():
                    self.send_header(k, v)

            def _json(self, status: int, body: Body, headers: dict[str, str] | None = None, n: int = 0) -> None:
                raw = json.dumps(body).encode()
                self._head(status, "application/json", headers or {}, n)
                self.send_header("content-length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def _stream(self, r: Reply, model: str, n: int, tokens: int) -> None:
                self._head(200, "text/event-stream; charset=utf-8", r.headers, n)
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                try:
                    for i, (name, data) in enumerate(events(r, model, n, tokens)):
                        if i == r.cut_after:
                            self.close_connection = True
                            return
                        if i == r.end_after:
                            break
                        if i == r.garbage_after:
                            self._chunk("event: content_block_delta\ndata: {not json\n\n")
                        if i == r.error_after:
                            name, data = (
                                "error",
                                {"error": {"type": "overloaded_error", "message": "Overloaded"}, "request_id": f"req_{n:04d}"},
                            )
                        time.sleep(r.between_s)
                        self._chunk(f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n")
                        if name == "error":
                            break
                    self.wfile.write(b"0\r\n\r\n")
                except (BrokenPipeError, ConnectionResetError):
                    api.disconnects += 1
                    self.close_connection = True

            def _chunk(self, words: str) -> None:
                raw = words.encode()
                self.wfile.write(b"%x\r\n%b\r\n" % (len(raw), raw))
                self.wfile.flush()

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that hangs up is part of the test, not a traceback in its output."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _next(self, body: Body) -> Reply:
        with self._lock:
            if not self.script:
                return error(500, "the test's script has no more replies", x_should_retry="false")
            step = self.script[0] if self.loop and len(self.script) == 1 else self.script.pop(0)
        return step(body) if callable(step) else step
