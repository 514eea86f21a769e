"""Keys of one table: candidates, the chosen primary key with reasons, almost-keys, the grain and the query that proves it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from dataeng_kit.data import Source
from dataeng_kit.nouns import ColumnProfile, Key, TableProfile
from dataeng_kit.profile.names import KEYS, core, looks_described, looks_key, shared_prefix, stems
from dataeng_kit.run import Run

CONVINCING = 2.0
ALMOST = 0.99
ALMOST_SETS = 0.97
"""Share of distinct values from which a column (a set of columns) is reported as 'almost a key'."""
WIDEST, POOL = 4, 9
GLANCE = 2_000
"""A set that repeats within the first rows is refused without reading the table."""
TRIED = 4
"""Sets of one size that are estimated in a long table; the first that proves exact ends the search."""
SPOILT, COPIED = 0.01, 0.1
"""Most repeats that still leave a lone column the key that was meant; more where every repeat is a whole row's copy."""
UNLIKELY = 200
"""Rows from which one half of a bridge is not unique by chance unless its name recurs in another table."""
SHOWN = 50
"""Candidate keys of one column that are kept, best first."""
LARGE, SEQUENCE = 500_000, 50
KEYABLE = frozenset({"integer", "text", "date", "datetime", "time", "boolean"})


@dataclass(frozen=True)
class Keys:
    """What one table's search needs: its live side, its column facts, and column names seen in other tables."""

    source: Source
    table: TableProfile
    elsewhere: Collection[str]
    run: Run

    @cached_property
    def prefix(self) -> str:
        """Return the word that the table's columns share in front."""
        return shared_prefix([c.name for c in self.table.columns])

    def distinct(self, columns: Sequence[str]) -> int:
        """Return the number of distinct value combinations, counted exactly by the engine."""
        return int(self.source.engine.value(self.query(columns), self.run) or 0)

    def query(self, columns: Sequence[str]) -> str:
        """Return the query that counts the distinct combinations of *columns*."""
        names = ", ".join(self.source.engine.quote(c) for c in columns)
        return f"SELECT count(*) FROM (SELECT DISTINCT {names} FROM {self.source.relation}) AS d"

    def repeats_query(self, columns: Sequence[str]) -> str:
        """Return the query that answers 0 when *columns* identify every row."""
        return f"SELECT count(*) - ({self.query(columns)}) FROM {self.source.relation}"

    def repeats_early(self, columns: Sequence[str]) -> bool:
        """True when the first rows already repeat a combination."""
        names = ", ".join(self.source.engine.quote(c) for c in columns)
        head = f"SELECT {names} FROM {self.source.relation} LIMIT {GLANCE}"
        query = f"SELECT count(*) - (SELECT count(*) FROM (SELECT DISTINCT {names} FROM ({head}) AS h) AS d) FROM ({head}) AS h"
        return bool(self.source.engine.value(query, self.run))


def find_keys(
    source: Source, table: TableProfile, elsewhere: Collection[str], told: tuple[str, ...] | None, run: Run
) -> TableProfile:
    """Return *table* with its keys; *elsewhere* are column names of other tables, *told* is the user's own key."""
    search = Keys(source, table, elsewhere, run)
    if table.rows == 0:
        return replace(table, grain="The table is empty", grain_query="")
    table = _exact(search)
    search = replace(search, table=table)
    singles = sorted((c for c in table.columns if c.unique and c.type in KEYABLE), key=lambda c: -_score(search, c))[:SHOWN]
    candidates = [_key(search, (c.name,), _reasons(search, c)) for c in singles]
    named = told or next((d.columns for d in source.table.declared if d.kind == "primary"), None)
    chosen: tuple[str, ...] | None = None
    spoilt: Key | None = None
    reasons: tuple[str, ...] = ()
    if named and set(named) <= {c.name for c in table.columns}:
        chosen, reasons = tuple(named), ("named by you" if told else "declared by the database",)
        candidates = [_key(search, chosen, reasons)] + [c for c in candidates if c.columns != chosen]
    elif singles and _score(search, singles[0]) >= CONVINCING:
        chosen, reasons = (singles[0].name,), candidates[0].reasons
    else:
        sets, spoilt = _sets(search), _spoilt(search)
        candidates = [_key(search, s, _set_reasons(search, s)) for s in sets] + candidates
        if spoilt and not (singles and looks_key(singles[0].name)):
            sets = [s for s in sets if _splits(search, s, spoilt)]
            singles, candidates = [], [k for k in candidates if k.columns in sets] or candidates
        if sets and not _earned(search, sets[0]):
            candidates = [*candidates[len(sets) :], *candidates[: len(sets)]]
        if singles or (sets and _earned(search, sets[0])):
            chosen, reasons = candidates[0].columns, candidates[0].reasons
    return _told(search, chosen, reasons, tuple(candidates), spoilt if chosen is None else None)


def _told(
    search: Keys, chosen: tuple[str, ...] | None, reasons: tuple[str, ...], candidates: tuple[Key, ...], spoilt: Key | None
) -> TableProfile:
    first = next((k for k in candidates if k.columns == chosen), None)
    almost = _almost(search, chosen)
    if spoilt:
        almost, reasons = (spoilt, *(k for k in almost if k.columns != spoilt.columns)), spoilt.reasons
    if chosen and first and first.holds:
        grain, query, duplicates = f"One row per {', '.join(chosen)}", search.repeats_query(chosen), 0
    else:
        names = tuple(c.name for c in search.table.columns)
        query = search.repeats_query(names)
        duplicates = int(search.source.engine.value(query, search.run) or 0)
        near = f"; nearly one row per {', '.join(almost[0].columns)}" if almost else ""
        grain = f"No column set identifies a row{near}; {duplicates:,} rows repeat another row completely"
        if spoilt:
            told = f"{spoilt.repeats:,} rows repeat a value, {duplicates:,} of them completely"
            grain = f"Nearly one row per {spoilt.columns[0]}: {told}"
    return replace(
        search.table,
        primary_key=chosen,
        key_reasons=reasons,
        candidate_keys=tuple(k for k in candidates if k.holds),
        almost_keys=tuple(k for k in (*almost, *candidates) if not k.holds),
        grain=grain,
        grain_query=query,
        duplicates=duplicates,
    )


def _exact(search: Keys) -> TableProfile:
    """Replace approximate distinct counts by exact ones wherever a column might be a key."""
    columns = []
    for column in search.table.columns:
        maybe = column.nulls == 0 and column.type in KEYABLE and column.distinct >= 0.8 * column.rows
        if column.distinct_method != "exact" and maybe:
            if column.rows > GLANCE and search.repeats_early((column.name,)):
                column = replace(column, distinct=min(column.distinct, column.rows - 1))
            else:
                column = replace(column, distinct=search.distinct((column.name,)), distinct_method="exact")
        columns.append(column)
    return replace(search.table, columns=tuple(columns))


def _score(search: Keys, column: ColumnProfile) -> float:
    """Score one complete and unique column as the primary key: position, name, type, and whether other tables repeat it."""
    score = 2.0 if column.position == 0 else max(0.0, 1.2 - 0.3 * column.position)
    if looks_key(column.name):
        score += 2.5
    elif looks_described(column.name):
        score -= 2.5
    own = set(core(column.name, search.prefix))
    if own & set(stems(search.table.name)) or own == {"id"}:
        score += 1.0
    if column.name.lower() in search.elsewhere:
        score += 1.0
    if column.position < 2 and _bridge(search) and (column.rows < UNLIKELY or column.name.lower() in search.elsewhere):
        score -= 8.0  # one half of a bridge, unique by chance in a small file
    return score + _type_score(column)


def _spoilt(search: Keys) -> Key | None:
    """Return the lone column that was meant to be the key and is spoilt by a few repeated rows, or None."""
    best: Key | None = None
    for column in sorted(search.table.columns, key=lambda c: -_score(search, c)):
        near = not column.nulls and column.rows > 10 and column.distinct >= (1 - COPIED) * column.rows / 1.1
        if (
            not near
            or column.type not in ("integer", "text")
            or not looks_key(column.name)
            or _score(search, column) < CONVINCING
        ):
            continue
        key = _key(search, (column.name,), ())
        rows = tuple(c.name for c in search.table.columns)
        if 0 < key.repeats <= COPIED * key.rows and (
            key.repeats <= SPOILT * key.rows or key.repeats == key.rows - search.distinct(rows)
        ):
            told = f"{column.name} is nearly a key: {key.repeats:,} of {key.rows:,} rows repeat a value"
            best = replace(key, reasons=(told, "the repeated rows differ in no column that would complete a key"))
            break
    return best


def _splits(search: Keys, columns: tuple[str, ...], spoilt: Key) -> bool:
    """True for a set that numbers the lines or versions within its leading column; others part the repeated rows by accident."""
    rest = [search.table.column(c) for c in columns if c not in spoilt.columns]
    line = len(rest) == 1 and rest[0].type == "integer" and rest[0].min in (0, 1) and rest[0].distinct <= SEQUENCE
    return line and set(spoilt.columns) < set(columns)


def _bridge(search: Keys) -> bool:
    """True for a table named after its two leading references, like film_category(film_id, category_id)."""
    leading = [c.name for c in search.table.columns[:2]]
    if len(leading) < 2 or not all(looks_key(n) and search.table.column(n).nulls == 0 for n in leading):
        return False
    first, second = ({w for w in core(n) if w not in KEYS} for n in leading)
    return bool(first and second) and not first & second and first | second == set(stems(search.table.name))


def _type_score(column: ColumnProfile) -> float:
    if column.type == "integer":
        dense = isinstance(column.min, int) and isinstance(column.max, int) and column.max - column.min < 1.1 * column.rows
        return 1.0 if dense and column.rows > 1 else 0.3
    if column.type == "text":
        spaced = any(" " in m for m, _ in column.masks[:1])
        return -2.0 if (column.mean_length or 0) > 40 or spaced else 0.0
    return {"date": -2.5, "datetime": -2.5, "time": -4.0}.get(column.type, -6.0)


def _reasons(search: Keys, column: ColumnProfile) -> tuple[str, ...]:
    reasons = [f"complete and unique over {column.rows:,} rows"]
    if column.position == 0:
        reasons.append("first column")
    if looks_key(column.name):
        reasons.append("named like a key")
    if column.name.lower() in search.elsewhere:
        reasons.append("the name recurs in another table")
    return tuple(reasons)


def _set_reasons(search: Keys, columns: Sequence[str]) -> tuple[str, ...]:
    return (f"together complete and unique over {search.table.rows:,} rows", "no single column is a convincing key")


def _key(search: Keys, columns: tuple[str, ...], reasons: tuple[str, ...]) -> Key:
    rows = search.table.rows
    nulls = sum(search.table.column(c).nulls for c in columns)
    single = search.table.column(columns[0])
    exact = len(columns) == 1 and single.distinct_method == "exact" and not single.nulls
    distinct = single.distinct if exact else search.distinct(columns)
    return Key(columns, rows, rows - distinct, nulls, reasons, search.repeats_query(columns))


def _sets(search: Keys) -> list[tuple[str, ...]]:
    """Return the unique column sets of two to four columns, best first."""
    complete = [c for c in search.table.columns if c.nulls == 0 and c.type in KEYABLE and c.distinct > 1]
    pool = sorted(complete, key=lambda c: (-_part(search, c), c.position))[:POOL]
    pool = sorted(pool, key=lambda c: c.position)
    free = [c for c in pool if not c.unique]
    glance = Glance(search, pool)
    found: list[tuple[ColumnProfile, ...]] = []
    for size in range(2, WIDEST + 1):
        search.run.step(f"looking for keys of {search.table.name}", size, WIDEST)
        open_ = [s for s in itertools.combinations(free, size) if not any(set(f) <= set(s) for f in found)]
        found += glance.unique([s for s in open_ if _room(s) >= search.table.rows])
        if found and search.table.rows > LARGE:
            break
    return [tuple(c.name for c in s) for s in sorted(_widened(search, glance, found, pool), key=lambda s: -_set_score(search, s))]


def _room(columns: Sequence[ColumnProfile]) -> float:
    return math.prod(c.distinct * (1.0 if c.distinct_method == "exact" else 1.15) for c in columns)


class Glance:
    """The first rows of a table: they refuse most sets at once; what passes is estimated, then counted exactly."""

    def __init__(self, search: Keys, pool: Sequence[ColumnProfile]) -> None:
        self.search = search
        names = ", ".join(search.source.engine.quote(c.name) for c in pool)
        query = f"SELECT {names} FROM {search.source.relation} LIMIT {GLANCE}"
        rows = search.source.engine.run(query, search.run) if pool else []
        self._columns = {c.name: [row[i] for row in rows] for i, c in enumerate(pool)}
        self._rows = len(rows)

    def unique(self, sets: Sequence[tuple[ColumnProfile, ...]]) -> list[tuple[ColumnProfile, ...]]:
        """Return the sets that identify every row."""
        passed = [s for s in sets if len(set(zip(*(self._columns[c.name] for c in s), strict=True))) == self._rows]
        rows = self.search.table.rows
        if rows <= GLANCE:
            return passed
        best = sorted(passed, key=lambda s: -_set_score(self.search, s))
        if rows <= LARGE:
            return [s for s in best[: 4 * TRIED] if self._proved(s)]
        return list(itertools.islice(filter(self._proved, self._likely(best[:TRIED])), 1))

    def _proved(self, columns: Sequence[ColumnProfile]) -> bool:
        return self.search.distinct([c.name for c in columns]) == self.search.table.rows

    def _likely(self, sets: Sequence[tuple[ColumnProfile, ...]]) -> list[tuple[ColumnProfile, ...]]:
        engine = self.search.source.engine
        if not sets or engine.technology.facts.get("distinct_approx", "") is None:
            return list(sets)
        counts = [f"approx_count_distinct(hash({', '.join(engine.quote(c.name) for c in s)}))" for s in sets]
        row = engine.run(f"SELECT {', '.join(counts)} FROM {self.search.source.relation}", self.search.run)[0]
        return [s for s, n in zip(sets, row, strict=True) if n >= 0.85 * self.search.table.rows]


def _widened(
    search: Keys, glance: Glance, found: Sequence[tuple[ColumnProfile, ...]], pool: Sequence[ColumnProfile]
) -> list[tuple[ColumnProfile, ...]]:
    """Add what a small file hides: a minimal set that is unique by chance, completed by the table's leading columns."""
    sets = dict.fromkeys(found)
    leading = pool[0] if pool and pool[0].position == 0 else None
    if leading and (not leading.unique or _bridge(search)):
        for columns in found:
            if leading not in columns and len(columns) < WIDEST:
                sets[(leading, *columns)] = None
        for columns in found:
            gap = [c for c in pool if c not in columns and c.position < columns[-1].position and looks_key(c.name)]
            if gap and leading in columns and len(columns) + len(gap) <= WIDEST and _by_chance(search, columns):
                sets[tuple(sorted((*columns, *gap), key=lambda c: c.position))] = None
                del sets[columns]
        for size in range(2, WIDEST + 1):
            prefix = tuple(pool[:size])
            whole = len(prefix) == size and prefix[-1].position == size - 1 and _room(prefix) >= search.table.rows
            if any(set(f) < set(prefix) and not _by_chance(search, f) for f in found):
                break  # a smaller set is a key on good evidence
            if whole and (any(c.unique for c in prefix) or glance.unique([prefix])):
                sets[prefix] = None
                break
    return list(sets)


def _earned(search: Keys, names: Sequence[str]) -> bool:
    """True unless a set without the leading column and without a key's name is unique only because its columns vary."""
    columns = [search.table.column(n) for n in names]
    return columns[0].position == 0 or any(looks_key(n) for n in names) or not _by_chance(search, columns)


def _by_chance(search: Keys, columns: Sequence[ColumnProfile]) -> bool:
    """True when independent columns with so many values would hardly ever repeat: rows² / 2 ÷ combinations ≤ 3."""
    return search.table.rows**2 / 2 <= 3 * math.prod(c.distinct for c in columns)


def _part(search: Keys, column: ColumnProfile) -> float:
    """Score one column as a part of a composite key."""
    score = -0.1 * column.position
    if looks_key(column.name):
        score += 1.5
    elif looks_described(column.name) and column.type not in ("date", "datetime"):
        score -= 1.5
    if column.name.lower() in search.elsewhere:
        score += 1.0
    if column.type == "text" and (column.mean_length or 0) > 30:
        score -= 3
    if search.table.rows > LARGE and column.type == "integer" and column.min in (0, 1) and 1 < column.distinct <= SEQUENCE:
        score += 2.5  # a line number within the other columns is proved first, since each proof reads a long table
    return score + {"date": 0.8, "datetime": 0.8, "integer": 0.5, "boolean": -2.0}.get(column.type, 0.0)


def _set_score(search: Keys, columns: Sequence[ColumnProfile]) -> float:
    leads = [c.position for c in columns] == list(range(len(columns)))
    first = any(c.position == 0 for c in columns)
    return sum(_part(search, c) for c in columns) / len(columns) + 1.5 * first + 1.0 * leads - 0.4 * len(columns)


def _almost(search: Keys, chosen: tuple[str, ...] | None) -> tuple[Key, ...]:
    """Return columns, or the leading pair, that identify nearly every row."""
    keys = []
    for column in search.table.columns:
        near = (
            column.filled > 20
            and ALMOST * column.filled <= column.distinct
            and column.type in KEYABLE - {"datetime", "time", "date"}
        )
        if (
            near
            and not column.unique
            and (looks_key(column.name) or column.position == 0 or column.name.lower() in search.elsewhere)
        ):
            distinct = search.distinct((column.name,)) - bool(column.nulls)
            if distinct >= ALMOST * column.filled:
                nulls, repeats = column.nulls, column.filled - distinct
                why = (f"identifies {distinct:,} of {column.rows:,} rows",)
                keys.append(Key((column.name,), column.rows, repeats, nulls, why, search.repeats_query((column.name,))))
    if not keys and chosen is None:
        keys += _almost_pairs(search)
    return tuple(keys)


def _almost_pairs(search: Keys) -> list[Key]:
    rows = search.table.rows
    pool = sorted((c for c in search.table.columns if c.nulls == 0 and c.type in KEYABLE), key=lambda c: -_part(search, c))[:5]
    found = []
    for pair in itertools.combinations(sorted(pool, key=lambda c: c.position), 2):
        if pair[0].distinct * pair[1].distinct >= rows:
            names = tuple(c.name for c in pair)
            repeats = rows - search.distinct(names)
            if 0 < repeats <= (1 - ALMOST_SETS) * rows:
                found.append(Key(names, rows, repeats, 0, (f"{repeats:,} of {rows:,} rows repeat",), search.repeats_query(names)))
    return sorted(found, key=lambda k: k.repeats)[:3]
