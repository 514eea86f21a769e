"""A load cut off after any of its statements ends, when run again, in the same rows as one that was never cut off."""

import duckdb
import pytest

from dataeng_kit import checks, design
from dataeng_kit.design.cells import chain
from dataeng_kit.design.sql import SCHEMAS


def opened(data, folder, name):
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{checks.copy_sources(data, folder / f'{name}.duckdb')}' AS source (READ_ONLY)")
    return connection


@pytest.mark.parametrize("kind", ["normalised", "dimensional", "vault", "graph"])
def test_killed_after_each_statement_the_next_run_ends_right(kind, shop, tmp_path):
    data, evidence = shop
    ddl, load = chain(design.find(kind)(evidence), evidence, "duckdb")[:2]
    promised = next(e for e in load.expects if e.kind == "idempotent")
    whole = opened(data, tmp_path, "whole")
    whole.execute(ddl.source)
    whole.execute(load.source)
    wanted = whole.execute(promised.left).fetchone()
    if kind == "vault":  # the time of arrival differs, and nothing else may
        wanted = counts(whole)
    statements = [s.query for s in whole.extract_statements(load.source)]
    connection = opened(data, tmp_path, "cut")
    for cut in range(1, len(statements), max(1, len(statements) // 6)):
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMAS[kind]} CASCADE")
        connection.execute(ddl.source)
        for statement in statements[:cut]:
            connection.execute(statement)
        connection.execute(load.source)
        found = counts(connection) if kind == "vault" else connection.execute(promised.left).fetchone()
        assert found == wanted, f"cut after statement {cut}"


def counts(connection):
    tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'vault' ORDER BY 1").fetchall()
    return {t: connection.execute(f"SELECT count(*) FROM vault.{t}").fetchone() for (t,) in tables}
