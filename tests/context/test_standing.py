from pathlib import Path

import pytest

from dataeng_kit.context import read_context


def read(tmp_path: Path, text: str):
    file = tmp_path / "CLAUDE.md"
    file.write_text(text, "utf-8")
    context = read_context(file)
    used = {
        m.name
        for kind in ("databases", "processing", "orchestration", "cloud", "storage", "compliance")
        for m in getattr(context, kind)
    }
    return used, {m.name for m in context.not_used}


@pytest.mark.parametrize(
    ("text", "used", "unused"),
    [
        ("We use SQL Server and nothing else. Do NOT add MongoDB.", {"sql_server"}, {"mongodb"}),
        ("Postgres, not MySQL, holds the orders.", {"postgresql"}, {"mysql"}),
        ("Kafka was considered and rejected; RabbitMQ it is.", {"rabbitmq"}, {"kafka"}),
        ("ClickHouse replaced Druid in 2022.", {"clickhouse"}, {"apache_druid"}),
        ("Airflow was replaced by Dagster.", {"dagster"}, {"airflow"}),
        ("No Airflow, no Kafka. Just cron and Postgres.", {"postgresql"}, {"airflow", "kafka"}),
        ("Don't use pandas, use Polars instead.", {"polars"}, {"pandas"}),
        ("We migrated from Oracle 12c to PostgreSQL.", {"postgresql"}, {"oracle"}),
        ("DuckDB instead of Snowflake, for cost.", {"duckdb"}, {"snowflake"}),
        ("Redis is used for sessions; Elasticsearch may come next year.", {"redis"}, {"elasticsearch"}),
        ("We plan to move to BigQuery. Today all runs on MySQL.", {"mysql"}, {"bigquery"}),
        ("Never query Snowflake without a warehouse size. Snowflake holds all marts.", {"snowflake"}, set()),
        ("People ask why we do not use Temporal. The refund flow is a Temporal workflow.", {"temporal"}, set()),
        ("## Stack\n- Redis\n\n## Don't\n- Celery\n- Kafka\n", {"redis"}, {"celery", "kafka"}),
        ("## Later\n- Kafka\n## Now\n- RabbitMQ as the queue\n", {"rabbitmq"}, {"kafka"}),
        ("We avoid:\n\n- MongoDB\n- Kafka\n", set(), {"mongodb", "kafka"}),
        (
            "| Tool | Status |\n|---|---|\n| dbt | in use |\n| Spark | planned |\n| ~~Hive~~ | |\n",
            {"dbt"},
            {"apache_spark", "apache_hive"},
        ),
        ("| Use | Instead of |\n|---|---|\n| Polars | pandas |\n", {"polars"}, {"pandas"}),
        ("```bash\ndocker compose up -d rabbitmq\n```\n", {"rabbitmq"}, set()),
        ("A bad example, do not copy:\n\n```yaml\nimage: influxdb:2\n```\n", set(), {"influxdb"}),
        ("```python\nimport polars  # pandas is not installed\n```\n", {"polars"}, {"pandas"}),
        ("Kein Hadoop, keine Cloud. Die Daten liegen in ClickHouse.", {"clickhouse"}, {"hadoop"}),
        ("InfluxDB wurde 2023 abgelöst, wir nutzen TimescaleDB.", {"timescaledb"}, {"influxdb"}),
        ("Pas de Snowflake, pas de Databricks. Base : PostgreSQL.", {"postgresql"}, {"snowflake", "databricks"}),
        ("No usamos MongoDB. La base de datos es MySQL.", {"mysql"}, {"mongodb"}),
        ("Não usamos Kafka. O banco é PostgreSQL.", {"postgresql"}, {"kafka"}),
        ("后端使用PostgreSQL和Redis。不使用MongoDB。Kafka已移除。", {"postgresql", "redis"}, {"mongodb", "kafka"}),
        ("`oracle_says()` is a character, `Spark` is the dog, the `snowflake` CSS class moves.", set(), set()),
        (
            "Oracle 19c is the source; jobs run on Spark clusters; deployed on Render.",
            {"oracle", "apache_spark", "render"},
            set(),
        ),
        ("Reads from PostgreSQL, MySQL or Oracle; users pick one.", set(), set()),
        ("See https://docs.snowflake.com and mail kafka@example.com", set(), set()),
        ("Cron (GitHub Actions, 04:00) runs the load.", {"github_actions"}, set()),
        ("CI: GitHub Actions runs the tests.", set(), set()),
    ],
)
def test_used_and_not_used(tmp_path, text, used, unused):
    assert read(tmp_path, text) == (used, unused)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("# Shop\nOnline shop for lamps: orders, basket, stock and delivery.", "ecommerce"),
        ("# Ledger\nPayment institution; double-entry ledger, IBAN accounts, chargebacks.", "fintech"),
        ("# Hub\nHospital data: patients, encounters, FHIR, diagnoses.", "healthcare"),
        ("# Meter\nIoT gateway; sensor readings over MQTT, firmware of devices.", "iot"),
        ("# Tenantry\nMulti-tenant SaaS; subscription plans, MRR, churn and seats.", "saas"),
        ("# Lib\nA parser for config files. Keep functions small.", ""),
        ("# Estate\nReal estate listings, rentals, leases; tenants pay rent by card payments.", "real-estate"),
    ],
)
def test_domain_by_groups_of_words(tmp_path, text, domain):
    (tmp_path / "CLAUDE.md").write_text(text, "utf-8")
    assert read_context(tmp_path / "CLAUDE.md").names("domains") == ((domain,) if domain else ())


def test_mention_carries_line_quote_and_reason(tmp_path):
    (tmp_path / "CLAUDE.md").write_text("# A\n\nLong text\nwith Kafka in line four, rejected.\n", "utf-8")
    (kafka,) = read_context(tmp_path / "CLAUDE.md").not_used
    assert (kafka.line, kafka.quote, kafka.file) == (4, "with Kafka in line four, rejected.", "CLAUDE.md")
    assert "rejected" in kafka.why


@pytest.mark.parametrize(
    ("text", "used", "unused"),
    [
        ("Undecided: Snowflake. Postgres holds all marts.", {"postgresql"}, {"snowflake"}),
        ("Databricks (proof of concept only) reads what MySQL stores.", {"mysql"}, {"databricks"}),
        ("The team evaluated BigQuery in spring. The marts live in DuckDB.", {"duckdb"}, {"bigquery"}),
        ("BigQuery remains an option; the marts live in DuckDB.", {"duckdb"}, {"bigquery"}),
        ("## Options on the table\n- Snowflake\n- BigQuery\n\n## Database\n- MySQL\n", {"mysql"}, set()),
        ("| Tool | Status |\n|---|---|\n| MySQL | live |\n| Snowflake | under evaluation |\n", {"mysql"}, {"snowflake"}),
        ("Zur Diskussion: Snowflake. Die Daten liegen in MySQL.", {"mysql"}, {"snowflake"}),
        ("BigQuery wird noch geprüft. Die Daten liegen in MySQL.", {"mysql"}, {"bigquery"}),
        ("À l'étude : Snowflake. La base est MySQL.", {"mysql"}, {"snowflake"}),
        ("BigQuery está en evaluación. La base de datos es MySQL.", {"mysql"}, {"bigquery"}),
        ("Em avaliação: Snowflake. O banco é MySQL.", {"mysql"}, {"snowflake"}),
        ("The dbt tests are evaluated on DuckDB after each load.", {"dbt", "duckdb"}, set()),
    ],
)
def test_what_is_only_weighed_is_not_used(tmp_path, text, used, unused):
    assert read(tmp_path, text) == (used, unused)


@pytest.mark.parametrize(
    "text",
    [
        "# Velo\nWe sell bicycles over the internet. Tables: orders, customers, products, payments, returns.",
        "# Lampe\nWir verkaufen Lampen: Kunden, Bestellungen, Produkte, Retouren und Gutscheine.",
        "# Meubles\nVente en ligne de meubles : commandes, clients, produits, livraison, retours.",
        "# Ropa\nVendemos ropa por internet: pedidos, clientes, productos, devoluciones, envíos.",
        "# Sapatos\nVendemos sapatos na internet: pedidos, clientes, produtos, devoluções.",
    ],
)
def test_a_shop_is_known_by_what_it_speaks_of(tmp_path, text):
    (tmp_path / "CLAUDE.md").write_text(text, "utf-8")
    assert read_context(tmp_path / "CLAUDE.md").names("domains") == ("ecommerce",)


@pytest.mark.parametrize(
    "text",
    [
        "# Pumps\nWe make pumps: work orders, production line, customers, products, shipping.",
        "# Mills\nIn order to return values, the customer object keeps products of primes.",
        "# Leads\nCustomers, leads, deal stages, sales reps, orders, products and invoices.",
    ],
)
def test_orders_and_customers_alone_make_no_shop(tmp_path, text):
    (tmp_path / "CLAUDE.md").write_text(text, "utf-8")
    assert "ecommerce" not in read_context(tmp_path / "CLAUDE.md").names("domains")
