"""A case from frames: the real reading, the real profile, one rule's findings."""

from dataclasses import replace

import pytest

from dataeng_kit.data import open_data
from dataeng_kit.findings import find
from dataeng_kit.nouns import Context, Label, Roles
from dataeng_kit.profile import profile_data

SECTIONS = frozenset(("columns", "keys", "relations", "laws"))


def labelled(profile, labels):
    """Return the profile with labels on columns: (table, column) → label name; labels are another room's work."""
    tables = []
    for table in profile.tables:
        columns = [
            replace(c, label=Label(labels[table.name, c.name], 0.95, sensitive=True)) if (table.name, c.name) in labels else c
            for c in table.columns
        ]
        tables.append(replace(table, columns=tuple(columns)))
    return replace(profile, tables=tuple(tables))


@pytest.fixture
def judge():
    """Return a function: frames (and what else a case holds) → findings, each with its query counted again."""
    opened = []

    def run(frames, *, context=None, labels=None, claims=(), change=None):
        data = open_data((frames,))
        opened.append(data)
        if change:
            change(data)
        profile = labelled(profile_data(data, only=SECTIONS), labels or {})
        found = find(context or Context(), data, profile, Roles(), claims)
        for one in found:
            if one.query:
                assert data.rows(f"SELECT count(*) FROM ({one.query}) AS q")[0][0] == one.failing, one.id
        return found

    yield run
    for data in opened:
        data.close()
