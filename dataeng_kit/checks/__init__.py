"""Checks: cells meet a real engine in a scratch workspace; advice is settled by what happened there."""

from dataeng_kit.checks.chains import run_cells
from dataeng_kit.checks.fenced import run_fenced
from dataeng_kit.checks.settle import settle
from dataeng_kit.checks.snapshot import copy_sources, frame_of

__all__ = ["copy_sources", "frame_of", "run_cells", "run_fenced", "settle"]
