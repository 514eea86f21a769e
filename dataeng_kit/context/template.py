"""A CLAUDE.md to fill in: a few questions, each with the section that its answer makes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from dataeng_kit.context.draft import write_new

QUESTIONS = (
    ("Project", "What is this project, in one sentence?"),
    ("Business domains", "Which business does it serve (e-commerce, fintech, healthcare, SaaS, IoT, other)?"),
    ("Purpose", "What is decided or paid because of this data?"),
    ("Database", "Which databases and warehouses are in use?"),
    ("Processing and orchestration", "What moves and transforms the data, and what schedules it?"),
    ("Hosting", "Where does it run?"),
    ("Scale and freshness", "How many rows a day, and how fresh must they be?"),
    ("Retention and compliance", "Which laws apply, and how long is data kept?"),
    ("Owners", "Who owns the data and answers questions?"),
    ("Rules the data keeps", "What do you believe of the data (unique keys, allowed values, no orphans)?"),
    ("Not used", "What was rejected, removed or is only planned?"),
)
"""(section, question): every answer is read back by the kit; the rules become tests."""


def render(answers: Mapping[str, str]) -> str:
    """Return the text of a CLAUDE.md; a section without an answer keeps its question as a comment."""
    parts = [f"# {answers.get('Project') or 'Project'}"]
    for section, question in QUESTIONS[1:]:
        answer = answers.get(section, "").strip()
        lines = [f"- {line.strip(' -')}" for line in answer.splitlines() if line.strip()]
        parts.append(f"## {section}\n\n" + ("\n".join(lines) if lines else f"<!-- {question} -->"))
    return "\n\n".join(parts) + "\n"


def write_template(path: Path, ask: Callable[[str], str] | None = None) -> Path:
    """Write a CLAUDE.md to *path* and return it; *ask* puts one question (default: the terminal, when there is one).

    Raises `KitError` when the file exists: a user's words are never overwritten.
    """
    ask = ask or (input if sys.stdin is not None and sys.stdin.isatty() else None)
    answers = {section: ask(f"{question} ") for section, question in QUESTIONS} if ask else {}
    return write_new(path, render(answers))
