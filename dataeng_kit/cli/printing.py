"""What every verb does the same way: open the case, show progress, print an answer once."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dataeng_kit.errors import KitError
from dataeng_kit.run import Step

_BAR, _WIDTH = 20, 118


def progress(quiet: bool) -> Callable[[Step], None] | None:
    """Return a progress bar on stderr, or None when quiet or when stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
        return None

    def show(step: Step) -> None:
        done = round(_BAR * step.done / step.of) if step.of else 0
        bar = f"{'█' * done}{'░' * (_BAR - done)} {step.done}/{step.of} " if step.of else ""
        print(f"\r\x1b[2K[{step.seconds:5.1f} s] {bar}{step.label}"[:_WIDTH], end="", file=sys.stderr, flush=True)

    return show


def done(quiet: bool) -> None:
    """Wipe the progress bar."""
    if not quiet and sys.stderr.isatty():
        print("\r\x1b[2K", end="", file=sys.stderr)


def say(answer: Any, text: Callable[[], str], as_json: bool) -> int:
    """Print the answer as one JSON document or as text; returns exit code 0."""
    print(json.dumps(answer, ensure_ascii=False, allow_nan=False) if as_json else text())
    return 0


def case_of(a: argparse.Namespace) -> Any:
    """Return the case that the words of the command line name; raises `KitError` for a document that does not exist."""
    from dataeng_kit.case import open

    says = [p for p in a.context if Path(p).is_dir() or Path(p).name.lower() in ("claude.md", "agents.md", "claude.local.md")]
    others = tuple(p for p in a.context if p not in says[:1])
    for missing in (p for p in others if not Path(p).is_file()):
        raise KitError(f"'{missing}' does not exist", "Name a CLAUDE.md, its folder, or a document that speaks of the data")
    return open(*([a.data] if isinstance(a.data, str) else a.data), context=says[0] if says else None, documents=others)


def get(a: argparse.Namespace, verb: str, *args: Any, case: Any = None) -> Any:
    """Return what one verb of the case computes, its progress shown meanwhile."""
    value = (case or case_of(a)).start(verb, *args, on_step=progress(a.quiet)).result()
    done(a.quiet)
    return value
