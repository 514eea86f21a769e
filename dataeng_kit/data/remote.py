"""Places that are no files: database URLs, connections and frames."""

from __future__ import annotations

import re
from typing import Any

from dataeng_kit.data.engines.base import Engine
from dataeng_kit.data.parts import Found
from dataeng_kit.data.store import Store
from dataeng_kit.run import Run


def shown(place: Any) -> str:
    """Return a place as text without a password."""
    if isinstance(place, str):
        return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", place)
    return str(place) if hasattr(place, "__fspath__") else type(place).__name__


def foreign(place: Any, store: Store, run: Run) -> tuple[list[Found], list[Engine]] | None:
    """Return the tables and engines of a URL, connection or frame; None for a path."""
    return None
