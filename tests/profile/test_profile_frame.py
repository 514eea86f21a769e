"""The profile as flat tables: a row per column and a row per fact."""

import pandas as pd

from dataeng_kit.data import open_data
from dataeng_kit.profile import facts_frame, profile_data, to_frame


def test_a_row_per_column_and_per_fact():
    data = open_data(({"t": pd.DataFrame({"t_id": range(30), "kind": ["a", "b", "c"] * 10})},))
    profile = profile_data(data)
    frame = to_frame(profile)
    assert list(zip(frame["table"], frame["name"], frame["in_primary_key"], strict=True)) == [
        ("t", "t_id", True),
        ("t", "kind", False),
    ]
    assert set(facts_frame(profile)["id"]) == set(profile.by_id)
    data.close()
