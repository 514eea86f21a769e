"""One bad and one good frame per rule: completeness, uniqueness, validity of numbers and texts."""

import random

import pandas as pd
import pytest

N = 400
RANDOM = random.Random(3)
IDS = list(range(1_000, 1_000 + N))
DAYS = pd.date_range("2023-01-01", periods=N).tolist()
CITIES = [("Bern", "Basel", "Chur", "Zug", "Thun")[i % 5] for i in range(N)]
AMOUNTS = [round(RANDOM.uniform(5, 90), 2) for _ in range(N)]
CODES = [f"C{RANDOM.randrange(10**6):06}" for _ in range(N)]


def base(**columns):
    """Return a clean table of 400 rows with the given columns added or replaced."""
    return {"orders": pd.DataFrame({"order_id": IDS, "ordered_on": DAYS, "city": CITIES, "amount": AMOUNTS} | columns)}


def without(values, every, to=None):
    """Return the values with each *every*-th one replaced."""
    return [to if i % every == 0 else v for i, v in enumerate(values)]


def twice(frames, rows):
    """Return the frames with the first *rows* rows repeated and no key column left."""
    frame = frames["orders"].drop(columns="order_id")
    return {"orders": pd.concat([frame, frame.head(rows)], ignore_index=True)}


LINES = [(f"N{i // 4}", f"P{(i * 7 + i // 4) % 97}") for i in range(N)]
PEOPLE = {"person_id": IDS, "given": [f"G{i}x" for i in range(N)], "born": DAYS, "mail": [f"u{i}@example.org" for i in range(N)]}

BAD_AND_GOOD = {
    "missing_identifier": (base(customer_no=without(CODES, 30)), base(customer_no=CODES)),
    "missing_measure": (base(price=without(AMOUNTS, 9)), base(price=AMOUNTS)),
    "sparse_columns": (base(remark=without(CODES, 2)), base(remark=CODES)),
    "almost_complete": (base(remark=without(CODES, 25)), base(remark=CODES)),
    "open_ends": (base(closed_on=without(DAYS, 3)), base(closed_on=DAYS)),
    "mixed_units": (
        {
            "labs": pd.DataFrame(
                {
                    "lab_id": IDS,
                    "test": ["GLU", "HB"] * (N // 2),
                    "value": [(5.0 if i % 40 == 0 else 90.0) + i / 20 if i % 2 == 0 else 12 + i / 200 for i in range(N)],
                }
            )
        },
        {
            "labs": pd.DataFrame(
                {
                    "lab_id": IDS,
                    "test": ["GLU", "HB"] * (N // 2),
                    "value": [90.0 + i / 20 if i % 2 == 0 else 12 + i / 200 for i in range(N)],
                }
            )
        },
    ),
    "empty_column": (base(remark=[None] * N), base(remark=CODES)),
    "empty_table": ({**base(), "returns": pd.DataFrame({"return_id": pd.Series([], dtype="int64")})}, base()),
    "blank_text": (base(remark=without(CITIES, 7, "  ")), base(remark=CITIES)),
    "placeholder_text": (base(remark=without(CODES, 9, "n/a")), base(remark=CODES)),
    "blank_means_something": (
        base(
            kind=["gift" if i % 5 == 0 else "sale" for i in range(N)],
            paid=[None if i % 5 == 0 and i != 50 else 2.5 + i for i in range(N)],
        ),
        base(kind=["gift" if i % 5 == 0 else "sale" for i in range(N)], paid=[2.5 + i for i in range(N)]),
    ),
    "hollow_rows": (
        {"notes": pd.DataFrame({"note_id": IDS, "a": without(CITIES, 40), "b": without(CODES, 40), "c": without(AMOUNTS, 40)})},
        {"notes": pd.DataFrame({"note_id": IDS, "a": without(CITIES, 40), "b": without(CODES, 41), "c": AMOUNTS[::-1]})},
    ),
    "parents_without_children": (
        {
            "order": pd.DataFrame({"order_id": IDS, "city": CITIES}),
            "line": pd.DataFrame({"line_id": range(2 * N - 6), "order_id": [IDS[3 + i // 2] for i in range(2 * N - 6)]}),
        },
        {
            "order": pd.DataFrame({"order_id": IDS, "city": CITIES}),
            "line": pd.DataFrame({"line_id": range(2 * N), "order_id": [IDS[i // 2] for i in range(2 * N)]}),
        },
    ),
    "duplicate_rows": (twice(base(), 20), twice(base(), 0)),
    "almost_key": (
        {"usage": pd.DataFrame({"usage_id": [f"U{i if i != 77 else 12}" for i in range(N)], "day": DAYS, "amount": AMOUNTS})},
        {"usage": pd.DataFrame({"usage_id": [f"U{i}" for i in range(N)], "day": DAYS, "amount": AMOUNTS})},
    ),
    "no_key": (
        {
            "sales": pd.DataFrame(
                {
                    "invoice_no": [a for a, _ in LINES] + ["N1"] * 4,
                    "item_code": [b for _, b in LINES] + [b for _, b in LINES[4:8]],
                    "qty": [1 + i % 3 for i in range(N)] + [9, 9, 1, 2],
                }
            )
        },
        {
            "sales": pd.DataFrame(
                {"invoice_no": [a for a, _ in LINES], "item_code": [b for _, b in LINES], "qty": [1 + i % 3 for i in range(N)]}
            )
        },
    ),
    "same_content": (
        {
            "shops": pd.DataFrame(
                {"shop_id": IDS, "city": CITIES, "street": without(CODES, 20, "Main 1"), "zip": without(CODES, 20, "9")}
            )
        },
        {"shops": pd.DataFrame({"shop_id": IDS, "city": CITIES, "street": CODES, "zip": CODES})},
    ),
    "case_variants": (base(remark=without(CITIES, 50, "bern")), base(remark=CITIES)),
    "negative_values": (
        base(quantity=[-1 if i % 20 == 0 else 1 + i % 9 for i in range(N)]),
        base(quantity=[1 + i % 9 for i in range(N)]),
    ),
    "zero_prices": (base(price=without(AMOUNTS, 40, 0.0)), base(price=AMOUNTS)),
    "placeholder_number": (
        base(rating=[9999 if i % 40 == 0 else 1 + i % 5 for i in range(N)]),
        base(rating=[1 + i % 5 for i in range(N)]),
    ),
    "placeholder_date": (base(shipped_on=without(DAYS, 40, pd.Timestamp("1900-01-01"))), base(shipped_on=DAYS)),
    "implausible_age": (base(age=[130 if i == 9 else 20 + i % 60 for i in range(N)]), base(age=[20 + i % 60 for i in range(N)])),
    "impossible_birth": (base(birth_date=without(DAYS, 40, pd.Timestamp("1851-05-05"))), base(birth_date=DAYS)),
    "impossible_coordinate": (
        base(latitude=[95.5 if i == 7 else 40 + i / 100 for i in range(N)]),
        base(latitude=[40 + i / 100 for i in range(N)]),
    ),
    "extreme_values": (
        base(quantity=[80_000 if i == 7 else 1 + i % 9 for i in range(N)]),
        base(quantity=[1 + i % 9 for i in range(N)]),
    ),
    "identifier_as_decimal": (
        base(customer_id=[f"{17000 + i % 90}.0" for i in range(N)]),
        base(customer_id=[f"{17000 + i % 90}" for i in range(N)]),
    ),
    "constant_columns": (base(warehouse=["W1"] * N), base(warehouse=CITIES)),
    "nearly_constant": (
        {"log": pd.DataFrame({"log_id": range(3_000), "state": ["ok" if i != 9 else "lost" for i in range(3_000)]})},
        {"log": pd.DataFrame({"log_id": range(3_000), "state": ["ok" if i % 9 else "lost" for i in range(3_000)]})},
    ),
    "several_currencies": (base(currency=["EUR" if i % 7 else "USD" for i in range(N)]), base(currency=["EUR"] * N)),
    "numbers_as_text": (
        base(height=[f"{i}.5" if i % 50 else "tall" for i in range(N)]),
        base(height=[f"{i}.5" for i in range(N)]),
    ),
    "broken_format": (base(customer_no=[c if i != 9 else "XX-1" for i, c in enumerate(CODES)]), base(customer_no=CODES)),
    "stray_blanks": (base(remark=without(CITIES, 50, "Bern ")), base(remark=CITIES)),
    "damaged_characters": (base(remark=without(CITIES, 50, "ZÃ¼rich")), base(remark=without(CITIES, 50, "Zürich"))),
    "near_misspelling": (
        base(remark=["Lucerne" if i != 9 else "Lucrene" for i in range(N)]),
        base(remark=["Lucerne" if i % 3 else "Geneva" for i in range(N)]),
    ),
}


@pytest.mark.parametrize("name", BAD_AND_GOOD)
def test_rule_finds_the_bad_frame_and_leaves_the_good_one(judge, name):
    bad, good = BAD_AND_GOOD[name]
    found = [f for f in judge(bad) if f.rule == name]
    assert found
    assert all(f.condition and f.criterion and f.question and "{" not in f.condition for f in found)
    assert not [f for f in judge(good) if f.rule == name]


def test_same_person_by_mail(judge):
    labels = {("people", "mail"): "email"}
    twin = pd.DataFrame(PEOPLE)
    assert not [f for f in judge({"people": twin}, labels=labels) if f.rule == "same_person"]
    twin.loc[7, "mail"] = twin.loc[3, "mail"]
    assert [f.failing for f in judge({"people": twin}, labels=labels) if f.rule == "same_person"] == [1]


def test_same_person_by_birth_date_and_first_letters(judge):
    people = pd.DataFrame(
        {
            "person_id": IDS,
            "given": [f"{chr(65 + i % 26)}x{i}" for i in range(N)],
            "family": [f"{chr(65 + i // 26)}y{i}" for i in range(N)],
            "born": DAYS,
            "zip": [f"{i % 90:05}" for i in range(N)],
        }
    )
    labels = {
        ("people", c): name
        for c, name in (("given", "given_name"), ("family", "family_name"), ("born", "date_of_birth"), ("zip", "postcode"))
    }
    assert not [f for f in judge({"people": people}, labels=labels) if f.rule == "same_person"]
    people.loc[9, ["given", "family", "born", "zip"]] = people.loc[4, ["given", "family", "born", "zip"]]
    people.loc[9, "given"] = people.loc[4, "given"] + "-later"
    assert [f.failing for f in judge({"people": people}, labels=labels) if f.rule == "same_person"] == [1]


def test_nothing_above_observation_on_a_clean_frame(judge):
    assert {f.severity for f in judge(base())} <= {"observation"}
