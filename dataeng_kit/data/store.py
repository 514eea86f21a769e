"""The embedded store: grids become typed DuckDB tables whose every conversion was counted."""

from __future__ import annotations

import contextlib
import csv
import itertools
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dataeng_kit.data.engines.embedded import Embedded
from dataeng_kit.data.files.grid import Grid, as_text
from dataeng_kit.data.kinds import Count, Decision, convert_sql, decide, kind
from dataeng_kit.data.naming import columns as column_names
from dataeng_kit.data.typed import HOWS, Blocks, asked, count, decide_all, expression, unconverted
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Column, DeclaredKey, Reading
from dataeng_kit.run import Run

_WIDE, _MOST_COLUMNS = 500, 20_000
"""Columns loaded together: the engine holds 2,048 values of each; the blocks of a wider table are joined by position."""
_NULL, _DISK = "\\N", '"_disk"."main".'
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


def _on_disk(relation: str) -> bool:
    return relation.startswith(_DISK)


@dataclass(frozen=True)
class Loaded:
    """One table now in an engine: what it is called inside its file, where it lies, how it was read."""

    suffix: str
    relation: str
    columns: tuple[Column, ...]
    reading: Reading
    declared: tuple[DeclaredKey, ...] = ()
    comment: str = ""
    has_header: bool = True
    view: bool = False
    foreign: bool = False
    named_alone: bool = False
    """The suffix is the whole name: a table of a database."""

    def linked(self, key: DeclaredKey) -> Loaded:
        """Return the same table with one more declared key."""
        return replace(self, declared=(*self.declared, key))

    def noted(self, problems: Sequence[str]) -> Loaded:
        """Return the same table with more problems to tell."""
        return replace(self, reading=replace(self.reading, problems=(*self.reading.problems, *problems)))

    def named(self, suffix: str, packing: str) -> Loaded:
        """Return the same table under another suffix, with how its file was packed."""
        evidence = (f"taken out of {packing}", *self.reading.evidence) if packing else self.reading.evidence
        return replace(self, suffix=suffix, reading=replace(self.reading, evidence=evidence))


@dataclass
class Store:
    """Loads tables into one embedded engine; relations get numbered names until the case names them."""

    engine: Embedded
    _number: int = 0

    @property
    def scratch(self) -> Path:
        """Return the engine's scratch folder, which ends with the engine."""
        return Path(self.engine.scratch)

    def number(self) -> int:
        """Return a number not used before, for names in the scratch folder and the engine."""
        self._number += 1
        return self._number

    def fresh(self, large: bool = False) -> str:
        """Return a quoted relation name not used before; a *large* table lies in a database on disk."""
        name = self.engine.quote(f"_read_{self.number()}")
        if not large:
            return name
        self.engine.run(f"ATTACH IF NOT EXISTS {self.literal(str(self.scratch / 'large.duckdb'))} AS _disk")
        return f"{_DISK}{name}"

    def literal(self, value: object) -> str:
        """Return a literal in the engine's notation."""
        return self.engine.technology.literal(value)

    def load(
        self, grid: Grid, types: Mapping[str, str], options: Mapping[str, Any], run: Run, further: Iterable[list[str]] = ()
    ) -> Loaded:
        """Return the typed table of a grid and of the *further* rows; *types* (column → type), *options*: the user's word."""
        width = max(grid.width, 1)
        if width > _MOST_COLUMNS:
            raise KitError(f"The table has {width:,} columns", f"Up to {_MOST_COLUMNS:,} are read; turn columns into rows first")
        with self._narrow(width):
            return self._load(grid, width, types, options, run, further)

    @contextlib.contextmanager
    def _narrow(self, width: int) -> Iterator[None]:
        """Work with one thread on very wide tables: each thread holds some thousand values of every column."""
        if width > _WIDE:
            self.engine.run("SET threads=1")
        try:
            yield
        finally:
            if width > _WIDE:
                self.engine.run("RESET threads")

    def _load(
        self, grid: Grid, width: int, types: Mapping[str, str], options: Mapping[str, Any], run: Run, further: Iterable[list[str]]
    ) -> Loaded:
        names = column_names(grid.header or [""] * width)
        rows, problems = 0, list[str]()
        decided: list[Decision] = []
        if grid.width:
            raw = self._write(names, itertools.chain(grid.rows, further), run, large=grid.large)
            relation, decided, problems = self.convert(raw, types, options, grid.comma_file, run, large=grid.large)
            rows = self.rows(relation, run)
        else:
            relation = self.fresh()
            self.engine.run(f"CREATE TABLE {relation} ({self.engine.quote(names[0])} VARCHAR)", run)
        columns, reading = self.describe(relation, decided) if decided else (), grid.reading(rows, problems)
        return Loaded(grid.suffix, relation, columns, reading, has_header=bool(columns) and grid.header is not None)

    def insert(self, names: Sequence[str], types: Sequence[str], blocks: Iterable[Sequence[Sequence[Any]]], run: Run) -> Loaded:
        """Return a table of rows that come in blocks from a connection; its declared *types* are kept where values agree."""
        names = column_names(names)
        rows = ([_NULL if v is None else as_text(v) for v in row] for block in blocks for row in block)
        declared = {n: t for n, t in zip(names, types, strict=True) if t in HOWS}
        with self._narrow(len(names)):
            raw = self._write(names, rows, run, null=_NULL)
            relation, decided, problems = self.convert(raw, declared, {}, False, run, declared=True)
        loaded = self.counted(relation, Reading("database", problems=tuple(problems)), run)
        return replace(loaded, columns=self.describe(relation, decided))

    def register(self, frame: Any, run: Run) -> str:
        """Return a table with a copy of an in-memory frame."""
        relation = self.fresh()
        self.engine.register(frame, relation, run)
        return relation

    def parquet(self, file: Path, reading: Reading, run: Run) -> Loaded:
        """Return the table of a Parquet copy, which is then removed."""
        relation = self.fresh()
        self.engine.run(f"CREATE TABLE {relation} AS SELECT * FROM read_parquet({self.literal(str(file))})", run)
        file.unlink()
        return self.counted(relation, reading, run)

    def counted(self, relation: str, reading: Reading, run: Run) -> Loaded:
        """Return a loaded relation with its rows counted."""
        rows = self.rows(relation, run)
        return Loaded("", relation, self.engine.columns(relation), replace(reading, records=rows, rows=rows))

    def rows(self, relation: str, run: Run) -> int:
        """Return the number of rows of a relation."""
        return int(self.engine.value(f"SELECT count(*) FROM {relation}", run))

    def _write(
        self, names: Sequence[str], rows: Iterable[Sequence[str]], run: Run, null: str = "", large: bool = False
    ) -> Blocks:
        """Load rows of text, through one file for every block of columns; return relation → its columns."""
        number, longest = self.number(), 0
        blocks = {self.fresh(large): names[at : at + _WIDE] for at in range(0, len(names), _WIDE)}
        files = [self.scratch / f"{number}-{i}.csv" for i in range(len(blocks))]
        with contextlib.ExitStack() as stack:
            outs = [stack.enter_context(f.open("w", encoding="utf-8", errors="replace", newline="")) for f in files]
            writers = [csv.writer(o, quoting=csv.QUOTE_ALL, lineterminator="\n") for o in outs]
            for row in rows:
                for i, writer in enumerate(writers):
                    writer.writerow(row[i * _WIDE : (i + 1) * _WIDE] if len(writers) > 1 else row)
                longest = max(longest, sum(map(len, row)))
        run.check("loading")
        lines = f", max_line_size={longest * 8}, buffer_size={longest * 16}" if longest > 200_000 else ""
        for (relation, columns), file in zip(blocks.items(), files, strict=True):
            fields = ", ".join(f"{self.literal(n)}: 'VARCHAR'" for n in columns)
            self.engine.run(
                f"CREATE TABLE {relation} AS SELECT * FROM read_csv({self.literal(str(file))}, "
                f"auto_detect=false, header=false, delim=',', quote='\"', "
                f"escape='\"', columns={{{fields}}}, strict_mode=true, new_line='\\n', "
                f"nullstr={self.literal(null)}, parallel={'true' if longest < 2000 else 'false'}{lines})",
                run,
            )
            file.unlink()
        return blocks

    def convert(
        self,
        raw: Blocks,
        types: Mapping[str, str],
        options: Mapping[str, Any],
        comma_file: bool,
        run: Run,
        declared: bool = False,
        large: bool = False,
    ) -> tuple[str, list[Decision], list[str]]:
        """Turn *raw* text into one typed relation; return it, the decision per column and the problems.

        A conversion that would lose a value is not made.
        """
        decided = decide_all(self.engine, raw, types, options, comma_file, declared, run)
        of = dict(zip((n for names in raw.values() for n in names), decided, strict=True))
        typed = []
        for relation, names in raw.items():
            typed.append(self.fresh(large))
            body = ", ".join(f"{expression(self.engine, n, of[n])} AS {self.engine.quote(n)}" for n in names)
            self.engine.run(f"CREATE TABLE {typed[-1]} AS SELECT {body} FROM {relation}; DROP TABLE {relation}", run)
        target = typed[0]
        if len(typed) > 1:
            target = self.fresh(large)
            self.engine.run(f"CREATE TABLE {target} AS SELECT * FROM {' POSITIONAL JOIN '.join(typed)}", run)
            self.engine.run("; ".join(f"DROP TABLE {t}" for t in typed))
        return target, decided, [f"column '{n}': {d.problem}" for n, d in of.items() if d.problem]

    def append(self, relation: str, rows: Sequence[Sequence[str]], names: Sequence[str], run: Run) -> None:
        """Add text rows to a table of text columns."""
        if rows:
            more = self._write(names, rows, run)
            self.engine.run(f"INSERT INTO {relation} SELECT * FROM {' POSITIONAL JOIN '.join(more)}", run)
            self.engine.run("; ".join(f"DROP TABLE {m}" for m in more))

    def settle(
        self, relation: str, names: Sequence[str], options: Mapping[str, Any], comma_file: bool, run: Run
    ) -> tuple[str, dict[str, Decision], list[str]]:
        """Type the text columns *names* of a loaded table on all their values; return (relation, decisions, problems)."""
        decided = dict(zip(names, decide_all(self.engine, {relation: names}, {}, options, comma_file, False, run), strict=True))
        changed = [n for n, d in decided.items() if d.type != "text"]
        if changed:
            target = self.fresh(_on_disk(relation))
            replaced = ", ".join(f"{expression(self.engine, n, decided[n])} AS {self.engine.quote(n)}" for n in changed)
            self.engine.run(f"CREATE TABLE {target} AS SELECT * REPLACE ({replaced}) FROM {relation}", run)
            self.engine.run(f"DROP TABLE {relation}")
            relation = target
        return relation, decided, [f"column '{n}': {d.problem}" for n, d in decided.items() if d.problem]

    def describe(self, relation: str, decided: Sequence[Decision]) -> tuple[Column, ...]:
        """Return the columns of a relation with the evidence of their types."""
        return tuple(replace(c, evidence=d.evidence) for c, d in zip(self.engine.columns(relation), decided, strict=True))

    def rename(self, loaded: Loaded, name: str) -> str:
        """Give a loaded relation its final name and return it, quoted."""
        schema, _, _ = loaded.relation.rpartition('."_read_')
        final = self.engine.quote(name)
        self.engine.run(f"ALTER {'VIEW' if loaded.view else 'TABLE'} {loaded.relation} RENAME TO {final}")
        return f"{schema}.{final}" if schema else final

    def unite(self, parts: Sequence[Loaded], keys: Sequence[Mapping[str, str]], run: Run) -> str:
        """Return the relation of all parts under one another, columns matched by name; *keys* are each part's constants."""
        target = self.fresh(any(_on_disk(p.relation) for p in parts))
        views = all(p.view for p in parts)
        how: dict[str, Decision] = {}
        for key in dict.fromkeys(k for held in keys for k in held):
            values = [held[key].strip() for held in keys if held.get(key, _NO_VALUE) != _NO_VALUE]
            found = {k: Count(n, length=4) for k, n in Counter(map(kind, values)).items()}
            plain = found.keys() <= {"integer"} or found.keys() <= {"date"} or found.keys() <= {"stamp"}
            how[key] = decide(found) if plain else Decision("text")
        selects = []
        for part, held in zip(parts, keys, strict=True):
            given = {k: self.literal(v) if v != _NO_VALUE else "NULL" for k, v in held.items()}
            more = [f"{convert_sql(given.get(k, 'NULL'), d)} AS {self.engine.quote(k)}" for k, d in how.items()]
            selects.append(f"SELECT {', '.join(['*', *more])} FROM {part.relation}")
        body = " UNION ALL BY NAME ".join(selects)
        self.engine.run(f"CREATE {'VIEW' if views else 'TABLE'} {target} AS {body}", run)
        for part in () if views else parts:
            self.engine.run(f"DROP {'VIEW' if part.view else 'TABLE'} {part.relation}")
        return target

    def retype(self, relation: str, columns: Sequence[Column], name: str, type: str, run: Run) -> tuple[str, tuple[Column, ...]]:
        """Return the relation with one column read as *type* instead; raises `KitError` when values would be lost."""
        old = next(c for c in columns if c.name == name)
        raw, quoted = self.fresh(), self.engine.quote(name)
        self.engine.run(f"CREATE TABLE {raw} AS SELECT CAST({quoted} AS VARCHAR) AS {quoted} FROM {relation}", run)
        decision = asked(type, count(self.engine, raw, [name], run)[0])
        if bad := unconverted(self.engine, raw, {name: decision}, run).get(name, 0):
            raise KitError(f"{bad:,} values of '{name}' are no {type}", f"Leave it {old.type}, or mend the values")
        self.engine.run(f"DROP TABLE {raw}")
        typed = expression(self.engine, name, decision).replace(quoted, f"CAST({quoted} AS VARCHAR)")
        target = self.fresh(_on_disk(relation))
        self.engine.run(f"CREATE TABLE {target} AS SELECT * REPLACE ({typed} AS {quoted}) FROM {relation}", run)
        view = self.engine.value(f"SELECT count(*) FROM duckdb_views() WHERE view_name = {self.literal(relation[1:-1])}")
        own = relation.removeprefix(_DISK)
        self.engine.run(f"DROP {'VIEW' if view else 'TABLE'} {relation}; ALTER TABLE {target} RENAME TO {own}")
        fresh = {c.name: c for c in self.engine.columns(relation)}
        return relation, tuple(replace(fresh[c.name], evidence="as you said" if c.name == name else c.evidence) for c in columns)

    def clean(self) -> None:
        """Remove the scratch copies that nothing reads any more."""
        for file in self.scratch.glob("*.csv"):
            file.unlink()

    def close(self) -> None:
        """Close the engine and remove every scratch copy."""
        self.engine.close()
        shutil.rmtree(self.scratch, ignore_errors=True)
