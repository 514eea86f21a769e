"""YAML that dbt reads: plain values only, every text quoted, no text of the case able to open a Jinja expression."""

from __future__ import annotations

import json
import re
from typing import Any


def yaml(value: Any, depth: int = 0) -> str:
    """Return mappings, lists and plain values as block YAML, a line end after each entry."""
    pad = "  " * depth
    if isinstance(value, dict):
        return "".join(f"{pad}{key}:{_below(v, depth)}" for key, v in value.items())
    lines = []
    for item in value:
        inner = yaml(item, depth + 1) if isinstance(item, dict) and item else f"{pad}  {_scalar(item)}\n"
        lines.append(f"{pad}- {inner.removeprefix(pad + '  ')}")
    return "".join(lines)


def _below(value: Any, depth: int) -> str:
    if isinstance(value, dict | list | tuple) and value:
        return "\n" + yaml(value, depth + 1)
    return f" {_scalar(value)}\n"


def _scalar(value: Any) -> str:
    if isinstance(value, Jinja):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, str):
        return json.dumps(inert(value), ensure_ascii=False)
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


class Jinja(str):
    """Text of this kit that dbt is meant to render."""

    __slots__ = ()


def inert(text: str) -> str:
    """Return printable text on one line in which no Jinja expression, statement or comment begins."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return re.sub(r"\{(?=[{%#])", "{ ", printable)
