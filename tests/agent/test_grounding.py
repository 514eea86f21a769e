"""The evidence check on the honest and on liars: true sentences pass, one wrong digit does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataeng_kit.agent.grounding import ground
from dataeng_kit.nouns import Fact

FACTS = {
    f.id: f
    for f in (
        Fact("orders#rows", 99_441, ""),
        Fact("orders.customer_id#distinct", 96_096, ""),
        Fact("orders.note#nulls", 1_298, ""),
        Fact("orders.customer_id#coverage", 0.9873, ""),
        Fact("orders.customer_id#orphans", 1_263, ""),
        Fact("orders.amount#mean", 154.1003, ""),
        Fact("orders.amount#max", 13_664.08, ""),
        Fact("orders.amount#min", -12.5, ""),
        Fact("customers#rows", 24, ""),
        Fact("customers#duplicates", 3, ""),
        Fact("returns#rows", 559, ""),
        Fact("orders.placed_at#min", "2021-01-04 08:12:00", ""),
        Fact("orders.state#top", (("SP", 41_746), ("RJ", 12_852)), ""),
    )
}
R, D, N, C, O, M, X, I, K, U, T, P, S = list(FACTS)

TRUE = [
    ("orders has 99,441 rows.", R), ("orders has 99441 rows.", R), ("There are about 99k orders.", R), ("Roughly 100,000 orders.", R),
    ("Nearly 100,000 rows were read.", R), ("Over 99,000 rows.", R), ("0.1 million rows.", R), ("about 0.10 million rows", R),
    ("98.7 % of the customers resolve.", C), ("98.73 % coverage.", C), ("Coverage is 0.9873.", C), ("Coverage is 0.99.", C),
    ("99 % of the values are found.", C), ("99% of the values are found.", C), ("1.3 % of the values are missing.", C), ("1.27 % are not found.", C),
    ("1 % do not resolve.", C), ("98.7 percent resolve.", C), ("1,263 rows point nowhere.", O), ("1263 orphans.", O),
    ("1.3k orphans.", O), ("1,263 of 99,441 rows point nowhere.", f"{O} {R}"), ("1,263 of 99,441 rows (1.3 %) point nowhere.", f"{O} {R}"),
    ("1.27 % of the rows are orphans.", f"{O} {R}"), ("98.7 % of the rows resolve.", f"{O} {R}"), ("98,178 rows resolve.", f"{R} {O}"),
    ("The other 98,178 rows are fine.", f"{R} {O}"), ("The mean amount is 154.10.", M), ("The mean is 154.1.", M), ("The mean is 154.1003.", M),
    ("The highest amount is 13,664.08.", X), ("The highest amount is 13664.08.", X), ("The highest is 13,664.1.", X), ("The maximum is 13.7k.", X),
    ("The lowest amount is -12.5.", I), ("The lowest amount is −12.50.", I), ("There are 24 customers.", K), ("24 customers, 3 of them twice.", f"{K} {U}"),
    ("Three duplicates among 24 customers.", f"{K} {U}"), ("12.5 % of the customers are duplicates.", f"{U} {K}"), ("21 customers remain.", f"{K} {U}"),
    ("559 returns against 99,441 orders.", f"{T} {R}"), ("0.6 % of orders come back.", f"{T} {R}"), ("0.56 % of orders come back.", f"{T} {R}"),
    ("100,000 rows in both tables together.", f"{R} {T}"), ("Together 100,000 rows (99,441 + 559).", f"{R} {T}"), ("SP holds 41,746 rows.", S),
    ("SP has 41,746 and RJ 12,852.", S), ("The first order is of 2021-01-04.", P), ("Orders begin on 2021-01-04 08:12:00.", P),
    ("Orders begin in January 2021.", P), ("Orders begin on 4 January 2021.", P), ("Since 2021 there are 99,441 orders.", f"{P} {R}"),
    ("1,298 notes are empty.", N), ("1,298 of 99,441 notes (1.3 %) are empty.", f"{N} {R}"), ("98.7 % of orders carry a note.", f"{N} {R}"),
    ("98,143 orders carry a note.", f"{R} {N}"), ("96,096 different customers.", D), ("96,096 customers placed 99,441 orders.", f"{D} {R}"),
    ("1.03 orders per customer.", f"{R} {D}"), ("1.0 orders per customer.", f"{R} {D}"), ("3,345 orders are repeat orders.", f"{R} {D}"),
    ("96.6 % of orders are by distinct customers.", f"{D} {R}"), ("Use SCD 2 for the 24 customers.", K), ("Bring the 24 rows to 3NF.", K),
    ("The 1st of 24 customers.", K), ("In the 3rd step, check 24 rows.", K), ("1. Load the 24 customers.", K), ("2) Load the 24 customers.", K),
    ("PostgreSQL 15 holds 24 rows easily.", K), ("On DuckDB 2.0.0 the 24 rows load.", K), ("Version 3.2 of the contract covers 24 rows.", K),
    ("`SELECT 1` on 24 rows.", K), ("Column col_7 of 24 rows.", K), ("See CLAUDE.md:12 about the 24 customers.", K), ("A 1:n relation to 24 customers.", K),
    ("Loaded at 08:15 with 24 rows.", K), ("24/7 service over 24 customers.", K), ("About 1,300 orphans.", O), ("around 1,300 empty notes", N),
    ("Some 1,300 orphans remain.", O), ("More than 1,200 orphans remain.", O), ("Approximately 99,000 orders.", R), ("~99,000 orders.", R),
    ("Almost 560 returns.", T), ("At least 550 returns.", T), ("Under 560 returns.", T), ("The mean is about 150.", M), ("The maximum is about 13,700.", X),
    ("In 2021 the mean was 154.1.", M), ("Between 2021-01-04 and 2023-02-01 there were 99,441 orders.", R), ("By March 2022, 99,441 orders.", R),
    ("orders: 99,441; returns: 559.", f"{R} {T}"), ("(99,441 rows)", R), ("Exactly 99,441.", R), ("99,441, of which 559 came back.", f"{R} {T}"),
    ("All 24 customers are known.", K), ("Of 24 customers, 3 repeat, so 21 are single.", f"{K} {U}"), ("87.5 % are single.", f"{K} {U}"),
    ("A type 2 history of 24 rows.", K), ("The v1.2.3 loader read 24 rows.", K), ("Half of nothing: no number here.", K),
    ("We expect the owner to confirm.", ""), ("Ask the data owner which one is right.", ""), ("Nothing to add since 2021.", P),
    ("13,411 rows of RJ and returns together.", f"{T} {K}"),
]  # fmt: skip
# the last sentence needs a step that the check does not know (a member of a list plus a count): an honest strike, kept in the measure


def test_the_honest_are_rarely_struck():
    assert len(TRUE) >= 100
    struck = [text for text, cited in TRUE if not ground(text, cited.split(), FACTS).ok]
    assert len(struck) / len(TRUE) <= 0.02, struck


@pytest.mark.parametrize(
    ("text", "cited", "kind"),
    [
        ("orders has 99,442 rows.", R, "not_found"),
        ("98.8 % of the customers resolve.", C, "not_found"),
        ("There are 25 customers.", K, "not_found"),
        ("orders has 99,441 rows.", "", "no_citation"),
        ("orders has 99,441 rows.", "order#rows", "unknown_fact"),
        ("four duplicates among the customers", f"{U} {K}", "not_found"),
        ("The mean is 155.", M, "not_found"),
        ("About 90,000 orders.", R, "not_found"),
        ("The mean is 154.2.", M, "not_found"),
    ],
)
def test_liars_are_struck(text, cited, kind):
    assert kind in {f.kind for f in ground(text, cited.split(), FACTS).flags}


def test_the_nearest_truth_is_named():
    flag = ground("orders has 99,442 rows.", [R], FACTS).flags[0]
    assert "99441" in flag.near
    assert "orders#rows" in ground("x", ["order#rows"], FACTS).flags[0].near


@settings(deadline=None, max_examples=200)
@given(st.integers(1_000, 9_999_999), st.data())
def test_one_wrong_digit_is_struck(value, data):
    facts = {"t#rows": Fact("t#rows", value, "")}
    assert ground(f"t has {value:,} rows.", ["t#rows"], facts).ok
    digits = str(value)
    at = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([d for d in "123456789" if d != digits[at]]))
    wrong = int(digits[:at] + other + digits[at + 1 :])
    assert not ground(f"t has {wrong:,} rows.", ["t#rows"], facts).ok


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=200))
def test_any_text_is_judged(text):
    ground(text, [R], FACTS)
