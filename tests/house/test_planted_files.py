"""One planted file is found, listed and used, and no other file of the package changes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

TECHNOLOGY = '''"""A planted engine."""
from dataeng_kit.technologies.postgresql import PostgreSQL


class Planted(PostgreSQL):
    """PostgreSQL under another name."""

    id = "planted"
    title = "Planted"
'''
RULE = '''"""A planted theme."""
from collections.abc import Iterator

from dataeng_kit.findings.rule import Hit, Look, rule


@rule("validity")
def planted_rule(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} are planted.

    Criterion: none is.
    """
    for table in look.tables:
        yield Hit(table.name, (), table.rows, table.rows, look.where(table.name, (), "true"))
'''
READER = '''"""A planted format."""
from dataeng_kit.data.files import Task
from dataeng_kit.data.store import Loaded
from dataeng_kit.nouns import Reading

ORDER = 1


def accepts(head: bytes, name: str) -> bool:
    """Return whether the file is of the planted format."""
    return head.startswith(b"PLANTED")


def read(task: Task) -> list[Loaded]:
    """Return the one column of words."""
    store = task.store
    relation = store.fresh()
    words = ", ".join(f"({store.literal(w)})" for w in task.path.read_text().split())
    store.engine.run(f"CREATE TABLE {relation} AS SELECT * FROM (VALUES {words}) AS x(word)", task.run)
    return [Loaded("", relation, store.engine.columns(relation), Reading("planted", rows=words.count("(")))]
'''
CARD = """
topic = "architecture"
slug = "planted"
question = "Is this card planted?"
source = "this test"
capabilities = ["topics.architecture.realtime_layer"]

[[options]]
name = "yes"
trade_off = "none"
risk = "none"
criteria = [{ measure = "tables", above = 0, weight = 1 }]
"""
RECIPE = """{#---
serves = ["technologies.postgresql.advanced_sql"]
each = "topic"
needs = ["event"]
title = "Planted"
purpose = "A planted recipe."
source = "this test"
proof = "it ran"
---#}
CREATE TABLE planted AS SELECT count(*) AS n FROM {{ table }};
"""
PANEL = '''"""A planted panel."""
from typing import Any

TITLE, ORDER, NEEDS = "Planted", 9, ("profile",)


def render(bench: Any) -> str:
    """Return one paragraph."""
    return f"<p>planted over {len(bench.got['profile'].tables)} tables</p>"
'''
DOMAIN_WORDS = {"technologies/planted.py": TECHNOLOGY, "findings/planted.py": RULE, "data/files/planted.py": READER}
PLANTED = {
    **DOMAIN_WORDS,
    "knowledge/decisions/planted.toml": CARD,
    "recipes/postgresql/planted.sql.j2": RECIPE,
    "lab/panels/planted.py": PANEL,
}
LOOK = """
import dataeng_kit as dk
from dataeng_kit import recipes, technologies
from dataeng_kit.lab.panels import PANELS

assert dk.__file__.startswith({root!r}), dk.__file__
assert technologies.find("planted").title == "Planted"
assert "postgresql/planted" in recipes.names("postgresql") and recipes.find("postgresql/planted").title == "Planted"
assert PANELS["planted"].title == "Planted"
case = dk.open({folder!r})
profile = case.profile
assert [c.name for t in profile.tables if t.name == "words" for c in t.columns] == ["word"], profile.tables
assert any(f.rule == "planted_rule" and f.table == "words" for f in case.findings)
assert any(d.question == "Is this card planted?" and d.choice == "yes" for d in case.advise("architecture").decisions)
class Bench:
    got = {{"profile": profile}}
assert PANELS["planted"].render(Bench()) == "<p>planted over 2 tables</p>"
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    root = tmp_path_factory.mktemp("planted")
    shutil.copytree(ROOT / "dataeng_kit", root / "dataeng_kit", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "sample_data", root / "sample_data", ignore=shutil.ignore_patterns("*.csv", "*.gz", "*.parquet"))
    for path, text in PLANTED.items():
        assert not (root / "dataeng_kit" / path).exists()
        (root / "dataeng_kit" / path).write_text(text)
    return root


def test_every_planted_file_is_found_and_used(copy, tmp_path):
    (tmp_path / "words.txt").write_text("PLANTED apple pear plum")
    (tmp_path / "orders.csv").write_text(
        "id,day,amount\n" + "".join(f"{i},2026-01-{i % 28 + 1:02},{i * 1.5}\n" for i in range(1, 60))
    )
    script = copy / "look.py"
    script.write_text(LOOK.format(root=str(copy), folder=str(tmp_path)))
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=copy,
        env={"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("knowledge/decisions/planted.toml", CARD.replace("trade_off", "trade_of"), "trade_of"),
        ("recipes/postgresql/planted.sql.j2", RECIPE.replace("proof", "prof"), "prof"),
    ],
)
def test_a_misspelt_key_of_a_planted_file_is_named(copy, path, text, says):
    place = copy / "dataeng_kit" / path
    right = place.read_text()
    place.write_text(text)
    code = "from dataeng_kit import recipes; from dataeng_kit.advice.cards import cards; recipes.find('postgresql/planted'); cards('architecture')"
    done = subprocess.run([sys.executable, "-c", code], cwd=copy, capture_output=True, text=True, timeout=120)
    place.write_text(right)
    assert done.returncode
    assert f"'{says}'" in done.stderr.strip().splitlines()[-1]
