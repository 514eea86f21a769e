"""A small shop for the tests of designs, checks and advice: hand-made rows with known dirt, read and profiled by the real rooms."""

from __future__ import annotations

import csv
from pathlib import Path

from dataeng_kit.data import Data, open_data
from dataeng_kit.nouns import Context, Evidence, Mention, Statement
from dataeng_kit.profile import profile_data

ORDERS, LINES = 120, 3


def write(folder: Path) -> Path:
    """Write seven CSV files: two orphans of customers, one repeated payment, a header amount."""
    rows: dict[str, list[list[object]]] = {
        "categories": [["category_id", "category_name"], *([i, f"Category {i}"] for i in range(51, 56))],
        "products": [["product_id", "product_name", "category_id", "list_price"],
                     *([100 + i, f"Product {i}", 51 + i % 5, 5 + i * 0.5] for i in range(40))],
        "customers": [["customer_id", "customer_name", "city", "signup_date"],
                      *([1000 + i, f"Customer {i}", ["Ghent", "Porto", "Turku"][i % 3], f"2020-01-{1 + i % 28:02d}"] for i in range(50))],
        "employees": [["employee_id", "last_name", "reports_to", "hire_date"], *([1 + i, f"Name{i}", "" if i == 0 else 1 + i // 3, f"2015-02-{1 + i:02d}"] for i in range(9))],
        "orders": [["order_id", "customer_id", "employee_id", "ordered_on", "freight", "status"],
                   *([5000 + i, 9999 if i in (7, 8) else 1000 + i % 50, 1 + i % 9, f"2024-{1 + i % 12:02d}-{1 + i % 28:02d}", 3 + i % 4, ["open", "sent"][i % 2]] for i in range(ORDERS))],
        "order_lines": [["order_id", "line_no", "product_id", "quantity", "unit_price"],
                        *([5000 + i, n + 1, 100 + (i * 7 + n // 2) % 40, 1 + (i + n // 2) % 5, 5 + n] for i in range(ORDERS) for n in range(LINES))],
    }  # fmt: skip
    rows["payments"] = [
        ["payment_id", "order_id", "paid_on", "amount"],
        *([70000 + i, 5000 + i, f"2024-{1 + i % 12:02d}-{1 + i % 28:02d}", 20 + i * 0.25] for i in range(ORDERS)),
    ]
    rows["payments"].append(rows["payments"][10])
    for name, table in rows.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(table)
    return folder


def shop(folder: Path, **context: object) -> tuple[Data, Evidence]:
    """Return the live data and the evidence of the shop under a context."""
    data = open_data((str(write(folder)),))
    return data, Evidence("shop", Context(**context), data.tables, profile_data(data))  # type: ignore[arg-type]


def says(name: str, line: int = 3, kind: str = "databases") -> dict[str, tuple[Mention, ...]]:
    """Return a context that names one technology."""
    return {kind: (Mention(name, "CLAUDE.md", line, f"We use {name}."),)}


def fresh(value: float, unit: str, line: int = 9) -> dict[str, tuple[Statement, ...]]:
    """Return a context that states a freshness."""
    return {"freshness": (Statement(value, unit, "CLAUDE.md", line, f"Fresh within {value} {unit}."),)}
