"""Makes the e-commerce case: a homeware shop in five countries, 2023 to 2025, with the dirt such extracts carry."""

from __future__ import annotations

import random
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

HOME = Path(__file__).resolve().parent
sys.path.insert(0, str(HOME.parent))
from making import Draw, People, Person, Row, Tables, main, money, stamp  # noqa: E402  (the folder of both makers)

BEGIN, END, MIGRATED = date(2023, 1, 2), date(2025, 12, 31), date(2024, 9, 9)
COUNTRIES = {"DE": 34, "GB": 27, "FR": 18, "SE": 12, "IE": 9}
CURRENCY = {"DE": "EUR", "FR": "EUR", "IE": "EUR", "GB": "GBP", "SE": "SEK"}
RATE = {"EUR": 100, "GBP": 86, "SEK": 1130}
FEES = {"EUR": 490, "GBP": 420, "SEK": 5500}
SEASON = (0.8, 0.75, 0.9, 0.95, 1.0, 0.9, 0.8, 0.85, 1.0, 1.1, 1.7, 1.9)
WEEKDAY = (1.15, 1.05, 1.0, 1.0, 0.95, 0.85, 1.2)
RANGE = {
    "Kitchen": (
        "Enamel pot,Oak board,Cast-iron pan,Linen apron,Pepper mill,Stoneware bowl,Copper kettle,Paring knife",
        1500,
        9000,
    ),
    "Table": ("Dinner plate,Wine glass,Cutlery set,Carafe,Tablecloth,Napkin set,Serving tray,Espresso cup", 600, 7000),
    "Living": (
        "Wool throw,Cushion cover,Table lamp,Candle holder,Wall clock,Rattan basket,Picture frame,Floor vase",
        1200,
        14000,
    ),
    "Bath": ("Bath towel,Soap dish,Bath mat,Laundry basket,Mirror,Toothbrush mug", 700, 6000),
    "Garden": ("Watering can,Lantern,Plant pot,Garden apron,Bird feeder,Folding chair", 900, 11000),
}
STYLES = "Fjord Heath Amber Juniper Slate Ochre Birch Harbour".split()
REASONS = ("damaged", "wrong item", "too small", "changed mind", "late")
REMARKS = (
    "Box was crushed at one corner.",
    "Colour differs from the picture.",
    "Ordered two, need one.",
    "Arrived after the birthday.",
    "Lid does not close.",
    "Please send a label.",
    "Gift, already had one.",
)


def products(rng: random.Random) -> list[Row]:
    """Return the catalogue; goods still on sale end in the year 9999."""
    rows: list[Row] = []
    for category, (names, low, high) in RANGE.items():
        for name in names.split(","):
            for style in rng.sample(STYLES, rng.randint(5, 8)):
                price = rng.randrange(low, high, 50) + 45
                start = (
                    BEGIN - timedelta(days=rng.randrange(30, 900))
                    if rng.random() < 0.8
                    else BEGIN + timedelta(days=rng.randrange(500))
                )
                ends = start + timedelta(days=rng.randrange(700, 1500)) if rng.random() < 0.12 else date(9999, 12, 31)
                rows.append(
                    {
                        "sku": f"{category[:2].upper()}-{len(rows) + 1:04d}",
                        "name": f"{name} {style}",
                        "category": category,
                        "supplier_code": f"S{rng.randint(1, 18):02d}",
                        "list_price_eur": money(price),
                        "cost_eur": money(price * rng.randint(38, 62) // 100),
                        "weight_g": rng.randrange(120, 4200, 10) if rng.random() > 0.07 else "",
                        "introduced_on": start,
                        "discontinued_on": ends,
                    }
                )
    return rows


class Customers:
    """Who buys: a few buy often; German accounts of before the shop's move all carry the day of the move."""

    def __init__(self, rng: random.Random, people: People, n: int) -> None:
        born = sorted(
            BEGIN - timedelta(days=400) + timedelta(days=rng.randrange(400 + (END - BEGIN).days - 20)) for _ in range(n)
        )
        self.people: list[Person] = []
        self.since, self.rng = born, rng
        twins = set(rng.sample(range(n // 2, n), rng.randint(24, 36)))
        for i in range(n):
            known = self.people[rng.randrange(i // 2)] if i in twins else None
            self.people.append(
                people.again(known)
                if known
                else people.draw(rng.choices(list(COUNTRIES), list(COUNTRIES.values()))[0], (1948, 2005))
            )
        self.weights = [min(40.0, rng.paretovariate(1.4)) if i not in twins else 1.0 for i in range(n)]
        self.gone = set(rng.sample(range(n), rng.randint(14, 22)))

    def rows(self) -> list[Row]:
        """Return the table: erased people are gone from it."""
        rng, rows = self.rng, list[Row]()
        for i, (p, since) in enumerate(zip(self.people, self.since, strict=True)):
            moved = p.country == "DE" and since < MIGRATED
            birth = p.birth.strftime("%d.%m.%Y") if moved and rng.random() < 0.4 else p.birth.isoformat()
            rows.append(
                {
                    "customer_id": 10_001 + i,
                    "first_name": p.first,
                    "last_name": p.last,
                    "email": p.email,
                    "phone": p.phone if rng.random() > 0.22 else "",
                    "birth_date": birth if rng.random() > 0.06 else "",
                    "country": p.country,
                    "city": p.city,
                    "postcode": p.postcode,
                    "signup_date": MIGRATED if moved else since,
                    "marketing_consent": rng.choice(("true", "true", "false")),
                }
            )
        return [r for i, r in enumerate(rows) if i not in self.gone]


class Shop:
    """Orders day by day, each with its lines, payments and returns."""

    def __init__(self, rng: random.Random, customers: Customers, goods: list[Row]) -> None:
        self.rng, self.customers, self.goods = rng, customers, goods
        self.buyers = Draw(rng, customers.weights)
        self.popular = Draw(rng, (1 / (1 + rank) ** 0.7 for rank in rng.sample(range(len(goods)), len(goods))))
        self.orders: list[Row] = []
        self.lines: list[Row] = []
        self.payments: list[Row] = []
        self.returns: list[Row] = []

    def trade(self, n: int) -> None:
        """Sell *n* orders between BEGIN and END: growth, season, week and evening peaks."""
        days = [BEGIN + timedelta(days=i) for i in range((END - BEGIN).days + 1)]
        weights = [SEASON[d.month - 1] * WEEKDAY[d.weekday()] * (1 + 0.25 * (d - BEGIN).days / 365) for d in days]
        moments = sorted(
            datetime.combine(d, datetime.min.time())
            + timedelta(
                hours=self.rng.choices(range(24), [1] * 7 + [3] * 11 + [6] * 5 + [2])[0], seconds=self.rng.randrange(3600)
            )
            for d in self.rng.choices(days, weights, k=n)
        )
        known = 0
        for number, moment in enumerate(moments):
            while known < len(self.customers.since) and self.customers.since[known] <= moment.date() - timedelta(days=1):
                known += 1
            self.order(500_001 + number, moment, self.buyers.index(known))

    def order(self, number: int, at: datetime, buyer: int) -> None:
        """Sell one order and what follows from it."""
        rng, person = self.rng, self.customers.people[buyer]
        currency = CURRENCY[person.country]
        subtotal = self.fill(number, at, currency)
        voucher = subtotal // 10 if rng.random() < 0.08 else 0
        fee = 0 if subtotal > 150 * RATE[currency] else FEES[currency]
        total = subtotal + fee - voucher
        sent = at + timedelta(minutes=rng.randrange(240, 4300))
        came = sent + timedelta(minutes=rng.randrange(1440, 8600))
        last = datetime.combine(END, datetime.max.time())
        status = "cancelled" if rng.random() < 0.035 else "delivered" if came < last else "shipped" if sent < last else "paid"
        self.orders.append(
            {
                "order_id": number,
                "customer_id": "" if rng.random() < 0.04 else 10_001 + buyer,
                "contact_email": person.email,
                "ordered_at": stamp(at),
                "channel": rng.choices(("web", "app", "store", "Web", ""), (56, 30, 9, 3, 2))[0],
                "status": status,
                "country": person.country,
                "currency": currency,
                "subtotal": money(subtotal),
                "shipping_fee": money(fee),
                "voucher": money(voucher),
                "total": money(total),
                "shipped_at": stamp(sent) if status in ("shipped", "delivered") else "",
                "delivered_at": stamp(came) if status == "delivered" else "",
                "is_returned": "false",
            }
        )
        if status != "cancelled":
            self.pay(number, at, total)
        if status == "delivered" and rng.random() < 0.075:
            self.give_back(came)

    def fill(self, number: int, at: datetime, currency: str) -> int:
        """Write the order's lines; return their sum in cents."""
        rng, sale, subtotal = self.rng, (at.month, at.day) >= (11, 20) and at.month == 11, 0
        wanted = min(9, 1 + int(rng.expovariate(0.62)))
        picked: dict[int, None] = {}
        while len(picked) < wanted:
            item = self.popular.index()
            if self.goods[item]["introduced_on"] <= at.date() <= self.goods[item]["discontinued_on"]:  # type: ignore[operator]  # dates
                picked[item] = None
        for line, item in enumerate(picked, 1):
            price = round(float(str(self.goods[item]["list_price_eur"])) * RATE[currency])
            quantity, off = rng.choices((1, 2, 3, 4, 6, 12), (60, 22, 6, 6, 5, 1))[0], 20 if sale else 0
            amount = (quantity * price * (100 - off) + 50) // 100
            subtotal += amount
            self.lines.append(
                {
                    "order_id": number,
                    "line_no": line,
                    "sku": self.goods[item]["sku"],
                    "quantity": quantity,
                    "unit_price": money(price),
                    "discount_pct": off,
                    "line_total": money(amount),
                }
            )
        return subtotal

    def pay(self, number: int, at: datetime, total: int) -> None:
        """Write one captured payment, now and then after a failed one, now and then in two parts."""
        rng, moment = self.rng, at + timedelta(seconds=self.rng.randrange(20, 900))
        first = total * rng.randint(20, 60) // 100 if rng.random() < 0.05 else 0
        parts = [("gift card", first, "captured")] if first else []
        if rng.random() < 0.04:
            parts.append(("card", total - first, "failed"))
        for method, amount, state in [
            *parts,
            (rng.choices(("card", "paypal", "invoice"), (60, 28, 12))[0], total - first, "captured"),
        ]:
            self.payments.append(
                {
                    "payment_id": f"pay_{rng.getrandbits(40):010x}",
                    "order_id": number,
                    "paid_at": stamp(moment),
                    "method": method,
                    "status": state,
                    "amount": money(amount),
                }
            )
            moment += timedelta(seconds=rng.randrange(30, 200))

    def give_back(self, came: datetime) -> None:
        """Return one line of the newest order; a refund within 40 days."""
        rng, order, line = self.rng, self.orders[-1], self.lines[-1]
        asked = came + timedelta(hours=rng.randrange(5, 500))
        back = (asked + timedelta(days=rng.randrange(2, 21))).date()
        if asked.date() > END:
            return
        order["is_returned"] = "true"
        self.returns.append(
            {
                "return_id": 8_001 + len(self.returns),
                "order_id": order["order_id"],
                "line_no": line["line_no"],
                "customer_id": f"{order['customer_id']}.0" if order["customer_id"] else "",
                "requested_at": stamp(asked),
                "received_on": back if back <= END and rng.random() > 0.08 else "",
                "quantity": line["quantity"],
                "refund": line["line_total"],
                "reason": rng.choice(REASONS),
                "comment": rng.choice(REMARKS) if rng.random() < 0.45 else "",
            }
        )


def spoil(rng: random.Random, shop: Shop) -> None:
    """Plant the defects; every number is drawn, the answer key measures what came of it."""
    done = [o for o in shop.orders if o["status"] == "delivered"]
    for order in rng.sample(done, rng.randint(60, 110)):
        order["delivered_at"] = "1970-01-01 00:00:00"
    for order in rng.sample(done, rng.randint(40, 70)):
        order["shipped_at"] = stamp(datetime.fromisoformat(str(order["ordered_at"])) - timedelta(minutes=rng.randrange(15, 118)))
    for order in rng.sample([o for o in shop.orders if o["country"] == "SE"], rng.randint(15, 30)):
        order["currency"] = "EUR"
    for order in rng.sample([o for o in done if o["is_returned"] == "true"], rng.randint(40, 70)):
        order["is_returned"] = "false"
    for order in rng.sample([o for o in done if o["is_returned"] == "false"], rng.randint(8, 15)):
        order["is_returned"] = "true"
    later = [i for i, line in enumerate(shop.lines) if int(str(line["line_no"])) > 1]
    for i in sorted(rng.sample(later, rng.randint(90, 140)), reverse=True):
        del shop.lines[i]
    for i in sorted(rng.sample(range(len(shop.lines)), rng.randint(30, 45)), reverse=True):
        shop.lines.insert(i, dict(shop.lines[i]))
    captured = [i for i, p in enumerate(shop.payments) if p["status"] == "captured"]
    for i in sorted(rng.sample(captured, rng.randint(18, 30)), reverse=True):
        again = datetime.fromisoformat(str(shop.payments[i]["paid_at"])) + timedelta(seconds=rng.randrange(2, 40))
        shop.payments.insert(i + 1, {**shop.payments[i], "paid_at": stamp(again)})
    people = shop.customers.people
    for back in rng.sample(shop.returns, rng.randint(35, 55)):
        person = people[int(str(back["customer_id"]).split(".")[0] or 10_001) - 10_001]
        back["comment"] = rng.choice(
            (
                f"Please call {person.first} {person.last} on {person.phone}.",
                f"Refund to {person.email} please.",
                f"{person.last}, born {person.birth:%d/%m/%Y}, moved to {person.postcode} {person.city}.",
            )
        )
    lost = {shop.goods[i]["sku"] for i in rng.sample(range(60, len(shop.goods)), 2)}
    shop.goods[:] = [g for g in shop.goods if g["sku"] not in lost]


def make(rng: random.Random) -> Tables:
    """Return the case's tables."""
    customers = Customers(rng, People(rng), rng.randint(2_300, 2_500))
    shop = Shop(rng, customers, products(rng))
    shop.trade(rng.randint(8_800, 9_400))
    spoil(rng, shop)
    return {
        "customers": customers.rows(),
        "products": shop.goods,
        "orders": shop.orders,
        "order_items": shop.lines,
        "payments": shop.payments,
        "returns": shop.returns,
    }


INTRO = """
A homeware shop sells in Germany, Great Britain, France, Sweden and Ireland: customers, products, orders with their lines,
payments and returns of three years, as a nightly extract would bring them. Growth, a Christmas peak, a November sale, evening
peaks, a few very good customers and products; one person keeps one name, e-mail and birthday in every table.
"""

if __name__ == "__main__":
    main(HOME, "E-commerce case: a homeware shop", INTRO, 2025, make, frozenset({"orders", "order_items", "payments"}))
