"""Is this machine ready: one line each, ok, warn or blocked, with the next command."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import sys
from pathlib import Path

_LIBRARIES = ("duckdb", "jupyterlab", "ipywidgets", "anywidget", "pandas", "anthropic", "sqlglot", "sqlfluff")
_EXTRAS = {
    "psycopg": ("PostgreSQL sources and checks", "postgres"),
    "pymysql": ("MySQL sources", "mysql"),
    "dbt": ("dbt projects", "dbt"),
}


def doctor() -> list[dict[str, str]]:
    """Return rows ``{"state": ok|warn|blocked, "what", "next"}``; looks only, changes and contacts nothing."""
    rows = [_python(), *(_library(n) for n in _LIBRARIES), _report(), *(_extra(n, *e) for n, e in _EXTRAS.items())]
    rows += [_postgres(), _writable(), _key()]
    return rows


def _row(state: str, what: str, next_step: str = "") -> dict[str, str]:
    return {"state": state, "what": what, "next": next_step}


def _python() -> dict[str, str]:
    version = ".".join(map(str, sys.version_info[:3]))
    fits = (3, 11) <= sys.version_info[:2] < (3, 14)
    return _row("ok" if fits else "blocked", f"Python {version}", "" if fits else "install Python 3.11, 3.12 or 3.13")


def _library(name: str) -> dict[str, str]:
    if importlib.util.find_spec(name) is None:
        return _row("blocked", f"{name} is not installed", "pip install --upgrade dataeng-kit")
    return _row("ok", f"{name} {importlib.metadata.version(name)}")


def _report() -> dict[str, str]:
    if importlib.util.find_spec("data_profiling"):
        return _row("ok", "profiling report (data_profiling)")
    if importlib.util.find_spec("ydata_profiling") is None:
        return _row(
            "warn", "ydata-profiling is not installed: no profiling report", "pip install ydata-profiling 'setuptools<82'"
        )
    if importlib.util.find_spec("pkg_resources") is None:
        return _row("warn", "ydata-profiling cannot be imported without pkg_resources", "pip install 'setuptools<82'")
    return _row("ok", f"ydata-profiling {importlib.metadata.version('ydata-profiling')}")


def _extra(module: str, purpose: str, extra: str) -> dict[str, str]:
    if importlib.util.find_spec(module):
        return _row("ok", purpose)
    return _row("warn", f"{purpose}: not installed", f"pip install 'dataeng-kit[{extra}]'")


def _postgres() -> dict[str, str]:
    found = shutil.which("initdb") or next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None)
    if found:
        return _row("ok", f"PostgreSQL server for checks: {found}")
    return _row(
        "warn",
        "no PostgreSQL server here: its cells are parsed, their DuckDB twin runs",
        "install postgresql, or lend --scratch URL",
    )


def _writable() -> dict[str, str]:
    ready = os.access(Path.cwd(), os.W_OK)
    return _row(
        "ok" if ready else "warn",
        f"working folder {'is' if ready else 'is not'} writable",
        "" if ready else "cd to a folder of yours",
    )


def _key() -> dict[str, str]:
    held = bool(os.environ.get("ANTHROPIC_API_KEY"))
    return _row(
        "ok",
        "an API key is set; nothing is sent until you name the agent" if held else "no API key: the kit works fully without one",
    )
