"""The profile as one flat pandas table: a row per column, or per fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataeng_kit.nouns import Profile
from dataeng_kit.nouns.base import plain

if TYPE_CHECKING:
    import pandas as pd

_LEFT_OUT = frozenset({"label", "top", "masks", "sentinels", "quantiles"})


def to_frame(profile: Profile) -> pd.DataFrame:
    """Return one row per column with its facts, semantic type and part in keys and references."""
    import pandas as pd

    refers = {(k.table, c): k.ref_table for k in profile.foreign_keys for c in k.columns}
    rows = []
    for table in profile.tables:
        for column in table.columns:
            facts = {k: v for k, v in plain(column).items() if k not in _LEFT_OUT}
            rows.append(
                {"table": table.name}
                | facts
                | {
                    "in_primary_key": column.name in (table.primary_key or ()),
                    "refers_to": refers.get((table.name, column.name)),
                    "semantic_type": column.label.name if column.label else None,
                    "sensitive": bool(column.label and column.label.sensitive),
                    "most_frequent": column.top[0][0] if column.top else None,
                }
            )
    return pd.DataFrame(rows)


def facts_frame(profile: Profile) -> pd.DataFrame:
    """Return one row per fact: id, value, method, engine and the query that measures it again."""
    import pandas as pd

    return pd.DataFrame([plain(f) for f in profile.facts], columns=["id", "value", "query", "method", "engine"])
