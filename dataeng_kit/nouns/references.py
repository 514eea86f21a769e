"""References: ``table.column``, parts double-quoted when they hold ``.``, ``#``, ``"`` or blanks; ids add ``#name``."""

from __future__ import annotations

import re

from dataeng_kit.errors import KitError

_PLAIN = re.compile(r'[^."#\s]+')
_PART = re.compile(r'"((?:[^"]|"")*)"|([^."#\s]+)')


def _write_part(part: str) -> str:
    return part if _PLAIN.fullmatch(part) else '"' + part.replace('"', '""') + '"'


def write(*parts: str) -> str:
    """Return the reference of a table (one part) or column (two parts)."""
    return ".".join(_write_part(p) for p in parts)


def parse(reference: str) -> tuple[str, ...]:
    """Return the parts of a reference; raises `KitError` when it is not one."""
    parts: list[str] = []
    at = 0
    while True:
        found = _PART.match(reference, at)
        if not found:
            raise KitError(f"'{reference}' is no reference", 'Write table.column, or "odd name".column')
        parts.append(found[1].replace('""', '"') if found[1] is not None else found[2])
        at = found.end()
        if at == len(reference):
            return tuple(parts)
        if reference[at] != ".":
            raise KitError(f"'{reference}' is no reference", 'Write table.column, or "odd name".column')
        at += 1


def fact_id(name: str, *parts: str) -> str:
    """Return the id of the fact *name* about a table or column: ``orders.id#distinct``."""
    return f"{write(*parts)}#{name}"
