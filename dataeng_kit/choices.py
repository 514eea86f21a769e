"""The Choices file: dataeng_kit.toml beside CLAUDE.md, readable, diffable, safe when two notebooks write."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from dataeng_kit.errors import KitError, unknown
from dataeng_kit.nouns import Choices, Inputs, Verdict

NAME = "dataeng_kit.toml"
_SECTIONS = ("readings", "types", "labels", "keys", "roles", "answers", "policy")
_ALL = (*_SECTIONS, "agent")
_LOCK_SECONDS = 10.0


def read_choices(file: Path) -> Choices:
    """Return what *file* holds, empty when there is none; raises `KitError` naming the line that is no TOML."""
    if not file.is_file():
        return Choices()
    try:
        raw = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KitError(
            f"{file.name} cannot be read: {error}", "Mend the line, or remove the file to start without choices"
        ) from error
    for section in raw:
        if section not in (*_ALL, "verdicts"):
            raise unknown(f"section of {file.name}", section, (*_ALL, "verdicts"))
    inputs = Inputs(
        **{s: raw.get(s, {}) for s in _SECTIONS if s != "keys"}, keys={k: tuple(v) for k, v in raw.get("keys", {}).items()}
    )
    return Choices(inputs, tuple(Verdict(**v) for v in raw.get("verdicts", ())), raw.get("agent", {}))


def update(file: Path, change: Callable[[Choices], Choices]) -> Choices:
    """Apply *change* to the file under a lock and return the new Choices; other writers wait up to 10 seconds."""
    with _locked(file):
        after = change(read_choices(file))
        fresh = file.with_suffix(".toml.new")
        fresh.write_text(_toml(after), "utf-8")
        os.replace(fresh, file)
    return after


def with_verdict(choices: Choices, id: str, status: str, author: str, reason: str) -> Choices:
    """Return *choices* with one more verdict, dated now; older ones on the same id stay as history."""
    when = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    return replace(choices, verdicts=(*choices.verdicts, Verdict(id, status, author, reason, when)))


def with_input(choices: Choices, section: str, reference: str, value: Any) -> Choices:
    """Return *choices* with one override set; an empty value removes it. Raises `KitError` on an unknown section."""
    if section not in _ALL:
        raise unknown("kind of choice", section, _ALL)
    held = dict(_held(choices, section))
    if value in ("", None, ()):
        held.pop(reference, None)
    else:
        held[reference] = value
    if section == "agent":
        return replace(choices, agent=held)
    return replace(choices, inputs=replace(choices.inputs, **{section: held}))


def _held(choices: Choices, section: str) -> dict[str, Any]:
    found: dict[str, Any] = choices.agent if section == "agent" else getattr(choices.inputs, section)
    return found


@contextlib.contextmanager
def _locked(file: Path) -> Iterator[None]:
    lock = file.with_suffix(".toml.lock")
    end = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError as error:
            if time.monotonic() > end:
                raise KitError(f"{file.name} is being written by another notebook", f"Remove {lock} if none is open") from error
            time.sleep(0.02)
        except OSError as error:
            raise KitError(f"{file} cannot be written: {error.strerror}", "Open the case in a folder you may write to") from error
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _toml(choices: Choices) -> str:
    lines = ["# Choices of this engagement, written by dataeng_kit when you decide something; edit freely."]
    for section in _ALL:
        held = _held(choices, section)
        if held:
            lines += ["", f"[{section}]", *(f"{_text(k)} = {_value(v)}" for k, v in sorted(held.items()))]
    for verdict in choices.verdicts:
        lines += ["", "[[verdicts]]", *(f"{k} = {_value(v)}" for k, v in verdict.to_json().items())]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    # JSON's escapes are TOML's, except that TOML refuses DEL bare
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_text(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return json.dumps(value)
