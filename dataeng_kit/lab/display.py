"""Nouns as the last line of a cell: rich in JupyterLab, Markdown and text beside it for the saved notebook."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

from dataeng_kit import nouns
from dataeng_kit.lab.host import shell
from dataeng_kit.lab.mask import shown
from dataeng_kit.nouns.base import Noun
from dataeng_kit.show import html, markdown, text


def _are_nouns(value: Any) -> bool:
    return isinstance(value, Noun) or (isinstance(value, tuple) and bool(value) and all(isinstance(v, Noun) for v in value))


def _form(write: Callable[[Any], str]) -> Callable[[Any], str | None]:
    return lambda value: write(shown(value)) if _are_nouns(value) else None


def _pretty(fallback: Callable[..., None] | None) -> Callable[[Any, Any, bool], None]:
    def write(value: Any, printer: Any, cycle: bool) -> None:
        if not cycle and _are_nouns(value):
            printer.text(text(shown(value)))
        elif fallback is not None:
            fallback(value, printer, cycle)
        else:
            printer.text(repr(value))

    return write


def _subclasses(kind: type) -> list[type]:
    return [kind, *(c for s in list[type](kind.__subclasses__()) for c in _subclasses(s))]


_before: dict[str, Any] = {}


def register() -> None:
    """Teach the running IPython how nouns, and tuples of nouns, look; without IPython nothing happens."""
    running = shell()
    if running is None:
        return
    for module in pkgutil.iter_modules(nouns.__path__):  # IPython asks each class itself how it prints: all must be known
        importlib.import_module(f"{nouns.__name__}.{module.name}")
    forms = running.display_formatter.formatters
    for kind in (*_subclasses(Noun), tuple):
        forms["text/html"].for_type(kind, _form(html))
        forms["text/markdown"].for_type(kind, _form(markdown))
        plain = forms["text/plain"]
        if kind is tuple and "tuple" not in _before:
            _before["tuple"] = plain.type_printers.get(tuple)
        plain.for_type(kind, _pretty(_before.get("tuple") if kind is tuple else None))


def unregister() -> None:
    """Give tuples back their own look and forget the nouns."""
    running = shell()
    if running is None:
        return
    forms = running.display_formatter.formatters
    for kind in (*_subclasses(Noun), tuple):
        for name in ("text/html", "text/markdown", "text/plain"):
            forms[name].type_printers.pop(kind, None)
    if _before.get("tuple") is not None:
        forms["text/plain"].for_type(tuple, _before["tuple"])
