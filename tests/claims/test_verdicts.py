from pathlib import Path

import pytest

from dataeng_kit.context import read_context
from dataeng_kit.data import open_data
from dataeng_kit.findings.claims import test_claims as verdicts
from dataeng_kit.nouns import ClaimResult
from dataeng_kit.profile import profile_data

ACCOUNTS = "account_id,name,plan_tier,signup_date,churn_flag,country\n" + "".join(
    f"A{i},Firm {i},{'pro' if i % 2 else 'basic'},2023-01-{i:02d},{'true' if i < 3 else 'false'},{'NL' if i != 4 else ''}\n"
    for i in range(1, 11)
)
SUBSCRIPTIONS = "subscription_id,account_id,plan_tier,start_date,end_date,mrr_amount,arr_amount\n" + "".join(
    f"S{i},A{(i - 1) % 10 + 1},{'pro' if i % 2 else 'basic'},2023-02-{i:02d},{'2023-03-01' if i in (3, 5) else ''},{10 * i},{120 * i if i != 7 else 1}\n"
    for i in range(1, 21)
)
CHURN = "churn_event_id,account_id,churn_date\nC1,A1,2023-05-01\nC2,A2,2023-05-01\nC3,A3,2023-05-02\n"
USAGE = "usage_id,subscription_id,usage_date,usage_count\n" + "".join(
    f"U{1 if i == 2 else i},{'S99' if i == 40 else f'S{(i - 1) % 20 + 1}'},2023-0{1 if i <= 4 else 4}-05,{i}\n"
    for i in range(1, 41)
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("claims")
    for name, text in {
        "accounts": ACCOUNTS,
        "subscriptions": SUBSCRIPTIONS,
        "churn_events": CHURN,
        "feature_usage": USAGE,
    }.items():
        (root / f"{name}.csv").write_text(text, "utf-8")
    return root


@pytest.fixture(scope="module")
def opened(folder):
    data = open_data((str(folder),))
    yield data, profile_data(data, only=frozenset({"columns", "keys"}))
    data.close()


def judge(opened, tmp_path: Path, text: str) -> tuple[ClaimResult, ...]:
    file = tmp_path / "CLAUDE.md"
    file.write_text(text, "utf-8")
    data, profile = opened
    return verdicts(read_context(file), data, profile)


@pytest.mark.parametrize(
    ("text", "verdict", "failing", "of"),
    [
        ("## feature_usage\n- usage_id: unique usage event", "contradicted", 1, 40),
        ("`feature_usage.usage_count` is never negative.", "holds", 0, 40),
        ("## accounts\n- churn_flag: churned at any point", "contradicted", 1, 10),
        ("## accounts\n- plan_tier: initial plan", "holds", 0, 10),
        ("Each account has only one plan.", "holds", 0, 10),
        ("Each account has exactly one subscription.", "contradicted", 10, 10),
        ("`arr_amount` = 12 × `mrr_amount`", "contradicted", 1, 20),
        ("`subscriptions.end_date` is never before `subscriptions.start_date`.", "holds", 0, 2),
        (
            "Every usage event refers to an existing subscription: `feature_usage.subscription_id` references subscriptions.",
            "contradicted",
            1,
            40,
        ),
        ("Referential integrity is guaranteed.", "contradicted", 1, 40),
        ("Temporal logic: validated date ranges", "contradicted", 4, 39),
        ("`accounts.country` is never empty.", "contradicted", 1, 10),
        ("`accounts.country` ist nie leer.", "contradicted", 1, 10),
        ("`accounts.account_id` est unique.", "holds", 0, 10),
        ("accounts: 10 rows", "holds", 0, 10),
        ("The accounts table has about 5,000 rows.", "contradicted", 4990, 10),
        ("One row per subscription_id in `subscriptions`.", "holds", 0, 20),
    ],
)
def test_verdict_and_counts(opened, tmp_path, text, verdict, failing, of):
    (result,) = {(r.verdict, r.failing, r.of) for r in judge(opened, tmp_path, text)}
    assert result == (verdict, failing, of)


def test_a_contradiction_names_its_finding_and_its_query_returns_the_rows(opened, tmp_path):
    (result,) = judge(opened, tmp_path, "## feature_usage\n- usage_id: unique usage event")
    assert result.finding.startswith("claim:CLAUDE.md:")
    assert (result.line, result.quote, result.table, result.column) == (
        2,
        "usage_id: unique usage event",
        "feature_usage",
        "usage_id",
    )
    assert len(opened[0].rows(result.query)) == 2  # both rows that share the id
    again = judge(opened, tmp_path, "# Moved\n\n## feature_usage\n\n- usage_id: unique usage event")
    assert again[0].finding == result.finding
    assert "1 of 40 rows" in result.evidence


@pytest.mark.parametrize(
    "text", ["`phone` is unique.", "`plan_tier` is never empty.", "All amounts are in EUR.", "The data is clean and validated."]
)
def test_unsure_is_not_testable_with_a_reason(opened, tmp_path, text):
    (result,) = judge(opened, tmp_path, text)
    assert result.verdict == "not_testable"
    assert result.evidence
    assert result.finding is None


@pytest.mark.parametrize(
    "text",
    [
        "Check whether usage_id is unique.",
        "usage_id may contain duplicates.",
        "If churn_flag is set, country is always NL.",
        "Keep functions below 35 lines; one branch per feature.",
        "Since 2021 we use DuckDB.",
        "Timeouts are between 5 and 30 seconds.",
        "```\nusage_id is unique\n```",
    ],
)
def test_what_is_no_claim_is_never_judged(opened, tmp_path, text):
    assert not [r for r in judge(opened, tmp_path, text) if r.verdict != "not_testable"]


def test_dictionary_and_ddl_are_claims_too(opened, tmp_path):
    (tmp_path / "dict.csv").write_text("Table,Column,Required,Description\nfeature_usage,usage_id,yes,unique event\n", "utf-8")
    ddl = "CREATE TABLE accounts (\n  account_id text PRIMARY KEY,\n  country text NOT NULL CHECK (country IN ('NL', 'BE'))\n);\n"
    (tmp_path / "ddl.sql").write_text(ddl, "utf-8")
    data, profile = opened
    results = verdicts(read_context(tmp_path, files=(tmp_path / "dict.csv", tmp_path / "ddl.sql")), data, profile)
    said = {(r.file, r.line, r.kind, r.verdict) for r in results}
    assert said == {
        ("dict.csv", 2, "not_null", "holds"),
        ("dict.csv", 2, "unique", "contradicted"),
        ("ddl.sql", 2, "unique", "holds"),
        ("ddl.sql", 3, "not_null", "contradicted"),
        ("ddl.sql", 3, "enumeration", "holds"),
    }


def test_hostile_names_are_quoted(tmp_path):
    (tmp_path / "we ird; drop.csv").write_text('"a""b",x\n1,2\n1,3\n', "utf-8")
    data = open_data((str(tmp_path),))
    profile = profile_data(data, only=frozenset({"columns", "keys"}))
    (tmp_path / "CLAUDE.md").write_text("`x` is one of `2`, `') DROP TABLE t --`. `x` is unique.", "utf-8")
    results = verdicts(read_context(tmp_path / "CLAUDE.md"), data, profile)
    assert {(r.kind, r.verdict) for r in results} == {("enumeration", "contradicted"), ("unique", "holds")}
    data.close()
