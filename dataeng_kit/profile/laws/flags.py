"""Flags that restate something: two-valued columns against blanks and zeros of their row, and rows of another table."""

from __future__ import annotations

from collections.abc import Iterator

from dataeng_kit.nouns import ColumnProfile, ForeignKey, Law
from dataeng_kit.profile.laws.scope import DATES, NUMBERS, Scope, how_many, law
from dataeng_kit.profile.laws.words import shared

_YES = ("true", "t", "yes", "y", "1", "ja", "j", "oui", "o", "si", "s", "x")
_NO = ("false", "f", "no", "n", "0", "nein", "non", "")
_KAPPA = 0.9


def flags(scope: Scope, table: str, most: int = 10) -> list[tuple[str, str]]:
    """Return the two-valued columns of a table, each with SQL that is true, false or null."""
    found: list[tuple[str, str]] = []
    for column in scope.profile.table(table).columns:
        q = scope.name(table, column.name, "t")
        if column.distinct != 2 or len(found) >= most:
            continue
        if column.type == "boolean":
            found.append((column.name, q))
            continue
        values = [v for v, _ in column.top[:2]]
        text = [str(v).strip().lower() for v in values]
        if len(text) == 2 and any(v in _YES for v in text) and any(v in _NO for v in text):
            yes = values[0] if text[0] in _YES else values[1]
            found.append((column.name, f"({q} = {scope.literal(table, yes)})"))
    return found


def laws(scope: Scope) -> Iterator[Law]:
    """Yield what each flag restates; agreement is judged beyond chance (Cohen's kappa, 1960)."""
    for table in scope.tables(20):
        own = flags(scope, table.name)
        if own:
            yield from _against_row(scope, table.name, own)
            for link in scope.links():
                if link.ref_table == table.name:
                    yield from _against_children(scope, link, own)


def _states(scope: Scope, table: str, column: ColumnProfile) -> Iterator[tuple[str, str]]:
    """Yield what a flag may restate of one column: filled, or zero."""
    q = scope.name(table, column.name, "t")
    if 0 < column.nulls < column.rows:
        yield f"{column.name} is filled", f"({q} IS NOT NULL)"
    if column.type in NUMBERS and not column.nulls and column.min is not None and column.min <= 0 < (column.max or 0):
        yield f"{column.name} is not zero", f"({q} <> 0)"


def _against_row(scope: Scope, table: str, own: list[tuple[str, str]]) -> Iterator[Law]:
    names = {n for n, _ in own}
    columns = [c for c in scope.profile.table(table).columns if c.name not in names and c.type in (*DATES, *NUMBERS, "text")][:40]
    tests = [(flag, yes, text, state, c.name) for flag, yes in own for c in columns for text, state in _states(scope, table, c)]
    if not tests or not scope.spend("flags", table):
        return
    parts = [
        f"{how_many(yes)}, {how_many(state)}, {how_many(f'{yes} AND {state}')}, {how_many(f'{yes} IS NOT NULL')}"
        for _, yes, _, state, _ in tests
    ]
    row = scope.rows(table, f"SELECT {', '.join(parts)} FROM {scope.relation(table)} AS t")[0]
    for at, (flag, yes, text, state, column) in enumerate(tests):
        on, stated, both, of = (int(n or 0) for n in row[4 * at : 4 * at + 4])
        agree = of - on - stated + 2 * both
        opposite = agree < of / 2
        agree = of - agree if opposite else agree
        chance, kappa = _kappa(on, of - stated if opposite else stated, agree, of)
        if min(on, of - on) < 5 or kappa < _KAPPA:
            continue
        where = f"({yes}) = {state}" if opposite else f"({yes}) <> {state}"
        yield law(
            "flag_event",
            table,
            [(table, flag), (table, column)],
            f"{flag} is true exactly when {_negated(text) if opposite else text}",
            (agree, of),
            "law" if agree == of else "law_with_exceptions",
            scope.failing(table, [flag, column], where),
            chance=chance,
            reasons=(f"agreement beyond chance (kappa) {kappa:.2f}",),
            detail={"scope": "row", "kappa": kappa},
        )


def _negated(text: str) -> str:
    return text.replace(" is filled", " is empty").replace(" is not zero", " is zero")


def _kappa(one: int, other: int, agree: int, of: int) -> tuple[float, float]:
    """Return the share of disagreement that independence would give, and kappa."""
    if not of:
        return 1.0, 0.0
    p, q = one / of, other / of
    expected = p * q + (1 - p) * (1 - q)
    return 1 - expected, (agree / of - expected) / (1 - expected) if expected < 1 else 0.0


def _against_children(scope: Scope, link: ForeignKey, own: list[tuple[str, str]]) -> Iterator[Law]:
    table, child = link.ref_table, link.table
    if not scope.spend("flags", child):
        return
    keys = ", ".join(scope.name(child, c, "c") for c in link.columns)
    on = " AND ".join(
        f"{scope.name(child, c, 'k')} = {scope.name(table, r, 't')}" for c, r in zip(link.columns, link.ref_columns, strict=True)
    )
    source = f"{scope.relation(table)} AS t LEFT JOIN (SELECT DISTINCT {keys} FROM {scope.relation(child)} AS c) AS k ON {on}"
    exists = f"({scope.name(child, link.columns[0], 'k')} IS NOT NULL)"
    parts = [
        f"{how_many(yes)}, {how_many(f'{yes} AND {exists}')}, {how_many(f'{yes} IS NOT NULL')}, "
        f"{how_many(f'{yes} IS NOT NULL AND {exists}')}"
        for _, yes in own
    ]
    row = scope.rows(table, f"SELECT {', '.join(parts)} FROM {source}")[0]
    for at, (flag, yes) in enumerate(own):
        true, both, of, having = (int(n or 0) for n in row[4 * at : 4 * at + 4])
        agree = of - true - having + 2 * both
        chance, kappa = _kappa(true, having, agree, of)
        words = shared(flag, child)
        if min(true, of - true) < 5 or not 0 < having < of or (kappa < _KAPPA and not words):
            continue
        level = "law" if agree == of else "law_with_exceptions" if agree >= 0.95 * of else "finding" if words else "question"
        shown = scope.shown(table, [flag])
        yield law(
            "flag_event",
            table,
            [(table, flag), (child, link.columns[0])],
            f"{flag} is true exactly when {child} has a row for it",
            (agree, of),
            level,
            f"SELECT {shown} FROM {source} WHERE ({yes}) <> {exists}",
            chance=chance,
            other=child,
            reasons=(
                f"agreement beyond chance (kappa) {kappa:.2f}",
                *((f"the names share {', '.join(sorted(words))}",) if words else ()),
            ),
            detail={"scope": "children", "kappa": kappa, "flag_without": true - both, "without_flag": having - both},
        )
