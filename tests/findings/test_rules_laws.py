"""One bad and one good case per rule: consistency, relations, timeliness, reading, privacy, documentation."""

import random
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dataeng_kit.data import open_data
from dataeng_kit.findings.rule import Look, rules
from dataeng_kit.nouns import ClaimResult, Context, ForeignKey, Mention, Reading, Rejected, Roles, Skipped
from dataeng_kit.nouns.context import Statement
from dataeng_kit.profile import profile_data

N = 300
RANDOM = random.Random(5)
BEGIN = pd.Timestamp("2023-01-02")


def days(*spread, n=N):
    """Return n dates, each a random number of days from the first of 2023 within *spread*."""
    return [BEGIN + pd.Timedelta(days=RANDOM.randrange(*spread)) for _ in range(n)]


def later(dates, low=1, high=40):
    return [d + pd.Timedelta(days=RANDOM.randrange(low, high)) for d in dates]


STARTS = days(0, 300)
MONEY = [round(RANDOM.uniform(3, 80), 2) for _ in range(N)]


def account_usage(shift, n_bad):
    """Return accounts and their usage, where *n_bad* rows lie *shift* days before the account's start."""
    accounts = pd.DataFrame({"account_id": [f"A{i:03}" for i in range(N)], "signup_date": STARTS})
    who = [RANDOM.randrange(N) for _ in range(3 * N)]
    when = [STARTS[w] + pd.Timedelta(days=(-shift if i < n_bad else 1 + i % 200)) for i, w in enumerate(who)]
    usage = pd.DataFrame({"usage_id": range(5_000, 5_000 + 3 * N), "account_id": [f"A{w:03}" for w in who], "usage_date": when})
    return {"accounts": accounts, "usage": usage}


def spans(bad, placeholder=None):
    ends = later(STARTS)
    for i in range(bad):
        ends[i * 7] = placeholder or STARTS[i * 7] - pd.Timedelta(days=5)
    return {"stays": pd.DataFrame({"stay_id": range(900, 900 + N), "start_date": STARTS, "end_date": ends})}


def header_lines(bad):
    """Return orders with totals and their lines; *bad* totals are off by two."""
    lines = pd.DataFrame(
        {
            "line_id": range(3 * N),
            "order_id": [f"O{i // 3:03}" for i in range(3 * N)],
            "net": [MONEY[i % N] + i % 4 for i in range(3 * N)],
        }
    )
    totals = lines.groupby("order_id")["net"].sum().round(2).tolist()
    orders = pd.DataFrame(
        {"order_id": [f"O{i:03}" for i in range(N)], "total": [t + 2 * (i < bad) for i, t in enumerate(totals)]}
    )
    return {"orders": orders, "lines": lines}


def priced(bad):
    quantity = [1 + i % 7 for i in range(N)]
    total = [round(q * p, 2) + (3 if i < bad else 0) for i, (q, p) in enumerate(zip(quantity, MONEY, strict=True))]
    return {"lines": pd.DataFrame({"line_id": range(N), "quantity": quantity, "price": MONEY, "total": total})}


def months(bad):
    dates = days(0, 700)
    month = [d.month if i >= bad else 1 + d.month % 12 for i, d in enumerate(dates)]
    return {"visits": pd.DataFrame({"visit_id": range(N), "visited_on": dates, "month": month, "score": MONEY})}


def coded(bad):
    codes = [f"K{i % 40:02}" for i in range(N)]
    names = [f"Item {c}" if i >= bad else f"Old item {i}" for i, c in enumerate(codes)]
    return {"lines": pd.DataFrame({"line_id": range(N), "item_code": codes, "item_description": names})}


def churn(bad):
    flags = [i % 3 == 0 for i in range(N)]
    gone = [f"A{i:03}" for i in range(N) if flags[i] != (i < bad)]
    accounts = pd.DataFrame(
        {"account_id": [f"A{i:03}" for i in range(N)], "churn_flag": flags, "city": ["Bern", "Chur"] * (N // 2)}
    )
    return {"accounts": accounts, "churn_events": pd.DataFrame({"event_id": range(7_000, 7_000 + len(gone)), "account_id": gone})}


def closed(bad):
    flags = [i % 3 == 0 for i in range(N)]
    ends = [d if flags[i] != (i < bad) else None for i, d in enumerate(later(STARTS))]
    return {"cases": pd.DataFrame({"case_id": range(N), "opened_on": STARTS, "closed_on": ends, "is_closed": flags})}


def subscriptions(overlap):
    rows = [
        (f"A{a:02}", BEGIN + pd.Timedelta(days=100 * k), BEGIN + pd.Timedelta(days=100 * k + (150 if overlap else 90)))
        for a in range(60)
        for k in range(4)
    ]
    frame = pd.DataFrame(rows, columns=["account_id", "start_date", "end_date"])
    return {"subscription": frame.assign(subscription_id=range(len(rows)))}


def copied(bad):
    tiers = ["basic", "pro", "team"]
    accounts = pd.DataFrame({"account_id": [f"A{i:03}" for i in range(N)], "plan_tier": [tiers[i % 3] for i in range(N)]})
    who = [i % N for i in range(2 * N)]
    plans = pd.DataFrame(
        {
            "plan_no": range(2 * N),
            "account_id": [f"A{w:03}" for w in who],
            "plan_tier": [tiers[(w + (i < bad)) % 3] for i, w in enumerate(who)],
        }
    )
    return {"accounts": accounts, "plans": plans}


def referring(lost):
    shops = pd.DataFrame({"shop_id": [f"S{i:03}" for i in range(100)], "city": [f"City {i}" for i in range(100)]})
    sales = pd.DataFrame({"sale_id": range(2_000), "shop_id": [f"S{i % 100 if i >= lost else 990:03}" for i in range(2_000)]})
    return {"shops": shops, "sales": sales}


def weekly(open_days, end=400):
    dates = [d for d in pd.date_range(BEGIN, periods=end) if d.dayofweek in open_days for _ in range(3)]
    return {"sales": pd.DataFrame({"sale_id": range(len(dates)), "sold_on": dates})}


def gapped(missing):
    dates = [d for i, d in enumerate(pd.date_range(BEGIN, periods=363)) if i not in missing for _ in range(4)]
    return {"sales": pd.DataFrame({"sale_id": range(len(dates)), "sold_on": dates})}


def recorded(bad):
    when = days(0, 300)
    loaded = [d + pd.Timedelta(hours=3 if i >= bad else 80) for i, d in enumerate(when)]
    return {"events": pd.DataFrame({"event_id": range(N), "happened_at": when, "loaded_at": loaded})}


def zoned(mixed):
    seen = pd.Series(STARTS)
    return {
        "events": pd.DataFrame(
            {"event_id": range(N), "seen_at": seen.dt.tz_localize("UTC") if mixed else seen, "heard_at": later(STARTS)}
        )
    }


def future(bad):
    return {
        "events": pd.DataFrame(
            {"event_id": range(N), "seen_on": [pd.Timestamp("2150-03-04") if i < bad else d for i, d in enumerate(STARTS)]}
        )
    }


SIMPLE = {
    "outside_parent_life": (account_usage(30, 700), account_usage(0, 0)),
    "end_before_begin": (spans(8), spans(0)),
    "placeholder_breaks_order": (spans(8, pd.Timestamp("1970-01-01")), spans(0)),
    "unreconciled": (header_lines(12), header_lines(0)),
    "formula_broken": (priced(6), priced(0)),
    "date_part_broken": (months(6), months(0)),
    "dependency_broken": (coded(6), coded(0)),
    "flag_contradicts_events": (churn(40), churn(0)),
    "flag_contradicts_row": (closed(6), closed(0)),
    "overlapping_intervals": (subscriptions(True), subscriptions(False)),
    "copy_differs": (copied(200), copied(0)),
    "orphans": (referring(40), referring(0)),
    "partial_period": (weekly(range(7), 400), weekly(range(7), 363)),
    "closed_days": (weekly(range(6)), weekly(range(7))),
    "missing_days": (gapped({40, 41, 90}), gapped(set())),
    "late_arrival": (recorded(20), recorded(0)),
    "mixed_zones": (zoned(True), zoned(False)),
    "future_dates": (future(3), future(0)),
    "no_time_column": ({"cycles": pd.DataFrame({"unit": range(N), "value": MONEY})}, spans(0)),
}


@pytest.mark.parametrize("name", SIMPLE)
def test_rule_finds_the_bad_case_and_leaves_the_good_one(judge, name):
    bad, good = SIMPLE[name]
    found = [f for f in judge(bad) if f.rule == name]
    assert found
    assert all(f.condition and f.criterion and "{" not in f.condition for f in found)
    assert not [f for f in judge(good) if f.rule == name]


def test_types_of_references_and_names(judge):
    shops = pd.DataFrame({"shop_id": [f"{i}" for i in range(900, 1000)], "city": [f"City {i}" for i in range(100)]})
    sales = pd.DataFrame({"sale_id": range(2_000), "shop_id": [900 + i % 100 for i in range(2_000)]})
    assert "same_name_other_type" in {
        f.rule for f in judge({"shops": shops.astype({"shop_id": object}).assign(shop_id=shops.shop_id + "x"), "sales": sales})
    }
    assert "same_name_other_type" not in {f.rule for f in judge(referring(0))}


def test_both_ends_of_a_reference_have_one_type():
    (rule,) = [r for r in rules() if r.name == "reference_types_differ"]
    data = open_data(({"a": pd.DataFrame({"a_id": ["1", "x"]}), "b": pd.DataFrame({"a_id": [1, 2]})},))
    profile = profile_data(data, only=frozenset(("columns",)))
    for table, expected in (("b", 1), ("a", 0)):
        link = ForeignKey(table, ("a_id",), "a", ("a_id",))
        assert len(list(rule.hits(Look(Context(), data, replace(profile, foreign_keys=(link,)), Roles())))) == expected
    data.close()


PEOPLE = {
    "people": pd.DataFrame(
        {
            "person_no": [f"{i:05}" for i in range(N)],
            "mail": [f"u{i}@example.org" for i in range(N)],
            "city": ["Bern", "Chur"] * (N // 2),
        }
    )
}
LABELS = [
    ("personal_join_key", {("people", "person_no"): "national_id"}, {}),
    ("direct_identifiers", {("people", "mail"): "email"}, {}),
    ("personal_free_text", {("people", "mail"): "free_text_pii"}, {}),
]


@pytest.mark.parametrize(("name", "labels", "none"), LABELS)
def test_privacy_rules_follow_the_labels(judge, name, labels, none):
    assert name in {f.rule for f in judge(PEOPLE, labels=labels)}
    assert name not in {f.rule for f in judge(PEOPLE, labels=none)}


def test_secrets_and_single_people(judge):
    frame = pd.DataFrame(
        {"row_no": range(N), "card_cvv": [f"{i:03}" for i in range(N)], "born": STARTS, "sex": ["f", "m"] * (N // 2)}
    )
    labels = {("cards", "card_cvv"): "card_cvv", ("cards", "born"): "date_of_birth", ("cards", "sex"): "gender"}
    found = {f.rule: f for f in judge({"cards": frame}, labels=labels)}
    assert found["stored_secret"].severity == "critical"
    assert found["singled_out"].failing > 0
    assert not {"stored_secret", "singled_out"} & {f.rule for f in judge({"cards": frame})}


def test_a_stated_framework_raises_personal_data(judge):
    stated = Context(compliance=(Mention("gdpr", "CLAUDE.md", 3, "GDPR applies"),))
    levels = [
        {f.rule: f.severity for f in judge(PEOPLE, labels=LABELS[1][1], context=c)}["direct_identifiers"]
        for c in (Context(), stated)
    ]
    assert levels == ["observation", "medium"]


READINGS = {
    "rejected_rows": {"rejected": 2, "rejects": (Rejected(7, "too many fields", "a;b;c"),)},
    "lost_rows": {"lost": 3, "records": 400},
    "ambiguous_dates": {"problems": ("column 'seen': two date formats",)},
    "reading_problem": {"problems": ("the encoding is a guess",)},
}


@pytest.mark.parametrize("name", READINGS)
def test_reading_rules(judge, name):
    def spoil(data):
        source = data.sources[0]
        source.table = replace(source.table, reading=Reading(rows=N, **READINGS[name]))

    assert name in {f.rule for f in judge(spans(0), change=spoil)}
    assert name not in {f.rule for f in judge(spans(0))}


def test_unreadable_files_and_missing_headers(judge):
    def spoil(data):
        data.skipped = (Skipped("folder/broken.xlsx", "not a workbook", bad=True),)

    headless = {"raw": pd.DataFrame({"column_1": range(N), "column_2": MONEY})}
    assert {"unreadable_file", "no_header"} <= {f.rule for f in judge(headless, change=spoil)}
    assert not {"unreadable_file", "no_header"} & {f.rule for f in judge(spans(0))}


def test_stale_needs_a_stated_freshness(judge):
    stated = Context(freshness=(Statement(15, "minutes", "CLAUDE.md", 9, "stays are at most 15 minutes old", "stays"),))
    found = {f.rule: f for f in judge(spans(0), context=stated)}
    assert found["stale"].lines == ("CLAUDE.md:9",)
    assert "stale" not in {f.rule for f in judge(spans(0))}
    assert "no_context" not in found
    assert "accuracy_not_assessed" in found


def test_contradicted_claims_become_findings(judge):
    def result(verdict):
        return ClaimResult(
            "CLAUDE.md",
            4,
            "stay_id is unique",
            verdict,
            "21 of 300 rows (7.0 %) break the rule",
            "unique",
            (),
            "claim:abc",
            "",
            21,
            300,
        )

    found = [f for f in judge(spans(0), claims=(result("contradicted"),)) if f.rule == "claim"]
    assert [(f.id, f.failing, f.of, f.lines) for f in found] == [("claim:abc", 21, 300, ("CLAUDE.md:4",))]
    assert not [f for f in judge(spans(0), claims=(result("holds"),)) if f.rule == "claim"]


def test_a_purpose_that_names_the_table_raises_the_rank(judge):
    purpose = Context(
        purposes=(Statement("monthly usage report per account", "", "CLAUDE.md", 2, "monthly usage report per account"),)
    )
    plain, raised = (judge(account_usage(30, 700), context=c)[0] for c in (Context(), purpose))
    assert plain.rule == raised.rule == "outside_parent_life"
    assert (plain.severity, raised.severity) == ("high", "critical")
    assert raised.purpose == "monthly usage report per account"


def test_every_rule_has_its_five_parts_and_a_test():
    text = "".join(
        p.read_text("utf-8")
        for room in ("findings", "profile")
        for p in Path(__file__).parents[1].joinpath(room).glob("test_*.py")
    )
    for rule in rules():
        assert rule.parts["condition"], rule.name
        assert rule.parts["criterion"], rule.name
        assert rule.parts["recommendation"], rule.name
        assert rule.parts["question"], rule.name
        assert rule.name in text, rule.name
    assert len(rules()) >= 40
