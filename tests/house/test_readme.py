"""The README is true: its code runs, its commands exist, its pictures and files are there."""

import re
import shlex
from pathlib import Path

import pytest

from dataeng_kit.cli import parser

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


def test_pictures_and_files_are_there():
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).stat().st_size > 10_000, path
    for path in ("CONTRIBUTING.md", "LICENSE", "requirements.lock", "tests/requirements.lock"):
        assert (ROOT / path).is_file()


def test_make_targets_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"^make (\w+)", "\n".join(blocks("bash")), re.M))
    assert {"demo", "test", "lab"} <= named <= targets


@pytest.mark.parametrize("line", sorted(set(re.findall(r"`(dataeng-kit [^`]+)`", README))))
def test_every_command_is_understood(line):
    words = [w for w in shlex.split(line)[1:]]
    if words[0] in ("demo", "lab") or words == ["--version"]:
        return
    parser().parse_args(words)


def test_the_plain_lines_are_what_make_does():
    make = (ROOT / "Makefile").read_text()
    plain = "\n".join(blocks("bash"))
    for step in (
        "--require-hashes -r requirements.lock",
        "--require-hashes -r tests/requirements.lock",
        "--no-deps",
        "ruff check",
        "mypy",
        "pytest",
    ):
        assert step in make
        assert step in plain


@pytest.mark.heavy
def test_the_sixty_seconds_run(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    (code,) = blocks("python")
    code = code.replace("out/dbt", str(tmp_path / "dbt"))
    names = {}
    exec(compile(code, "README.md", "exec"), names)
    assert len(names["case"].brief().points) == 3
    assert names["case"].advise("model").decisions
    assert (tmp_path / "dbt" / "dbt_project.yml").is_file()


def test_contributing_names_what_exists():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = [p for p in re.findall(r"`((?:dataeng_kit|tests|sample_data)/[^`<>*]*)`", text)]
    assert len(named) > 15
    assert not [p for p in named if not (ROOT / p).exists()]
