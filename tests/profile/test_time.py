"""Time profiles: period, rate, gaps, change pattern, late arrival, zone."""

import pandas as pd

from dataeng_kit.data import open_data
from dataeng_kit.profile import profile_data
from dataeng_kit.profile.time import time_profiles

DAYS = pd.date_range("2023-01-02", periods=364)


def life(frame, name="events"):
    data = open_data(({name: frame},))
    found = time_profiles(data, profile_data(data, only=frozenset(("columns", "keys"))))
    data.close()
    return found.get(name)


def test_period_rate_gaps_and_order():
    days = [d for i, d in enumerate(DAYS) if i not in {30, 31} for _ in range(3)]
    found = life(pd.DataFrame({"event_id": range(len(days)), "happened_on": days}))
    assert (found.column, found.start, found.end) == ("happened_on", "2023-01-02", "2023-12-31")
    assert found.gaps == 2
    assert found.pattern == "append-only"
    assert found.rows_per_day == round(len(days) / 364, 4)


def test_closed_weekdays_are_no_gaps():
    days = [d for d in DAYS if d.dayofweek < 5 for _ in range(2)]
    found = life(pd.DataFrame({"event_id": range(len(days)), "happened_on": days}))
    assert found.gaps == 0
    assert any("Saturday or Sunday" in r for r in found.reasons)


def test_updated_and_snapshot_and_late():
    made = [DAYS[(i * 37) % 300] for i in range(200)]
    changed = [d + pd.Timedelta(days=i % 9) for i, d in enumerate(made)]
    assert life(pd.DataFrame({"id": range(200), "created_at": made, "updated_at": changed})).pattern == "updated"
    copies = [(d, f"A{i}", i % 7) for d in DAYS[:20] for i in range(30)]
    assert life(pd.DataFrame(copies, columns=["day", "account", "value"])).pattern == "snapshot"
    late = pd.DataFrame(
        {
            "id": range(200),
            "happened_at": made,
            "loaded_at": [d + pd.Timedelta(hours=60 if i < 5 else 2) for i, d in enumerate(made)],
        }
    )
    assert any(r.startswith("5 of 200 rows") for r in life(late).reasons)


def test_placeholders_and_tables_without_dates():
    days = [*DAYS, pd.Timestamp("1900-01-01"), pd.Timestamp("1900-01-01")]
    assert life(pd.DataFrame({"event_id": range(len(days)), "happened_on": days})).start == "2023-01-02"
    assert life(pd.DataFrame({"unit": range(50), "value": range(50)})) is None
