"""Errors a person can act on: the value that was wrong, the nearest valid one, the next command."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class KitError(Exception):
    """Bad input or usage: one sentence and the next step; the shell prints it and exits with 2."""

    exit_code = 2

    def __init__(self, what: str, next_step: str = "") -> None:
        self.what, self.next_step = what.rstrip("."), next_step.rstrip(".")
        super().__init__(" ".join(_ended(t) for t in (self.what, self.next_step) if t))


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("?", "!", "…")) else f"{sentence}."


class NotApplicable(KitError):
    """The technology, recipe or topic cannot serve the case; the message names what can."""


class Stopped(KitError):
    """The user stopped the run; nothing of the stopped step was kept."""

    def __init__(self, label: str) -> None:
        super().__init__(f"Stopped while: {label}", "Run it again to start over")


class MissingExtra(KitError):
    """An optional library is not installed; the message is the line that installs it."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"{library} is not installed", f"pip install 'dataeng-kit[{extra}]'")


def nearest(value: str, valid: Iterable[str]) -> str:
    """Return ``Did you mean 'x'?``, or the first valid values when nothing is near."""
    names = sorted(set(valid))
    close = difflib.get_close_matches(value.lower(), names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    shown = ", ".join(names[:12])
    return f"Known: {shown}{', …' if len(names) > 12 else ''}" if names else "None are known"


def unknown(kind: str, value: str, valid: Iterable[str]) -> KitError:
    """Return the error for a value outside a closed list, naming the nearest member."""
    return KitError(f"Unknown {kind} '{value}'", nearest(value, valid))
