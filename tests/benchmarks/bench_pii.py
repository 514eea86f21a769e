"""Score labels on a corpus of personal-data columns, and on public databases whose columns are labelled below.

    python tests/benchmarks/bench_pii.py --corpus PII_DIR --scorer score_pii.py [--split dev] [--databases DIR …]

PII_DIR holds ``truth.json`` and ``tables/``. Prints the scorer's figures and the CPU per column (labels only, and including
reading); for every folder under --databases the personal columns missed and the false alarms, by the labels below.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from dataeng_kit.data import open_data
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Label, Profile
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.semantics import label_columns

# folder → direct identifiers that must be found, written as table.column; judged by hand from the published descriptions
DIRECT = {
    "chinook": "Customer.FirstName Customer.LastName Customer.Address Customer.PostalCode Customer.Phone Customer.Fax Customer.Email "
    "Employee.LastName Employee.FirstName Employee.BirthDate Employee.Address Employee.PostalCode Employee.Phone Employee.Fax Employee.Email "
    "Invoice.BillingAddress",
    "northwind": "customers.contact_name customers.address customers.phone customers.fax employees.last_name employees.first_name "
    "employees.birth_date employees.address employees.home_phone employees.notes suppliers.contact_name suppliers.phone",
    "pubs": "authors.au_lname authors.au_fname authors.phone authors.address employee.fname employee.lname",
    "jaffle_shop": "raw_customers.first_name raw_customers.last_name",
    "oracle_co": "customers.email_address customers.full_name shipments.delivery_address",
    "oracle_hr": "employees.first_name employees.last_name employees.email employees.phone_number",
    "gen_iot": "app_user.email",
    "fintech": "credit_history_sample.dob_ssn loan_table.dob_ssn",
    "healthcare": "patients.BIRTHDATE patients.SSN patients.DRIVERS patients.PASSPORT patients.FIRST patients.LAST patients.MAIDEN "
    "patients.ADDRESS patients.LAT patients.LON providers.NAME payer_transitions.OWNERNAME",
}
# labelled either way without harm: places and telephones of organisations, places of people, race, empty columns named after
# personal data, names of artists and composers, diagnoses beside pseudonyms, pseudonyms of patients
EITHER = re.compile(
    r"(?i)(city|zip|zipcode|postal_?code|latitude|longitude|lat|lon|birthplace|race|ethnicity)$|"
    r"^(organizations|payers|providers|stores|suppliers|shippers|locations)\.(address|phone|fax|street_address|physical_address|stor_address)|"
    r"ship_address|diagnosis\d|composer|artist\.name|gateway\.ip|\.patient(id)?$|deathdate|"
    r"(address|email|phone|customer_name|line_[12]|billing_email|ip)(_\w+)?$"
)


def scorer(path: str) -> Any:
    """Return the scorer as a module."""
    spec = importlib.util.spec_from_file_location("scorer", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def labelled(places: list[Path]) -> tuple[dict[str, dict[str, Label | None]], int, float, float]:
    """Return table → column → label, the number of columns, and CPU seconds of reading and of labels."""
    start = time.process_time()
    data = open_data(tuple(str(p) for p in places))
    read = time.process_time()
    found = label_columns(data, Profile())
    done = time.process_time()
    tables = {t.name: {c.name: found.get(write(t.name, c.name)) for c in t.columns} for t in data.tables}
    data.close()
    return tables, sum(len(c) for c in tables.values()), read - start, done - read


def corpus(folder: Path, score: Any, split: str | None) -> None:
    """Print the scorer's figures for one corpus."""
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    files = [folder / "tables" / n for n, m in truth["tables"].items() if split is None or m["split"] == split]
    tables, columns, read, labels = labelled(files)
    told = {
        t: {"columns": {c: {"sensitive": v.name if v and v.sensitive else None} for c, v in row.items()}}
        for t, row in tables.items()
    }
    result = score.columns(truth, score.from_profile({"tables": told}, truth)[0], split)
    for key in ("pii_vs_not", "type_micro", "type_macro_f1", "family_micro", "specificity_on_hard_negatives", "decidable"):
        print(f"{key:32s} {result[key]}")
    print(f"{columns} columns; CPU a column: labels {1000 * labels / columns:.1f} ms, reading {1000 * read / columns:.1f} ms")


def database(folder: Path) -> tuple[int, int, int]:
    """Print what was missed and what was a false alarm in one folder; return missed, false alarms and harmless columns."""
    try:
        tables, columns, _, labels = labelled([folder])
    except KitError as error:
        print(f"{folder.name:20s} {error}")
        return 0, 0, 0
    direct = set(DIRECT.get(folder.name.split("__")[0], "").split()) if "__anon" not in folder.name else set()
    flat = {f"{t.rsplit('/', 1)[-1]}.{c}": v for t, row in tables.items() for c, v in row.items()}
    missed = [k for k in direct if k in flat and not (flat[k] and flat[k].sensitive)]  # type: ignore[union-attr]  # checked before
    harmless = [k for k in flat if k not in direct and not EITHER.search(k)]
    alarms = [f"{k} as {v.name}" for k in harmless if (v := flat[k]) and v.sensitive and "__anon" not in folder.name]
    print(
        f"{folder.name:20s} {columns:4d} columns {1000 * labels / max(1, columns):5.1f} ms each; missed {missed}; false alarms {alarms}"
    )
    return len(missed), len(alarms), len(harmless) if "__anon" not in folder.name else 0


def main() -> int:
    """Run both parts as asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--scorer")
    parser.add_argument("--split")
    parser.add_argument("--databases", type=Path, nargs="*", default=[])
    args, _ = parser.parse_known_args()
    if args.corpus and args.scorer:
        corpus(args.corpus, scorer(args.scorer), args.split)
    totals = [database(f) for root in args.databases for f in sorted(root.iterdir()) if f.is_dir()]
    if totals:
        missed, alarms, harmless = map(sum, zip(*totals, strict=True))
        print(f"missed {missed}; false alarms {alarms} of {harmless} harmless columns ({alarms / max(1, harmless):.1%})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
