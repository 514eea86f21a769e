"""The committed proofs: every row renders to what was run, no row was edited by hand, and a tenth runs again."""

import importlib.util
import json
import random
import sys
from pathlib import Path

import pytest

import dataeng_kit as dk
from dataeng_kit import recipes
from dataeng_kit.catalog import catalog
from dataeng_kit.checks import run_cells
from dataeng_kit.checks.cluster import binaries
from dataeng_kit.knowledge import capabilities
from dataeng_kit.nouns.cell import LEVELS
from dataeng_kit.share import samples

spec = importlib.util.spec_from_file_location("make_proofs", Path(__file__).parent / "make_proofs.py")
make_proofs = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = make_proofs  # dataclasses look their module up
spec.loader.exec_module(make_proofs)

PROOFS = json.loads(make_proofs.PROOFS.read_text("utf-8"))
SEED = 7


@pytest.fixture(scope="module")
def cases():
    return {name: dk.open(name) for name in samples()}


@pytest.fixture(scope="module")
def chains(cases):
    return {(name, c.id): c for name, case in cases.items() for c in make_proofs.rendered(case, name)}


def test_every_row_renders_to_what_was_run():
    moved = json.loads(make_proofs.seeded("--moved").stdout)
    assert not moved, "cells, case or checker changed, or a row was edited by hand: run `make evidence`"


@pytest.mark.parametrize("part", ["level", "engine", "version", "recipe", "proof", "reconciled", "case", "cell"])
def test_a_row_edited_by_hand_no_longer_fits_its_hash(chains, part):
    id, row = next(iter(PROOFS.items()))
    chain = chains[row["case"], row["chain"]]
    assert make_proofs.seal({"capability": id, **row, part: "99"}, chain) != row["hash"]
    assert make_proofs.seal({"capability": "patterns.kappa", **row}, chain) != row["hash"]


def test_the_minor_version_of_an_engine_is_no_part_of_the_hash(chains):
    id, row = next((i, r) for i, r in PROOFS.items() if r["engine"] == "postgresql")
    other = {"capability": id, **row, "version": row["version"].split(".")[0] + ".999"}
    assert make_proofs.seal(other, chains[row["case"], row["chain"]]) == row["hash"]


def test_rows_name_capabilities_cells_and_their_own_proof(chains):
    assert set(PROOFS) <= set(capabilities())
    for id, row in PROOFS.items():
        own = next(c for c in chains[row["case"], row["chain"]].cells if c.id == row["cell"])
        assert id in own.capabilities, id
        assert own.expects, id
        assert row["recipe"] == own.recipe
        assert row["proof"] == make_proofs.proof_of(id, row["recipe"])
        assert LEVELS.index(row["level"]) <= LEVELS.index("shaped")


def test_templates_and_cards_serve_known_capabilities():
    folders = [p.name for p in Path(recipes.__file__).parent.iterdir() if p.is_dir() and not p.name.startswith("__")]
    served = {id for folder in folders for name in recipes.names(folder) for id in recipes.find(name).serves}
    assert served | set(make_proofs.CARDS) <= set(capabilities())


def test_cells_serve_known_capabilities(chains):
    served = {s for chain in chains.values() for c in chain.cells for s in c.capabilities}
    assert served <= set(capabilities())


def test_the_catalogue_shows_the_proofs_and_where_they_run_again():
    rows = catalog()
    assert set(rows) == set(capabilities())
    assert {i for i, r in rows.items() if r["level"]} == set(PROOFS)
    assert all(r["here"] is (binaries() is not None) for r in rows.values() if r["engine"] == "postgresql")
    assert not any(r["here"] for r in rows.values() if r["level"] is None)


@pytest.mark.heavy
def test_a_seeded_tenth_runs_again(cases, chains):
    picked = random.Random(SEED).sample(sorted(PROOFS), max(1, -(-len(PROOFS) // 10)))
    for id in picked:
        row = PROOFS[id]
        if not catalog()[id]["here"]:
            pytest.skip(f"{row['engine']} is not on this machine")
        chain = chains[row["case"], row["chain"]]
        found = make_proofs.row_of(id, chain, run_cells(chain.cells, cases[row["case"]].data))
        assert found is not None, id
        assert (found["level"], found["engine"]) == (row["level"], row["engine"])
