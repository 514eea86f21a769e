"""Rules in plain words: seven languages become one small English; nothing is tested whose words the data does not hold."""

import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataeng_kit.context import read_context
from dataeng_kit.data import open_data
from dataeng_kit.findings.claims import plain
from dataeng_kit.findings.claims import test_claims as verdicts
from dataeng_kit.findings.claims.words import same
from dataeng_kit.knowledge import plain_words
from dataeng_kit.profile import profile_data


@pytest.mark.parametrize(
    "text",
    [
        "Every order has a customer",
        "Jede Bestellung hat einen Kunden",
        "Chaque commande a un client",
        "Cada pedido tiene un cliente",
        "Cada pedido tem um cliente",
        "Ogni ordine ha un cliente",
        "Elke bestelling heeft een klant",
    ],
)
def test_seven_languages_say_the_same(text):
    assert plain.small_english(text).lower() == "every order has a customer"


def test_codes_and_identifiers_stay_as_written():
    assert plain.small_english("Länder sind DE und ES, siehe `der_code`") == "country is DE and ES, siehe `der_code`"


def test_every_rule_of_the_card_has_its_test():
    for name, patterns in plain_words()["rules"].items():
        assert inspect.getdoc(plain.tested_by(name)), name
        assert patterns
    assert set(plain._kinds()) == set(plain_words()["rules"])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_becomes_some_english(text):
    assert isinstance(plain.small_english(text), str)
    assert plain.language(text) in plain_words()["signs"]


def test_forms_of_a_word():
    assert same("registrations", "registered")
    assert same("employment", "emp")
    assert not same("country", "count")
    assert not same("start", "status")


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    customers = "".join(f"{i},{'DE' if i % 2 else 'FR'},{'' if i == 7 else f'+49 {i}'},K-{i:03d}\n" for i in range(1, 41))
    orders = "".join(
        f"{i},{i % 40 + 1 if i != 9 else ''},2024-0{1 + i % 6}-05,{'cancelled' if i % 5 == 0 else 'paid'},{i}.50\n"
        for i in range(1, 121)
    )
    (folder / "customers.csv").write_text("customer_id,country,phone,card_no\n" + customers)
    (folder / "orders.csv").write_text("order_id,customer_id,ordered_at,status,total\n" + orders)
    data = open_data((str(folder),))
    yield data, profile_data(data, only=frozenset({"columns", "keys"}))
    data.close()


@pytest.mark.parametrize(
    ("under", "text", "verdict"),
    [
        ("customers", "Every customer has a phone.", "contradicted"),
        ("customers", "Jeder Kunde hat ein Land.", "holds"),
        ("customers", "Our customers come from two countries.", "holds"),
        ("customers", "Nos clients viennent de cinq pays.", "contradicted"),
        ("customers", "`card_no` looks like `K-001`.", "holds"),
        ("orders", "Status: open or paid", "contradicted"),
        ("orders", "Pedidos con estado: paid, cancelled", "holds"),
        ("orders", "An order is paid or cancelled.", "holds"),
        ("orders", "Chaque commande a un client.", "contradicted"),
        ("orders", "All orders are paid.", "contradicted"),
        ("orders", "There are 120 orders.", "holds"),
        ("orders", "No order costs more than 100.", "contradicted"),
        ("orders", "Orders started in 2024.", "holds"),
        ("orders", "Orders above 50 are checked by hand.", None),
        ("orders", "Our orders delight people, paid or not.", None),
        ("orders", "Every order has a story.", None),
    ],
)
def test_verdicts(shop, tmp_path, under, text, verdict):
    (tmp_path / "CLAUDE.md").write_text(f"# Shop\n\n## {under}\n\n- {text}\n", "utf-8")
    found = [r for r in verdicts(read_context(tmp_path / "CLAUDE.md"), *shop) if r.verdict != "not_testable"]
    assert [r.verdict for r in found] == ([verdict] if verdict else [])
