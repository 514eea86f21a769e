"""What a recipe's header may ask for, and how a case meets it: its parts, its figures, views of it, the beginning of a script."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dataeng_kit.advice.bindings import Binder, Bound, customers, dated, event, family, name, people
from dataeng_kit.advice.kpis import Kpi, conflict, kpis, owner
from dataeng_kit.advice.said import place
from dataeng_kit.design.words import snake, unique
from dataeng_kit.nouns.references import fact_id, parse
from dataeng_kit.recipes import Code, render


def _kpi(b: Binder, k: Kpi) -> dict[str, Code]:
    return {
        "name": b.text(k.name), "formula": b.text(k.formula), "grain": b.text(k.grain), "filter": b.text(k.filter),
        "owner": b.text(k.owner), "table": b.of(k.table), "value": Code(f"sum({b.q(k.column)})" if k.column else "count(*)"),
        "day": b.moment(k.day),
    }  # fmt: skip


def figures(b: Binder) -> Bound | str:
    """Return the key figures of the case with their definitions; else what is missing."""
    found = kpis(b.evidence, b.tables)
    if not found:
        return "no event table with a date carries an amount that adds up"
    rows = [fact_id("rows", k.table) for k in found]
    why = f"{len(found)} figures over {', '.join(dict.fromkeys(k.table for k in found))}"
    values = {"figures": [_kpi(b, k) for k in found]}
    return Bound(values, tuple(dict.fromkeys(k.table for k in found)), (*rows, *(f for k in found for f in k.facts)), why)


def disagreement(b: Binder) -> Bound | str:
    """Return two definitions of one figure whose measured totals differ; else what is missing."""
    found = conflict(b.evidence)
    if found is None:
        return "no two columns of this case measure one thing and disagree"
    (one, a), (two, c) = found.sides
    values = {
        "one": b.of(one.table), "one_value": b.q(one.column), "one_total": a,
        "two": b.of(two.table), "two_value": b.q(two.column), "two_total": c,
        "one_name": b.text(one.name), "two_name": b.text(two.name),
    }  # fmt: skip
    return Bound(values, tuple(dict.fromkeys((one.table, two.table))), found.facts, found.why)


def span(b: Binder) -> Bound | str:
    """Return the largest table with two moments that follow one another in the same row; else what is missing."""
    pairs = []
    for law in b.evidence.profile.laws:
        ends = [parse(c) for c in law.columns]
        if law.kind == "time_order" and len(ends) == 2 and all(len(e) == 2 and e[0] == law.table for e in ends):
            columns = [b.tables[law.table].profile.column(e[1]) for e in ends]
            if all(c.type == "datetime" for c in columns):
                pairs.append((b.tables[law.table].profile.rows, law, columns))
    if not pairs:
        return "no row holds two moments of which one follows the other"
    rows, law, (first, last) = max(pairs, key=lambda p: p[0])
    values = {"table": b.of(law.table), "begin": b.moment(first.name), "end": b.moment(last.name), "backwards": law.exceptions}
    why = (
        f"{last.filled:,} of {rows:,} rows of {law.table} reach {last.name} after {first.name}; {law.exceptions:,} run backwards"
    )
    facts = (fact_id("rows", law.table), fact_id("nulls", law.table, first.name), fact_id("nulls", law.table, last.name))
    return Bound(values, (law.table,), facts, why, ())


def readable(b: Binder) -> Bound | str:
    """Return the largest event table with the names of what it refers to; else what is missing."""
    for t in b.largest():
        columns = {c.name: c for c in t.profile.columns}
        secret = {c.name for c in columns.values() if c.label and c.label.sensitive}
        if not t.dates or not t.parents:
            continue
        own = [c for c in columns if c not in secret]
        taken, names = list(own), []
        for nr, k in enumerate(t.parents):
            parent = b.tables[k.ref_table]
            hidden = {c.name for c in parent.profile.columns if c.label and c.label.sensitive}
            label = next((c for c in (*parent.of("label"), *parent.of("text")) if c not in hidden), "")
            if label and len(k.columns) == 1:
                column = unique(snake(k.ref_table, label), taken)
                taken.append(column)
                names.append((k, nr, label, column))
        values = {
            "table": b.of(t.name), "own": [b.q(c) for c in own], "secret": [b.text(c) for c in secret],
            "names": [
                {"alias": Code(f"p{nr}"), "parent": b.of(k.ref_table), "key": b.q(k.ref_columns[0]),
                 "reference": b.q(k.columns[0]),
                 "label": b.q(label), "column": b.q(column)}
                for k, nr, label, column in names
            ],
            "described": [
                *((b.text(c), b.text(f"{t.name}.{c}"), columns[c].nulls / max(1, t.profile.rows)) for c in own),
                *((b.text(new), b.text(f"{k.ref_table}.{x}"), k.orphans / max(1, t.profile.rows)) for k, _, x, new in names),
            ],
        }  # fmt: skip
        why = f"{t.profile.rows:,} rows of {t.name} with {', '.join(f'{k.ref_table}.{x}' for k, _, x, _ in names) or 'no names'}"
        why += f"; {len(secret)} sensitive columns stay out"
        keys = tuple(k.fact for k, *_ in names if k.fact)
        flips = tuple((k.fact, t.profile.rows) for k in t.parents if k.fact)
        return Bound(
            values, (t.name, *dict.fromkeys(k.ref_table for k, *_ in names)), (fact_id("rows", t.name), *keys), why, flips
        )
    return "no dated table refers to another"


def products(b: Binder) -> Bound | str:
    """Return a family as two data products with owners, measured promises and without sensitive columns; else what is missing."""
    found = family(b)
    if isinstance(found, str):
        return found
    made, names = [], []
    for table in found.tables:
        t = b.tables[table]
        secret = [c.name for c in t.profile.columns if c.label and c.label.sensitive]
        columns = [c.name for c in t.profile.columns if c.name not in secret]
        key = [c for c in t.key if c in columns]
        if not key or not set(t.key) <= set(columns):
            return f"{table} has no key that may be published"
        repeats = next((k.repeats for k in t.profile.almost_keys if k.columns == t.key), 0)
        names.append(snake(table))
        made.append({
            "name": b.q(snake(table)), "text": b.text(snake(table)), "table": b.of(table), "columns": [b.q(c) for c in columns],
            "secret": [b.text(c) for c in secret],
            "key": Code(", ".join(b.q(c) for c in key)), "key_text": b.text(", ".join(key)),
            "owner": b.text(owner(b.evidence, table)[0] or "not stated"), "repeats": repeats,
        })  # fmt: skip
    values = {**found.values, "products": made, "parent_product": b.q(names[0]), "child_product": b.q(names[1])}
    return Bound(values, found.tables, found.facts, found.why, found.flips)


class Text(Code):
    """Code that stands in a template as it is, also where others become string literals."""

    __slots__ = ()


def python(b: Binder) -> Bound | str:
    """Return the beginning of a script that opens this case."""
    return Bound({"preamble": Text(render("project/preamble", {"place": Code(repr(place(b.evidence)))}))})


def plan(b: Binder) -> Bound | str:
    """Return the body of a function that shows a query's plan; whole reads are off, so that a small table shows its index."""
    return Bound({"plan": Code(render("project/plan", {}))})


def everything(b: Binder) -> Bound | str:
    """Return all tables with their columns and keys."""
    rows = [
        (b.of(t.name), b.text(t.name), [b.q(c.name) for c in t.profile.columns], b.q(t.profile.columns[0].name))
        for t in b.largest()
        if t.profile.rows and t.profile.columns
    ]
    if not rows:
        return "every table is empty"
    why = f"{len(rows)} tables, {sum(x.profile.rows for x in b.tables.values()):,} rows"
    ids = tuple(fact_id("rows", x.name) for x in b.largest())
    return Bound({"tables": rows}, tuple(b.tables), ids, why, tuple((i, 0) for i in ids))


NEEDS: dict[str, Callable[[Binder], Bound | str]] = {
    f.__name__: f
    for f in (
        event,
        family,
        dated,
        name,
        people,
        customers,
        figures,
        disagreement,
        span,
        readable,
        products,
        plan,
        everything,
        python,
    )
}
"""Need of a recipe's header → how a case meets it, or the sentence that says why not."""


def bound(b: Binder, needs: Iterable[str]) -> tuple[list[Bound], list[str]]:
    """Return what the needs bind to, and a sentence for each that this case cannot meet."""
    found = [NEEDS[n](b) for n in needs]
    return [x for x in found if isinstance(x, Bound)], [x for x in found if isinstance(x, str)]
