"""The SQL of the landing pipeline: idempotent upserts by key or row hash, refused rows in quarantine, a watermark per table."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.advice.increments import OVERLAP, Increment
from dataeng_kit.design.sql import REJECT, SOURCE
from dataeng_kit.design.words import unique
from dataeng_kit.nouns import Expectation
from dataeng_kit.technologies.base import Technology

SCHEMA = "landing"


@dataclass(frozen=True)
class Landing:
    """One case's landing tables in one technology; they keep the source's names, so that the models load from either."""

    technology: type[Technology]
    increments: tuple[Increment, ...]

    def _q(self, name: str) -> str:
        return self.technology.quote(self.technology.fit(name))

    def table(self, name: str) -> str:
        """Return a landing table."""
        return f"{SCHEMA}.{self._q(name)}"

    def source(self, name: str) -> str:
        """Return a source table."""
        return f"{SOURCE}.{self._q(name)}"

    def stage(self, name: str) -> str:
        """Return the staged increment of a table."""
        return f"{SCHEMA}.{self._q('stage_' + name)}"

    @staticmethod
    def extra(i: Increment) -> tuple[str, str]:
        """Return the names of the two columns a landing table adds: the row's hash and its occurrence among equal rows."""
        own = [c.name for c in i.table.profile.columns]
        return unique("row_hash", own), unique("row_occurrence", own)

    def reject(self, i: Increment) -> str:
        """Return the name of the staged column that says why a row is refused."""
        return self._q(unique(REJECT, [c.name for c in i.table.profile.columns]))

    def tables(self) -> str:
        """Return the DDL; running it again changes nothing."""
        text, day, big = (self.technology.type_name(t) for t in ("text", "datetime", "integer"))
        parts = [
            f"CREATE SCHEMA IF NOT EXISTS {SCHEMA};",
            f"CREATE TABLE IF NOT EXISTS {SCHEMA}.watermark (table_name {text} PRIMARY KEY, "
            f"high_water {day}, rows_read {big} NOT NULL);",
            f"CREATE TABLE IF NOT EXISTS {SCHEMA}.quarantine (table_name {text} NOT NULL, "
            f"reason {text} NOT NULL, row_hash {text} NOT NULL,"
            f" row_occurrence {big} NOT NULL, row_data {text} NOT NULL, PRIMARY KEY (table_name, row_hash, row_occurrence));",
        ]
        return "\n\n".join(parts + [self._create(i) for i in self.increments]) + "\n"

    def _create(self, i: Increment) -> str:
        digest, nth = self.extra(i)
        columns = [
            f"{self._q(c.name)} {self.technology.type_name(c.type)}" + (" NOT NULL" if c.name in i.key else "")
            for c in i.table.profile.columns
        ]
        columns += [
            f"{digest} {self.technology.type_name('text')} NOT NULL",
            f"{nth} {self.technology.type_name('integer')} NOT NULL",
        ]
        key = ", ".join(map(self._q, i.key)) if i.key else f"{digest}, {nth}"
        body = ",\n  ".join([*columns, f"PRIMARY KEY ({key})"])
        return f"CREATE TABLE IF NOT EXISTS {self.table(i.table.name)} (\n  {body}\n);"

    def load(self) -> str:
        """Return the load of every table in order."""
        return "\n\n".join(self.one(i) for i in self.increments) + "\n"

    def one(self, i: Increment) -> str:
        """Return the load of one table: stage, upsert what differs, refuse with a reason, move the watermark."""
        name, (digest, nth) = i.table.name, self.extra(i)
        head = self.technology.comment(f"{name}: {i.why}")
        reason = self._reason(i)
        where = self._where(i)
        inner = f"SELECT s.*, md5({self.technology.row_as_json('s')}) AS {digest}\n  FROM {self.source(name)} AS s{where}"
        ranked = f"SELECT y.*, row_number() OVER (PARTITION BY {digest} ORDER BY {digest}) AS {nth} FROM (\n  {inner}) AS y"
        return "\n".join(
            [
                head,
                f"DROP TABLE IF EXISTS {self.stage(name)};",
                f"CREATE TABLE {self.stage(name)} AS\nSELECT x.*, {reason} AS {self.reject(i)}\nFROM ({ranked}) AS x;",
                self._upsert(i),
                self._refuse(i),
                self._mark(i),
            ]
        )

    def _where(self, i: Increment) -> str:
        if not i.watermark:
            return ""
        day = self.technology.type_name("datetime")
        column = f"s.{self._q(i.watermark)}"
        mine = f"w.table_name = {self.technology.literal(i.table.name)}"
        since = f"(SELECT max(w.high_water) FROM {SCHEMA}.watermark AS w WHERE {mine})"
        after = f"coalesce({since}, CAST('1000-01-01' AS {day})) - INTERVAL '{OVERLAP} days'"
        return f"\n  WHERE {column} IS NULL OR {column} >= {after}"

    def _reason(self, i: Increment) -> str:
        if not i.key:
            return f"CAST(NULL AS {self.technology.type_name('text')})"
        digest, nth = self.extra(i)
        keys = ", ".join(f"x.{self._q(k)}" for k in i.key)
        cases = [f"WHEN x.{self._q(k)} IS NULL THEN {self.technology.literal(f'{k} is missing')}" for k in i.key]
        why = self.technology.literal(f"repeats the key {', '.join(i.key)}")
        cases.append(f"WHEN row_number() OVER (PARTITION BY {keys} ORDER BY x.{digest}, x.{nth}) > 1 THEN {why}")
        return f"CASE {' '.join(cases)} END"

    def _upsert(self, i: Increment) -> str:
        digest, nth = self.extra(i)
        reject = self.reject(i)
        own = [self._q(c.name) for c in i.table.profile.columns]
        names = [*own, digest, nth]
        key = ", ".join(map(self._q, i.key)) if i.key else f"{digest}, {nth}"
        sets = ", ".join(f"{n} = excluded.{n}" for n in names if n not in map(self._q, i.key))
        update = f"DO UPDATE SET {sets}\nWHERE {self._q(i.table.name)}.{digest} <> excluded.{digest}" if i.key else "DO NOTHING"
        columns = ", ".join(names)
        rows = f"SELECT {columns} FROM {self.stage(i.table.name)} WHERE {reject} IS NULL"
        return f"INSERT INTO {self.table(i.table.name)} ({columns})\n{rows}\nON CONFLICT ({key}) {update};"

    def _refuse(self, i: Increment) -> str:
        (digest, nth), reject = self.extra(i), self.reject(i)
        values = f"{self.technology.literal(i.table.name)}, s.{reject}, s.{digest}, s.{nth}, {self.technology.row_as_json('s')}"
        rows = f"SELECT {values}\nFROM {self.stage(i.table.name)} AS s WHERE s.{reject} IS NOT NULL"
        return f"INSERT INTO {SCHEMA}.quarantine\n{rows}\nON CONFLICT DO NOTHING;"

    def _mark(self, i: Increment) -> str:
        day = self.technology.type_name("datetime")
        high = f"CAST(NULL AS {day})"
        if i.watermark:
            column = f"CAST({self._q(i.watermark)} AS {day})"
            high = f"max(CASE WHEN {column} <= CAST(current_timestamp AS {day}) THEN {column} END)"
        name = self.technology.literal(i.table.name)
        return (
            f"INSERT INTO {SCHEMA}.watermark\nSELECT {name}, {high}, count(*) FROM {self.stage(i.table.name)}\n"
            "ON CONFLICT (table_name) DO UPDATE SET high_water = coalesce(excluded.high_water, watermark.high_water), "
            "rows_read = excluded.rows_read;"
        )

    def promises(self) -> tuple[Expectation, ...]:
        """Return the reconciliations: every source row landed or refused, and a second run that changes nothing."""
        found = []
        for i in self.increments:
            name = i.table.name
            refused = f"(SELECT count(*) FROM {SCHEMA}.quarantine WHERE table_name = {self.technology.literal(name)})"
            found.append(
                Expectation(
                    f"every row of {name} is landed or in quarantine",
                    "rows",
                    f"SELECT count(*) FROM {self.source(name)}",
                    f"SELECT (SELECT count(*) FROM {self.table(name)}) + {refused}",
                )
            )
        names = [self.table(i.table.name) for i in self.increments]
        union = " UNION ALL ".join(
            f"SELECT {self.extra(i)[0]} AS h FROM {t}" for i, t in zip(self.increments, names, strict=True)
        )
        state = f"SELECT md5(string_agg(h, '' ORDER BY h)) FROM ({union} UNION ALL SELECT row_hash FROM {SCHEMA}.quarantine) AS x"
        found.append(
            Expectation(
                f"a second run leaves all {len(names)} landing tables and the quarantine as they were", "idempotent", state, state
            )
        )
        return tuple(found)
