"""A case whose arrows are made up, so that the lab is tested on its own; verdicts and the Choices file are real."""

import time

from dataeng_kit.case import Case
from dataeng_kit.data import Data
from dataeng_kit.data.engines.embedded import Embedded
from dataeng_kit.data.live import Source
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import (
    Advice,
    Attribute,
    Cell,
    Check,
    Claim,
    ClaimResult,
    Column,
    ColumnProfile,
    Context,
    Decision,
    Design,
    Entity,
    Evidence,
    Fact,
    Finding,
    ForeignKey,
    Label,
    Mention,
    Profile,
    Reading,
    Reconciliation,
    SourceFile,
    Statement,
    Table,
    TableProfile,
)
from dataeng_kit.nouns.brief import Brief, Point

CANARY = "ada.lovelace@example.org"


def _column(name, position, **more):
    base = {"type": "integer", "native": "BIGINT", "rows": 1200, "nulls": 0, "distinct": 1200}
    return ColumnProfile(name, position=position, **{**base, **more})


MAIL = _column(
    "email",
    2,
    type="text",
    nulls=36,
    distinct=1100,
    label=Label("email", 0.98, ("96 % match",), True),
    top=((CANARY, 3), ("b", 2)),
)
STATUS = _column("status", 3, type="text", distinct=4, top=(("shipped", 900), ("open", 200), ("returned", 80), ("lost", 20)))
TOTAL = _column("total", 4, type="number", distinct=900, min=1.5, max=980.0, quantiles=(2.0, 10.0, 35.0, 90.0, 400.0))
CUSTOMERS = TableProfile(
    "customers", 400, (_column("id", 1, rows=400, distinct=400), MAIL), ("id",), grain="one row is one customer"
)
ORDERS = TableProfile(
    "orders",
    1200,
    (_column("id", 1), _column("customer_id", 2, distinct=390), STATUS, TOTAL),
    ("id",),
    grain="one row is one order",
)
LINES = TableProfile(
    "order_items",
    5400,
    (_column("order_id", 1, rows=5400), _column("line", 2, rows=5400, distinct=9)),
    ("order_id", "line"),
    grain="one row is one line of an order",
)
KEYS = (
    ForeignKey("orders", ("customer_id",), "customers", ("id",), 0.98, 12),
    ForeignKey("order_items", ("order_id",), "orders", ("id",)),
)
FACTS = (Fact("orders#rows", 1200, "SELECT count(*) FROM orders"),)
FINDING = Finding(
    "orphans orders.customer_id",
    "orphans",
    "high",
    "consistency",
    "orders",
    "customer_id",
    "12 orders belong to no customer",
    "every order has a customer (CLAUDE.md:9)",
    12,
    1200,
    "SELECT * FROM orders WHERE customer_id NOT IN (SELECT id FROM customers)",
    ("orders#rows",),
    ("CLAUDE.md:9",),
    "customers were deleted",
    "revenue by customer is short of 12 orders",
    "keep an unknown customer",
    "Are deleted customers kept elsewhere?",
    "revenue reporting",
    12.0,
)
SMALL = Finding(
    "blank customers.email",
    "blank",
    "low",
    "completeness",
    "customers",
    "email",
    "36 customers have no e-mail",
    "",
    36,
    400,
    "SELECT 1",
)
SQL = Cell(
    "ddl/orders",
    "ddl",
    "duckdb",
    "sql",
    "Create the table orders",
    "The order as one row.",
    "CREATE TABLE orders_clean AS SELECT * FROM orders;",
    check=Check("ran", "duckdb", "2.0.0", 0.02, 1200, 1200, (Reconciliation("rows in = rows out", 1200, 1200, True),)),
)
PYTHON = Cell(
    "load/python",
    "load",
    "python",
    "python",
    "Count the orders",
    "A first look.",
    "print('from the advised cell', 6 * 7)",
    check=Check("ran", "python", "3.11", 0.01),
)
DECISION = Decision(
    "model/orders/key",
    "model",
    "orders",
    "What identifies an order?",
    "id",
    "It is complete and unique in 1,200 rows.",
    ("order number and date",),
    facts=("orders#rows",),
    lines=("CLAUDE.md:9",),
    cells=("ddl/orders",),
)
GUESS = Decision("model/orders/history", "model", "orders", "Keep the history of the status?", "yes", "Reports will ask for it.")
DESIGN = Design(
    "dimensional",
    "duckdb",
    (
        Entity(
            "fact_orders",
            "fact",
            ("orders",),
            (Attribute("order_id", "integer", ("orders.id",)),),
            ("order_id",),
            grain_sentence="one row per order",
            dimensions=("dim_customer",),
        ),
        Entity("dim_customer", "dimension", ("customers",), (Attribute("customer_id", "integer", ("customers.id",)),)),
    ),
)


class MadeCase(Case):
    """A Case over nothing; ``profile`` takes *seconds* in small steps, so that Stop can be tried."""

    def __init__(self, folder, seconds=0.0):
        super().__init__((str(folder),), None, (), "")
        self.seconds = seconds

    def _context(self, run):
        return Context(
            databases=(Mention("postgresql", "CLAUDE.md", 4, "Orders live in PostgreSQL 16"),),
            domains=(Mention("ecommerce", "CLAUDE.md", 1, "web shop"),),
            orchestration=(Mention("airflow", "CLAUDE.md", 5, "Airflow runs the nightly load"),),
            not_used=(Mention("kafka", "CLAUDE.md", 6, "no Kafka"),),
            purposes=(Statement("revenue reporting", "", "CLAUDE.md", 2, "for revenue reporting"),),
            scale=(Statement(2_000, "rows/day", "CLAUDE.md", 7, "2,000 a day"),),
            claims=(Claim("no_orphans", "orders", (), "CLAUDE.md", 9, "Every order has a customer."),),
            files=(SourceFile("CLAUDE.md", "found"),),
        )

    def _data(self, run):
        engine = Embedded()
        engine.run("CREATE TABLE orders AS SELECT range AS id, range % 400 AS customer_id FROM range(1200)")
        table = Table(
            "orders",
            "orders.csv",
            (Column("id", "integer"), Column("customer_id", "integer")),
            Reading("csv", "utf-8", records=1201, header=1, rows=1200),
        )
        return self._arrow("data", "one", lambda: Data((Source(table, engine, '"orders"'),)))

    def _profile(self, run):
        for i in range(int(self.seconds * 20)):
            run.step("measuring", i, int(self.seconds * 20))
            time.sleep(0.05)
        return Profile((CUSTOMERS, ORDERS, LINES), KEYS, facts=FACTS)

    def _claims(self, run):
        self._profile(run)
        return (ClaimResult("CLAUDE.md", 9, "Every order has a customer.", "contradicted", "12 of 1,200 have none"),)

    def _findings(self, run):
        return (FINDING, SMALL)

    def _roles(self, run):
        raise KitError("No domain card fits", "Name one")

    def _topics(self, run):
        return ("model", "pipeline")

    def _evidence(self, run):
        return Evidence("made", self._context(run), (), self._profile(run))

    def _advise(self, run, topic):
        if topic == "pipeline":
            return Advice("pipeline")
        if topic != "model":
            raise KitError(f"Unknown topic '{topic}'", "Did you mean 'model'?")
        run.step("advising on model")
        return Advice("model", (DECISION, GUESS), (SQL, PYTHON), (DESIGN,), ("index advice: no query log",))

    def _brief(self, run):
        return Brief(
            "made",
            "fit with conditions",
            "revenue reporting",
            "One claim is contradicted.",
            (Point(FINDING),),
            (DECISION,),
            True,
            "CLAUDE.md:2",
            3,
            7000,
        )
