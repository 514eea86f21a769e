"""Rows in a date column's first and last month, as facts; what is shared tells a month only from ten rows on."""

import datetime as dt

import duckdb

from dataeng_kit.data import open_data
from dataeng_kit.privacy import Policy, visible
from dataeng_kit.profile import profile_data


def test_the_ends_are_counted_and_only_full_months_are_told():
    start = dt.date(2023, 11, 20)
    days = [start + dt.timedelta(i) for i in range(400)] + [dt.date(2025, 1, 2)] * 3
    frame = duckdb.sql(f"SELECT unnest({[d.isoformat() for d in days]!r}::DATE[]) AS sold_on").df()
    frame["sale_id"] = range(len(frame))
    data = open_data(({"sales": frame},))
    profile = profile_data(data)
    column = profile.table("sales").column("sold_on")
    assert (column.first_month_rows, column.last_month_rows) == (11, 3)
    for name in ("first_month_rows", "last_month_rows"):
        fact = profile.fact(f"sales.sold_on#{name}")
        assert data.sources[0].engine.value(fact.query) == fact.value
    data.close()
    told = visible(profile, Policy()).table("sales").column("sold_on")
    assert (told.min, told.max, told.first_month_rows, told.last_month_rows) == ("2023-11", None, 11, None)
