"""Somebody's own SQL, DDL and dbt models: fan-out, lost rows, distorted sums and broken keys are said with both numbers."""

import pytest

from dataeng_kit.checks.file import check_file
from dataeng_kit.checks.project import check_project
from dataeng_kit.errors import KitError


def checked(text, shop, tmp_path, **more):
    file = tmp_path / "mine.sql"
    file.write_text(text, "utf-8")
    return check_file(file, shop[0], **more)


def test_a_sum_over_the_one_side_is_told(shop, tmp_path):
    check = checked("SELECT sum(o.freight) FROM orders o JOIN order_lines l ON l.order_id = o.order_id", shop, tmp_path)
    assert check.level == "ran"
    assert not check.ok
    assert "120 rows become 360" in check.output
    assert "!!  SUM(o.freight): 540" in check.output
    assert "1,620" in check.output


def test_a_sound_query_gets_no_warning(shop, tmp_path):
    text = "SELECT l.order_id, l.line_no, p.product_name FROM order_lines l JOIN products p ON p.product_id = l.product_id"
    check = checked(text, shop, tmp_path)
    assert check.ok
    assert "!!" not in check.output
    assert "no row of l is lost" in check.output


def test_rows_that_an_inner_join_drops_are_counted(shop, tmp_path):
    check = checked("SELECT o.order_id FROM orders o JOIN customers c USING (customer_id)", shop, tmp_path)
    assert "2 rows of o find no row in c and vanish" in check.output  # two orders of a customer that does not exist


def test_repeated_rows_and_a_join_without_condition(shop, tmp_path):
    check = checked("CREATE TABLE t AS WITH x AS (SELECT * FROM orders) SELECT x.status FROM x, categories", shop, tmp_path)
    assert "600 rows, only 2 different ones" in check.output
    assert "without a condition: 120 rows become 600" in check.output


def test_a_ddl_is_measured_against_the_rows(shop, tmp_path):
    text = (
        "CREATE TABLE payments (payment_id int PRIMARY KEY, order_id int REFERENCES orders (order_id), paid_on date);\n"
        "CREATE TABLE orders (order_id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers (customer_id));"
    )
    check = checked(text, shop, tmp_path)
    assert "payments: the declared key (payment_id) has 120 values in 121 rows" in check.output
    assert "orders (customer_id) refers to customers: 2 rows are orphans" in check.output
    assert "payments (order_id) refers to orders: no orphan" in check.output


def test_a_statement_that_does_not_run_says_so_and_measures_nothing_wrong(shop, tmp_path):
    check = checked("SELECT no_such FROM orders o JOIN customers c ON c.customer_id = o.customer_id", shop, tmp_path)
    assert check.level == "failed"
    assert "no_such" in check.why


def test_a_dbt_folder_follows_its_refs(shop, tmp_path):
    models = tmp_path / "models"
    models.mkdir()
    (models / "stg.sql").write_text(
        "{{ config(materialized='view') }} select order_id, freight from {{ source('raw', 'orders') }}"
    )
    (models / "a_mart.sql").write_text(
        "select sum(s.freight) as freight from {{ ref('stg') }} s join {{ source('raw', 'order_lines') }} l using (order_id)"
    )
    (models / "other.sql").write_text("select {{ var('x') }}")
    check = check_project(tmp_path, shop[0])
    assert check.level == "ran"
    assert "SUM(s.freight): 540.00 in stg" in check.output.replace("540 in", "540.00 in")
    assert "other: holds Jinja" in check.output


def test_a_folder_without_models_is_said(shop, tmp_path):
    with pytest.raises(KitError, match="No model"):
        check_project(tmp_path, shop[0])


@pytest.mark.heavy
def test_a_lent_postgresql_is_left_as_it_was(shop, tmp_path, postgres_url):
    import psycopg

    text = "CREATE TABLE mine AS SELECT o.order_id FROM orders o JOIN customers c ON c.customer_id = o.customer_id"
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS kit_guest")
        admin.execute("CREATE ROLE kit_guest LOGIN")
        name = admin.execute("SELECT current_database()").fetchone()[0]
        admin.execute(f"GRANT CREATE ON DATABASE {name} TO kit_guest")
        before = admin.execute("SELECT count(*) FROM pg_namespace").fetchone()
        for user in ("", "kit_guest"):  # one that may make databases, one that may only make schemas
            info = psycopg.conninfo.conninfo_to_dict(postgres_url)
            at = f"postgresql://{user or info['user']}@{info['host']}:{info['port']}/{info['dbname']}"
            check = checked(text, shop, tmp_path, scratch=at)
            assert check.engine == "postgresql", check.why
            assert "2 rows of o find no row in c" in check.output
            assert admin.execute("SELECT count(*) FROM pg_namespace").fetchone() == before
            assert not admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'kit_check%'").fetchall()
        admin.execute(f"REVOKE CREATE ON DATABASE {name} FROM kit_guest")
        admin.execute("DROP ROLE kit_guest")
