"""Pictures: clusters that belong together, a focus, lineage, tiny charts without values, before and after."""

import json
import re

from made_case import CANARY, CUSTOMERS, DESIGN, KEYS, LINES, MAIL, ORDERS, SQL, STATUS, TOTAL

from dataeng_kit.lab import pictures
from dataeng_kit.nouns import Advice, Check, ColumnProfile, Expectation, ForeignKey, Profile, Reconciliation, TableProfile
from dataeng_kit.show import diagram, vega

MADE = Profile((CUSTOMERS, ORDERS, LINES), KEYS)


def chain(name, n):
    """Return *n* tables, each referring to the one before."""
    columns = (ColumnProfile("id", "integer", "INT", 1, 9, 0, 9), ColumnProfile("up", "integer", "INT", 2, 9, 0, 9))
    tables = [TableProfile(f"{name}{i}", 9, columns, ("id",)) for i in range(n)]
    return tables, [ForeignKey(f"{name}{i}", ("up",), f"{name}{i - 1}", ("id",)) for i in range(1, n)]


def test_clusters_keep_what_belongs_together():
    a, ka = chain("a", 7)
    b, kb = chain("b", 6)
    bridge = [ForeignKey("a3", ("id",), "b3", ("id",))]
    found = diagram.clusters([t.name for t in (*a, *b)], [*ka, *kb, *bridge])
    assert found == [tuple(f"a{i}" for i in range(7)), tuple(f"b{i}" for i in range(6))]
    svg = diagram.er_svg(Profile((*a, *b), (*ka, *kb, *bridge)))
    assert svg.count('class="dk-box"') == 13
    assert svg.count("stroke-dasharray") == 3  # two frames and the link between them
    assert "in 2 clusters" in svg


def test_a_big_cluster_is_split_and_a_small_picture_has_no_frame():
    tables, keys = chain("t", 20)
    assert max(map(len, diagram.clusters([t.name for t in tables], keys))) <= diagram.CLUSTER
    assert "stroke-dasharray" not in diagram.er_svg(MADE)


def test_focus_shows_a_table_whole_and_its_neighbours():
    svg = diagram.er_svg(MADE, focus="customers")
    assert svg.count('class="dk-box"') == 2
    assert "email" in svg
    assert "order_items" not in svg


def test_a_click_carries_the_hostile_name_whole():
    bad = TableProfile('x"<b>$table', 9, (ColumnProfile("id", "integer", "INT", 1, 9, 0, 9),), ("id",))
    profile = Profile((bad, ORDERS), (ForeignKey("orders", ("id",), bad.name, ("id",)),))
    svg = diagram.er_svg(profile, click={"verb": "focus", "args": ["$table"]})
    clicks = [
        json.loads(c.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">"))
        for c in re.findall(r'data-do="([^"]*)"', svg)
    ]
    assert [bad.name] in [c["args"] for c in clicks]
    assert "<b>" not in svg


def test_lineage_names_sources_and_targets():
    svg = diagram.lineage_svg(DESIGN)
    assert svg.count('class="dk-box"') == 4
    assert "orders.id → order_id" in svg


def test_tiny_charts_have_heights_and_no_value():
    assert vega.shape(STATUS) == (1.0, 200 / 900, 80 / 900, 20 / 900)
    binned = ColumnProfile("total", "number", "DOUBLE", 4, 1200, 0, 900, histogram=((0, 10, 300), (10, 20, 600), (20, 30, 0)))
    assert vega.shape(binned) == (0.5, 1.0, 0.0)
    assert vega.shape(TOTAL) == ()
    assert vega.distribution(binned)["data"]["values"][1] == {"from": "10", "to": "20", "rows": 600}
    assert CANARY not in str(vega.shape(MAIL))


def test_bus_matrix_and_before_after():
    assert vega.bus_matrix(DESIGN)["data"]["values"] == [{"fact": "fact_orders", "dimension": "dim_customer"}]
    promise = Expectation("twice as fast", "faster", "SELECT 1", "SELECT 1", ">=")
    check = Check("ran", "postgresql", "15", reconciliation=(Reconciliation("twice as fast", 8.5, 0.4, True),))
    from dataclasses import replace

    advice = Advice("database_design", (), (replace(SQL, expects=(promise,), check=check),))
    assert vega.before_after(advice)["data"]["values"] == [
        {"trial": "Create the table orders: before", "milliseconds": 8.5},
        {"trial": "Create the table orders: after", "milliseconds": 0.4},
    ]
    for picture in (pictures.bus_matrix(DESIGN), pictures.before_after(advice), pictures.coverage(MADE)):
        assert picture.data["text/plain"]
        assert picture.data[vega.MIME]["$schema"].endswith("/v5.json")
