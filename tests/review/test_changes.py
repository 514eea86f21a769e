"""Month two: compare, measure again, hand out the failing rows."""

import csv
from dataclasses import replace

import pytest

from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Choices, ColumnProfile, Inputs, Label, Profile, TableProfile, Verdict
from dataeng_kit.review import exceptions, write_review
from dataeng_kit.review.compare import compare, hashes, read_snapshot
from dataeng_kit.review.exceptions import INDEX
from dataeng_kit.review.files import cell, csv_name
from dataeng_kit.review.verify import verify


def old_snapshot(made, folder):
    write_review(made.evidence, made.advice, out=folder / "old.html", choices=Choices(), brief=made.brief)
    return folder / "old.json"


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_findings_are_new_worse_better_resolved_unchanged_or_not_measured(made, tmp_path):
    old = read_snapshot(old_snapshot(made, tmp_path))
    time, again, key, case, whole = made.evidence.findings
    gone = replace(case, id="rule gone.column", table="gone", column="column")
    old = replace(old, evidence=replace(old.evidence, findings=(time, again, key, case, gone)))
    now = replace(made.evidence, findings=(replace(time, failing=9), replace(again, severity="low"), key, whole))
    moved = {c.id: c.kind for c in compare(old, now).changes}
    assert moved == {
        time.id: "worse",
        again.id: "better",
        key.id: "unchanged",
        whole.id: "new",
        case.id: "resolved",
        gone.id: "not measured",
    }


def test_a_grown_table_with_the_same_share_is_unchanged(made, tmp_path):
    old = read_snapshot(old_snapshot(made, tmp_path))
    first = made.evidence.findings[0]
    now = replace(made.evidence, findings=(replace(first, failing=first.failing * 2, of=first.of * 2),))
    assert compare(old, now).changes[0].kind == "unchanged"


def test_a_share_that_hardly_moved_is_unchanged(made, tmp_path):
    old = read_snapshot(old_snapshot(made, tmp_path))
    first = replace(made.evidence.findings[0], failing=50, of=100)
    old = replace(old, evidence=replace(old.evidence, findings=(first,)))
    moved = [
        compare(old, replace(made.evidence, findings=(replace(first, failing=n),))).changes[0].kind for n in (30, 46, 54, 60)
    ]
    assert moved == ["better", "unchanged", "unchanged", "worse"]


def test_schema_and_volume(made, tmp_path):
    old = read_snapshot(old_snapshot(made, tmp_path))
    orders = made.evidence.profile.table("orders")
    changed = replace(orders, rows=70, columns=(*orders.columns[1:], ColumnProfile("extra", "text", "VARCHAR", 9, 70, 0, 1)))
    now = replace(made.evidence, profile=Profile((changed, TableProfile("fresh", 1, ()))))
    found = compare(old, now)
    assert set(found.schema) == {
        "table fresh is new",
        "table customers is gone",
        "orders.extra is new",
        "orders.order_id is gone",
    }
    assert found.volumes == (("orders", 60, 70),)


def test_the_review_shows_what_changed(made, new_case, tmp_path):
    old = old_snapshot(made, tmp_path)
    later = new_case("shop", 9)
    write_review(later.evidence, (), out=tmp_path / "new.html", choices=Choices(), brief=later.brief, previous=old)
    text = (tmp_path / "new.html").read_text("utf-8")
    section = text[text.index('id="s14"') : text.index('id="s15"')]
    assert "2 worse" in section
    assert "6 of 60 (10.0 %)" in section
    assert "9 of 60 (15.0 %)" in section


@pytest.mark.parametrize("content", [None, "{", "[]", '{"name": 1}', "name,x\n"])
def test_a_file_that_is_no_snapshot_is_named(tmp_path, content):
    path = tmp_path / "no.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(KitError, match=r"no\.json"):
        read_snapshot(path)


def test_hashes_move_with_the_data_only(made, new_case):
    assert hashes(made.evidence) == hashes(replace(made.evidence, profile=replace(made.evidence.profile, measured_at="later")))
    later = new_case("shop", 9)
    assert hashes(later.evidence)[0] != hashes(made.evidence)[0]
    assert hashes(later.evidence)[1] != hashes(made.evidence)[1]


def test_failing_rows_are_counted_masked_and_safe(made, tmp_path):
    profile = sensitive(made.evidence.profile, "customers", "email")
    files = exceptions(
        made.evidence.findings,
        made.data,
        tmp_path / "x",
        replace(made.evidence, profile=profile),
        Choices(verdicts=(Verdict("case customers.email", "accepted"),)),
    )
    index = {r["id"]: r for r in rows(tmp_path / "x" / INDEX)}
    assert {f.id for f in made.evidence.findings} == set(index)
    for found in made.evidence.findings:
        if found.query:
            written = rows(tmp_path / "x" / csv_name(found.id))
            assert len(written) == found.failing == int(index[found.id]["rows_written"])
            assert index[found.id]["rows_equal_failing"] == "yes"
    assert index["case customers.email"]["status"] == "accepted"
    late = rows(tmp_path / "x" / csv_name("time orders.ordered_on"))
    assert list(late[0]) == ["order_id", "ordered_on", "note", "email", "source_file", "source_line"]
    assert [r["note"] for r in late[:3]] == ["'=1+1", "'=1+1", "gift"]
    assert all("@" not in path.read_text("utf-8") for path in files)
    assert len({r["email"] for r in late}) == len(late)


def test_a_policy_of_values_shows_them(made, tmp_path):
    profile = sensitive(made.evidence.profile, "customers", "email")
    shown = Choices(Inputs(policy={"customers.email": "values"}))
    exceptions(made.evidence.findings, made.data, tmp_path, replace(made.evidence, profile=profile), shown)
    assert "@example.org" in (tmp_path / csv_name("case customers.email")).read_text("utf-8")


def test_a_count_that_does_not_hold_is_said(made, tmp_path):
    wrong = replace(made.evidence.findings[0], failing=5)
    broken = replace(made.evidence.findings[3], query="SELECT nothing FROM nowhere")
    exceptions((wrong, broken), made.data, tmp_path, made.evidence, Choices())
    first, second = rows(tmp_path / INDEX)
    assert (first["rows_written"], first["rows_equal_failing"]) == ("6", "no")
    assert "nowhere" in second["note"]


def test_verify_strikes_what_no_longer_holds(made, tmp_path):
    struck, measured = verify(made.evidence, made.data)
    assert struck == {}
    assert measured > 20
    stale = replace(made.evidence, findings=(replace(made.evidence.findings[0], failing=5),))
    assert verify(stale, made.data)[0] == {"time orders.ordered_on": 6}
    write_review(stale, (), out=tmp_path / "v.html", choices=Choices(), brief=made.brief, data=made.data, verify=True)
    text = (tmp_path / "v.html").read_text("utf-8")
    assert "<del>" in text
    assert "<ins>6</ins>" in text
    assert "1 no longer hold" in text


@pytest.mark.parametrize(
    ("value", "written"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("+49", "'+49"), ("-1", "'-1"), (-1, -1), (None, ""), ("a", "a"), (1.5, 1.5)],
)
def test_cells_are_safe_in_a_spreadsheet(value, written):
    assert cell(value) == written


def test_file_names_are_safe_and_distinct():
    assert csv_name("a/b") != csv_name("a b")
    assert "/" not in csv_name('time "odd / name".x')
    assert len(csv_name("x" * 500)) < 100


def sensitive(profile, table, column):
    def marked(t):
        label = Label("email", 1.0, ("shape",), True)
        return (
            replace(t, columns=tuple(replace(c, label=label) if c.name == column else c for c in t.columns))
            if t.name == table
            else t
        )

    return replace(profile, tables=tuple(map(marked, profile.tables)))
