"""What CLAUDE.md decides: the same advice made again without the cited lines, so that no "because" is only claimed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import replace

from dataeng_kit.nouns import Advice, Decision, Evidence
from dataeng_kit.nouns.context import KINDS, STATEMENTS


def without(evidence: Evidence, lines: Iterable[str]) -> Evidence:
    """Return the evidence as if CLAUDE.md did not hold these lines (``file:line``)."""
    gone = set(lines)
    kept = {
        kind: tuple(m for m in getattr(evidence.context, kind) if f"{m.file}:{m.line}" not in gone)
        for kind in (*KINDS, *STATEMENTS, "not_used", "claims")
    }
    claims = tuple(c for c in evidence.claims if f"{c.file}:{c.line}" not in gone)
    return replace(evidence, context=replace(evidence.context, **kept), claims=claims)


def explained(advice: Advice, evidence: Evidence, make: Callable[[Evidence], Advice]) -> Advice:
    """Return the advice with ``because`` filled: which cited line decides, and what would be chosen without it.

    A decision that neither a line nor a fact would move is marked as opinion.
    """
    cited = tuple(dict.fromkeys(at for d in advice.decisions for at in d.lines))
    choices = functools.cache(lambda gone: {d.id: d.choice for d in make(without(evidence, gone)).decisions})
    bare = choices(cited) if cited else {}

    def one(d: Decision) -> Decision:
        if not d.lines:
            return d if d.flips else replace(d, stance="opinion")
        said = ", ".join(d.lines)
        if bare.get(d.id) == d.choice:
            return replace(d, because=f"{said} is weighed; without it: the same choice", stance="" if d.flips else "opinion")
        deciding = [at for at in d.lines if choices((at,)).get(d.id) != d.choice]
        other = bare.get(d.id, "the question does not arise")
        moves = (*d.flips, *((at, None) for at in deciding))
        return replace(d, because=f"because {', '.join(deciding or d.lines)}; without it: {other}", flips=moves)

    return replace(advice, decisions=tuple(map(one, advice.decisions)))
