"""The vault of a small shop keeps history and orphans, and adds nothing twice; its graph finds who stands below whom."""

import duckdb
import pytest

from dataeng_kit import checks, design
from dataeng_kit.design.cells import chain
from dataeng_kit.errors import NotApplicable
from dataeng_kit.nouns import ColumnProfile, Context, Evidence, Profile, TableProfile


@pytest.fixture(scope="module")
def vault(shop):
    return design.find("vault")(shop[1])


@pytest.fixture
def loaded(shop, vault, tmp_path):
    """A live copy of the sources with the vault loaded once; returns the connection and the load."""
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{checks.copy_sources(shop[0], tmp_path / 'copy.duckdb')}' AS source")
    ddl, load, proof = chain(vault, shop[1], "duckdb")
    connection.execute(ddl.source)
    connection.execute(load.source)
    assert all(agrees for *_, agrees in connection.execute(proof.source).fetchall())
    return connection, load.source


def count(connection, table):
    return connection.execute(f"SELECT count(*) FROM vault.{table}").fetchone()[0]


def test_lines_are_a_link_and_entities_are_hubs(vault):
    kinds = {e.name: e.kind for e in vault.entities}
    assert kinds["hub_order"] == kinds["hub_customer"] == "hub"
    assert kinds["link_order_line"] == "link"
    assert "hub_order_line" not in kinds
    line = vault.entity("link_order_line")
    assert [r.entity for r in line.references] == ["hub_order", "hub_product"]
    assert "line_no" in {a.name for a in line.attributes}


def test_orphans_keep_their_key_in_the_hub(loaded):
    connection, _ = loaded
    assert count(connection, "hub_customer") == 51  # fifty customers and the one that only an order names
    source = connection.execute("SELECT record_source FROM vault.hub_customer WHERE customer_id = 9999").fetchone()[0]
    assert source == "orders"


def test_a_second_load_adds_nothing_and_a_change_adds_one_version(loaded):
    connection, load = loaded
    before = {t: count(connection, t) for t in ("sat_customer", "sat_product_state", "hub_customer", "link_order_customer")}
    connection.execute(load)
    assert {t: count(connection, t) for t in before} == before
    connection.execute("UPDATE source.products SET list_price = 99 WHERE product_id = 103")
    connection.execute(load)
    assert count(connection, "sat_product_state") == before["sat_product_state"] + 1
    assert count(connection, "hub_customer") == before["hub_customer"]


def test_a_moved_reference_is_kept_with_its_time(loaded):
    connection, load = loaded
    links, versions = count(connection, "link_product_category"), count(connection, "sat_product_effectivity_category")
    connection.execute("UPDATE source.products SET category_id = 52 WHERE product_id = 100")
    connection.execute(load)
    connection.execute("UPDATE source.products SET category_id = 51 WHERE product_id = 100")
    connection.execute(load)
    assert count(connection, "link_product_category") == links + 1
    assert count(connection, "sat_product_effectivity_category") == versions + 2  # there and back again


def test_personal_columns_lie_apart(vault):
    personal = {e.name: [a.name for a in e.attributes[4:]] for e in vault.entities if e.detail.get("group") == "personal"}
    assert "customer_name" in personal["sat_customer_personal"]


def test_the_vault_says_when_it_is_not_worth_it(vault):
    assert "not worth" in vault.warnings[0]


def test_the_graph_walks_the_hierarchy(shop):
    made = design.find("graph")(shop[1])
    found = checks.run_cells(chain(made, shop[1], "duckdb"), shop[0])
    assert all(c.ok for c in found.values()), [c.why for c in found.values()]
    first = found["model.graph.duckdb.walk"].reconciliation[0]
    assert (first.left, first.right) == (8, 8)  # nine employees, one without a manager


def test_no_graph_where_nothing_branches():
    table = TableProfile("colours", 3, (ColumnProfile("id", "integer", "", 0, 3, 0, 3),), ("id",))
    with pytest.raises(NotApplicable, match="normalised"):
        design.find("graph")(Evidence("c", Context(), (), Profile((table,))))
