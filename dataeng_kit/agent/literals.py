"""Literals posing as data: rows that a model wrote itself where a table of the case should speak."""

from __future__ import annotations

import ast
from collections.abc import Iterator

FEWEST = 3
"""Fewer rows of constants may be a mapping or a parameter; this many look like a table."""
_MAKERS = frozenset("DataFrame from_dict from_records from_rows Table table read_json array".split())
_RANDOM = frozenset("random rand randn randint uniform normal default_rng choice Faker faker".split())


def posing(language: str, source: str) -> str:
    """Return in words which literals of a cell pose as data, or an empty text; code that does not parse holds none."""
    return next(_sql(source) if language == "sql" else _python(source), "")


def _sql(source: str) -> Iterator[str]:
    import sqlglot
    from sqlglot import exp

    try:
        statements = [s for s in sqlglot.parse(source, dialect="duckdb") if s]
    except sqlglot.errors.SqlglotError:
        return
    for statement in statements:
        for values in statement.find_all(exp.Values):
            if len(values.expressions) >= FEWEST:
                yield f"{len(values.expressions)} rows of VALUES were written by the model, not read from a table"
        for union in statement.find_all(exp.Union):
            rows = [s for s in union.find_all(exp.Select) if not s.args.get("from_") and not s.args.get("from")]
            if len(rows) >= FEWEST and all(_constant(e) for s in rows for e in s.expressions):
                yield f"{len(rows)} constant rows were joined by UNION, not read from a table"
        random = [f for f in statement.find_all(exp.Rand, exp.Anonymous) if isinstance(f, exp.Rand) or f.name.lower() in _RANDOM]
        if random:
            yield "random numbers stand where measured ones should"


def _constant(item: object) -> bool:
    from sqlglot import exp

    return isinstance(item, exp.Expression) and not list(item.find_all(exp.Column, exp.Subquery))


def _python(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in _RANDOM:
            yield "random or invented values stand where measured ones should"
        if name in _MAKERS:
            longest = max((_rows(a) for a in (*node.args, *(k.value for k in node.keywords))), default=0)
            if longest >= FEWEST:
                yield f"{longest} rows of literals were written by the model, not read from a table"


def _rows(item: ast.expr) -> int:
    """Return how many constant rows a literal holds: of a list of rows, or of the longest column of a dict."""
    if isinstance(item, ast.Dict):
        return max((_rows(v) for v in item.values), default=0)
    if isinstance(item, ast.List | ast.Tuple):
        leaves = [n for n in ast.walk(item) if isinstance(n, ast.Name | ast.Call | ast.Attribute)]
        return 0 if leaves else len(item.elts)
    return 0
