"""Shapes that misled the star once: pass-through tables, subtypes, stock per place, rank, lent dimensions, headers' own amounts."""

import pytest

from dataeng_kit import design
from dataeng_kit.design.words import singular
from dataeng_kit.nouns import ColumnProfile, Context, Evidence, ForeignKey, Profile, TableProfile

T, I, N, D = "text", "integer", "number", "date"


def evidence(tables, keys):
    """Tables as {name: (rows, key, {column: type})}; references as child.column → parent."""
    profiles = []
    for name, (rows, key, columns) in tables.items():
        made = tuple(
            ColumnProfile(c, t, "", n, rows, 0, rows if c in key else max(1, rows // 9))
            for n, (c, t) in enumerate(columns.items())
        )
        profiles.append(TableProfile(name, rows, made, tuple(key)))
    foreign = []
    for k in keys:
        child, parent = k.split(" → ")
        table, column = child.split(".")
        foreign.append(ForeignKey(table, (column,), parent, tables[parent][1], children_p50=3, children_max=9))
    return Evidence("case", Context(), (), Profile(tuple(profiles), tuple(foreign)))


def facts(made):
    return {e.name: e for e in made.entities if e.kind == "fact"}


def test_a_table_without_a_word_of_its_own_is_passed_through():
    made = design.find("dimensional")(evidence(
        {"film": (500, ["film_id"], {"film_id": I, "title": T}), "store": (9, ["store_id"], {"store_id": I, "name": T}),
         "copy": (900, ["copy_id"], {"copy_id": I, "film_id": I, "store_id": I}),
         "rental": (5000, ["rental_id"], {"rental_id": I, "rented_on": D, "copy_id": I, "fee": N})},
        ["copy.film_id → film", "copy.store_id → store", "rental.copy_id → copy"],
    ))  # fmt: skip
    rental = facts(made)["fact_rental"]
    assert set(rental.dimensions) == {"dim_film", "dim_store"}
    assert "copy_id" in {a.name for a in rental.attributes if a.role == "degenerate"}


def test_a_subtype_is_no_snapshot_and_stock_per_place_is():
    made = design.find("dimensional")(evidence(
        {"person": (300, ["person_id"], {"person_id": I, "first_name": T}),
         "employee": (90, ["person_id"], {"person_id": I, "job": T, "vacation_hours": I, "hire_date": D}),
         "product": (50, ["product_id"], {"product_id": I, "name": T}), "place": (9, ["place_id"], {"place_id": I, "name": T}),
         "stock": (400, ["product_id", "place_id"], {"product_id": I, "place_id": I, "quantity": I})},
        ["employee.person_id → person", "stock.product_id → product", "stock.place_id → place"],
    ))  # fmt: skip
    assert set(facts(made)) == {"fact_stock"}
    stock = facts(made)["fact_stock"]
    assert stock.detail["process"] == "periodic snapshot"
    assert [a.additivity for a in stock.attributes if a.role == "measure"] == ["semi-additive"]


@pytest.fixture(scope="module")
def clinic():
    return facts(design.find("dimensional")(evidence(
        {"patient": (300, ["patient_id"], {"patient_id": I, "family_name": T}), "disease": (80, ["code"], {"code": T, "title": T}),
         "stay": (900, ["stay_id"], {"stay_id": I, "patient_id": I, "admitted_on": D, "left_on": D}),
         "stay_disease": (2000, ["stay_id", "code"], {"stay_id": I, "code": T, "rank": I}),
         "lab_test": (40, ["test_id"], {"test_id": I, "name": T}),
         "lab_result": (9000, ["result_id"], {"result_id": I, "stay_id": I, "test_id": I, "resulted_on": D, "value": N}),
         "bill": (900, ["bill_id"], {"bill_id": I, "stay_id": I, "billed_on": D, "total_amount": N, "copay": N}),
         "bill_item": (4000, ["bill_id", "line"], {"bill_id": I, "line": I, "procedure_code": T, "amount": N})},
        ["stay.patient_id → patient", "stay_disease.stay_id → stay", "stay_disease.code → disease", "lab_result.stay_id → stay",
         "lab_result.test_id → lab_test", "bill.stay_id → stay", "bill_item.bill_id → bill"],
    )))  # fmt: skip


def test_a_rank_is_no_measure_so_the_stay_keeps_its_fact(clinic):
    assert clinic["fact_stay"].grain == ("stay.stay_id",)
    assert not clinic["fact_stay_disease"].measures


def test_a_reading_borrows_the_patient_of_its_stay(clinic):
    assert set(clinic["fact_lab_result"].dimensions) == {"dim_lab_test", "dim_patient"}
    assert [a.additivity for a in clinic["fact_lab_result"].attributes if a.role == "measure"] == ["non-additive"]


def test_a_headers_own_amounts_get_a_fact_at_its_grain(clinic):
    assert clinic["fact_bill"].grain == ("bill.bill_id",)
    assert set(clinic["fact_bill"].measures) == {"total_amount", "copay"}
    assert clinic["fact_bill"].dimensions == ("dim_patient",)
    item = clinic["fact_bill_item"]
    assert "copay_allocated" in item.measures
    assert "procedure_code" in {a.name for a in item.attributes if a.role == "degenerate"}


@pytest.mark.parametrize(
    ("many", "one"), [("diagnoses", "diagnosis"), ("analyses", "analysis"), ("houses", "house"), ("classes", "class")]
)
def test_singular(many, one):
    assert singular(many) == one
