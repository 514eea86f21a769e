"""The case's desk for an agent: evidence under the policy, queries on a masked copy, cells tried under their real names."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dataeng_kit.checks import copy_sources, run_cells, run_fenced
from dataeng_kit.checks.limits import LIMITS
from dataeng_kit.data import Data
from dataeng_kit.data.masked import SECONDS, Found, MaskedTable, ask_masked, write_masked
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Advice, Cell, Check, ColumnProfile, Context, Evidence, Fact, Label, Profile, TableProfile
from dataeng_kit.nouns.answer import Answer
from dataeng_kit.nouns.references import write
from dataeng_kit.privacy import Policy, mask_sql, masked_columns, visible
from dataeng_kit.privacy.gate import DOMAIN, ROWS_EACH
from dataeng_kit.run import Run
from dataeng_kit.technologies.duckdb import DuckDB

_ALIAS = re.compile(r"c\d+")
_FRAME = re.compile(r"""\bcase\.frame\(\s*(["'])(\w{1,64})\1\s*\)""")
_DAY = re.compile(r"\d{4}-\d\d-\d\d([ T].*)?")


@dataclass(frozen=True)
class _Told(Evidence):
    """Advice beside the profile that knows its tables and columns: names stay readable in sentences, values do not."""

    advice: tuple[Advice, ...] = ()
    answers: tuple[Answer, ...] = ()


class CaseDesk:
    """What an agent may see and have done for one case; ``evidence`` holds no raw value that the policy hides.

    *advise* returns the rules' advice on a topic. The masking key is made here and lives in memory only, as long as the desk.
    """

    def __init__(
        self, evidence: Evidence, data: Data, advise: Callable[[Run, str], Advice], *, scratch: str | None = None,
        seconds: float = SECONDS,
    ) -> None:  # fmt: skip
        self.policy = Policy.of(evidence.profile, evidence.inputs.policy)
        self.evidence = visible(evidence, self.policy)
        self._profile, self._data, self._rules, self._scratch = evidence.profile, data, advise, scratch
        self._seconds = seconds
        self._key = secrets.token_bytes(32)
        self._answers: dict[str, Fact] = {}
        self._copy: Path | None = None
        self._lock = threading.Lock()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the references of the columns that a request may speak of, for the ledger."""
        return tuple(r for r, level in self.policy.columns.items() if level != "nothing")

    def facts(self) -> Mapping[str, Fact]:
        """Return every citable fact by id, answers to earlier queries included."""
        return {**self.evidence.profile.by_id, **self._answers}

    def advise(self, topic: str, run: Run) -> Advice:
        """Return the rules' advice on *topic* without the values that the policy hides; raises `KitError` for a topic unknown."""
        advice = self._rules(run, topic)
        told = visible(_Told(self.evidence.name, Context(), (), self._profile, advice=(advice,)), self.policy)
        return told.advice[0]

    def shown(self, answer: Answer) -> Answer:
        """Return *answer* without the values that the policy hides: what a check met in the data may stand in its reason."""
        told = visible(_Told(self.evidence.name, Context(), (), self._profile, answers=(answer,)), self.policy)
        return told.answers[0]

    def query(self, sql: str, run: Run) -> dict[str, Any]:
        """Return columns, rows and the id of the fact that one query on the masked copy became; raises `KitError`.

        Counts from 1 to 9 become ``< 10``, days become months, and no answer holds more than 50 rows.
        """
        file = self._masked(run)
        found = ask_masked(file, sql, run, self._seconds)
        rows = self._told(sql, found)
        cut = max((t.rows for t in self._profile.tables), default=0) > LIMITS.rows
        with self._lock:
            id = f"query#{len(self._answers) + 1}"
            value = rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows
            method = f"sample of the first {LIMITS.rows} rows" if cut else "exact"
            self._answers[id] = Fact(id, value, sql, method)
        return {"fact": id, "columns": found.columns, "rows": rows, "more_rows_cut": found.more, "method": method}

    def _told(self, sql: str, found: Found) -> tuple[tuple[Any, ...], ...]:
        small = _counted(sql, len(found.columns))
        whole = set(self.policy.columns.values()) == {"values"}

        def cell(value: Any, counted: bool) -> Any:
            if whole or isinstance(value, bool):
                return value
            if counted and isinstance(value, int | float) and 0 < value < ROWS_EACH and value == int(value):
                return f"< {ROWS_EACH}"
            return value[:7] if isinstance(value, str) and _DAY.fullmatch(value) else value

        return tuple(tuple(cell(v, c) for v, c in zip(row, small, strict=True)) for row in found.rows)

    def _masked(self, run: Run) -> Path:
        with self._lock:
            if self._copy is None:
                folder = Path(tempfile.mkdtemp())
                weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
                raw = Path(copy_sources(self._data, folder / "a", None, LIMITS.rows, run))
                try:
                    write_masked(raw, folder / "b", self._tables(), run)
                finally:
                    raw.unlink(missing_ok=True)
                self._copy = folder / "b"
            return self._copy

    def _tables(self) -> Iterator[MaskedTable]:
        labels, keys = _labels(self._profile), _keys(self._profile)
        for n, table in enumerate(self._profile.tables, 1):
            at = {write(table.name, c.name): (f"c{i}", c) for i, c in enumerate(table.columns, 1)}
            plain = [(reference, DuckDB.quote(c.name)) for reference, (_, c) in at.items()]
            kept = []
            for reference, expression in masked_columns(plain, labels, self.policy, self._key):
                alias, column = at[reference]
                bare = expression == DuckDB.quote(column.name) and self.policy.columns[reference] != "values"
                kept.append((alias, self._narrow(column, expression, reference in keys) if bare else expression))
            yield MaskedTable(f"t{n}", table.name, tuple(kept))

    def _narrow(self, column: ColumnProfile, quoted: str, key: bool) -> str:
        """Return the expression of a column judged harmless: numbers and dates as they are, identifiers and rare texts not."""
        masked = mask_sql(quoted, "value", self._key)
        if column.type in ("date", "datetime", "time", "boolean") or (column.type in ("integer", "number") and not key):
            return quoted
        if column.type == "number":  # whole numbers of both types give one pseudonym
            return mask_sql(f"regexp_replace(CAST({quoted} AS VARCHAR), '[.]0+$', '')", "value", self._key)
        shown = [v for v, n in column.top if n >= ROWS_EACH] if column.distinct <= DOMAIN and not key else []
        if not shown:
            return masked
        among = ", ".join(DuckDB.literal(v) for v in shown)
        return f"CASE WHEN CAST({quoted} AS VARCHAR) IN ({among}) THEN CAST({quoted} AS VARCHAR) ELSE {masked} END"

    def check(self, cell: Cell, run: Run) -> Cell:
        """Return *cell* under the real names with what happened on a scratch copy: SQL on DuckDB, Python behind a fence."""
        if cell.language != "sql":
            return self._check_python(cell, run)
        try:
            source, reads = expanded(cell.source, self._profile.tables)
        except KitError as error:
            why = Check("failed", "sqlglot", isolation="nothing was executed", why=str(error))
            return replace(cell, check=why)
        tried = replace(cell, source=source, reads=reads)
        return replace(tried, check=run_cells((tried,), self._data, run, self._scratch)[cell.id])

    def _check_python(self, cell: Cell, run: Run) -> Cell:
        known = {f"t{n}": t.name for n, t in enumerate(self._profile.tables, 1)}
        reads = tuple(dict.fromkeys(m[2] for m in _FRAME.finditer(cell.source)))
        if unknown := [r for r in reads if r not in known]:
            why = f"There is no table {unknown[0]}. Tables: {', '.join(known)}"
            return replace(cell, check=Check("failed", "python", isolation="nothing was executed", why=why))
        source = _FRAME.sub(lambda m: f"case.frame({known[m[2]]!r})", cell.source)
        tried = replace(cell, source=source, reads=tuple(known[r] for r in reads))
        return replace(tried, check=run_fenced(tried, self._data, run))


def _labels(profile: Profile) -> dict[str, Label]:
    """Return the labels by reference, equal on both ends of a foreign key so that masked ends still join."""
    labels = {write(t.name, c.name): c.label for t in profile.tables for c in t.columns if c.label}
    for key in profile.foreign_keys:
        for child, parent in zip(key.columns, key.ref_columns, strict=False):
            ends = (write(key.table, child), write(key.ref_table, parent))
            personal = next((labels[e] for e in ends if e in labels and labels[e].sensitive), None)
            if personal:
                labels |= dict.fromkeys(ends, personal)
    return labels


def _keys(profile: Profile) -> set[str]:
    """Return the references of identifying columns: keys on one column, ends of foreign keys, and others of the same name."""
    found = {
        write(t.name, c.name) for t in profile.tables for c in t.columns
        if (c.distinct == c.filled and c.filled > DOMAIN) or (c.name,) == t.primary_key
    }  # fmt: skip
    for key in profile.foreign_keys:
        found |= {write(key.table, c) for c in key.columns} | {write(key.ref_table, c) for c in key.ref_columns}
    named = {(c.name, c.type == "text") for t in profile.tables for c in t.columns if write(t.name, c.name) in found}
    return {write(t.name, c.name) for t in profile.tables for c in t.columns if (c.name, c.type == "text") in named}


def _counted(sql: str, width: int) -> list[bool]:
    """Return for each output of a query whether a small number in it may count rows; when in doubt it may."""
    import sqlglot
    from sqlglot import exp

    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
    except sqlglot.errors.SqlglotError:
        return [True] * width
    if any(_ALIAS.fullmatch(a.alias.lower()) for a in tree.find_all(exp.Alias, exp.TableAlias)):
        return [True] * width
    outputs = tree.expressions if isinstance(tree, exp.Select) and not tree.find(exp.Star) else []
    if len(outputs) != width:
        return [tree.find(exp.AggFunc, exp.Window, exp.Anonymous) is not None or not isinstance(tree, exp.Query)] * width
    return [not (isinstance(o.unalias(), exp.Column) and _ALIAS.fullmatch(o.unalias().name.lower())) for o in outputs]


def expanded(sql: str, tables: tuple[TableProfile, ...]) -> tuple[str, tuple[str, ...]]:
    """Return *sql* with aliases (t1, c1) as the real quoted names, and the tables it reads; raises `KitError`."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.optimizer.qualify import qualify

    known = {f"t{n}": t for n, t in enumerate(tables, 1)}
    schema: dict[str, object] = {a: {f"c{i}": "VARCHAR" for i in range(1, len(t.columns) + 1)} for a, t in known.items()}
    reads: list[str] = []
    try:
        statements = [s for s in sqlglot.parse(sql, dialect="duckdb") if s]
        for at, statement in enumerate(statements):
            made = [c.name for c in statement.find_all(exp.ColumnDef)]
            query = statement if isinstance(statement, exp.Query) else statement.args.get("expression")
            if isinstance(query, exp.Query):
                _refuse_unknown(query, set(schema))
                ready = qualify(query.copy(), schema=schema, dialect="duckdb")
                made = ready.named_selects
                reads += _named(ready, known, query is statement)
                if query is statement:
                    statements[at] = ready
                else:
                    query.replace(ready)
            if isinstance(statement, exp.Create) and (target := statement.find(exp.Table)):
                schema[target.name.lower()] = dict.fromkeys(made, "VARCHAR")
        return ";\n".join(s.sql("duckdb", pretty=True) for s in statements), tuple(dict.fromkeys(reads))
    except sqlglot.errors.SqlglotError as error:
        raise KitError(f"Not understood: {str(error).splitlines()[0][:300]}", "Use t1, t1.c3 and DuckDB 2 SQL") from None


def _refuse_unknown(query: Any, known: set[str]) -> None:
    from sqlglot import exp

    local = known | {c.alias.lower() for c in query.find_all(exp.CTE)}
    for table in query.find_all(exp.Table):
        if isinstance(table.this, exp.Identifier) and table.name.lower() not in local:
            raise KitError(f"There is no table {table.name[:64]}", f"Tables: {', '.join(sorted(known))}")


def _named(query: Any, known: Mapping[str, TableProfile], shown: bool) -> list[str]:
    """Put the real names into a qualified query, in place, also over its columns when *shown*; return the tables it reads."""
    from sqlglot import exp
    from sqlglot.optimizer.scope import traverse_scope

    real_tables: dict[int, tuple[Any, str]] = {}
    for scope in traverse_scope(query):
        base = {n: s for n, s in scope.sources.items() if isinstance(s, exp.Table) and s.name.lower() in known}
        for column in scope.columns:
            table = known[base[column.table].name.lower()] if column.table in base else None
            if table and _ALIAS.fullmatch(column.name) and int(column.name[1:]) <= len(table.columns):
                real = table.columns[int(column.name[1:]) - 1].name
                outer = column.parent
                if shown and scope.expression is query and isinstance(outer, exp.Alias) and outer.alias == column.name:
                    outer.set("alias", exp.to_identifier(real, quoted=True))
                column.set("this", exp.to_identifier(real, quoted=True))
        real_tables |= {id(s): (s, known[s.name.lower()].name) for s in base.values()}
    # renamed last: an inner query may speak of a table of the outer one
    for source, name in real_tables.values():
        source.set("this", exp.to_identifier(name, quoted=True))
        source.set("db", exp.to_identifier("source"))
        source.set("catalog", None)
    return [name for _, name in real_tables.values()]
