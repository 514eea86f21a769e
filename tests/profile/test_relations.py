"""Foreign keys on small generated databases: with names, without names, dirty, self-referencing, composite, role-playing."""

import csv
import random

import pytest

from dataeng_kit.data import open_data
from dataeng_kit.profile import profile_data

ONLY = frozenset({"keys", "relations"})


def shop(seed=7):
    rnd = random.Random(seed)
    staff = [[i, f"Person {i}", "" if i == 1 else rnd.randint(1, i - 1)] for i in range(1, 41)]
    towns = [[f"T{i:03d}x{rnd.randint(10, 99)}", f"Town {i}"] for i in range(30)]
    clients = [[i, f"Client {i}", rnd.choice(towns)[0]] for i in range(1, 301)]
    orders = [[5000 + i, rnd.randint(1, 300), rnd.randint(1, 40), rnd.choice(["", *range(1, 41)])] for i in range(1500)]
    lines = [[o[0], n, rnd.randint(1, 9)] for o in orders for n in range(1, rnd.randint(2, 5))]
    returns = [[i, *rnd.choice(lines)[:2]] for i in range(1, 401)]
    return {
        "employees": (["employee_id", "name", "reports_to"], staff),
        "towns": (["town_code", "town"], towns),
        "clients": (["client_id", "name", "town_code"], clients),
        "orders": (["order_id", "client_id", "sold_by_employee", "checked_by_employee"], orders),
        "order_lines": (["order_id", "line_no", "pieces"], lines),
        "returns": (["return_id", "order_id", "line_no"], returns),
    }


TRUE = {
    ("employees.reports_to", "employees.employee_id"),
    ("clients.town_code", "towns.town_code"),
    ("orders.client_id", "clients.client_id"),
    ("orders.sold_by_employee", "employees.employee_id"),
    ("orders.checked_by_employee", "employees.employee_id"),
    ("order_lines.order_id", "orders.order_id"),
}


def relations(folder, tables):
    for name, (header, rows) in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as f:
            csv.writer(f).writerows([header, *rows])
    data = open_data((str(folder),))
    try:
        profile = profile_data(data, only=ONLY)
        for key in profile.foreign_keys:
            assert len(data.rows(key.query)) == key.orphans
            assert data.sources[0].engine.value(profile.fact(key.fact).query) == key.orphans
        return profile
    finally:
        data.close()


def edges(profile, names=None):
    names = names or {}
    pairs = [
        (f"{k.table}.{c}", f"{k.ref_table}.{r}")
        for k in profile.foreign_keys
        if len(k.columns) == 1
        for c, r in zip(k.columns, k.ref_columns, strict=True)
    ]
    return {(names.get(a, a), names.get(b, b)) for a, b in pairs}


def nameless(tables):
    names, out, n = {}, {}, 0
    for t, (name, (header, rows)) in enumerate(tables.items(), 1):
        fresh = []
        for column in header:
            n += 1
            fresh.append(f"f{n}")
            names[f"tab{t}.f{n}"] = f"{name}.{column}"
        out[f"tab{t}"] = (fresh, rows)
    return out, names


def test_named(tmp_path):
    profile = relations(tmp_path, shop())
    found = edges(profile)
    assert found >= TRUE
    assert found - TRUE <= {("returns.order_id", "orders.order_id")}
    composite = [k for k in profile.foreign_keys if len(k.columns) == 2]
    assert [(k.table, k.ref_table) for k in composite] == [("returns", "order_lines")]
    assert profile.refused
    assert all(r.why for r in profile.refused)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_names(tmp_path, seed):
    tables, names = nameless(shop(seed))
    found = edges(relations(tmp_path, tables), names)
    assert len(found & TRUE) >= 5
    assert len(found - TRUE - {("returns.order_id", "orders.order_id")}) <= 1


def test_partial_extract_keeps_references_and_counts_orphans(tmp_path):
    tables = shop()
    header, clients = tables["clients"]
    tables["clients"] = (header, [c for c in clients if c[0] % 30])
    lost = sum(o[1] % 30 == 0 for o in tables["orders"][1])
    profile = relations(tmp_path, tables)
    key = next(k for k in profile.foreign_keys if k.columns == ("client_id",))
    assert key.orphans == lost
    assert key.orphan_values == 10
    assert key.coverage == pytest.approx(290 / 300, abs=0.01)


def test_one_to_one_points_at_the_root(tmp_path):
    rnd = random.Random(1)
    codes = [f"{rnd.randint(10**6, 10**7)}" for _ in range(60)]
    profile = relations(
        tmp_path,
        {
            "person": (["person_code", "name", "town", "born"], [[c, f"N {c}", "x", "2001-01-01"] for c in codes]),
            "person_photo": (["person_code", "photo"], [[c, f"{c}.png"] for c in codes[:50]]),
            "visit": (["visit_id", "person_code"], [[i, rnd.choice(codes)] for i in range(200)]),
        },
    )
    assert edges(profile) == {("person_photo.person_code", "person.person_code"), ("visit.person_code", "person.person_code")}
    assert next(k for k in profile.foreign_keys if k.table == "person_photo").cardinality == "1:1"


def test_ratings_and_quantities_are_no_references(tmp_path):
    rnd = random.Random(3)
    products = [[i, f"P {i}"] for i in range(1, 201)]
    reviews = [
        [i, rnd.randint(1, 200), rnd.choices([1, 2, 3, 4, 5], [1, 2, 4, 9, 16])[0], 5 * rnd.randint(1, 20)]
        for i in range(1, 2001)
    ]
    profile = relations(
        tmp_path,
        {"products": (["product_id", "name"], products), "reviews": (["review_id", "product_id", "rating", "quantity"], reviews)},
    )
    assert edges(profile) == {("reviews.product_id", "products.product_id")}


@pytest.mark.parametrize("parents", [30, 4000])
def test_a_repeated_parent_row_keeps_the_reference(tmp_path, parents):
    customers = [[1000 + 7 * i, f"Name {i}", "abc"[i % 3]] for i in range(parents)]
    tables = {"customers": (["customer_id", "name", "kind"], [*customers, customers[4]])}
    orders = [[i, 1000 + 7 * (i * 11 % parents), i % 9] for i in range(1, 2 * parents)]
    tables["orders"] = (["order_id", "customer_id", "items"], orders)
    (key,) = relations(tmp_path, tables).foreign_keys
    assert (key.table, key.columns, key.ref_table, key.ref_columns) == ("orders", ("customer_id",), "customers", ("customer_id",))
    assert key.orphans == 0
    assert any("1 rows of customers repeat" in r for r in key.reasons)


def test_ids_written_as_decimals_refer_and_amounts_do_not(tmp_path):
    rnd = random.Random(5)
    doctors = [[200 + i, f"Doctor {i}"] for i in range(90)]
    visits = [[i, f"{rnd.choice(doctors)[0]}.0", rnd.randint(200, 290) + rnd.choice([0.0, 0.5])] for i in range(1, 900)]
    tables = {"doctors": (["doctor_id", "name"], doctors), "visits": (["visit_id", "doctor_id", "fee"], visits)}
    profile = relations(tmp_path, tables)
    assert edges(profile) == {("visits.doctor_id", "doctors.doctor_id")}
    assert profile.foreign_keys[0].orphans == 0
