"""Readers under random input: tables survive every dialect, and bytes of any kind end in a table or one clear sentence."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataeng_kit.data import read_answer
from dataeng_kit.errors import KitError

QUIET = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORD = st.text(
    st.characters(
        codec="utf-8", exclude_characters="\r\n\0\x1a\ufeff", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Co", "Cn")
    ),
    min_size=1,
    max_size=12,
)
CELL = st.one_of(st.from_regex(r"[a-z]{2,9}( [a-z]{2,9})?", fullmatch=True), WORD.map(lambda w: "k" + w), st.just(""))


def answered(file):
    """Return the answer, or None when the file was refused in one short sentence; any other error fails the test."""
    said = ""
    try:
        return read_answer(file)
    except KitError as error:
        said = str(error)
    assert 0 < len(said) < 500
    return None


@QUIET
@given(
    rows=st.lists(
        st.tuples(st.integers(1, 9_999), CELL, st.dates().map(str), CELL, st.sampled_from(["true", "false"])),
        min_size=3,
        max_size=30,
    ),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_well_formed_table_comes_back_whole(tmp_path, rows, delimiter, end, encoding):
    file = tmp_path / "t.csv"
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(["number", "name", "day", "note", "flag"])
    writer.writerows(rows)
    file.write_bytes(out.getvalue().encode(encoding))
    answer = read_answer(file)
    assert answer["header"] == ["number", "name", "day", "note", "flag"]
    assert answer["lost_rows"] == 0
    got = [[r[0], r[1].strip(), r[2], r[3].strip(), r[4]] for r in answer["rows"]]
    assert got == [[str(a), b.strip(), c, d.strip(), e] for a, b, c, d, e in rows]


@QUIET
@given(
    st.one_of(
        st.binary(max_size=3_000),
        st.text(max_size=2_000).map(lambda t: t.encode("utf-8", "replace")),
        st.lists(
            st.sampled_from(
                [b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b" ", b"a", b"1", b"\\", b"#", b"2024-01-01", b"\xe9", b"\0"]
            ),
            max_size=400,
        ).map(b"".join),
    )
)
def test_any_bytes_end_in_a_table_or_a_sentence(tmp_path, raw):
    file = tmp_path / "t.csv"
    file.write_bytes(raw)
    answer = answered(file)
    if answer:
        counted = answer["records"]
        assert (
            counted["records"]
            == sum(counted[k] for k in ("header", "preamble", "footer", "rows", "rejected")) + answer["lost_rows"]
        )
        assert answer["lost_rows"] == 0
        assert len(answer["rows"]) == counted["rows"]


@pytest.mark.parametrize("ending", ["json", "ndjson", "xml", "html", "xlsx", "parquet", "feather", "sqlite", "gz", "zip"])
@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.binary(max_size=600),
    magic=st.sampled_from(
        [
            b"",
            b"PK\x03\x04",
            b"\x1f\x8b\x08",
            b"{",
            b"[{",
            b"<html><table><tr>",
            b"<?xml version='1.0'?><a>",
            b"PAR1",
            b"ARROW1\0\0",
            b"SQLite format 3\0",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        ]
    ),
)
def test_broken_containers_say_so(tmp_path, ending, raw, magic):
    file = tmp_path / f"t.{ending}"
    file.write_bytes(magic + raw)
    answered(file)
