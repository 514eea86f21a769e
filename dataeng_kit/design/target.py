"""Which technology a design is written for: the database that CLAUDE.md names, else DuckDB."""

from __future__ import annotations

from dataeng_kit import technologies
from dataeng_kit.nouns import Evidence, Mention
from dataeng_kit.technologies.relatives import RELATIVES

_SQL = ("relational", "warehouse")


def named(evidence: Evidence) -> Mention | None:
    """Return the first database of CLAUDE.md whose code is SQL tables, with or without a class of ours."""
    not_used = {m.name for m in evidence.context.not_used}
    known = technologies.all()
    for mention in evidence.context.databases:
        if mention.name not in not_used and (
            mention.name in RELATIVES or (mention.name in known and known[mention.name].family in _SQL)
        ):
            return mention
    return None


def target(evidence: Evidence) -> str:
    """Return the technology id that a design's code is written for."""
    mention = named(evidence)
    return mention.name if mention else "duckdb"
