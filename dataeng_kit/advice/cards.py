"""Decision cards: options weighed by criteria over measured numbers; score, criteria and the move that flips it are shown."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from dataeng_kit import technologies
from dataeng_kit.advice.measures import MEASURES, Measure
from dataeng_kit.advice.said import decide, largest, line, listed
from dataeng_kit.design import processes
from dataeng_kit.design.reading import read
from dataeng_kit.design.sizing import bytes_of, human
from dataeng_kit.design.target import named, target
from dataeng_kit.errors import KitError, unknown
from dataeng_kit.nouns import Decision, Evidence

_KEYS = {"topic", "slug", "question", "source", "capabilities", "options"}
_OPTION = {"name", "trade_off", "risk", "criteria", "effort", "all"}
_CRITERION = {"measure", "above", "below", "weight"}


@functools.cache
def _all() -> tuple[dict[str, Any], ...]:
    found = []
    for file in sorted(files("dataeng_kit.knowledge").joinpath("decisions").iterdir(), key=lambda f: f.name):
        card = tomllib.loads(file.read_text("utf-8")) if file.name.endswith(".toml") else {}
        for one in card.get("cards", [card]):  # a file holds one card, or several under [[cards]]
            if "options" in one:
                _strict(file.name, one)
                found.append(one)
    return tuple(found)


def cards(topic: str) -> tuple[dict[str, Any], ...]:
    """Return the cards of one topic; raises `KitError` naming the nearest valid key of a card that is wrong."""
    return tuple(c for c in _all() if c["topic"] == topic)


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


def _limit(criterion: Mapping[str, Any]) -> float:
    return float(criterion.get("above", criterion.get("below")))


def _holds(criterion: Mapping[str, Any], value: float) -> bool:
    return bool(value > criterion["above"]) if "above" in criterion else bool(value < criterion["below"])


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _words(criterion: Mapping[str, Any], value: float) -> str:
    side = "above" if "above" in criterion else "below"
    sign = "+" if _holds(criterion, value) else "0 of "
    return f"{sign}{criterion['weight']}: {_said(criterion)} {_number(value)} {side} {_number(_limit(criterion))}"


def _said(criterion: Mapping[str, Any]) -> str:
    return str(criterion["measure"]).replace("_", " ")


@dataclass(frozen=True)
class Board:
    """The options of a card with their shares, best first."""

    shares: tuple[tuple[float, dict[str, Any]], ...]

    @property
    def best(self) -> dict[str, Any]:
        """Return the option with the largest share of its weights."""
        return self.shares[0][1]


def board(card: Mapping[str, Any], measured: Mapping[str, Measure]) -> Board:
    """Return the scores: of each option the share of its weights whose criterion holds; equal shares keep the card's order.

    An option marked ``all`` scores only while each of its criteria holds: the simple choice, until something speaks against it.
    """
    found = []
    for option in card["options"]:
        held = [c["weight"] for c in option["criteria"] if _holds(c, measured[c["measure"]].value)]
        whole = len(held) == len(option["criteria"]) or not option.get("all")
        found.append((sum(held) / sum(c["weight"] for c in option["criteria"]) if whole else 0.0, option))
    return Board(tuple(sorted(found, key=lambda s: -s[0])))


@dataclass(frozen=True)
class Turn:
    """The smallest single move that makes another option win: the criterion passed, the winner then, and the fact to move."""

    criterion: Mapping[str, Any]
    winner: str
    flips: tuple[tuple[str, Any], ...]
    far: float


def turns(card: Mapping[str, Any], measured: Mapping[str, Measure]) -> list[Turn]:
    """Return every single threshold whose passing changes the winner: those a measured fact can pass first, nearest first."""
    best = board(card, measured).best["name"]
    found = []
    for criterion in (c for o in card["options"] for c in o["criteria"]):
        name, limit = criterion["measure"], _limit(criterion)
        now = measured[name]
        beyond = limit * 0.98 - 1e-4 if now.value > limit else limit * 1.02 + 1e-4
        winner = board(card, {**measured, name: replace(now, value=beyond)}).best["name"]
        if winner != best:
            far = abs(beyond - now.value) / max(abs(now.value), abs(limit), 1e-9)
            found.append(Turn(criterion, winner, now.at(beyond), far))
    return sorted(found, key=lambda t: (not t.flips, t.far))


def case_words(evidence: Evidence) -> dict[str, str]:
    """Return what the texts of cards may say of the case: ``{case}``, ``{largest}``, ``{rows}``, ``{engine}``, …"""
    top, own = largest(evidence), target(evidence)
    known = technologies.all().get(own)
    personal = [f"{t.name}.{c.name}" for t in evidence.profile.tables for c in t.columns if c.label and c.label.sensitive]
    events = [p.table for p in processes.find(read(evidence))]
    return {
        "case": evidence.name,
        "largest": top.name,
        "rows": f"{top.rows:,}",
        "tables": str(len(evidence.profile.tables)),
        "size": human(bytes_of(evidence)),
        "engine": known.title if known else own,
        "events": listed(events or [top.name], 2),
        "personal": listed(personal, 2) or f"no column of {top.name}",
    }


def weigh(card: Mapping[str, Any], evidence: Evidence) -> Decision:
    """Return the decision of one card: the option with the largest share of its weights, and what would change it."""
    measured = {name: MEASURES[name](evidence) for o in card["options"] for c in o["criteria"] for name in (c["measure"],)}
    shares, words = board(card, measured).shares, case_words(evidence)
    share, best = shares[0]
    shown = "; ".join(_words(c, measured[c["measure"]].value) for c in best["criteria"])
    turn = next(iter(turns(card, measured)), None)
    other = {o["name"]: o["name"].format_map(words) for _, o in shares}
    flips_if = f"none of its {len(measured)} numbers alone would change it"
    if turn:
        now = measured[turn.criterion["measure"]].value
        flips_if = (
            f"{_said(turn.criterion)} passes {_number(_limit(turn.criterion))} (now {_number(now)}): then {other[turn.winner]}"
        )
    scores = ", ".join(f"{other[o['name']]} {s:.0%}" for s, o in shares)
    engine = [line(m) for m in (named(evidence),) if m and any("{engine}" in text for text in (best["name"], card["question"]))]
    asked = [m.ask for m in measured.values() if m.ask]
    return decide(
        evidence,
        card["topic"],
        evidence.name,
        card["slug"],
        card["question"].format_map(words),
        other[best["name"]],
        f"{shown} ({scores})",
        [f for m in measured.values() for f in m.facts[:6]],
        [*(at for m in measured.values() for at in m.lines), *engine],
        turn.flips if turn else (),
        alternatives=tuple(f"{other[o['name']]} ({s:.0%}): {o['trade_off'].format_map(words)}" for s, o in shares[1:]),
        trade_offs=(f"{other[best['name']]}: {best['trade_off'].format_map(words)}",),
        risks=(f"{best['risk'].format_map(words)} (source: {card['source']})",),
        effort=best.get("effort", "M: {tables} tables").format_map(words),
        flips_if=flips_if,
        questions=tuple(asked[:1]) if asked and share < 1 else (),
    )
