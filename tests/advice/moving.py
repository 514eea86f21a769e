"""Move one measured fact or one line of CLAUDE.md to another value, and the profile with it as a real delivery would."""

from dataclasses import replace

from dataeng_kit.advice.without import without
from dataeng_kit.nouns import Key
from dataeng_kit.nouns.references import parse


def moved(evidence, at, value):
    """Return the evidence in which fact or line *at* stands at *value* (a line at None is taken away)."""
    if value is None:
        return without(evidence, (at,))
    reference, _, name = at.rpartition("#")
    parts = parse(reference)
    profile = evidence.profile
    if name == "orphans":
        return replace(evidence, profile=_orphans(profile, at, value))
    tables = tuple(
        _table(t, parts[-1] if len(parts) > 1 else "", name, value) if t.name == parts[0] else t for t in profile.tables
    )
    keys = profile.foreign_keys
    if name == "rows":
        old = profile.table(parts[0]).rows
        grown = value / max(1, old)
        keys = tuple(
            replace(k, children_max=round(k.children_max * grown), children_p50=k.children_p50 * grown)
            if k.table == parts[0]
            else k
            for k in keys
        )
    return replace(evidence, profile=replace(profile, tables=tables, foreign_keys=keys))


def _orphans(profile, at, value):
    """More orphans than half the rows are no reference any more: the profile would have refused it."""
    keys = []
    for k in profile.foreign_keys:
        if k.fact != at:
            keys.append(k)
        elif value <= profile.table(k.table).rows / 2:
            keys.append(replace(k, orphans=int(value), orphan_values=min(k.orphan_values or 1, int(value))))
    return replace(profile, foreign_keys=tuple(keys))


def _table(t, column, name, value):
    if name == "rows" and not column:
        grown = value / max(1, t.rows)
        columns = tuple(replace(c, rows=int(value), distinct=_kept(c, t, value), nulls=round(c.nulls * grown)) for c in t.columns)
        time = replace(t.time, rows_per_day=t.time.rows_per_day * grown) if t.time else None
        return replace(t, rows=int(value), columns=columns, time=time)
    columns = tuple(_column(c, name, value) if c.name == column else c for c in t.columns)
    t = replace(t, columns=columns)
    if t.time and t.time.column == column and name in ("min", "max"):
        t = replace(t, time=replace(t.time, **{"start" if name == "min" else "end": str(value)}))
    if t.time and t.time.column == column and name == "nulls" and value >= t.rows:
        t = replace(t, time=None)
    if t.primary_key and column in t.primary_key:
        now = t.column(column)
        repeats = max(0, now.filled - now.distinct) if t.primary_key == (column,) else 0
        if now.nulls or repeats:
            broken = Key(t.primary_key, t.rows, repeats=repeats, nulls=now.nulls)
            t = replace(t, primary_key=None, candidate_keys=(), almost_keys=(*t.almost_keys, broken))
    spoilt = tuple(replace(k, nulls=t.column(column).nulls) if column in k.columns else k for k in t.almost_keys if column)
    return replace(t, almost_keys=spoilt) if spoilt else t


def _kept(c, t, value):
    """A unique column stays unique, a column of few values keeps them."""
    return int(value) if c.distinct == t.rows else min(c.distinct, int(value))


def _column(c, name, value):
    if name == "nulls":
        return replace(c, nulls=int(value), distinct=min(c.distinct, c.rows - int(value)))
    if name in ("distinct", "min", "max", "mean"):
        return replace(c, **{name: value})
    return c


def stand(advice):
    """Return decision id → (choice, questions): what a reader would see change."""
    return {d.id: (d.choice, d.questions) for d in advice.decisions}
