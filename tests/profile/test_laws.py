"""Laws: planted breaks are found with exact counts, accidents are not, and odd names and values do no harm."""

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataeng_kit.data import open_data
from dataeng_kit.profile import profile_data
from dataeng_kit.profile.laws import find_laws, law_facts
from dataeng_kit.profile.laws.words import date_role, is_identifier, shared, split

PARTS = frozenset(("columns", "keys", "relations"))


def laws_of(frames):
    data = open_data((frames,))
    found = find_laws(data, profile_data(data, only=PARTS))
    for law, fact in zip(found, law_facts(found), strict=True):
        assert data.rows(f"SELECT count(*) FROM ({law.query}) AS q")[0][0] == law.exceptions == fact.value, law.rule
        assert data.rows(fact.query)[0][0] == fact.value
    data.close()
    return found


def noise(rows, seed, mixed=True):
    """Return a table of independent columns: whatever holds here holds by accident."""
    r = random.Random(seed)
    day = pd.Timestamp("2022-01-01")
    frame = {
        "row_id": [f"R{i:05}" for i in range(rows)],
        "seen": [day + pd.Timedelta(days=r.randrange(700)) for _ in range(rows)],
        "sent": [day + pd.Timedelta(days=r.randrange(700)) for _ in range(rows)],
        "colour": [r.choice(["red", "green", "blue", "grey"]) for _ in range(rows)],
        "shape": [r.choice(["round", "flat", "long"]) for _ in range(rows)],
        "batch_code": [f"B{r.randrange(40)}" for _ in range(rows)],
        "flag": [r.random() < 0.3 for _ in range(rows)],
        "width": [round(r.uniform(1, 90), 2) for _ in range(rows)],
        "height": [round(r.uniform(1, 90), 2) for _ in range(rows)],
        "note": [r.choice(["a", "b", None]) for _ in range(rows)],
    }
    return pd.DataFrame(frame)


@pytest.mark.parametrize("seed", range(6))
def test_independent_columns_obey_no_law(seed):
    assert not [law for law in laws_of({"things": noise(600, seed)}) if law.kind != "partial_period"]


@pytest.mark.parametrize("share", [0.005, 0.02, 0.045, 0.3, 0.9])
def test_breaks_of_a_time_order_are_counted_at_every_share(share):
    r = random.Random(4)
    day = pd.Timestamp("2023-01-01")
    begin = [day + pd.Timedelta(days=r.randrange(300)) for _ in range(200)]
    broken = round(1_000 * share)
    who = [r.randrange(200) for _ in range(1_000)]
    when = [begin[w] + pd.Timedelta(days=-9 if i < broken else 1 + r.randrange(300)) for i, w in enumerate(who)]
    contracts = pd.DataFrame({"contract_id": [f"K{i}" for i in range(200)], "start_date": begin})
    calls = pd.DataFrame({"call_id": range(1_000), "contract_id": [f"K{w}" for w in who], "called_at": when})
    (law,) = [x for x in laws_of({"contracts": contracts, "calls": calls}) if x.kind == "time_order"]
    assert (law.exceptions, law.of) == (broken, 1_000)
    assert law.standing == ("law_with_exceptions" if share <= 0.05 else "finding")


def test_balance_between_kinds_of_rows():
    r = random.Random(8)
    rows = []
    for c in range(120):
        amount = round(r.uniform(10, 900), 2)
        paid = round(amount * r.uniform(0.2, 0.8), 2)
        rows += [
            (f"C{c:03}", "CHARGE", amount),
            (f"C{c:03}", "PAYMENT", paid),
            (f"C{c:03}", "PAYMENT", round(amount - paid - (5 if c < 9 else 0), 2)),
        ]
    entries = pd.DataFrame(rows, columns=["claim_id", "kind", "amount"]).assign(entry_id=range(len(rows)))
    claims = pd.DataFrame({"claim_id": [f"C{c:03}" for c in range(120)], "place": ["Bern"] * 120})
    (law,) = [x for x in laws_of({"claims": claims, "entries": entries}) if x.kind == "reconciliation"]
    assert (law.exceptions, law.of) == (9, 120)
    assert law.detail["difference"] == pytest.approx(45)


def test_discounted_product_and_scaled_copy():
    frame = noise(500, 1)
    frame["rebate"] = [(i % 5) / 20 for i in range(500)]
    frame["gross"] = [round(w * h * (1 - d), 2) for w, h, d in zip(frame.width, frame.height, frame.rebate, strict=True)]
    frame["yearly"] = [round(12 * w, 2) for w in frame.width]
    rules = {x.rule for x in laws_of({"things": frame}) if x.kind == "derived"}
    assert any(rule.startswith("gross = ") and "(1 − rebate)" in rule for rule in rules)
    assert any({"yearly", "width"} <= set(split(rule)) for rule in rules)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.text(min_size=1, max_size=12).filter(lambda t: t.strip() and "\0" not in t),
        min_size=4,
        max_size=4,
        unique_by=lambda t: t.strip().casefold(),
    )
)
def test_any_names_survive(names):
    frame = noise(40, 2)[["seen", "sent", "flag", "width"]]
    frame.columns = [n.strip() for n in names]
    laws_of({"odd \"table'; --": frame})


def test_empty_and_tiny_tables():
    assert laws_of({"none": noise(0, 1), "one": noise(1, 1), "two": pd.DataFrame({"a": [None, None]})}) == ()


def test_words_of_dates_and_keys():
    roles = {"FROMDATE": "begin", "TODATE": "end", "birth_date": "begin", "DEATHDATE": "end", "sign_up": "begin", "due_date": "plan",
             "updated_at": "record", "geburtsdatum": "begin", "fecha_baja": "end", "clicked_at": "event"}  # fmt: skip
    assert {n: date_role(n) for n in roles} == roles
    assert date_role("OrderDate", "orders") == "own"
    assert is_identifier("CustomerID")
    assert is_identifier("kunden_nr")
    assert is_identifier("PATIENTID")
    assert not is_identifier("paid")
    assert shared("churn_flag", "churn_events") == {"churn"}
