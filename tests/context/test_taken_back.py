"""Names that a text takes back: talk of the past, wishes, doubts, unchecked boxes, the next sentence, look-alike words."""

import pytest

from dataeng_kit.context import read_context


@pytest.mark.parametrize(
    ("text", "used", "unused"),
    [
        ("We tried InfluxDB for a quarter and went back. Don't reintroduce it.", (), ("influxdb",)),
        ("All of that sat in one MySQL instance. It is gone. DuckDB reads the files now.", ("duckdb",), ("mysql",)),
        ("- [x] Airflow starts the loads\n- [ ] Kafka for admissions", ("airflow",), ("kafka",)),
        ("SAP HANA haben wir geprüft und verworfen.", (), ("sap_hana",)),
        ("Airflow : remplacé par Dagster en 2024. Dagster tourne chaque nuit.", ("dagster",), ("airflow",)),
        ("Heroku se abandonó en 2023; usamos MySQL.", ("mysql",), ("heroku",)),
        ("Snowflake won on speed but we chose ClickHouse.", ("clickhouse",), ("snowflake",)),
        ("BigQuery and Redshift were never close.", (), ("bigquery", "redshift")),
        ("Nothing of ours runs at AWS; the cluster lies at Hetzner.", ("hetzner",), ("aws",)),
        ("BigQuery ? Non. Nous utilisons Oracle.", ("oracle",), ()),
        ("Databases (e.g. PostgreSQL, MySQL): MariaDB 10.11", ("mariadb",), ()),
        ("Todo en Google Cloud, región Madrid.", ("gcp",), ()),
        ("TODO: Redis for sessions", (), ("redis",)),
        ("The redshift of the colours of distant galaxies.", (), ()),
        ("A flink of paw is the quick step of the lynx.", (), ()),
        ("If you read Kafka, read The Castle.", (), ()),
    ],
)
def test_in_use_or_taken_back(tmp_path, text, used, unused):
    (tmp_path / "CLAUDE.md").write_text(f"# Notes\n\n{text}\n", "utf-8")
    context = read_context(tmp_path / "CLAUDE.md")
    found = {n for kind in ("databases", "processing", "orchestration", "cloud") for n in context.names(kind)}
    assert found == set(used)
    assert set(unused) <= set(context.names("not_used"))
