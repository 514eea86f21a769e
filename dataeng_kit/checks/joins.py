"""What a reviewer asks of somebody's SQL: which joins multiply or lose rows, which sums they distort, which keys do not hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dataeng_kit.nouns import Expectation, Reconciliation
from dataeng_kit.technologies.base import Technology


@dataclass(frozen=True)
class Question:
    """One measurement over somebody's statement: the promise that would hold in sound SQL, and the two sentences about it.

    ``good`` and ``bad`` are filled with ``left`` and ``right``, the numbers measured. ``warns``: a broken promise is a defect,
    else only worth knowing; ``alone``: it asks the data only, so it is measured even where the file itself fails.
    """

    expectation: Expectation
    good: str
    bad: str
    warns: bool = True
    alone: bool = False

    def said(self, found: Reconciliation) -> str:
        """Return the sentence for what was measured."""
        left, right = (
            f"{v:,.2f}" if isinstance(v, float) else f"{v:,}" if isinstance(v, int) else str(v) for v in (found.left, found.right)
        )
        text = (self.good if found.ok else self.bad).format(left=left, right=right)
        return f"{'ok' if found.ok else '!!' if self.warns else '--'}  {text}"


def questions(text: str, technology: type[Technology], columns: Mapping[str, Iterable[str]]) -> list[Question]:
    """Return what to measure about every join, sum, result and declared key of *text*; *columns* are the case's, by table."""
    import sqlglot
    from sqlglot import exp

    dialect, found = technology.sqlglot, list[Question]()
    try:
        statements = [s for s in sqlglot.parse(text, dialect=dialect) if s]
    except sqlglot.errors.SqlglotError:
        return []  # the engine says what is wrong with it
    for statement in statements:
        if isinstance(statement, exp.Create) and isinstance(statement.this, exp.Schema):
            found += _declared(statement.this, technology, {n.lower(): n for n in columns})
        outer = statement if isinstance(statement, exp.Select) else statement.args.get("expression")
        if isinstance(outer, exp.Select):
            found.append(_grain(outer, technology))
        for select in statement.find_all(exp.Select):
            found += _of_select(select, _root(select), technology, columns)
    return list({(q.expectation.left, q.expectation.right): q for q in found}.values())


def _grain(outer: Any, technology: type[Technology]) -> Question:
    rows = outer.sql(dialect=technology.sqlglot, comments=False)
    every, once = f"SELECT count(*) FROM ({rows}) AS q", f"SELECT count(*) FROM (SELECT DISTINCT * FROM ({rows}) AS q) AS d"
    return Question(
        Expectation("the result repeats no row", "unique", every, once),
        "result: {left} rows, none repeats another",
        "result: {left} rows, only {right} different ones: something is missing from its grain",
    )


def _root(select: Any) -> Any:
    """The WITH that a select stands under: its own or its statement's."""
    node = select
    while node is not None:
        if node.args.get("with_"):
            return node.args["with_"]
        node = node.parent
    return None


def _counted(select: Any, root: Any, upto: int, what: str = "count(*)") -> Any:
    """Return the select's rows after its first *upto* joins, counted: no filter, no grouping."""
    from sqlglot import exp

    made = exp.select(what).from_(select.args["from_"].this.copy())
    made.set("joins", [j.copy() for j in select.args["joins"][:upto]])
    if root is not None:
        made.set("with_", root.copy())
    return made


def _of_select(select: Any, root: Any, technology: type[Technology], columns: Mapping[str, Iterable[str]]) -> list[Question]:
    joins = select.args.get("joins") or []
    if not joins or not select.args.get("from_"):
        return []
    found: list[Question] = []
    for n, join in enumerate(joins):
        found += _of_join(select, root, n, join, technology)
    return found + _of_sums(select, root, technology, columns)


def _of_join(select: Any, root: Any, n: int, join: Any, technology: type[Technology]) -> list[Question]:
    from sqlglot import exp

    def sql(node: Any) -> str:
        return str(node.sql(dialect=technology.sqlglot, comments=False))

    there = join.this.alias_or_name
    here = select.args["from_"].this.alias_or_name if n == 0 else "the rows so far"
    before = _counted(select, root, n)
    if not join.args.get("on") and not join.args.get("using"):
        after = _counted(select, root, n + 1)
        name = f"join with {there} has no condition"
        bad = f"{there} is joined without a condition: {{left}} rows become {{right}}"
        return [
            Question(Expectation(name, "rows", sql(before), sql(after)), f"{there}: one row, joined without a condition", bad)
        ]
    on = sql(join.args["on"]) if join.args.get("on") else f"USING ({', '.join(sql(c) for c in join.args['using'])})"
    kept = _counted(select, root, n + 1)
    kept.args["joins"][n].set("side", "LEFT")
    kept.args["joins"][n].set("kind", None)
    name = f"{here} joined with {there} on {on}"
    found = [
        Question(
            Expectation(f"{name}: no row is multiplied", "rows", sql(before), sql(kept)),
            f"{name}: {{left}} rows stay {{right}}",
            f"{name}: fan-out, {{left}} rows become {{right}}; a sum, count or average over {here} now repeats its rows",
            warns=False,
        )
    ]
    if not join.side and join.kind in ("", "INNER"):
        marked = kept.copy()
        marked.args["joins"][n].set("this", _marked(join.this))
        lost = sql(marked.where(exp.column("kit_met", table=_alias(join.this)).is_(exp.null())))
        found.append(
            Question(
                Expectation(f"{name}: no row is lost", "rows", lost, "SELECT 0"),
                f"{name}: no row of {here} is lost",
                f"{name}: {{left}} rows of {here} find no row in {there} and vanish",
            )
        )
    return found


def _alias(side: Any) -> Any:
    """Return the name that the statement calls a side by, quoted as it is there."""
    alias = side.args.get("alias")
    return (alias.this if alias else side.this).copy()


def _marked(side: Any) -> Any:
    """Return the joined side with a column that says a row was found."""
    from sqlglot import exp

    plain = side.copy()
    plain.set("alias", None)
    origin = plain if isinstance(plain, exp.Table) else plain.this.subquery("k")
    return exp.select("*", "1 AS kit_met").from_(origin).subquery(_alias(side))


def _of_sums(select: Any, root: Any, technology: type[Technology], columns: Mapping[str, Iterable[str]]) -> list[Question]:
    """A sum over one table's column must be the same before and after the joins."""
    from sqlglot import exp

    known = {n.lower(): (n, {c.lower() for c in cs}) for n, cs in columns.items()}
    sides = [select.args["from_"].this, *(j.this for j in select.args["joins"])]
    tables = {t.alias_or_name: t for t in sides if isinstance(t, exp.Table)}
    found = []
    for total in select.find_all(exp.Sum):
        inside = list(total.this.find_all(exp.Column))
        owners = {_owner(c, tables, known) for c in inside}
        if len(owners) != 1 or None in owners or total.find_ancestor(exp.Select) is not select or total.find_ancestor(exp.Window):
            continue
        alias = str(owners.pop())
        alone = exp.select(f"sum({total.this.sql(dialect=technology.sqlglot)})", dialect=technology.sqlglot).from_(
            tables[alias].copy()
        )
        if root is not None:
            alone.set("with_", root.copy())
        joined = _counted(select, root, len(select.args["joins"]))
        joined.set("expressions", [total.copy()])
        sql, name = [q.sql(dialect=technology.sqlglot, comments=False) for q in (alone, joined)], total.sql(comments=False)
        found.append(
            Question(
                Expectation(f"{name}: the same before and after the joins", "sum", sql[0], sql[1]),
                f"{name}: {{left}} before and after the joins",
                f"{name}: {{left}} in {tables[alias].name}, {{right}} after the joins",
            )
        )
    return found


def _owner(column: Any, tables: Mapping[str, Any], known: Mapping[str, tuple[str, set[str]]]) -> str | None:
    if column.table:
        return column.table if column.table in tables else None
    having = [a for a, t in tables.items() if column.name.lower() in known.get(t.name.lower(), ("", set()))[1]]
    return having[0] if len(having) == 1 else None


def _declared(schema: Any, technology: type[Technology], known: Mapping[str, str]) -> list[Question]:
    """Keys, references and NOT NULL that a DDL declares on a table of the case, measured on the case's rows."""
    from sqlglot import exp

    table = known.get(schema.this.name.lower())
    if table is None:
        return []
    q, place = technology.quote, f"source.{technology.quote(table)}"
    keys: list[list[str]] = [[e.name for e in k.expressions] for k in schema.find_all(exp.PrimaryKey)]
    keys += [
        [e.name for e in k.this.expressions]
        for k in schema.find_all(exp.UniqueColumnConstraint)
        if isinstance(k.this, exp.Schema)
    ]
    found = []
    for column in schema.find_all(exp.ColumnDef):
        kinds = [c.kind for c in column.constraints]
        keys += [[column.name] for k in kinds if isinstance(k, exp.PrimaryKeyColumnConstraint | exp.UniqueColumnConstraint)]
        filled = exp.NotNullColumnConstraint | exp.PrimaryKeyColumnConstraint
        if any(isinstance(k, filled) and not k.args.get("allow_null") for k in kinds):
            name = f"{table}.{column.name} is declared NOT NULL"
            nulls = f"SELECT count(*) FROM {place} WHERE {q(column.name)} IS NULL"
            promise = Expectation(name, "rows", nulls, "SELECT 0")
            found.append(Question(promise, f"{name}: no row is empty", f"{name}: {{left}} rows are empty", alone=True))
        found += [_reference(table, [column.name], k.this, technology, known) for k in kinds if isinstance(k, exp.Reference)]
    for key in keys:
        listed, name = ", ".join(map(q, key)), f"{table}: the declared key ({', '.join(key)})"
        every, once = f"SELECT count(*) FROM {place}", f"SELECT count(*) FROM (SELECT DISTINCT {listed} FROM {place}) AS x"
        good, bad = f"{name} holds in all {{left}} rows", f"{name} has {{right}} values in {{left}} rows"
        found.append(Question(Expectation(name, "unique", every, once), good, bad, alone=True))
    for foreign in schema.find_all(exp.ForeignKey):
        found.append(_reference(table, [e.name for e in foreign.expressions], foreign.args["reference"].this, technology, known))
    return [x for x in found if x]


def _reference(table: str, own: list[str], there: Any, technology: type[Technology], known: Mapping[str, str]) -> Any:
    named = [e.name for e in there.expressions]
    target = known.get((there.this if named else there).name.lower())
    if target is None or (named and len(named) != len(own)):
        return None
    q = technology.quote
    same = " AND ".join(f"p.{q(b)} = c.{q(a)}" for a, b in zip(own, named or own, strict=True))
    filled = " AND ".join(f"c.{q(a)} IS NOT NULL" for a in own)
    missing = f"NOT EXISTS (SELECT 1 FROM source.{q(target)} AS p WHERE {same})"
    orphans = f"SELECT count(*) FROM source.{q(table)} AS c WHERE {filled} AND {missing}"
    name = f"{table} ({', '.join(own)}) refers to {target}"
    promise = Expectation(name, "orphans", orphans, "SELECT 0")
    return Question(promise, f"{name}: no orphan", f"{name}: {{left}} rows are orphans", alone=True)
