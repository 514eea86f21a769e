"""A small shop with known faults: every count in shop.txt follows from the lines below; no randomness."""

import csv
import datetime as dt
from pathlib import Path

CUSTOMERS, ORDERS, PRODUCTS = 200, 1000, 50
TIERS, COUNTRIES, STATES = ("bronze", "silver", "gold"), ("NL", "BE", "DE", "FR"), ("open", "paid", "shipped", "cancelled")


def write(folder: Path, name: str, rows: list[dict]) -> None:
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def customers() -> list[dict]:
    return [
        {
            "customer_id": i,
            "email": "" if i in (20, 90, 150) else f"person{i}@mail.example",
            "country": COUNTRIES[i % 4],
            "signup_date": dt.date(2021, 1, 1) + dt.timedelta(days=i * 3),
            "loyalty_tier": "platinum" if i in (7, 77) else TIERS[i % 3],
            "newsletter": "true" if i % 2 else "false",
        }
        for i in range(1, CUSTOMERS + 1)
    ]


def products() -> list[dict]:
    return [
        {
            "product_id": f"P-{i:04d}",
            "sku": f"SKU{min(i, 49):03d}",
            "product_name": f"Lamp model {i}",
            "category": ("table", "floor", "wall", "ceiling", "outdoor")[i % 5],
            "list_price": 10 + i,
            "vat_rate": 0.21 if i % 3 else 0.09,
            "ean": f"87{i:011d}",
            "weight_kg": "" if i % 10 == 0 else round(0.5 + i / 10, 1),
        }
        for i in range(1, PRODUCTS + 1)
    ]


def items() -> list[dict]:
    out = []
    for order in range(1, ORDERS + 1):
        for line in range(1, 2 + order % 4):
            quantity, price = 1 + (order + line) % 5, 10 + (order * line) % 40
            price = -price if order in (100, 200, 300, 400) and line == 1 else price
            out.append(
                {
                    "order_id": order,
                    "line_no": line,
                    "product_id": f"P-{1 + (order + line) % PRODUCTS:04d}",
                    "quantity": quantity,
                    "unit_price": price,
                    "line_amount": quantity * price,
                }
            )
    return out


def orders(lines: list[dict]) -> list[dict]:
    totals: dict[int, int] = {}
    for line in lines:
        totals[line["order_id"]] = totals.get(line["order_id"], 0) + line["line_amount"]
    out = []
    for i in range(1, ORDERS + 1):
        day = dt.date(2023, 1, 1) + dt.timedelta(days=i // 2)
        customer = 900 + i if i <= 5 else 1 + i % CUSTOMERS
        out.append({
            "order_id": i,
            "customer_id": customer,
            "order_date": day if i > 40 or i <= 5 else dt.date(2020, 6, 1),
            "shipped_at": day - dt.timedelta(days=2) if 500 <= i < 509 else day + dt.timedelta(days=3) if i % 4 else "",
            "status": STATES[i % 4],
            "channel": "web" if i % 3 else "store",
            "currency": "USD" if 600 <= i < 607 else "EUR",
            "total_amount": totals[i] + (5 if 700 <= i < 712 else 0),
            "discount": 0 if i % 5 else 10,
        })  # fmt: skip
    return out


def shipments() -> list[dict]:
    pairs = [(n, i) for n, i in enumerate([*range(1, 801), 10, 20, 30], 1)]
    return [
        {"shipment_id": f"S{n:05d}", "order_id": i, "carrier": ("PostNL", "DHL")[i % 2], "parcels": 1 + i % 2} for n, i in pairs
    ]


def make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = items()
    for name, rows in {
        "customers": customers(),
        "products": products(),
        "order_items": lines,
        "orders": orders(lines),
        "shipments": shipments(),
    }.items():
        write(folder, name, rows)
