"""How two tables join for a claim: measured foreign keys first, else a column that carries the parent key's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dataeng_kit.findings.claims.subjects import Unresolved, joined, stems
from dataeng_kit.findings.claims.verdict import Case, Verdict
from dataeng_kit.nouns import Profile, TableProfile

_ALL = r"\b(?:all|every|any)\b|anywhere|throughout|overall"


@dataclass(frozen=True)
class Link:
    """Child columns that refer to parent columns."""

    child: str
    columns: tuple[str, ...]
    parent: str
    ref_columns: tuple[str, ...]


def links(profile: Profile) -> Iterator[Link]:
    """Yield every link of the case once: foreign keys, then columns named like another table's key."""
    seen: set[tuple[str, tuple[str, ...], str]] = set()
    for key in profile.foreign_keys:
        seen.add((key.table, key.columns, key.ref_table))
        yield Link(key.table, key.columns, key.ref_table, key.ref_columns)
    for parent in profile.tables:
        for name in _key_names(parent):
            for child in profile.tables:
                for column in child.columns:
                    own = {joined(n) for n in _key_names(child)}
                    spot = (child.name, (column.name,), parent.name)
                    if (
                        child.name == parent.name
                        or spot in seen
                        or joined(column.name) not in _spoken(parent, name)
                        or joined(column.name) in own
                    ):
                        continue
                    if column.type != parent.column(name).type or any(
                        s[0] == child.name and s[1] == (column.name,) for s in seen
                    ):
                        continue
                    seen.add(spot)
                    yield Link(child.name, (column.name,), parent.name, (name,))


def _key_names(table: TableProfile) -> tuple[str, ...]:
    if table.primary_key and len(table.primary_key) == 1:
        return table.primary_key
    return tuple(c.name for c in table.columns if c.unique and "id" in joined(c.name)[-2:])


def _spoken(parent: TableProfile, key: str) -> set[str]:
    """Return the names by which other tables call a key: its own, or the table's with ``id``."""
    called = {s + "id" for s in stems(joined(parent.name.split("_")[-1]))}
    return called if joined(key) == "id" else {joined(key), *called}


def link(case: Case, child: TableProfile, parent: TableProfile) -> Link:
    """Return the one link from *child* to *parent*; raises `Unresolved` when there is none or several."""
    found = [k for k in links(case.profile) if k.child == child.name and k.parent == parent.name]
    if len(found) != 1:
        raise Unresolved(f"{'No' if not found else 'More than one'} column links {child.name} to {parent.name}")
    case.together(child.name, parent.name)
    return found[0]


def on(case: Case, key: Link, child: str, parent: str) -> str:
    """Return the join condition of a link for two aliases."""
    pairs = zip(key.columns, key.ref_columns, strict=True)
    return " AND ".join(f"{case.q(key.child, c, child)} = {case.q(key.parent, p, parent)}" for c, p in pairs)


def orphans(case: Case, key: Link) -> Verdict:
    """Return the verdict over one link: child rows whose value is missing in the parent."""
    filled = " AND ".join(f"{case.q(key.child, c, 't')} IS NOT NULL" for c in key.columns)
    missing = f"{filled} AND NOT EXISTS (SELECT 1 FROM {case.relation(key.parent)} AS p WHERE {on(case, key, 't', 'p')})"
    rule = f"{key.child}.{', '.join(key.columns)} is found in {key.parent}.{', '.join(key.ref_columns)}"
    return case.breaking(key.child, missing, rule, key.columns[0])


def no_orphans(case: Case) -> Verdict:
    """Test that references resolve: the one the sentence names, else all of them."""
    parent_text, child_text = case.terms.get("parent", ""), case.terms.get("child", "")
    if parent_text:
        parent = case.subjects.table(parent_text)
        if child_text:
            return orphans(case, _named_link(case, child_text, parent))
        column = case.subjects.column(case.claim.subject, under=case.under)
        found = [
            k
            for k in links(case.profile)
            if k.parent == parent.name and k.columns == (column.name,) and k.child == column.table.name
        ]
        if not found:
            raise Unresolved(f"{parent.name} has no key that {column.name} could refer to")
        return orphans(case, found[0])
    homes = {t.name for t in case.subjects.home(case.text, "" if re.search(_ALL, case.text, re.I) else case.under)}
    every = [k for k in links(case.profile) if (not homes or k.child in homes) and case.data.together(k.child, k.parent)]
    if not every:
        raise Unresolved("No two tables are linked")
    verdicts = [orphans(case, k) for k in every]
    worst = max(verdicts, key=lambda v: v.failing)
    if worst.failing:
        return worst
    named = "; ".join(v.evidence.split(": ")[-1] for v in verdicts[:6])
    told = f"0 orphans on {len(every)} link{'s' if len(every) > 1 else ''}: {named}"
    return Verdict("holds", told, verdicts[0].query, 0, sum(v.of for v in verdicts), verdicts[0].table, verdicts[0].column)


def _named_link(case: Case, child_text: str, parent: TableProfile) -> Link:
    try:
        column = case.subjects.column(child_text, under=case.under)
        found = [
            k
            for k in links(case.profile)
            if k.parent == parent.name and k.child == column.table.name and column.name in k.columns
        ]
        if found:
            return found[0]
    except Unresolved:
        pass  # the words name no column, so they must name a table
    return link(case, case.subjects.table(child_text), parent)
