"""k-anonymity (Sweeney 2002) of a table's quasi-identifiers: the smallest class, rows in small ones, what helps most."""

from __future__ import annotations

from collections.abc import Mapping

from dataeng_kit.data.live import Data
from dataeng_kit.nouns import Fact, Label, TableProfile
from dataeng_kit.nouns.references import fact_id, write
from dataeng_kit.profile.semantics.cards import cards
from dataeng_kit.run import Run

K = 5
"""Classes with fewer rows than this are small: the usual lower bound of health data releases is 5 or 11."""
COUNTED = 5_000_000
"""Rows up to which the classes of a table are counted without being asked."""
MOST = 6
"""More quasi-identifiers than this single out nearly every row: the measures then say so and nothing else."""
_PLACES = frozenset({"city", "postcode", "date_of_birth"})


def quasi_identifiers(table: TableProfile, labels: Mapping[str, Label]) -> tuple[str, ...]:
    """Return the columns that single people out together: gender, age, place, birth date, job …; nearly unique ones left out."""
    found = []
    for column in table.columns:
        label = labels.get(write(table.name, column.name))
        if label and (cards()[label.name].quasi or label.name in _PLACES) and 1 < column.distinct < 0.9 * max(1, column.filled):
            found.append(column.name)
    return tuple(found)


def k_anonymity(data: Data, table: TableProfile, labels: Mapping[str, Label], run: Run | None = None) -> tuple[Fact, ...]:
    """Return facts ``k``, ``rows_below_5`` and ``helps_most`` over a table's quasi-identifiers; none for fewer than two.

    *k* is the size of the smallest class of rows that agree in all of them; ``helps_most`` names the column without which
    the fewest rows lie in classes below `K`, with that number.
    """
    columns = quasi_identifiers(table, labels)[:MOST]
    if len(columns) < 2 or not table.rows:
        return ()
    source = data.source(table.name)

    def below(names: tuple[str, ...]) -> str:
        listed = ", ".join(source.engine.quote(n) for n in names)
        classes = f"SELECT count(*) AS n FROM {source.relation} GROUP BY {listed}"
        return f"SELECT coalesce(sum(CASE WHEN n < {K} THEN n END), 0) FROM ({classes}) AS classes"

    listed = ", ".join(source.engine.quote(n) for n in columns)
    smallest = f"SELECT min(n) FROM (SELECT count(*) AS n FROM {source.relation} GROUP BY {listed}) AS classes"
    k = data.measure(fact_id("k", table.name), smallest, run, source.engine)
    small = data.measure(fact_id(f"rows_below_{K}", table.name), below(columns), run, source.engine)
    if not small.value or len(columns) < 3:
        return k, small
    without = {n: below(tuple(c for c in columns if c != n)) for n in columns}
    left = {n: int(source.engine.value(query, run) or 0) for n, query in without.items()}
    best = min(left, key=lambda n: left[n])
    helps = Fact(fact_id("helps_most", table.name), (best, left[best]), without[best], "exact", source.engine.technology.id)
    return k, small, helps
