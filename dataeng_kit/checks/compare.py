"""A reconciliation measured: two numbers and whether they agree."""

from __future__ import annotations

import math
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


def evaluate(expectation: Expectation, value: Callable[[str], Any], again: Callable[[], None]) -> Reconciliation:
    """Return one promise as measured by *value*; an idempotent one runs the cell *again* between its two sides."""
    left = value(expectation.left)
    if expectation.kind == "idempotent":
        again()
    return measured(expectation, left, value(expectation.right))
