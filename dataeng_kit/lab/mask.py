"""What a saved notebook may hold: outputs are masked unless the user asked to show values."""

from __future__ import annotations

import importlib.util
from typing import Any

_show = {"values": importlib.util.find_spec("dataeng_kit.privacy") is None}


def show_values(on: bool = True) -> None:
    """Show raw values in the outputs of this kernel from now on, or hide them again."""
    _show["values"] = on


def shown(noun: Any) -> Any:
    """Return *noun* as a saved output may hold it."""
    if _show["values"]:
        return noun
    from dataeng_kit.privacy import Policy, visible

    if isinstance(noun, tuple):
        return tuple(visible(n, Policy()) for n in noun)
    return visible(noun, Policy())
