"""The generated code of the small shop as real files under tests/golden; KIT_GOLDEN=write refreshes them for review in a diff."""

import os
from pathlib import Path

import pytest

from dataeng_kit import advice, design
from dataeng_kit.design.cells import chain

GOLDEN = Path(__file__).parent.parent / "golden"


def made(evidence):
    for kind in ("normalised", "dimensional", "vault", "graph"):
        for technology in ("duckdb", "postgresql"):
            yield from chain(design.find(kind)(evidence), evidence, technology)
    yield from advice.advise("pipeline", evidence).cells


def test_generated_files_are_as_reviewed(shop):
    folder = str(Path(shop[1].tables[0].source).parent)
    wrong = []
    for cell in made(shop[1]):
        name = cell.path + (".txt" if cell.language == "python" else "")  # kept from linters: it is data here
        file, text = GOLDEN / name, cell.source.replace(repr(folder), "'shop'")
        if os.environ.get("KIT_GOLDEN") == "write":
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        elif not file.exists() or file.read_text("utf-8") != text:
            wrong.append(cell.path)
    if wrong:
        pytest.fail(
            f"differ from tests/golden: {', '.join(wrong)}. If meant: KIT_GOLDEN=write pytest {Path(__file__).name}, then read the diff"
        )
