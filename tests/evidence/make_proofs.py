"""Run every topic's cells on the shipped cases on real engines and write knowledge/proofs.json: `make evidence`."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import dataeng_kit as dk
from dataeng_kit import advice, recipes
from dataeng_kit.case import Case
from dataeng_kit.nouns import Cell, Check
from dataeng_kit.nouns.cell import LEVELS
from dataeng_kit.share import sample, samples

PROOFS = Path(str(files("dataeng_kit.knowledge").joinpath("proofs.json")))
CARDS = tomllib.loads(files("dataeng_kit.recipes").joinpath("proofs.toml").read_text("utf-8"))
SEED = "0"
CHECKER = Path(str(files("dataeng_kit.checks").joinpath("__init__.py"))).parent


@dataclass(frozen=True)
class Chain:
    """The cells that run together in one workspace, and the case and topic that they were rendered for."""

    case: str
    topic: str
    id: str
    cells: tuple[Cell, ...]

    def up_to(self, id: str) -> tuple[Cell, ...]:
        """Return one cell and all that it comes after, in the chain's order: what its proof stands on."""
        wanted, grown = set[str](), {id}
        while wanted != grown:
            wanted = set(grown)
            grown |= {a for c in self.cells if c.id in wanted for a in c.after}
        return tuple(c for c in self.cells if c.id in wanted)


def digest(parts: Iterable[bytes]) -> str:
    """Return the first 16 hexadecimal digits of a SHA-256 over parts kept apart by their lengths."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()[:16]


def rendered(case: Case, name: str) -> list[Chain]:
    """Return all chains of a case without running one: reading and profiling need no server."""
    found: dict[str, Chain] = {}
    for topic in advice.topics(case.evidence):
        groups: dict[str, list[Cell]] = {}
        for cell in advice.made(topic, case.evidence).cells:
            groups.setdefault(cell.chain or cell.id, []).append(cell)
        for id, cells in groups.items():  # a recipe may serve several topics: it runs once
            found.setdefault(id, Chain(name, topic, id, tuple(cells)))
    return list(found.values())


def data_digest(name: str) -> str:
    """Return the digest of a shipped case's data files, whatever their line ends became on the way here."""
    data = sorted(p for p in sample(name).iterdir() if p.name.endswith((".csv", ".csv.gz")))
    return digest(part for p in data for part in (p.name.encode(), p.read_bytes().replace(b"\r\n", b"\n")))


def checker_digest() -> str:
    """Return the digest of the code that checks, without what only lays it out: a formatter makes no new checker."""
    sources = sorted(CHECKER.glob("*.py"))
    return digest(part for p in sources for part in (p.name.encode(), re.sub(r"[\s(),]", "", p.read_text("utf-8")).encode()))


def cells_digest(chain: Chain, cell: str) -> str:
    """Return the digest of what ran: sources and promises, with the case's folder taken out; titles and purposes are words only."""
    folder = str(sample(chain.case))

    def bare(text: str) -> str:
        return text.replace(repr(folder)[1:-1], "CASE").replace(folder, "CASE")

    parts = [
        (c.id, bare(c.source), *(bare(f"{e.kind} {e.relation} {e.left} {e.right}") for e in c.expects)) for c in chain.up_to(cell)
    ]
    return digest(json.dumps(p).encode() for p in parts)


def seal(row: dict[str, str], chain: Chain) -> str:
    """Return a row's hash over its own words, the rendered cells, the case and the checker; of the version only the major number."""
    own = [row[k] for k in ("capability", "case", "cell", "level", "engine", "recipe", "proof", "reconciled")]
    major = row["version"].split(".")[0]
    return digest(
        str(p).encode() for p in (*own, major, cells_digest(chain, row["cell"]), data_digest(chain.case), checker_digest())
    )


def proof_of(capability: str, recipe: str) -> str:
    """Return the sentence that says what the proof shows: the template's own, else the card's; empty when neither has one."""
    folder = recipe.split("/")[0]
    if capability in CARDS:
        return str(CARDS[capability]["proof"])
    return recipes.find(recipe).proof if recipe in recipes.names(folder) else ""


def engine_of(cell: Cell, check: Check) -> dict[str, str]:
    """Return the engine and version that really worked: a script may start another one and says which version answered."""
    folder = cell.recipe.split("/")[0]
    other = recipes.find(cell.recipe).engine if cell.recipe in recipes.names(folder) else ""
    version = next((str(r.left) for r in check.reconciliation if r.name == "version of the engine"), check.version)
    return {"engine": other or check.engine, "version": version if other else check.version}


def row_of(capability: str, chain: Chain, checks: dict[str, Check]) -> dict[str, str] | None:
    """Return the row that a chain proves, or None when one of its cells failed or nothing was reconciled."""
    own = [c for c in chain.cells if capability in c.capabilities and checks[c.id].reconciliation]
    ran = chain.up_to(own[-1].id) if own else ()
    if not ran or not all(checks[c.id].ok for c in ran):
        return None
    last, check = own[-1], checks[own[-1].id]
    level = max((checks[c.id].level for c in ran), key=LEVELS.index)
    row = {
        "capability": capability, "level": level, **engine_of(last, check), "recipe": last.recipe,
        "case": chain.case, "topic": chain.topic, "chain": chain.id, "cell": last.id, "reconciled": str(len(check.reconciliation)),
        "proof": proof_of(capability, last.recipe),
    }  # fmt: skip
    return {**row, "hash": seal(row, chain)} if row["proof"] else None


def rank(row: dict[str, str]) -> tuple[int, int, str, str]:
    """Return where a row stands among those of its capability: the strongest level first, then the card's order."""
    wanted = CARDS.get(row["capability"], {}).get("cells", [])
    place = next((n for n, start in enumerate(wanted) if row["chain"].startswith(start) or start.startswith(row["chain"])), 99)
    return LEVELS.index(row["level"]), place, row["case"], row["chain"]


def moved() -> list[str]:
    """Return the committed rows that no longer render to what was run, or were edited by hand; nothing is run."""
    chains = {(name, c.id): c for name in samples() for c in rendered(dk.open(name), name)}
    rows = json.loads(PROOFS.read_text("utf-8"))
    found = []
    for id, row in rows.items():
        chain = chains.get((row["case"], row["chain"]))
        if chain is None or seal({"capability": id, **row}, chain) != row["hash"]:
            found.append(id)
    return found


def seeded(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this file in a process whose strings hash alike each time: two labels of equal score are told apart by set order."""
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": SEED}, text=True, stdout=subprocess.PIPE, check=False)


def main() -> int:
    """Run all chains that serve a capability and write the proofs; return 1 when a chain that serves one did not hold."""
    from dataeng_kit.checks import run_cells

    best: dict[str, dict[str, str]] = {}
    broken: list[str] = []
    for name in samples():
        case = dk.open(name)
        chains = [c for c in rendered(case, name) if any(x.capabilities for x in c.cells)]
        # what runs for minutes runs once, unless another case proved less
        chains = [c for c in chains if not all(x.slow and set(x.capabilities) <= set(best) for x in c.cells)]
        checks = run_cells([x for c in chains for x in c.cells], case.data)
        for chain in chains:
            broken += [f"{name} {x.id}: {checks[x.id].badge}: {checks[x.id].why}" for x in chain.cells if not checks[x.id].ok]
            for capability in sorted({served for x in chain.cells for served in x.capabilities}):
                row = row_of(capability, chain, checks)
                if row and (capability not in best or rank(row) < rank(best[capability])):
                    best[capability] = row
    rows = {id: {k: v for k, v in row.items() if k != "capability"} for id, row in sorted(best.items())}
    PROOFS.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8", newline="\n")
    sys.stdout.write("".join(f"{id}: {r['level']} on {r['engine']} {r['version']} ({r['chain']})\n" for id, r in rows.items()))
    sys.stdout.write("".join(f"did not hold: {line}\n" for line in broken))
    return 1 if broken else 0


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != SEED:
        again = seeded(*sys.argv[1:])
        sys.stdout.write(again.stdout)
        sys.exit(again.returncode)
    if sys.argv[1:] == ["--moved"]:
        sys.stdout.write(json.dumps(moved()))
        sys.exit(0)
    sys.exit(main())
