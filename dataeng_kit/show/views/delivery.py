"""Two deliveries side by side."""

from __future__ import annotations

from collections.abc import Iterable

from dataeng_kit.nouns.delivery import Deliveries
from dataeng_kit.show.blocks import Badge, Block, Grid, Heading, Mono, Para
from dataeng_kit.show.views.base import view


@view(Deliveries)
def deliveries(noun: Deliveries) -> Iterable[Block]:
    """What differs, which keys went and came, and how often each column changed in the rows both hold."""
    yield Heading("Two deliveries", 2)
    chance = f"{noun.tests} tests; by chance alone one alarm or more in {100 * noun.alarm_rate:.0f} % of such pairs"
    yield Para(f"{len(noun.drifts)} differences ({chance}).")
    if noun.drifts:
        rows = tuple((Badge(d.kind), d.statement, "" if d.shift is None else f"{d.shift:.3f}") for d in noun.drifts)
        yield Grid(("what", "difference", "shift"), rows, ("shift",))
    if noun.keys:
        turnover = tuple(
            (Mono(k.table), f"{k.asked:,}", f"{k.gone:,}", "" if k.new is None else f"{k.new:,}", k.method) for k in noun.keys
        )
        yield Grid(("table", "old keys", "gone", "new", "method"), turnover, ("old keys", "gone", "new"))
    changed = tuple(
        (Mono(f"{k.table}.{k.column}"), f"{k.changed:,} of {k.kept:,}", f"{100 * k.rate:.1f} %", k.method)
        for k in sorted(noun.kept, key=lambda k: -k.rate)
        if k.changed
    )
    if changed:
        yield Grid(("column", "changed", "rate", "method"), changed, ("changed", "rate"))
