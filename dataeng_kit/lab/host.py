"""Where we run: the IPython shell, its kernel, and the case the notebook holds."""

from __future__ import annotations

import re
from typing import Any

from dataeng_kit.errors import KitError


def shell() -> Any:
    """Return the running IPython shell, or None outside of one."""
    from IPython.core.getipython import get_ipython

    return get_ipython()


def kernel() -> Any:
    """Return the kernel behind the shell, or None in a terminal."""
    return getattr(shell(), "kernel", None)


def names() -> dict[str, Any]:
    """Return the notebook's variables; an empty dictionary outside of IPython."""
    running = shell()
    return running.user_ns if running is not None else {}


def opening_line() -> str:
    """Return the newest line ``case = dk.open(…)`` that was run in this session, or the empty text."""
    running = shell()
    ran = running.history_manager.input_hist_raw if running is not None else []
    found = [m[0] for text in ran for m in re.finditer(r"^case = (?:dk|dataeng_kit)\.open\(.*\)", text, re.M)]
    return found[-1] if found else ""


def current_case(namespace: dict[str, Any] | None = None) -> Any:
    """Return the notebook's variable ``case``, else its only Case; raises `KitError` when there is none or several."""
    from dataeng_kit.case import Case

    found = {
        k: v
        for k, v in (namespace if namespace is not None else names()).items()
        if isinstance(v, Case) and not k.startswith("_")
    }
    if "case" in found:
        return found["case"]
    if len({id(v) for v in found.values()}) == 1:
        return next(iter(found.values()))
    what = f"Several cases are open: {', '.join(found)}" if found else "No case is open in this notebook"
    raise KitError(what, 'Run: import dataeng_kit as dk; case = dk.open("path to the data")')
