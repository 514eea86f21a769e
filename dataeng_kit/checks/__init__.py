"""Checks: cells meet a real engine in a scratch workspace; advice is settled by what happened there."""

from dataeng_kit.checks.chains import run_cells
from dataeng_kit.checks.settle import settle
from dataeng_kit.checks.snapshot import copy_sources

__all__ = ["copy_sources", "run_cells", "settle"]
