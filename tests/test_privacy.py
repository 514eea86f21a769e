"""No raw value leaves through a visible noun: canaries in every place a value can stand."""

import ast
import dataclasses
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataeng_kit.errors import KitError
from dataeng_kit.nouns import (
    Cell,
    Check,
    ClaimResult,
    ColumnProfile,
    Context,
    Evidence,
    Fact,
    Finding,
    Label,
    Law,
    Profile,
    Reading,
    Reconciliation,
    Rejected,
    Table,
    TableProfile,
    TimeProfile,
)
from dataeng_kit.privacy import LEVELS, Policy, mask, mask_sql, masked_columns, visible

KEY = b"0123456789abcdef0123456789abcdef"
CANARY = st.text("abcdefghijklmnopqrstuvwxyzäöüßñ日本語кир", min_size=5, max_size=14).map(lambda t: "zq" + t + "7x")
NUMBER = st.integers(10_000_000, 99_999_990)


def texts(noun):
    plain = json.dumps(noun.to_json(), ensure_ascii=False)
    return plain, json.dumps(noun.to_json(), ensure_ascii=True), json.dumps(plain)


def silent(noun, *canaries):
    for text in texts(noun):
        for canary in canaries:
            assert str(canary) not in text
            assert json.dumps(str(canary))[1:-1] not in text


def column(raw, label=None, **more):
    base = dict(
        min=raw, max=raw, quantiles=(raw,) * 5, top=((raw, 3),), masks=((str(raw), 1),), sentinels=((raw, 2),), mean=1.5, std=0.5
    )
    return ColumnProfile("c", "text", "VARCHAR", 0, 100, 5, 40, min_length=1, max_length=9, label=label, **(base | more))


LABELS = st.sampled_from([None, Label("email", 1.0, (), True), Label("api_key", 1.0, (), True), Label("company", 0.9)])


@settings(deadline=None, max_examples=60)
@given(CANARY | NUMBER, LABELS)
def test_column_shows_no_canary(raw, label):
    silent(visible(column(raw, label), Policy()), raw)
    table = TableProfile(
        "t", 100, (column(raw, label), column("known", Label("flag"))), time=TimeProfile("c", str(raw), str(raw), 5.0)
    )
    silent(visible(table, Policy()), raw)
    silent(visible(Profile((table,)), Policy()), raw)


@settings(deadline=None, max_examples=60)
@given(CANARY, NUMBER)
def test_facts_laws_findings_checks_and_readings(raw, number):
    silent(visible(Fact("t.c#max", raw, f"SELECT max(c) FROM t WHERE d = '{raw}' AND n > {number}"), Policy()), raw, number)
    silent(visible(Fact("t.c#max", number, "SELECT max(c) FROM t"), Policy()), number)
    silent(visible(Fact("t.c#top", ((raw, 4),), "SELECT c FROM t"), Policy()), raw)
    law = Law(
        "derived",
        "t",
        ("t.c",),
        f"c is always '{raw}'",
        9,
        10,
        "law",
        f"SELECT * FROM t WHERE c <> '{raw}'",
        detail={"seen": [raw, {"k": raw}], "n": 3},
    )
    silent(visible(law, Policy()), raw)
    finding = Finding(
        "x:t.c",
        "x",
        "high",
        "validity",
        "t",
        "c",
        f"the value '{raw}' stands in 9 of 10 rows",
        "one format",
        9,
        10,
        f"SELECT * FROM t WHERE c = '{raw}'",
    )
    shown = visible(finding, Policy())
    silent(shown, raw)
    assert "9 of 10" in shown.condition
    check = Check(
        "ran",
        output=f"| {raw} |",
        why=f"Conversion Error: could not convert '{raw}'",
        reconciliation=(Reconciliation("r", raw, 3, False),),
    )
    silent(visible(Cell("i", "r", "duckdb", "sql", "t", "p", "SELECT 1", check=check), Policy()), raw)
    silent(visible(Reading(problems=(f'row with "{raw}"',), rejects=(Rejected(3, "too short", f"{raw};1"),)), Policy()), raw)


@settings(deadline=None, max_examples=40)
@given(CANARY, NUMBER)
def test_evidence_prose_repeats_no_value_of_its_profile(raw, number):
    table = TableProfile(
        "t", 100, (column(raw, Label("full_name", 1.0, (), True)), dataclasses.replace(column(number), name="n", type="integer"))
    )
    finding = Finding(
        "x:t.c",
        "x",
        "high",
        "validity",
        "t",
        "c",
        f"{raw} and {number} are odd, {raw}!",
        "c",
        1,
        9,
        "SELECT 1",
        consequence=f"see {raw}",
    )
    evidence = Evidence("e", Context(), (Table("t", "t.csv", ()),), Profile((table,)), findings=(finding,))
    silent(visible(evidence, Policy()), raw, number)


def test_what_is_shown_by_default():
    small = ColumnProfile(
        "s", "text", "VARCHAR", 0, 100, 0, 3, min="a", max="c", top=(("a", 60), ("b", 36), ("c", 4)), label=Label("flag")
    )
    seen = visible(small, Policy())
    assert seen.top == (("a", 60), ("b", 36))
    assert (seen.min, seen.max) == ("a", None)
    date = ColumnProfile(
        "d",
        "date",
        "DATE",
        0,
        1000,
        0,
        300,
        min="2024-01-03",
        max="2024-12-30",
        label=Label("event_time"),
        quantiles=("2024-01-20", "2024-03-01", "2024-06-01", "2024-09-01", "2024-12-05"),
        sentinels=(("1970-01-01", 3), ("2001-02-03", 4)),
    )
    seen = visible(date, Policy())
    assert (seen.min, seen.max, seen.quantiles) == ("2024-01", "2024-12", ())
    assert seen.sentinels == (("1970-01-01", 3),)
    born = visible(dataclasses.replace(date, label=Label("date_of_birth", 1.0, (), True)), Policy())
    assert (born.min, born.max, born.sentinels) == (None, None, ())
    few = visible(dataclasses.replace(date, rows=90), Policy())
    assert (few.min, few.max) == (None, None)


def test_levels_and_overrides():
    secret = visible(column("x9x9x", Label("api_key", 1.0, (), True)), Policy())
    assert (secret.nulls, secret.distinct, secret.distinct_method, secret.label.name) == (0, 0, "hidden", "api_key")
    named = visible(column("x9x9x", Label("email", 1.0, (), True)), Policy())
    assert (named.nulls, named.distinct, named.mean, named.masks) == (5, 40, None, ())
    profile = Profile((TableProfile("t", 100, (column("zorro", Label("email", 1.0, (), True)),)),))
    assert visible(profile, Policy({"t.c": "values"})) == profile
    assert visible(profile, Policy({"*": "values"})) == profile
    assert Policy.of(profile).columns == {"t.c": "name"}
    assert Policy.of(profile, {"t": "statistics"}).columns == {"t.c": "statistics"}


def test_a_profile_without_labels_counts_as_personal():
    profile = Profile((TableProfile("t", 100, (column("aa"),)),))
    assert Policy.of(profile).columns == {"t.c": "name"}


@pytest.mark.parametrize("wrong", ["value", "", "STATS", "all"])
def test_unknown_level_is_an_error(wrong):
    with pytest.raises(KitError) as error:
        Policy({"t.c": wrong})
    assert "privacy level" in error.value.what
    with pytest.raises(KitError):
        Policy.of(Profile(), {"t.x": "values"})


def test_identifiers_stay_in_queries_and_sentinels_too():
    fact = visible(
        Fact("t.c#nulls", 7, """SELECT count(*) FROM "t 2024" WHERE "c d" = '1970-01-01' OR x = 42 LIMIT 10"""), Policy()
    )
    assert fact.value == 7
    assert '"t 2024"' in fact.query
    assert "'1970-01-01'" in fact.query
    assert "42" not in fact.query
    assert "LIMIT 10" in fact.query


@settings(deadline=None, max_examples=80)
@given(st.text("abcXYZäÖñ 0123-/.+", min_size=0, max_size=20), st.sampled_from(["email", "phone", "full_name", "iban"]))
def test_mask_is_the_same_in_python_and_duckdb(value, label):
    import duckdb

    found = duckdb.execute(
        f"SELECT {mask_sql('?::VARCHAR', label, KEY).replace('?::VARCHAR', 'v')} FROM (SELECT ?::VARCHAR AS v)", [value]
    ).fetchone()[0]
    assert found == mask(value, label, KEY)


def test_mask_is_keyed_stable_and_separator_blind():
    assert mask("Anna@X.de", "email", KEY) == mask(" anna@x.de ", "email", KEY)
    assert mask("+49 30/123", "phone", KEY) == mask("+4930123", "phone", KEY)
    assert mask("a", "email", KEY) != mask("a", "email", KEY[::-1])
    assert mask("a", "email", KEY) != mask("a", "phone", KEY)
    assert mask(None, "email", KEY) is None
    assert mask("s", "api_key", KEY) is None
    with pytest.raises(KitError):
        mask("a", "email", "short")


def test_masked_columns_leave_secrets_out_and_keep_the_rest():
    labels = {"t.m": Label("email", 1.0, (), True), "t.k": Label("api_key", 1.0, (), True), "t.a": Label("measure")}
    kept = dict(masked_columns([("t.m", '"m"'), ("t.k", '"k"'), ("t.a", '"a"')], labels, Policy(), KEY))
    assert set(kept) == {"t.m", "t.a"}
    assert kept["t.a"] == '"a"'
    assert "sha256" in kept["t.m"]
    assert LEVELS[0] == "nothing"


def test_a_header_that_is_an_address_goes_hidden():
    profile = Profile((TableProfile("t", 100, (dataclasses.replace(column("aa"), name="anna.berg@mail.example"),)),))
    seen = visible(profile, Policy())
    silent(seen, "anna.berg@mail.example")
    assert seen.tables[0].columns[0].name == "name_hidden_1"


def told(**more):
    first = column("aa", Label("full_name", 1.0, (), True))
    table = TableProfile("orders", 100, (dataclasses.replace(first, name="signup_date"), dataclasses.replace(first, name="c")))
    return Evidence("e", Context(), (Table("orders", "t.csv", ()),), Profile((table,)), **more)


def claim(quote):
    return ClaimResult("CLAUDE.md", 3, quote, "contradicted", "1 of 9")


def saying(text):
    return Finding("x:orders", "x", "high", "validity", "orders", "", text, "c", 1, 9, "SELECT 1")


@pytest.mark.parametrize(
    "text",
    [
        'CLAUDE.md says otherwise: "No order comes before `orders.signup_date`."',
        "the header reads 'signup date'",
        "read as 'day first'",
        "`orders.signup_date`, ','",
    ],
)
def test_words_of_documents_names_and_the_kit_stay(text):
    shown = visible(told(findings=(saying(text),), claims=(claim("- No order comes before `orders.signup_date`."),)), Policy())
    assert shown.findings[0].condition == text


@settings(deadline=None, max_examples=60)
@given(CANARY, st.sampled_from(["says '{}'", 'as "{0} {0} {0}"', "“{}”", "CLAUDE.md: \"A row named '{}' is a test.\""]))
def test_a_quoted_value_is_hidden_whatever_a_document_says(raw, form):
    claims = (claim(f"A row named '{raw}' is a test."), claim("Another sentence of the project."))
    silent(visible(told(findings=(saying(form.format(raw)),), claims=claims), Policy()), raw)


def test_the_kits_own_quoted_words_are_known():
    """A finding or a decision that puts words of its own between quotes adds them to `OWN`, else a review hides them."""
    from pathlib import Path

    import dataeng_kit
    from dataeng_kit.privacy.gate import OWN, SENTINELS

    found = set()
    for room in ("findings", "advice", "design"):
        for path in (Path(dataeng_kit.__file__).parent / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
                    found |= set(re.findall(r"(?<=[a-z,:] )'([a-z]+ [a-z ]+)'(?= [a-z]|[,.?])", node.value))
    assert found <= OWN | SENTINELS, found - OWN - SENTINELS
