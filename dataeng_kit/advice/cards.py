"""Decision cards: options weighed by criteria over measured numbers; score, criteria and threshold are shown."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from dataeng_kit.advice.said import decide, line, rows_ids
from dataeng_kit.design import processes
from dataeng_kit.design.reading import read
from dataeng_kit.design.sizing import bytes_of, growth
from dataeng_kit.errors import KitError, unknown
from dataeng_kit.nouns import Decision, Evidence

_KEYS = {"topic", "slug", "question", "source", "capabilities", "options"}
_OPTION = {"name", "trade_off", "risk", "criteria"}
_CRITERION = {"measure", "above", "below", "weight"}
_MINUTES = {"second": 1 / 60, "minute": 1, "hour": 60, "day": 1440, "week": 10080}
NIGHTLY = 1440.0
"""Minutes assumed where no freshness is stated."""


@dataclass(frozen=True)
class Measure:
    """One number of a case that cards may weigh, with the facts and lines it comes from."""

    value: float
    facts: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def _freshness(evidence: Evidence) -> Measure:
    found = [
        (s.value * _MINUTES[u], line(s))
        for s in evidence.context.freshness
        if isinstance(s.value, int | float) and (u := str(s.unit).lower().rstrip("s")) in _MINUTES
    ]
    value, at = min(found, default=(NIGHTLY, ""))
    return Measure(value, (), (at,) if at else ())


def _share(evidence: Evidence, tables: set[str]) -> Measure:
    total = sum(t.rows for t in evidence.profile.tables)
    return Measure(sum(t.rows for t in evidence.profile.tables if t.name in tables) / max(1, total), rows_ids(evidence))


def _events(evidence: Evidence) -> Measure:
    return _share(evidence, {p.table for p in processes.find(read(evidence))})


def _documents(evidence: Evidence) -> Measure:
    return _share(evidence, {t.name for t in evidence.profile.tables if any(c.type in ("json", "binary") for c in t.columns)})


def _orphans(evidence: Evidence) -> Measure:
    keys = [k for k in evidence.profile.foreign_keys if k.orphans]
    rows = sum(t.rows for t in evidence.profile.tables)
    return Measure(sum(k.orphans for k in keys) / max(1, rows), tuple(k.fact for k in keys))


def _ahead(evidence: Evidence) -> Measure:
    return Measure(bytes_of(evidence) + growth(evidence)[1] * 3 * 365, rows_ids(evidence))


MEASURES: dict[str, Callable[[Evidence], Measure]] = {
    "bytes_in_three_years": _ahead,
    "rows_a_day": lambda e: Measure(growth(e)[0], rows_ids(e)),
    "tables": lambda e: Measure(len(e.profile.tables), rows_ids(e)),
    "freshness_minutes": _freshness,
    "events_share": _events,
    "documents_share": _documents,
    "orphan_share": _orphans,
    "named_object_storage": lambda e: Measure(len(e.context.storage), (), tuple(line(m) for m in e.context.storage)),
}
"""Every number a card may name; a card that names another is refused."""


@functools.cache
def cards(topic: str) -> tuple[dict[str, Any], ...]:
    """Return the cards of one topic; raises `KitError` naming the nearest valid key of a card that is wrong."""
    found = []
    for file in sorted(files("dataeng_kit.knowledge").joinpath("decisions").iterdir(), key=lambda f: f.name):
        card = tomllib.loads(file.read_text("utf-8")) if file.name.endswith(".toml") else {}
        if "options" not in card:
            continue
        _strict(file.name, card)
        found.append(card)
    return tuple(c for c in found if c["topic"] == topic)


def _strict(name: str, card: dict[str, Any]) -> None:
    rows = [(set(card), _KEYS)]
    for option in card["options"]:
        rows.append((set(option), _OPTION))
        for criterion in option["criteria"]:
            rows.append((set(criterion), _CRITERION))
            if criterion["measure"] not in MEASURES:
                raise unknown(f"measure in {name}", criterion["measure"], MEASURES)
            if ("above" in criterion) == ("below" in criterion):
                raise KitError(f"{name}: a criterion needs either above or below", "Give one of the two")
    for found, allowed in rows:
        if extra := found - allowed:
            raise unknown(f"key in {name}", min(extra), allowed)


def _holds(criterion: dict[str, Any], value: float) -> bool:
    return bool(value > criterion["above"]) if "above" in criterion else bool(value < criterion["below"])


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _words(criterion: dict[str, Any], value: float) -> str:
    side, limit = ("above", criterion["above"]) if "above" in criterion else ("below", criterion["below"])
    sign = "+" if _holds(criterion, value) else "0 of "
    return f"{sign}{criterion['weight']}: {criterion['measure'].replace('_', ' ')} {_number(value)} {side} {_number(limit)}"


def weigh(card: dict[str, Any], evidence: Evidence) -> Decision:
    """Return the decision of one card: the option with the largest share of its weights, and what would change it."""
    measured = {c["measure"]: MEASURES[c["measure"]](evidence) for o in card["options"] for c in o["criteria"]}
    scores = []
    for option in card["options"]:
        got = sum(c["weight"] for c in option["criteria"] if _holds(c, measured[c["measure"]].value))
        scores.append((got / sum(c["weight"] for c in option["criteria"]), got, option))
    scores.sort(key=lambda s: (-s[0], -s[1]))
    share, _, best = scores[0]
    shown = "; ".join(_words(c, measured[c["measure"]].value) for c in best["criteria"])
    board = ", ".join(f"{o['name']} {s:.0%}" for s, _, o in scores)
    used = [measured[c["measure"]] for _, _, o in scores for c in o["criteria"]]
    lines = [at for m in used for at in m.lines]
    first = max(best["criteria"], key=lambda c: c["weight"])
    limit = first.get("above", first.get("below"))
    weighs = ", ".join(c["measure"].replace("_", " ") for c in best["criteria"])
    now = _number(measured[first["measure"]].value)
    return decide(
        evidence,
        card["topic"],
        evidence.name,
        card["slug"],
        card["question"],
        best["name"],
        f"{shown} ({board})",
        [f for m in used for f in m.facts],
        lines,
        alternatives=tuple(f"{o['name']} ({s:.0%}): {o['trade_off']}" for s, _, o in scores[1:]),
        trade_offs=(f"{best['name']}: {best['trade_off']}",),
        risks=(f"{best['risk']} (source: {card['source']})",),
        effort="M",
        flips_if=f"{first['measure'].replace('_', ' ')} passes {_number(limit)} (now {now})",
        because=f"because {lines[0]} is weighed; without it: the same criteria on assumed values" if lines else "",
        questions=() if share == 1 else (f"Which of these weighs most for {evidence.name}: {weighs}?",),
    )
