import pytest

from dataeng_kit.errors import KitError
from dataeng_kit.knowledge import capabilities, domain_cards, vocabulary
from dataeng_kit.nouns import ColumnProfile, Context, ForeignKey, Mention, Profile, TableProfile
from dataeng_kit.roles import bind


def table(name, key=None, **columns):
    made = tuple(
        ColumnProfile(c, t, t, i, rows=10, nulls=0, distinct=10 if c == key else 5) for i, (c, t) in enumerate(columns.items())
    )
    return TableProfile(name, 10, made, primary_key=(key,) if key else None)


SHOP = Profile(
    tables=(
        table("customers", "CustomerID", CustomerID="integer", Email="text", SignupDate="date"),
        table(
            "orders",
            "order_no",
            order_no="integer",
            customer_id="integer",
            order_date="date",
            status="text",
            order_total="number",
        ),
        table("order_items", order_no="integer", sku="text", qty="integer", unit_price="number"),
    ),
    foreign_keys=(ForeignKey("orders", ("customer_id",), "customers", ("CustomerID",)),),
)


def test_roles_are_bound_with_reasons_and_the_domain_is_assumed():
    roles = bind(Context(), SHOP)
    assert roles.domains == ("ecommerce",)
    wanted = {
        "customer.id": "customers.CustomerID", "customer.email": "customers.Email", "order.id": "orders.order_no",
        "order.customer": "orders.customer_id", "order.ordered_at": "orders.order_date", "order.amount": "orders.order_total",
        "order_line.order": "order_items.order_no", "order_line.product": "order_items.sku", "order_line.quantity": "order_items.qty",
    }  # fmt: skip
    assert {n: roles.column(n) for n in wanted} == wanted
    assert all(r.reasons for r in roles.roles if r.column)
    assert roles.column("product.id") is None


def test_the_named_domain_is_taken_and_the_users_word_wins():
    context = Context(domains=(Mention("ecommerce", "CLAUDE.md", 1, "shop"),))
    roles = bind(context, SHOP, {"order.amount": "orders.status", "order.status": ""})
    assert roles.column("order.amount") == "orders.status"
    assert roles.column("order.status") is None
    with pytest.raises(KitError, match=r"orders\.order_total"):
        bind(context, SHOP, {"order.amount": "orders.order_totl"})
    with pytest.raises(KitError, match=r"order\.amount"):
        bind(context, SHOP, {"order.amout": "orders.status"})


def test_an_unknown_business_binds_nothing():
    assert bind(Context(), Profile((table("t", "k", k="integer", v="number"),))).domains == ()


def test_cards_are_whole():
    assert set(domain_cards()) == {"ecommerce", "fintech", "healthcare", "saas", "iot"}
    assert all(card.signs["name"] and card.roles for card in domain_cards().values())
    assert {"ran", "emulated", "parsed", "shaped"} == set(capabilities().values())
    assert capabilities()["technologies.postgresql.jsonb"] == "ran"
    terms = vocabulary().terms
    assert all(i in terms for term in terms.values() for i in term.implies)
    spellings = [w for term in terms.values() for w in term.words]
    assert len(spellings) == len(set(spellings))
