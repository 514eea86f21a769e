"""Sources: two deliveries of one table that do not agree."""

from __future__ import annotations

from collections.abc import Iterator

from dataeng_kit.findings.rule import Hit, Look, plural, rule
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.sources import Pair, reconcile


@rule("consistency")
def sources_disagree(look: Look) -> Iterator[Hit]:
    """{table} and {source} are not the same: {told}.

    Criterion: an extract holds every key of its source, no other, and the same values.
    Cause: different moments, filters or transformations (opinion).
    Consequence: a figure depends on which of the two it was taken from.
    Do: agree on the moment and the filter of the extract, and reconcile keys and sums at every load.
    Ask: Which of the two is right, and as of when is {table}?
    """
    for pair in reconcile(look.data, look.profile, look.run):
        rows = max(*pair.rows, 1)
        failing = pair.failing if pair.key else abs(pair.rows[0] - pair.rows[1])
        told = _told(pair)
        if not told:
            continue
        of = max(pair.missing + pair.kept + pair.surplus, 1) if pair.key else rows
        columns = tuple(n for n, _ in pair.differing[:8])
        facts = tuple(f.id for f in pair.facts[:4])
        values = {"source": write(pair.source), "told": told}
        columns = columns or pair.key
        yield Hit(pair.extract, columns, failing, of, pair.query, "figure" if failing else "question", values, facts=facts)


def _told(pair: Pair) -> str:
    """Return what differs, the empty text when nothing does."""
    said = [f"{pair.rows[1]:,} rows against {pair.rows[0]:,}"] if pair.rows[0] != pair.rows[1] else []
    said += [f"{plural(pair.missing, 'key')} missing"] if pair.missing else []
    said += [f"{plural(pair.surplus, 'key')} too many"] if pair.surplus else []
    changed = ", ".join(f"{write(n)} on {c:,}" for n, c in pair.differing[:5])
    said += [f"of {pair.kept:,} kept keys other values in {changed}"] if changed else []
    said += [f"without {', '.join(map(write, pair.gone[:5]))}"] if pair.gone else []
    said += [f"with {', '.join(map(write, pair.new[:5]))} added"] if pair.new else []
    if said and not pair.key:
        said.append("no key identifies the rows of both, so keys and values were not compared")
    return "; ".join(said)
