"""The parts of labelling: headers, checks against their chance rate, dates, texts, and anonymity."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataeng_kit.data.engines.embedded import Embedded
from dataeng_kit.data.live import Data, Source
from dataeng_kit.nouns import ColumnProfile, Label, Table, TableProfile
from dataeng_kit.profile.semantics import k_anonymity, quasi_identifiers
from dataeng_kit.profile.semantics.cards import cards
from dataeng_kit.profile.semantics.checks import OWN, best, gs1, iban, likelihood, luhn, validator
from dataeng_kit.profile.semantics.headers import hints, meaningless, tokens
from dataeng_kit.profile.semantics.phones import valid
from dataeng_kit.profile.semantics.text import kinds
from dataeng_kit.profile.semantics.times import day
from dataeng_kit.profile.semantics.view import mask


def first(header):
    found = hints(header)
    return found[0].label if found and found[0].strength > 0.4 else None


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ("customerEmailAddress", "email"), ("Kundentelefonnummer", "phone"), ("cust_last_name", "family_name"), ("ЭЛЕКТРОННАЯ ПОЧТА", "email"),
        ("顧客電話番号", "phone"), ("número de teléfono", "phone"), ("Straße", "street_address"), ("BillingPostalCode", "postcode"),
        ("rodné číslo", "national_id"), ("T.C. Kimlik No", "national_id"), ("zip5", "postcode"), ("IBAN", "iban"), ("strt", "street_address"),
        ("email_opt_in", "flag"), ("phone_verified_at", "flag"), ("address_count", "measure"), ("conta_corrente", "bank_account"), ("column_7", None), ("x4", None),
    ],
)  # fmt: skip
def test_headers(header, label):
    assert first(header) == label


def test_weak_words_stay_weak():
    assert hints("name")[0].strength < 0.5
    assert not [h for h in hints("latency_ms") if h.label == "geo_coordinate"]
    assert meaningless("Unnamed: 3")
    assert tokens("billToZIPCode2") == ("bill", "to", "zip", "code")


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=30))
def test_any_header_can_be_read(header):
    assert all(0 <= h.strength <= 1 and h.label in cards() for h in hints(header))


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60))
def test_any_text_can_be_searched(text):
    assert isinstance(kinds(text), set)
    assert len(mask(text)) == len(text)
    day(text)
    valid(text, "DE")


@settings(deadline=None, max_examples=200)
@given(st.integers(10**11, 10**18))
def test_luhn_accepts_exactly_one_last_digit(number):
    assert sum(luhn(f"{number}{c}") for c in range(10)) == 1
    assert sum(gs1(f"{number}{c}") for c in range(10)) == 1


def test_published_numbers_pass_and_their_neighbours_fail():
    assert luhn("4111111111111111")
    assert iban("GB82WEST12345698765432")
    assert not iban("GB82WEST12345698765433")
    assert OWN["npi"]("1234567893")
    assert OWN["nino"]("AB123456C")
    assert not OWN["nino"]("GB123456C")
    assert OWN["snils"]("11223344595")
    assert OWN["nric"]("S1234567D")
    assert OWN["taiwan"]("A123456789")
    assert OWN["kvnr"]("A123456780")
    assert OWN["cas"]("7732185")
    assert OWN["jmbg"]("0101006500006")


@pytest.mark.parametrize("label", ["national_id", "organisation_id", "order_number"])
def test_every_check_on_the_cards_runs(label):
    for check in cards()[label].checks:
        assert validator(check.name)("0" * 9) in (True, False)


@pytest.mark.parametrize("name", ["br.cpf", "pl.pesel", "nl.bsn", "own.taj", "own.snils", "tr.tckimlik"])
def test_chance_rates_are_what_random_digits_give(name):
    check = next(c for c in cards()["national_id"].checks if c.name == name)
    r = random.Random(1)
    length = {"nl.bsn": 9, "own.taj": 9}.get(name, 11)
    tries = ["".join(r.choice("0123456789") for _ in range(length)) for _ in range(4000)]
    share = sum(map(validator(name), tries)) / len(tries)
    assert abs(share - check.chance) < 0.02


def test_random_digits_are_nobodys_id():
    r = random.Random(2)
    for length in (8, 9, 10, 11, 12, 13):
        values = ["".join(r.choice("0123456789") for _ in range(length)) for _ in range(60)]
        found, passed, of, ratio = best(values, values, cards()["national_id"].checks)
        assert found is None or ratio < 2.5 or passed < 0.75 * of


def test_likelihood_needs_more_values_for_weaker_checks():
    assert likelihood(10, 10, 0.1) > 15
    assert likelihood(30, 30, 0.89) < 5
    assert likelihood(3, 30, 0.1) < -50


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mail anna@web.example", (0,)), ("1941-12-02", (1941, 12, 2)), ("02.12.1941", (1941, 12, 2)), ("19411202", (1941, 12, 2)), ("12/31/1980", (1980, 12, 31)),
        ("1980年1月2日", (1980, 1, 2)), ("no date", None),
    ],
)  # fmt: skip
def test_days(text, found):
    assert day(text) == (None if found == (0,) else found)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write to jo.kim@web.example today", "email"), ("Ruf 030/1234567 an", "phone"), ("card 4111 1111 1111 1111 twice", "credit_card"),
        ("refund to GB82 WEST 1234 5698 7654 32", "iban"), ("née le 05/02/1961, habite Lyon", "date_of_birth"), ("Seen by Dr. Emily Price today", "person"),
        ("田中 太郎様よりお電話", "person"), ("SSN 212-44-8121 given", "national_id"),
    ],
)  # fmt: skip
def test_kinds_in_text(text, kind):
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Lot 64 checked on 07/05/2023.",
        "Update 11.9.25.12 installed",
        "Dr. Oetker Pizza 500 arrived",
        "took 5338 ms at 2023-09-29",
    ],
)
def test_harmless_texts(text):
    assert kinds(text) == set()


def test_k_anonymity_counts_small_classes_and_names_the_worst_column():
    engine = Embedded()
    engine.run(
        "CREATE TABLE p AS SELECT CASE WHEN i % 2 = 0 THEN 'F' ELSE 'M' END AS sex, CAST(i % 3 AS VARCHAR) AS area, "
        "CASE WHEN i < 6 THEN i ELSE 50 END AS age FROM range(120) t(i)"
    )
    source = Source(Table("p", "p", engine.columns("p")), engine, "p")
    names = {"sex": "gender", "area": "postcode", "age": "age"}
    distinct = {"sex": 2, "area": 3, "age": 7}
    table = TableProfile("p", 120, tuple(ColumnProfile(n, "text", "", i, 120, 0, distinct[n]) for i, n in enumerate(names)))
    labels = {f"p.{c}": Label(n) for c, n in names.items()}
    assert quasi_identifiers(table, labels) == ("sex", "area", "age")
    k, small, helps = k_anonymity(Data((source,)), table, labels)
    assert (k.value, small.value) == (1, 6)
    assert helps.value == ("age", 0)
    assert engine.value(small.query) == 6
    assert k_anonymity(Data((source,)), table, {"p.sex": Label("gender")}) == ()
