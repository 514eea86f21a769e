"""A change of any file that a Context was read from, or could be read from, refreshes it; nothing else does."""

import pytest

import dataeng_kit as dk


@pytest.fixture
def case(tmp_path):
    root = tmp_path / "project"
    folder = root / "data"
    folder.mkdir(parents=True)
    (root / ".git").mkdir()
    (folder / "a.csv").write_text("id\n1\n2\n", "utf-8")
    (folder / "CLAUDE.md").write_text("# Data\nSee @../shared/stack.md\n", "utf-8")
    (root / "shared").mkdir()
    (root / "shared" / "stack.md").write_text("We store all in MySQL.\n", "utf-8")
    return dk.open(str(folder))


def test_the_same_files_are_read_once(case):
    first = case.context
    assert case.context is first
    assert case._held["context"][2] == 1


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("../shared/stack.md", "We store all in DuckDB, one file.\n"),
        ("../CLAUDE.md", "Marts live in DuckDB.\n"),
        (".claude/CLAUDE.md", "Marts live in DuckDB.\n"),
        (".claude/rules/sql.md", "Marts live in DuckDB.\n"),
        ("sub/CLAUDE.md", "Marts live in DuckDB.\n"),
    ],
)
def test_imports_parents_and_rules_refresh(case, file, text):
    assert "mysql" in case.context.names("databases")
    target = case.folder / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    assert "duckdb" in case.context.names("databases")
