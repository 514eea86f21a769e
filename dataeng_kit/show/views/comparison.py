"""What changed since the last review."""

from __future__ import annotations

from collections.abc import Iterable

from dataeng_kit.nouns.snapshot import CHANGES, Comparison
from dataeng_kit.show.blocks import Badge, Block, Bullets, Grid, Heading, Mono, Para, Tone
from dataeng_kit.show.views.base import view

_TONES: dict[str, Tone] = {"new": "bad", "worse": "bad", "resolved": "good", "better": "good"}


@view(Comparison)
def comparison(noun: Comparison) -> Iterable[Block]:
    """Counts, then the findings that moved, then schema and volume."""
    yield Heading(f"Changes since {noun.since}", 2)
    counted = ", ".join(f"{n} {kind}" for kind in CHANGES if (n := noun.count(kind)))
    yield Para(f"Findings: {counted or 'none then or now'}.")
    moved = tuple(
        (Badge(c.kind, _TONES.get(c.kind, "plain")), c.condition, c.before, c.after)
        for c in noun.changes
        if c.kind != "unchanged"
    )
    if moved:
        yield Grid(("change", "finding", "before", "now"), moved)
    if noun.schema:
        yield Bullets(tuple(Mono(s) for s in noun.schema))
    if noun.volumes:
        rows = tuple((Mono(t), f"{a:,}", f"{b:,}", f"{b - a:+,}") for t, a, b in noun.volumes)
        yield Grid(("table", "rows before", "rows now", "change"), rows, ("rows before", "rows now", "change"))
