"""The tools the model may call: four that look or try, one that answers; strict schemas, no effect outside the scratch."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dataeng_kit.agent.desk import Desk
from dataeng_kit.agent.grounding import ground
from dataeng_kit.agent.literals import posing
from dataeng_kit.errors import KitError, nearest, unknown
from dataeng_kit.nouns import Cell, Check, Decision
from dataeng_kit.nouns.answer import Judged, Said
from dataeng_kit.nouns.base import plain
from dataeng_kit.nouns.event import Event
from dataeng_kit.run import Run

MOST_CHARACTERS = 8_000
NOTHING_RAN = "nothing was executed"
_CLASS = re.compile(r"\b([A-Z]\w*(?: \w+)? ?(?:Error|Exception))\b")
_LINE = re.compile(r"\bline:? (\d+)", re.IGNORECASE)
_TEXT = {"type": "string"}
_LANGUAGE = {"type": "string", "enum": ["sql", "python"]}
_IDS = {"type": "array", "items": _TEXT}


def _schema(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


_CLAIM = _schema(text=_TEXT, kind={"type": "string", "enum": ["measured", "context", "opinion"]}, facts=_IDS, lines=_IDS)
_JUDGED = _schema(
    id=_TEXT, stance={"type": "string", "enum": ["agree", "disagree"]}, choice=_TEXT, why=_TEXT, facts=_IDS, lines=_IDS
)
TOOLS: tuple[dict[str, Any], ...] = (
    {"name": "look_up", "description": "Return measured facts by id; an unknown id is answered with the nearest ones.",
     "input_schema": _schema(ids=_IDS), "strict": True},
    {"name": "query", "description": "Run one read-only DuckDB 2 SELECT on the masked copy; its answer is a citable fact.",
     "input_schema": _schema(sql=_TEXT, why=_TEXT), "strict": True},
    {"name": "advise", "description": "Return the rules' advice on a topic: decisions, and cells that have run.",
     "input_schema": _schema(topic=_TEXT), "strict": True},
    {"name": "propose_cell", "description": "Propose one code cell. It runs on scratch data first; failures come back.",
     "input_schema": _schema(language=_LANGUAGE, title=_TEXT, purpose=_TEXT, source=_TEXT, facts=_IDS),
     "strict": True},
    {"name": "judge", "description": "Say of each of the rules' decisions (ids from `advise`) whether you agree, and why.",
     "input_schema": _schema(decisions={"type": "array", "items": _JUDGED}), "strict": True},
    {"name": "answer", "description": "Give the final answer: sentences, each with the facts or CLAUDE.md lines it rests on.",
     "input_schema": _schema(claims={"type": "array", "items": _CLAIM}), "strict": True},
)  # fmt: skip


def told(check: Check) -> str:
    """Return why a check failed as the model may read it: the error's class and line, never the engine's words about values."""
    if check.level != "failed" or check.isolation == NOTHING_RAN:
        return check.why
    kind, line = _CLASS.search(check.why), _LINE.search(check.why)
    return f"{kind[1] if kind else 'It failed; the user sees why'}{f' at line {line[1]}' if line else ''}"


class Bench:
    """Runs tool calls for one question and keeps what came of them."""

    def __init__(self, desk: Desk, repairs: int, run: Run) -> None:
        self.desk, self.repairs, self.run = desk, repairs, run
        self.cells: dict[str, Cell] = {}
        self.tries: dict[str, int] = {}
        self.said: tuple[Said, ...] | None = None
        self.judged: tuple[Judged, ...] = ()
        self._rules: dict[str, Decision] = {}
        self._known: Mapping[str, Callable[[dict[str, Any]], Any]] = {
            "look_up": self._look_up, "query": self._query, "advise": self._advise,
            "propose_cell": self._propose, "judge": self._judge, "answer": self._answer,
        }  # fmt: skip

    def call(self, name: str, given: Any) -> tuple[str, bool]:
        """Return the tool's answer as JSON text and whether it is an error; never an exception's own words about data."""
        tool = self._known.get(name)
        if tool is None:
            return f"There is no tool '{name}'. Tools: {', '.join(self._known)}", True
        schema = next(t for t in TOOLS if t["name"] == name)["input_schema"]
        wrong = _wrong(given, schema)
        if wrong:
            return wrong, True
        try:
            return json.dumps(plain(tool(given)), ensure_ascii=True)[:MOST_CHARACTERS], False
        except KitError as error:
            return str(error)[:MOST_CHARACTERS], True
        except Exception as error:  # an engine's words may quote the data: the model learns the class only
            return f"The tool failed ({type(error).__name__})", True

    def _look_up(self, given: dict[str, Any]) -> dict[str, Any]:
        facts = self.desk.facts()
        return {
            id: {"value": facts[id].value, "method": facts[id].method} if id in facts else {"unknown": nearest(id, facts)}
            for id in given["ids"][:50]
        }

    def _query(self, given: dict[str, Any]) -> dict[str, Any]:
        return self.desk.query(given["sql"], self.run)

    def _advise(self, given: dict[str, Any]) -> dict[str, Any]:
        advice = self.desk.advise(given["topic"], self.run)
        self._rules |= {d.id: d for d in advice.decisions}
        decisions = [
            {"id": d.id, "question": d.question, "choice": d.choice, "why": d.why, "facts": d.facts} for d in advice.decisions
        ]
        return {
            "decisions": decisions,
            "cells": [{"id": c.id, "title": c.title, "check": c.check.badge if c.check else ""} for c in advice.cells],
        }

    def _propose(self, given: dict[str, Any]) -> dict[str, Any]:
        id = f"claude/{given['title']}"
        technology = "duckdb" if given["language"] == "sql" else "python"
        known = tuple(f for f in given["facts"] if f in self.desk.facts())
        words = (given["language"], given["title"], given["purpose"], given["source"])
        cell = Cell(id, "claude", technology, *words, facts=known)
        self.tries[id] = self.tries.get(id, 0) + 1
        if self.tries[id] <= self.repairs + 1 or id not in self.cells:
            invented = posing(given["language"], given["source"])
            refused = Check("failed", technology, isolation=NOTHING_RAN, why=f"Not run: {invented}")
            self.cells[id] = replace(cell, check=refused) if invented else self.desk.check(cell, self.run)
            if invented:
                self.run.event(Event("flag", f"{given['title']}: {invented}"))
        check = self.cells[id].check or Check("not_checked")
        left = self.repairs + 1 - self.tries[id]
        return {"check": check.badge, "ok": check.ok, "why": told(check), "repairs_left": max(left, 0)}

    def _judge(self, given: dict[str, Any]) -> dict[str, Any]:
        made = []
        for row in given["decisions"]:
            if row["id"] not in self._rules:
                raise unknown("decision", row["id"], self._rules)
            rule = self._rules[row["id"]]
            said = self.judge({"text": row["why"], "kind": "measured", "facts": row["facts"], "lines": row["lines"]})
            made.append(Judged(rule.id, rule.question, rule.choice, row["stance"], row["choice"], said))
        self.judged = tuple(sorted(made, key=lambda j: j.stance == "agree"))
        return {"noted": len(made), "struck": [j.said.text for j in made if j.said.standing == "struck"]}

    def _answer(self, given: dict[str, Any]) -> dict[str, Any]:
        self.said = tuple(said for claim in given["claims"] for said in [self.judge(claim)])
        return {"shown": True, "struck": [s.text for s in self.said if s.standing == "struck"]}

    def judge(self, claim: dict[str, Any]) -> Said:
        """Return the sentence with its standing: grounded only when every cited fact exists and holds its numbers."""
        facts, lines = tuple(claim["facts"]), tuple(claim["lines"])
        verdict = ground(claim["text"], facts, self.desk.facts())
        known_lines = {f"{m.file}:{m.line}" for kind in self.desk.evidence.context.to_json().values() for m in _places(kind)}
        lost = [line for line in lines if line not in known_lines]
        if not verdict.ok or lost:
            near = "; ".join(
                [*(f"{f.text}: {f.near or f.kind}" for f in verdict.flags), *(f"{line}: no such line" for line in lost)]
            )
            return Said(f"{claim['text']} [{near}]", "struck", facts, lines)
        grounded = (facts or lines) and claim["kind"] != "opinion"
        derived = f" ({'; '.join(verdict.formulas)})" if verdict.formulas else ""
        return Said(claim["text"] + derived, "grounded" if grounded else "opinion", facts, lines)


class _Place:
    def __init__(self, file: str, line: int) -> None:
        self.file, self.line = file, line


def _places(items: Any) -> list[_Place]:
    return [_Place(i["file"], i["line"]) for i in items if isinstance(i, dict) and "file" in i and "line" in i]


def _wrong(given: Any, schema: dict[str, Any]) -> str:
    """Return which field is wrong, or '' when *given* has the schema's shape."""
    if not isinstance(given, dict):
        return "The input is no object"
    for name, kind in schema["properties"].items():
        if name not in given:
            return f"'{name}' is missing"
        value = given[name]
        if kind.get("type") == "string" and (not isinstance(value, str) or value not in kind.get("enum", [value])):
            return f"'{name}' must be {' or '.join(kind['enum']) if 'enum' in kind else 'text'}"
        if kind.get("type") == "array":
            if not isinstance(value, list):
                return f"'{name}' must be a list"
            for item in value:
                if kind["items"]["type"] == "string" and not isinstance(item, str):
                    return f"'{name}' must be a list of text"
                if kind["items"]["type"] == "object" and (inner := _wrong(item, kind["items"])):
                    return f"in '{name}': {inner}"
    return ""
