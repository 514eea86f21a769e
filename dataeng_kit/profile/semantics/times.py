"""Dates: a birth date spreads over generations and ends years before the newest date; other dates cluster."""

from __future__ import annotations

import datetime as dt
import re

from dataeng_kit.profile.semantics.grammar import VETO, Votes
from dataeng_kit.profile.semantics.view import View

_YEAR_FIRST = re.compile(r"((?:1[89]|20)\d\d)[-/.年년]\s?(\d{1,2})[-/.月월]\s?(\d{1,2})(?:[日일T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ]((?:1[89]|20)\d\d)(?: .*)?")
_BARE = re.compile(r"((?:1[89]|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_NAMED = re.compile(
    r"(?:\w+,? )?(\d{1,2})[-. ]{1,2}([^\W\d_]{3,10})[-., ]{1,2}((?:1[89]|20)\d\d)|([^\W\d_]{3,10})\.? "
    r"(\d{1,2}),? ((?:1[89]|20)\d\d)"
)
_SHORT = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d\d)")

Day = tuple[int, int, int]


def day(text: str) -> Day | None:
    """Return (year, month, day) of a date in a common notation, month and day as written when the order is open; else None."""
    if m := _YEAR_FIRST.fullmatch(text) or _BARE.fullmatch(text):
        return int(m[1]), int(m[2]), int(m[3])
    if m := _YEAR_LAST.fullmatch(text):
        first, second = int(m[1]), int(m[2])
        return (int(m[3]), second, first) if second <= 12 else (int(m[3]), first, second)
    if m := _NAMED.fullmatch(text):
        return int(m[3] or m[6]), 0, int(m[1] or m[5])
    if m := _SHORT.fullmatch(text):
        year = int(m[3])
        return year + (1900 if year > dt.date.today().year % 100 else 2000), int(m[2]), int(m[1])
    return None


def birth_dates(view: View) -> Votes:
    """Return votes for dates of birth and other dates."""
    days = [d for v in view.values if (d := day(v))]
    if view.n and view.share(r"(1[0-9]\d{8}|1[0-9]\d{11}|1[0-9]\d{14})") == 1:
        return {
            "date_of_birth": (VETO, "no dates"),
            "event_time": (6.0, "seconds since 1970"),
            "national_id": (-6.0, "seconds since 1970"),
        }
    if len(days) < 0.8 * view.n or not days:
        bare = view.type != "number" and view.share(r"(19|20)\d\d") >= 0.95
        return {"date_of_birth": (-2.0 if bare else VETO, "no dates")}
    clock = view.share(r".*\d[ T](?!00:00)\d\d:\d\d.*")
    if clock > 0.3:
        return {"date_of_birth": (VETO, "times of day"), "event_time": (5.0, "times of day")}
    years = sorted(d[0] for d in days)
    low, middle, high = years[len(years) // 20], years[len(years) // 2], years[-1 - len(years) // 20]
    now = dt.date.today().year
    span = high - low
    said = f"years {low} to {high} (5 % to 95 %)"
    if low < 1895 or high > now + 1 or middle > now:
        return {"date_of_birth": (-6.0, said), "event_time": (3.0, said)}
    if span >= 25 and middle <= now - 18:
        weight = 5.5 if span >= 40 and high <= now - 12 else 4.5 if high <= now - 12 else 2.5
        return {"date_of_birth": (weight if view.n >= 8 else weight - 2, said + ": generations")}
    if span < 4 and low > now - 15:
        return {"date_of_birth": (VETO, said + ": recent"), "event_time": (5.0, said)}
    return {"date_of_birth": (-1.0 if middle < now - 14 else -3.0, said), "event_time": (2.0, said)}
