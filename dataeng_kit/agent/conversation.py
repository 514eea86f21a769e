"""Conversations: questions that follow one another, kept in a file so that they can be taken up again."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from dataeng_kit.errors import KitError
from dataeng_kit.nouns.answer import Answer, Conversation

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,63}")


def path_of(folder: Path, name: str) -> Path:
    """Return the file of a conversation; raises `KitError` for a name that is no plain word."""
    if not _NAME.fullmatch(name):
        raise KitError(f"'{name[:64]}' cannot name a conversation", "Use letters, digits, blanks, - and _")
    return folder / "conversations" / f"{name}.json"


def read(file: Path, told: str) -> Conversation:
    """Return the conversation of *file*, a new one when there is none; raises `KitError` when the case has changed since.

    *told*: the hash of what the model is told now; facts of another state would stand beside today's.
    """
    if not file.is_file():
        return Conversation(file.stem, told)
    held = Conversation.from_json(json.loads(file.read_text("utf-8")))
    if told and held.about != told:
        raise KitError(
            f"The case, its CLAUDE.md or the prompt changed since conversation '{held.name}' began",
            "Begin another: give it another name",
        )
    return held


def keep(file: Path, held: Conversation, answer: Answer, turns: list[dict[str, Any]]) -> None:
    """Write the conversation with one more answer and the turns as the service saw them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    (file.parent.parent / ".gitignore").write_text("*\n")
    made = replace(held, answers=(*held.answers, answer), turns=json.dumps(turns, ensure_ascii=True))
    file.write_text(json.dumps(made.to_json(), ensure_ascii=False), "utf-8")


def follow(turns: list[dict[str, Any]], asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Return *turns* with one more user turn as the protocol wants it: every call answered, no two user turns in a row."""
    if not turns:
        return [asked]
    last = turns[-1]
    if last["role"] == "user":
        content = last["content"] if isinstance(last["content"], list) else [{"type": "text", "text": last["content"]}]
        return [*turns[:-1], {**last, "content": [*content, *asked["content"]]}]
    open_calls = [b["id"] for b in last["content"] if b.get("type") == "tool_use"]
    results = [{"type": "tool_result", "tool_use_id": id, "content": "stopped", "is_error": True} for id in open_calls]
    return [*turns, {**asked, "content": [*results, *asked["content"]]}]
