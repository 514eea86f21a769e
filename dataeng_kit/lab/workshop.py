"""A workshop: each seat gets data of its own with planted defects; the room checks what was found, hints, and keeps score.

The checks live here, not in cells that somebody deletes; the answer key lies outside the data folder.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dataeng_kit.errors import KitError, unknown
from dataeng_kit.nouns.references import parse, write
from dataeng_kit.share import samples, shared

CORRECT, INCORRECT, NOT_ATTEMPTED = "correct", "incorrect", "not attempted"
_KINDS = {
    "time_order": "one date against another",
    "unit": "what an amount is measured in",
    "reconciliation": "two figures that should agree",
    "duplicate": "rows that stand twice",
    "no_key": "a column that looks like a key",
    "orphan": "a reference that leads nowhere",
}


class Room:
    """One seat of a workshop. `check` takes what was found, `hint` helps a little, `report` tells the score."""

    def __init__(self, data: Path, home: Path, seat: str, ceiling: int) -> None:
        self.data, self.seat, self._ceiling = data, seat, ceiling
        self._key: dict[str, Any] = json.loads((home / "key.json").read_text("utf-8"))
        self._log_file = home / "log.json"
        self._log: dict[str, Any] = {"found": {}, "false": [], "hints": {}}
        if self._log_file.is_file():
            self._log = json.loads(self._log_file.read_text("utf-8"))

    def __repr__(self) -> str:
        tables = len(self._key["tables"])
        return f"Setup complete: seat {self.seat}, {tables} tables in {self.data}. Open them: dk.open({str(self.data)!r})"

    def check(self, reference: Any = "", rows: Any = ...) -> str:
        """Return correct, incorrect or not attempted for one defect, and what differs; never the answer.

        *reference*: ``table.column`` that shows it; *rows*: how many rows do, ``...`` as long as they are not counted.
        """
        if not isinstance(reference, str) or not reference:
            return f"{NOT_ATTEMPTED}: name the column that shows a defect, as in check('orders.total', 12)"
        table, *column = parse(reference)
        if table not in self._key["tables"]:
            return f"{NOT_ATTEMPTED}: {unknown('table', table, self._key['tables'])}"
        here = [d for d in self._key["defects"] if d["table"] == table and column and column[0] in d["columns"]]
        if not here:
            self._log["false"] = sorted({*self._log["false"], reference})
            return self._kept(f"{INCORRECT}: nothing was planted in {reference}")
        if rows is ...:
            return f"{NOT_ATTEMPTED}: {reference} is worth a look; count the rows"
        hit = next((d for d in here if d["rows"] == rows), None)
        if hit is None:
            nearby = min((d["rows"] for d in here), key=lambda n: abs(n - int(rows)))
            way = "fewer" if nearby < int(rows) else "more"
            return f"{INCORRECT}: the place is right, the rows are not: {way} than {int(rows):,}"
        self._log["found"][hit["id"]] = int(rows)
        return self._kept(f"{CORRECT}: {hit['what']}")

    def hint(self, level: int = 1) -> str:
        """Return a hint on the next defect that was not found: 1 its table, 2 its columns, 3 what kind; the ceiling is obeyed."""
        open_ = [d for d in self._key["defects"] if d["id"] not in self._log["found"]]
        if not open_:
            return "Every planted defect was found."
        if level > self._ceiling:
            return f"The trainer allows hints up to {self._ceiling}."
        defect = open_[0]
        said = [f"Look at the table {defect['table']} ({self._key['tables'][defect['table']]:,} rows)."]
        said.append(f"Look at {' and '.join(write(defect['table'], c) for c in defect['columns'])}.")
        kind = _KINDS.get(defect["kind"], defect["kind"].replace("_", " "))
        said.append(f"It is about {kind}; it touches more than {_floor(defect['rows'])} rows.")
        self._log["hints"][defect["id"]] = max(level, self._log["hints"].get(defect["id"], 0))
        return self._kept(" ".join(said[:level]))

    def report(self) -> str:
        """Return the score in one line; what a trainer collects is `score`."""
        s = self.score
        return f"{self.seat}: found {s['found']} of {s['of']}, false alarms {s['false alarms']}, hints {s['hints']}"

    @property
    def score(self) -> Mapping[str, int]:
        """Return found, of, false alarms and hints as numbers."""
        log = self._log
        counted = {"found": log["found"], "of": self._key["defects"], "false alarms": log["false"], "hints": log["hints"]}
        return {name: len(items) for name, items in counted.items()}

    def _kept(self, words: str) -> str:
        self._log_file.write_text(json.dumps(self._log, indent=1), "utf-8")
        return words


def start(domain: str = "ecommerce", seat: str = "me", seed: int = 7, folder: str | Path = "workshop", hints: int = 3) -> Room:
    """Return the Room of one seat; its data is made once, from *seed*, and kept. *hints*: the trainer's ceiling, 0 to 3.

    Raises `KitError` for an unknown domain and for a seat name that is no plain word.
    """
    if domain not in samples():
        raise unknown("sample case", domain, samples())
    if not seat.replace("-", "").replace("_", "").isalnum():
        raise KitError(f"'{seat}' is no seat name", "Use letters and digits")
    data, home = Path(folder) / seat / "data", Path(folder) / seat
    if not (home / "key.json").is_file():
        _make(shared("sample_data") / domain / "make.py", seed, data, home / "key.json")
    return Room(data, home, seat, hints)


def collect(folder: str | Path = "workshop") -> tuple[Mapping[str, Any], ...]:
    """Return one row per seat in *folder*, best first: what a trainer reads at the end of the day."""
    rooms = (Room(p.parent / "data", p.parent, p.parent.name, 0) for p in _keys(Path(folder)))
    return tuple(sorted(({"seat": r.seat, **r.score} for r in rooms), key=lambda row: -int(row["found"])))


def _keys(folder: Path) -> Iterable[Path]:
    return sorted(folder.glob("*/key.json"))


def _make(maker: Path, seed: int, data: Path, key: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, str(maker), "--seed", str(seed), "--out", str(data.resolve()), "--key", str(key.resolve())]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise KitError(f"The data of this seat could not be made: {ran.stderr.strip()[-300:]}", "Try another folder or seed")


def _floor(rows: int) -> int:
    """Return the power of ten below *rows*: near enough to look, too rough to copy."""
    return int(10 ** max(0, len(str(max(rows - 1, 1))) - 1)) if rows > 1 else 0
