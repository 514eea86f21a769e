"""Whose data it is: an organisation's switchboard, a running record number, an attribute two tables share by coincidence."""

import pandas as pd

from dataeng_kit.nouns import Label
from dataeng_kit.profile.semantics.companies import without_companies

N = 200


def people(first):
    return {
        "mail": [f"p{i}@example.org" for i in range(first, first + N)],
        "born": pd.date_range("1950-01-03", periods=N, freq="41D"),
    }


def test_a_switchboard_is_not_personal_a_contact_persons_line_is():
    labels = {"payers.phone": Label("phone", 1.0, (), True), "payers.name": Label("company")}
    assert not without_companies("payers", labels)["payers.phone"].sensitive
    assert without_companies("patients", labels)["payers.phone"].sensitive
    contact = labels | {"payers.contact": Label("full_name", 1.0, (), True)}
    assert without_companies("payers", contact)["payers.phone"].sensitive


def test_a_running_record_number_is_a_pseudonym(judge):
    visits = {"visit_id": range(3 * N), "patient_id": [1000 + i % N for i in range(3 * N)]}
    labels = {("patients", "patient_id"): "mrn", ("visits", "patient_id"): "mrn"}
    running = {"patients": pd.DataFrame({"patient_id": range(1000, 1000 + N), **people(0)}), "visits": pd.DataFrame(visits)}
    assert not {"personal_join_key", "direct_identifiers"} & {f.rule for f in judge(running, labels=labels)}


def test_one_official_number_is_told_once_where_it_is_at_home(judge):
    numbers = [f"{219 + i * 7 % 500:03d}-{10 + i % 80}-{1000 + i * 13}" for i in range(N)]
    frames = {
        "patients": pd.DataFrame({"ssn": numbers, **people(0)}),
        "visits": pd.DataFrame({"visit_id": range(3 * N), "ssn": numbers * 3}),
    }
    labels = {("patients", "ssn"): "national_id", ("visits", "ssn"): "national_id"}
    (one,) = [f for f in judge(frames, labels=labels) if f.rule == "personal_join_key"]
    assert one.table == "patients"
    assert "visits" in one.condition


def test_an_address_in_two_tables_with_keys_of_their_own_joins_nothing(judge):
    frames = {
        "patients": pd.DataFrame({"patient_id": range(100, 100 + N), **people(0)}),
        "providers": pd.DataFrame({"provider_id": range(5000, 5000 + N), **people(N // 3)}),
    }
    labels = {("patients", "mail"): "email", ("providers", "mail"): "email"}
    assert "personal_join_key" not in {f.rule for f in judge(frames, labels=labels)}


def test_the_address_of_a_branch_is_not_personal_a_customers_is():
    home = Label("street_address", 0.9, ("streets",), True)
    assert not without_companies("branches", {"branches.address": home})["branches.address"].sensitive
    assert without_companies("customers", {"customers.address": home})["customers.address"].sensitive
