"""The profile as flat tables: a row per column and a row per fact."""

import pandas as pd

from dataeng_kit.data import open_data
from dataeng_kit.nouns import ColumnProfile, Profile, TableProfile
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
    assert profile.to_frame().equals(frame)
    lines = profile.to_markdown().splitlines()
    assert lines[0].startswith("| table | name | type | rows |")
    assert [line.count("|") for line in lines] == [13, 13, 13, 13]
    data.close()


def test_markdown_escapes_names_and_says_what_a_column_refers_to():
    odd = "a|b`*_<x>\n[c](d)"
    table = TableProfile(odd, 3, (ColumnProfile(odd, "text", "VARCHAR", 0, 3, 0, 3),), primary_key=(odd,))
    line = Profile((table,)).to_markdown().splitlines()[2]
    assert line.replace("\\|", "").count("|") == 13
    assert "<x>" not in line.replace("\\<x\\>", "")
