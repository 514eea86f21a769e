"""A reconciliation measured: two numbers and whether they agree."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from dataeng_kit.nouns import Expectation, Reconciliation

NEAR = 1e-9
"""Relative difference at which two sums still agree: floating point adds in any order, a lost row is far larger."""


def measured(expectation: Expectation, left: Any, right: Any) -> Reconciliation:
    """Return the reconciliation of one promise."""
    return Reconciliation(expectation.name, left, right, agrees(left, right, expectation.relation))


def agrees(left: Any, right: Any, relation: str = "=") -> bool:
    """True when the values stand in the relation; sums may differ by rounding, whole numbers and digests not at all."""
    if left is None or right is None:
        return left is None and right is None
    if isinstance(left, str) or isinstance(right, str):
        return bool(left == right)
    if isinstance(left, int) and isinstance(right, int):
        same = left == right
    else:
        same = math.isclose(float(left), float(right), rel_tol=NEAR, abs_tol=NEAR)
    return bool(same or (relation == "<=" and left < right) or (relation == ">=" and left > right))


FASTER = 2
"""How many times as fast a query must become before an index is worth its writes."""


def milliseconds(sql: str, value: Callable[[str], Any]) -> float:
    """Return the best of five wall times of a query, in milliseconds: the best is the least disturbed."""
    best = math.inf
    for _ in range(5):
        begun = time.perf_counter()
        value(sql)
        best = min(best, time.perf_counter() - begun)
    return round(best * 1000, 3)


def evaluate(expectation: Expectation, value: Callable[[str], Any], again: Callable[[], None]) -> Reconciliation:
    """Return one promise as measured by *value*; an idempotent one runs the cell *again* between its two sides."""
    if expectation.kind == "faster":
        slow, fast = milliseconds(expectation.left, value), milliseconds(expectation.right, value)
        return Reconciliation(expectation.name, slow, fast, fast * FASTER <= slow)
    left = value(expectation.left)
    if expectation.kind == "idempotent":
        again()
    return measured(expectation, left, value(expectation.right))
