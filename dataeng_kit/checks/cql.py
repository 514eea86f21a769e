"""CQL without a server: each statement through Apache's own grammar, and each query held to its table's partition key."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from dataeng_kit.checks.compare import measured
from dataeng_kit.checks.emulators import missing
from dataeng_kit.checks.limits import LIMITS, child, reason, restrain
from dataeng_kit.nouns import Cell, Check
from dataeng_kit.run import Run
from dataeng_kit.technologies.cassandra import Cassandra

_TOKEN = re.compile(r"""--[^\n]*|//[^\n]*|/\*.*?\*/|"(?:[^"]|"")*"|'(?:[^']|'')*'|;|[^\s"';]+|\s+""", re.S)


_FEW = 6
"""Columns that are given to the grammar at once."""


def statements(text: str) -> list[str]:
    """Return the statements of a CQL file without comments; quotes may hold semicolons and dashes."""
    found, current = [], ""
    for token in _TOKEN.findall(text):
        if token == ";":
            found.append(current.strip())
            current = ""
        elif not token.startswith(("--", "//", "/*")):
            current += token
    return [s for s in (*found, current.strip()) if s]


def run_chain(cells: list[Cell], source: str, folder: Path, run: Run | None) -> dict[str, Check]:
    """Return ``parsed`` or ``failed`` for every cell; the sides of its promises name what is counted here."""
    if why := missing(Cassandra):
        return {c.id: Check("not_checked", "cassandra", why=why) for c in cells}
    folder.mkdir(parents=True, exist_ok=True)
    return {c.id: _one(c, folder, run) for c in cells}


def main(file: str) -> None:
    """Write a line per statement of a file: 1 when the grammar accepts it, else 0; the grammar may search long."""
    restrain(LIMITS)
    for text in statements(Path(file).read_text("utf-8")):
        sys.stdout.write(f"{int(all(map(accepted, slices(text))))}\n")
        sys.stdout.flush()


def _one(cell: Cell, folder: Path, run: Run | None) -> Check:
    begun, engine, gap = time.monotonic(), "cqlsh", "Apache's grammar and our own rule for partition keys; no server"
    found = statements(cell.source)
    keys: dict[str, list[str]] = {}
    counts = {"statements": len(found), "accepted": 0, "queries": 0, "keyed": 0}
    (folder / "cell.cql").write_text(cell.source, "utf-8")
    said: list[str] = []
    ended = child(["-m", "dataeng_kit.checks.cql", str(folder / "cell.cql")], folder, run, on_line=said.append)
    if ended.code and not ended.late:
        why = reason(ended.errors, f"exit code {ended.code}")
        return Check("not_checked", engine, version("cqlsh"), _since(begun), why=why)
    for n, text in enumerate(found):
        if n >= len(said):
            why = f"ended at the limit of {LIMITS.seconds} s after {n} of {len(found)} statements"
            return Check("not_checked", engine, version("cqlsh"), _since(begun), why=why)
        if said[n].strip() != "1":
            return Check("failed", engine, version("cqlsh"), _since(begun), why=f"the grammar refuses: {text[:300]}")
        counts["accepted"] += 1
        words = list(_words(text))
        if words[:2] == ["CREATE", "TABLE"]:
            name, partition = _created(words)
            keys[name] = partition
            if unknown := [w for w in _options(words) if w not in known_options()]:
                why = f"no table option is called {', '.join(unknown)}"
                return Check("failed", engine, version("cqlsh"), _since(begun), why=why)
        if words[0] == "SELECT":
            counts["queries"] += 1
            lacking = without_key(words, keys)
            if lacking:
                return Check("failed", engine, version("cqlsh"), _since(begun), why=f"{lacking}: {text[:200]}")
            counts["keyed"] += 1
    held = tuple(measured(e, counts[e.left], counts[e.right]) for e in cell.expects)
    return Check("parsed", engine, version("cqlsh"), _since(begun), reconciliation=held, why=gap)


def _since(begun: float) -> float:
    return round(time.monotonic() - begun, 3)


def slices(statement: str) -> list[str]:
    """Return a CREATE TABLE as several with few columns each, for the grammar's search doubles with each; others as they are."""
    if not statement.upper().startswith("CREATE TABLE") or "(" not in statement:
        return [statement]
    head, _, rest = statement.partition("(")
    parts, depth, end = [""], 0, 0
    for token in re.finditer(r"""("(?:[^"]|"")*"|'(?:[^']|'')*')|.""", rest, re.S):
        sign = token[0]
        depth += (sign in "(<{") - (sign in ")>}") if not token[1] else 0
        if depth < 0:
            end = token.end()
            break
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    keys = [p for p in parts if p.strip().upper().startswith("PRIMARY KEY")]
    columns = [p for p in parts if p not in keys]
    if not end or not keys or len(columns) <= _FEW:
        return [statement]
    # the grammar knows a table of one column in another form only, so a last one takes its neighbour along
    groups = [columns[n - (n == len(columns) - 1) : n + _FEW] for n in range(0, len(columns), _FEW)]
    return [f"{head}({','.join([*g, *keys])}){rest[end:]}" for g in groups]


def accepted(statement: str) -> bool:
    """True when Apache's CQL grammar matches the whole statement."""
    rules: Any = import_module("cqlshlib.cql3handling").CqlRuleSet
    # a shell knows no bind marker: any value stands in its place
    text = re.sub(r"""("(?:[^"]|"")*"|'(?:[^']|'')*')|\?""", lambda m: m[1] or "0", statement) + ";"
    try:
        tokens = rules.lex(text)
    except Exception as error:  # the lexer's own error class is not public
        if type(error).__name__ != "LexingError":
            raise
        return False
    plain = tuple(t for t in tokens if t[0] != "endline")  # the shell's sign for a line, no part of CQL
    return rules.whole_match("CQL_Statement", plain, srcstr=text) is not None


def _words(statement: str) -> Iterator[str]:
    """Yield names, numbers and signs; quoted names keep their quotes, bare words are upper case."""
    for word in re.findall(r""""(?:[^"]|"")*"|'(?:[^']|'')*'|\w+|[^\s\w]""", statement):
        yield word if word[0] in "\"'" else word.upper()


def _created(words: list[str]) -> tuple[str, list[str]]:
    """Return a table's name and the columns of its partition key."""
    name = words[5] if words[2] == "IF" else words[2]
    rest = words[words.index("PRIMARY") + 3 :]
    if rest[0] != "(":
        return name, rest[:1]
    return name, [w for w in rest[1 : rest.index(")")] if w != ","]


def _options(words: list[str]) -> list[str]:
    """Return the names of the options behind the columns of a table."""
    behind = words[words.index("WITH") :] if "WITH" in words else []
    return [b for a, b, sign in zip(behind, behind[1:], behind[2:], strict=False) if a in ("WITH", "AND") and sign == "="]


def known_options() -> set[str]:
    """Return the names of table options that Apache's shell completes; its grammar takes any."""
    rules: Any = import_module("cqlshlib.cql3handling").Cql3ParsingRuleSet
    both = (*rules.columnfamily_layout_options, *rules.columnfamily_layout_map_options)
    return {str(name).upper() for name, *_ in both} | {"ID"}


def without_key(words: list[str], keys: dict[str, list[str]]) -> str:
    """Return what a query lacks of the partition key, or that it filters; empty when it is good."""
    if "ALLOW" in words:
        return "ALLOW FILTERING reads every partition"
    name = words[words.index("FROM") + 1]
    where = words[words.index("WHERE") :] if "WHERE" in words else []
    given = {w for w, sign in pairwise(where) if sign in ("=", "IN")}
    lacking = [c for c in keys.get(name, []) if c not in given]
    return f"{', '.join(lacking)} of {name}'s partition key is not given" if lacking or name not in keys else ""


if __name__ == "__main__":
    main(sys.argv[1])
