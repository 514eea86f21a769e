"""The star of a small shop: processes, grain, folded hierarchy, roles, header amount, change types, lineage."""

import pytest

from dataeng_kit import design
from dataeng_kit.design.reading import additivity, kind_of
from dataeng_kit.errors import KitError, NotApplicable
from dataeng_kit.nouns import ColumnProfile, Context, Evidence, Profile, TableProfile
from dataeng_kit.nouns.references import parse


@pytest.fixture(scope="module")
def star(shop):
    return design.find("dimensional")(shop[1])


def test_lines_are_the_fact_and_orders_their_header(star):
    facts = sorted((e for e in star.entities if e.kind == "fact"), key=lambda e: e.name)
    assert [f.name for f in facts] == ["fact_order_line", "fact_payment"]
    assert facts[0].grain == ("order_lines.order_id", "order_lines.line_no")
    assert facts[0].grain_sentence == "one row per order line: its order_id, line_no"
    assert set(facts[0].dimensions) == {"dim_product", "dim_customer", "dim_employee"}
    assert facts[0].dates == ("orders.ordered_on",)


def test_payments_borrow_the_customer_of_their_order(star):
    payment = star.entity("fact_payment")
    assert "dim_customer" in payment.dimensions
    assert payment.grain == ("payments.payment_id",)  # one delivered duplicate does not hide the key


def test_category_is_folded_into_product_and_masters_with_dates_are_no_facts(star):
    product = star.entity("dim_product")
    assert product.sources == ("products", "categories")
    assert "category_name" in {a.name for a in product.attributes}
    assert {e.name for e in star.entities if e.kind == "dimension"} == {"dim_product", "dim_customer", "dim_employee"}


def test_header_amount_is_allocated_and_warned_of(star):
    freight = next(a for a in star.entity("fact_order_line").attributes if a.lineage == ("orders.freight",))
    assert freight.additivity == "additive"
    assert "OVER (PARTITION BY" in freight.expression
    assert any("orders.freight is a header amount" in w for w in star.warnings)


def test_measures_carry_additivity(star):
    found = {a.name: a.additivity for a in star.entity("fact_order_line").attributes if a.role == "measure"}
    assert found["quantity"] == "additive"
    assert found["unit_price"] == "non-additive"


def test_change_types_per_attribute(star):
    customer = {a.name: a.scd for a in star.entity("dim_customer").attributes}
    assert (customer["customer_id"], customer["signup_date"], customer["customer_name"], customer["city"]) == (0, 0, 1, 2)
    assert star.entity("dim_employee").scd == 1  # a recursive hierarchy is not versioned unasked
    assert any("city" in q for q in star.questions)


def test_every_loaded_column_has_lineage_that_exists(star, shop):
    columns = {(t.name, c.name) for t in shop[1].profile.tables for c in t.columns}
    made = {"surrogate", "validity", "snapshot"}
    for entity in star.entities:
        for attribute in entity.attributes:
            assert entity.kind == "calendar" or attribute.lineage or attribute.role in made, (entity.name, attribute.name)
            assert {parse(r) for r in attribute.lineage} <= columns


def test_steps_stand_in_kimballs_order_with_a_bus_matrix(star):
    assert [s.split(" ")[0] for s in star.steps[:4]] == ["1.", "2.", "3.", "4."]
    assert "| fact_order_line | × |" in star.steps[4]


def test_snowflake_and_aggregates_are_weighed_with_numbers(star):
    snowflake = next(a for a in star.alternatives if "snowflake" in a)
    assert "categories" in snowflake
    assert "saves" in snowflake
    aggregate = next(a for a in star.alternatives if "aggregate of fact_order_line" in a)
    assert "360 rows become at most" in aggregate
    assert "not worth it" in aggregate


def test_answer_has_the_contracts_shape(star):
    answer = design.design_answer(star)
    assert answer["kind"] == "dimensional"
    fact = next(f for f in answer["facts"] if f["name"] == "fact_order_line")
    assert fact["source_tables"] == ["order_lines", "orders"]
    assert set(fact) >= {"name", "source_tables", "grain", "grain_sentence", "measures", "dimensions", "dates"}
    assert all(set(d) >= {"name", "source_tables", "natural_key", "scd"} for d in answer["dimensions"])


def test_no_events_says_what_to_ask_for_instead():
    table = TableProfile(
        "colours", 3, (ColumnProfile("id", "integer", "", 0, 3, 0, 3), ColumnProfile("name", "text", "", 1, 3, 0, 3)), ("id",)
    )
    with pytest.raises(NotApplicable, match="normalised"):
        design.find("dimensional")(Evidence("c", Context(), (), Profile((table,))))


def test_unknown_kind_names_the_nearest():
    with pytest.raises(KitError, match="dimensional"):
        design.find("dimensonal")


@pytest.mark.parametrize(
    ("name", "type", "kind"),
    [("LastEditedWhen", "datetime", "audit"), ("ValidFrom", "datetime", "valid_from"), ("birth_date", "date", "lifecycle"), ("ordered_on", "date", "date"),
     ("is_paid", "text", "flag"), ("zip", "integer", "code"), ("amount", "number", "measure"), ("order_date", "text", "text_date"),
     ("customer_name", "text", "label"), ("feature_name", "text", "text"), ("created_at", "datetime", "created"), ("severity", "integer", "code")],
)  # fmt: skip
def test_kinds_by_name_and_type(name, type, kind):
    assert kind_of(ColumnProfile(name, type, "", 0, 1000, 0, 900), "customers") == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [("quantity", "additive"), ("unit_price", "non-additive"), ("QuantityOnHand", "semi-additive"), ("tax_amount", "additive"), ("TaxRate", "non-additive"),
     ("account_balance", "semi-additive"), ("LastCostPrice", "non-additive"), ("temperature", "non-additive"), ("value", "non-additive"),
     ("unit_amount", "non-additive"), ("units", "additive"), ("copay", "additive")],
)  # fmt: skip
def test_additivity_by_name(name, kind):
    assert additivity(name) == kind
