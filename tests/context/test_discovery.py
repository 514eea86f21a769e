import os
from pathlib import Path

import pytest

from dataeng_kit.context import context_answer, read_context
from dataeng_kit.context.template import render, write_template
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Context


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


def status(context: Context) -> dict[str, str]:
    return {f.path: f.status for f in context.files}


def test_imports_relative_to_their_file_four_deep_never_in_code(tmp_path):
    put(tmp_path, {
        "CLAUDE.md": "Read @docs/a.md and `@docs/code.md`. Mail ops@x.example, package @acme/ui.\n```\n@docs/code.md\n```\n@docs/none.md\n",
        "docs/a.md": "We use Postgres. @b.md",
        "docs/b.md": "@c.md @a.md",
        "docs/c.md": "@d.md",
        "docs/d.md": "Kafka too. @e.md",
        "docs/e.md": "And MongoDB.",
        "docs/code.md": "And Oracle 19c.",
    })  # fmt: skip
    context = read_context(tmp_path / "CLAUDE.md")
    assert context.names("databases") == ("postgresql",)
    assert context.names("processing") == ("kafka",)
    said = {(f.path, f.status) for f in context.files}
    assert ("docs/e.md", "skipped") in said
    assert ("docs/none.md", "missing") in said
    assert ("docs/a.md", "skipped") in said  # the cycle
    assert not any("code.md" in f.path or "acme" in f.path for f in context.files)
    assert next(f for f in context.files if f.path == "docs/b.md").imported_by == "docs/a.md"


def test_imports_outside_the_project_are_not_followed(tmp_path):
    put(tmp_path, {"secret.md": "MongoDB", "p/CLAUDE.md": "@../secret.md @~/notes.md Postgres", "p/pyproject.toml": ""})
    context = read_context(tmp_path / "p")
    assert [f.status for f in context.files if f.imported_by] == ["skipped", "skipped"]
    assert context.names("databases") == ("postgresql",)


def test_discovery_parents_children_rules_local_and_any_case(tmp_path):
    put(tmp_path, {
        "CLAUDE.md": "MongoDB above the project",
        "p/.git/HEAD": "",
        "p/Claude.md": "We use Postgres.",
        "p/.claude/rules/api.md": '---\npaths: ["src/**"]\n---\nQueue: RabbitMQ.',
        "p/CLAUDE.local.md": "I run Redis.",
        "p/data/dbt/CLAUDE.md": "Models in dbt.",
        "p/data/.claude/CLAUDE.md": "Search is Elasticsearch.",
        "p/data/AGENTS.md": "Celery",
        "p/data/node_modules/CLAUDE.md": "Cassandra",
    })  # fmt: skip
    context = read_context(tmp_path / "p" / "data")
    assert set(context.names("databases")) == {"postgresql", "redis", "elasticsearch"}
    assert set(context.names("processing")) == {"rabbitmq", "dbt"}
    assert status(context)["AGENTS.md"] == "skipped"
    assert "applies to" in next(f.why for f in context.files if f.path.endswith("api.md"))


def test_agents_file_pointer_and_link(tmp_path):
    put(tmp_path, {"a/AGENTS.md": "We use Postgres."})
    assert read_context(tmp_path / "a").names("databases") == ("postgresql",)
    put(tmp_path, {"b/AGENTS.md": "We use MySQL.", "b/CLAUDE.md": "AGENTS.md"})
    assert read_context(tmp_path / "b").names("databases") == ("mysql",)
    put(tmp_path, {"c/AGENTS.md": "We use Redis."})
    try:
        os.symlink("AGENTS.md", tmp_path / "c" / "CLAUDE.md")
    except OSError:
        pytest.skip("no symbolic links here")
    context = read_context(tmp_path / "c")
    assert context.names("databases") == ("redis",)
    assert "a link to AGENTS.md" in context.files[0].why


def test_nothing_there_is_said_not_raised(tmp_path):
    context = read_context(tmp_path)
    assert context.is_empty()
    assert status(context) == {"CLAUDE.md": "missing"}
    with pytest.raises(KitError):
        read_context(tmp_path / "none")


@pytest.mark.parametrize("raw", [b"\xff\xfeW\x00e\x00 ", b"\x00\x01\x02", b"caf\xe9 Postgres is used", b""])
def test_odd_bytes_are_read_or_skipped(tmp_path, raw):
    (tmp_path / "CLAUDE.md").write_bytes(raw)
    assert read_context(tmp_path / "CLAUDE.md").files


def test_answer_holds_exactly_the_contract(tmp_path):
    put(tmp_path, {"CLAUDE.md": "We use SQL Server. 2 M rows a day."})
    answer = context_answer(read_context(tmp_path / "CLAUDE.md"))
    kinds = ["databases", "processing", "orchestration", "cloud", "storage", "domains", "patterns", "compliance", "not_used"]
    figures = ["purposes", "scale", "freshness", "availability", "retention", "owners", "governance", "conventions"]
    assert list(answer) == [*kinds, *figures, "files"]
    assert answer["databases"] == [
        {"name": "sql server", "file": "CLAUDE.md", "line": 1, "quote": "We use SQL Server. 2 M rows a day."}
    ]
    assert answer["scale"][0]["value"] == 2_000_000
    assert answer["scale"][0]["unit"] == "rows/day"


def test_template_is_written_once_and_reads_back(tmp_path):
    answers = {"Database": "PostgreSQL 16\nRedis", "Not used": "Kafka", "Business domains": "fintech: payments and ledger"}
    path = write_template(tmp_path / "CLAUDE.md", ask=lambda question: "")
    assert read_context(path).is_empty()
    with pytest.raises(KitError, match="exists"):
        write_template(path)
    path.write_text(render(answers), "utf-8")
    context = read_context(path)
    assert context.names("databases") == ("postgresql", "redis")
    assert [m.name for m in context.not_used] == ["kafka"]
    assert context.names("domains") == ("fintech",)


def test_context_travels_as_json(tmp_path):
    put(tmp_path, {"CLAUDE.md": "We use Postgres, not MySQL. `id` is unique. Kept for 7 years."})
    context = read_context(tmp_path / "CLAUDE.md")
    assert Context.from_json(context.to_json()) == context
    assert context.retention[0].value == 7
