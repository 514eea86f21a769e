"""CQL without a server: each statement through Apache's own grammar, and each query held to its table's partition key."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from dataeng_kit.checks.compare import measured
from dataeng_kit.checks.emulators import missing
from dataeng_kit.nouns import Cell, Check
from dataeng_kit.run import Run
from dataeng_kit.technologies.cassandra import Cassandra

_TOKEN = re.compile(r"""--[^\n]*|//[^\n]*|/\*.*?\*/|"(?:[^"]|"")*"|'(?:[^']|'')*'|;|[^\s"';]+|\s+""", re.S)


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
    return {c.id: _one(c, run) for c in cells}


def _one(cell: Cell, run: Run | None) -> Check:
    begun, engine, gap = time.monotonic(), "cqlsh", "Apache's grammar and our own rule for partition keys; no server"
    found = statements(cell.source)
    keys: dict[str, list[str]] = {}
    counts = {"statements": len(found), "accepted": 0, "queries": 0, "keyed": 0}
    for text in found:
        if run:
            run.step(f"parsing {cell.id}", counts["accepted"], len(found))
        if not accepted(text):
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
