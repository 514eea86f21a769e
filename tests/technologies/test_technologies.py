"""Facts of the engines, held against the engines themselves."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataeng_kit import technologies
from dataeng_kit.technologies.duckdb import DuckDB
from dataeng_kit.technologies.postgresql import PostgreSQL

texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=120)


def test_every_reserved_word_of_duckdb_is_quoted():
    words = duckdb.execute("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'").fetchall()
    assert {w for (w,) in words} <= DuckDB.reserved


@given(texts.filter(lambda s: s.strip("\0")))
def test_quoted_names_come_back_from_duckdb(name):
    clean = name.replace("\0", "")
    assert duckdb.execute(f"SELECT 1 AS {DuckDB.quote(name)}").description[0][0] == clean


@given(texts)
def test_literals_come_back_from_duckdb(text):
    assert duckdb.execute(f"SELECT {DuckDB.literal(text)}").fetchone()[0] == text.replace("\0", "")


@given(st.text(max_size=400))
def test_names_fit_and_stay_apart(name):
    fitted = PostgreSQL.fit(name)
    assert len(fitted.encode()) <= PostgreSQL.max_name
    assert (fitted == name) == (len(name.encode()) <= PostgreSQL.max_name)
    assert PostgreSQL.fit(name + "x" * 80) != PostgreSQL.fit(name + "x" * 79 + "y")


@given(st.text(max_size=80))
def test_a_comment_never_leaves_its_line(text):
    comment = DuckDB.comment(text)
    assert len(comment.splitlines()) == 1
    assert duckdb.execute(f"SELECT 1 {comment}\n+ 1").fetchone() == (2,)


@pytest.mark.parametrize("id", sorted(technologies.all()))
def test_every_technology_states_how_it_is_checked(id):
    known = technologies.find(id)
    assert known.checked_by
    assert known.title


@pytest.mark.heavy
def test_every_reserved_word_of_postgresql_is_quoted(postgres_url):
    import psycopg

    with psycopg.connect(postgres_url) as connection:
        rows = connection.execute("SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')").fetchall()
    assert {w for (w,) in rows} <= PostgreSQL.reserved
