"""The ledger: one row per HTTP attempt, retries and token counts included; never the text, only its size and hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

from dataeng_kit.errors import KitError
from dataeng_kit.nouns.answer import Sent


def read_ledger(file: Path) -> tuple[Sent, ...]:
    """Return every row of the ledger file, oldest first; empty when nothing was ever sent.

    A row is written before its bytes leave; what the service answered (its request id, tokens) is a later line of the
    same key, and the two are told as one.
    """
    rows: dict[str, dict[str, Any]] = {}
    if file.is_file():
        for n, line in enumerate(file.read_text("utf-8").splitlines()):
            told = json.loads(line) if line else {}
            rows.setdefault(told.pop("key", str(n)), {}).update(told)
    return tuple(Sent.from_json(row) for row in rows.values() if row)


def note(file: Path, place: str, text: str, columns: Iterable[str]) -> None:
    """Write the row of one answer that is about to leave by another door than the SDK's."""
    told = Ledger(file, columns, 0, lambda text: None)
    told.write(text.encode(), place)


class Ledger:
    """SDK middleware: writes the row before a byte leaves; what it raises stops the request."""

    def __init__(self, file: Path | None, columns: Iterable[str], longest_wait: float, on_wait: Callable[[str], None]) -> None:
        self.file, self.columns, self.longest_wait, self.on_wait = file, tuple(columns), longest_wait, on_wait
        self._key = ""

    async def __call__(self, request: Any, call_next: Callable[[Any], Awaitable[Any]]) -> Any:
        """Note the attempt, let it go, and refuse to sleep longer than the user would."""
        # as the SDK writes it, so that size and hash are those of the bytes sent and of the preview
        compact = {"ensure_ascii": False, "separators": (",", ":"), "allow_nan": False}
        asked = request.json if isinstance(request.json, dict) else {}
        body = json.dumps(asked, **compact).encode() if asked else b""  # type: ignore[arg-type]  # options by name
        self.write(body, str(request.url).split("?")[0].rsplit("/v1/", 1)[-1], str(asked.get("model", "")))
        response = await call_next(request)
        if id := response.headers.get("request-id"):
            self._write({"request": id})
        wait = response.headers.get("retry-after") if response.status_code >= 400 else None
        if wait and wait.replace(".", "", 1).isdigit():
            if float(wait) > self.longest_wait:
                raise KitError(f"The service asks to wait {float(wait):.0f} s", "Try again later, or use --agent offline")
            self.on_wait(f"waiting {float(wait):g} s (the service asked to)")
        return response

    def write(self, body: bytes, place: str, model: str = "") -> None:
        """Begin the row of one body that leaves for *place*; without a body it names no column."""
        when = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        columns = self.columns if body else ()
        row = Sent(when, len(body), 0, columns, hashlib.sha256(body).hexdigest(), place=place, model=model)
        self._key = secrets.token_hex(8)
        self._write(row.to_json())

    def used(self, tokens: int, output: int, cached: int) -> None:
        """Add to the newest row what its answer cost, in tokens."""
        self._write({"tokens": tokens, "output": output, "cached": cached})

    def _write(self, row: dict[str, Any]) -> None:
        if self.file:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            ignore = self.file.parent / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n")
            with self.file.open("a", encoding="utf-8") as out:
                out.write(json.dumps({"key": self._key, **row}, ensure_ascii=False) + "\n")
