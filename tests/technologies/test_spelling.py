"""House phrases: spelled from a table, outside quotes only, and twice is as once; engines that are only measured write no code."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataeng_kit import technologies
from dataeng_kit.errors import KitError
from dataeng_kit.technologies.duckdb import DuckDB
from dataeng_kit.technologies.mysql import MySQL
from dataeng_kit.technologies.postgresql import PostgreSQL
from dataeng_kit.technologies.spark import Spark

EVERY = [DuckDB, PostgreSQL, MySQL, Spark]
PHRASES = [p for t in EVERY for p in t.idioms]


@pytest.mark.parametrize(
    ("house", "mysql"),
    [
        ("SELECT CAST(CAST(t.`a` AS DATE) AS VARCHAR)", "SELECT CAST(CAST(t.`a` AS DATE) AS CHAR)"),
        ("cast( (a + (b)) as varchar )", "CAST((a + (b)) AS CHAR)"),
        ("'CAST(x AS VARCHAR)' || `length(y)`", "'CAST(x AS VARCHAR)' || `length(y)`"),
        ("'it\\'s' = length(length(x))", "'it\\'s' = CHAR_LENGTH(CHAR_LENGTH(x))"),
        ("date_trunc('month', t.`a`) > date_trunc('year', b)", "DATE_FORMAT(t.`a`, '%Y-%m-01') > DATE_FORMAT(b, '%Y-01-01')"),
        ("extract(month FROM x) + extract(isodow FROM f(x, 1))", "extract(month FROM x) + (WEEKDAY(f(x, 1)) + 1)"),
        ("regexp_full_match(trim(`{y}`), '[,)]')", "(trim(`{y}`) REGEXP CONCAT('^(', '[,)]', ')$'))"),
        ("CAST(x AS VARCHAR", "CAST(x AS VARCHAR"),
    ],
)
def test_phrases_are_spelled_and_nothing_else(house, mysql):
    assert MySQL.spelled(house) == mysql
    assert DuckDB.spelled(house) == house


names = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(names, st.sampled_from(PHRASES), st.sampled_from(EVERY))
def test_names_and_literals_come_through_untouched_and_twice_is_once(text, phrase, technology):
    name, literal = technology.quote(text), technology.literal(text)
    sql = f"SELECT {name}, {literal} = {phrase.format(x=name, y=literal)} FROM {name} WHERE {name} = {literal}"
    spelled = technology.spelled(sql)
    assert spelled.count(name) >= 4
    assert spelled.count(literal) >= 2
    assert technology.spelled(spelled) == spelled


def test_engines_that_are_only_measured_are_no_target_of_code():
    assert not {"mysql", "spark"} & technologies.all().keys()
    with pytest.raises(KitError):
        technologies.find("mysql")


def test_every_override_names_a_fact():
    from dataeng_kit.profile import facts

    known = {m.name for m in (*facts.AGGREGATES, facts.DISTINCT, facts.DISTINCT_APPROX, facts.BLANKS, facts.QUANTILE)}
    for technology in EVERY:
        assert technology.facts.keys() <= known
        assert technology.approximate.keys() <= known


@pytest.mark.heavy
@settings(max_examples=40, deadline=None)
@given(text=names)
def test_names_and_literals_come_back_from_mysql(mysql_url, text):
    from dataeng_kit.data.engines.mysql import MySQL as Engine

    engine = _engine(Engine, mysql_url)
    assert engine.value(f"SELECT {MySQL.literal(text)}") == text.replace("\0", "")
    short = text.replace("\0", "").strip()[:60]
    if short.isprintable() and short and max(short) < "\U00010000":  # MySQL's names hold the basic plane only
        assert engine.run(f"SELECT x.{MySQL.quote(short)} FROM (SELECT 1 AS {MySQL.quote(short)}) AS x") == [(1,)]


def _engine(engine, url, held={}):  # noqa: B006  # one connection for all examples
    return held.setdefault(url, held.get(url) or engine.connect(url))
