"""The profile as flat tables: a row per column, or per fact, for pandas and for a page of Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dataeng_kit.nouns.base import plain

if TYPE_CHECKING:
    import pandas as pd

    from dataeng_kit.nouns.profile import Profile

_LEFT_OUT = frozenset({"label", "top", "masks", "sentinels", "quantiles", "histogram"})
_SHOWN = "table name type rows nulls distinct min max mean semantic_type in_primary_key refers_to".split()
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|])")


def column_rows(profile: Profile) -> list[dict[str, Any]]:
    """Return one row per column with its facts, semantic type and part in keys and references."""
    refers = {
        (k.table, c): f"{k.ref_table}.{r}" for k in profile.foreign_keys for c, r in zip(k.columns, k.ref_columns, strict=True)
    }
    return [
        {"table": table.name}
        | {k: v for k, v in plain(column).items() if k not in _LEFT_OUT}
        | {
            "in_primary_key": column.name in (table.primary_key or ()),
            "refers_to": refers.get((table.name, column.name)),
            "semantic_type": column.label.name if column.label else None,
            "sensitive": bool(column.label and column.label.sensitive),
            "most_frequent": column.top[0][0] if column.top else None,
        }
        for table in profile.tables
        for column in table.columns
    ]


def to_frame(profile: Profile) -> pd.DataFrame:
    """Return one row per column, see `column_rows`."""
    import pandas as pd

    return pd.DataFrame(column_rows(profile))


def facts_frame(profile: Profile) -> pd.DataFrame:
    """Return one row per fact: id, value, method, engine and the query that measures it again."""
    import pandas as pd

    return pd.DataFrame([plain(f) for f in profile.facts], columns=["id", "value", "query", "method", "engine"])


def to_markdown(profile: Profile) -> str:
    """Return one Markdown table, a row per column; names and values are escaped."""
    rows = [[_cell(row.get(name)) for name in _SHOWN] for row in column_rows(profile)]
    head = [[n.replace("_", " ") for n in _SHOWN], ["---"] * len(_SHOWN)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in head + rows) + "\n"


def _cell(value: Any) -> str:
    if value is None or value is False:
        return ""
    text = "yes" if value is True else f"{value:,.6g}" if isinstance(value, float) else str(value)
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))[:200]
