"""Timeliness: how current, how complete over time, and what the calendar explains."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from dataeng_kit.findings.rule import Hit, Look, rule
from dataeng_kit.nouns import TimeProfile
from dataeng_kit.profile.laws.moments import main_date
from dataeng_kit.profile.laws.words import date_role, says

_UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800, "month": 2_592_000, "year": 31_536_000}


@rule("timeliness")
def partial_period(look: Look) -> Iterator[Hit]:
    """The last month of {table} is not complete: {active} days with {failing} of {of} rows; {reason}.

    Criterion: a period is compared with others only when it is complete (convention).
    Cause: the extract was drawn within the month (opinion).
    Consequence: the last point of every monthly chart falls, and a forecast learns a fall that did not happen.
    Do: leave the last month out of monthly comparisons.
    Ask: On which day was the extract drawn?
    """
    for law in look.laws("partial_period"):
        column = law.columns[0].rpartition(".")[2].strip('"')
        values = {"active": law.detail["days"], "reason": "; ".join(law.reasons)}
        yield Hit(law.table, (column,), law.exceptions, law.of, law.query, "question", values, facts=(law.fact,))


@rule("timeliness")
def closed_days(look: Look) -> Iterator[Hit]:
    """{table} has next to no rows on {weekdays}: {failing} of {of}.

    Criterion: none known: {reason}.
    Cause: the business is closed then, or that day's files are missing (opinion).
    Consequence: a freshness alarm that does not know it rings every week; averages per day depend on it.
    Do: teach the freshness rule the calendar; divide by open days.
    Ask: Is {weekdays} a day without business?
    """
    for law in look.laws("closed_days", exceptions=False):
        column = law.columns[0].rpartition(".")[2].strip('"')
        values = {"weekdays": law.detail["weekdays"], "reason": "; ".join(law.reasons)}
        yield Hit(law.table, (column,), law.exceptions, law.of, law.query, "question", values, facts=(law.fact,))


@rule("timeliness")
def missing_days(look: Look) -> Iterator[Hit]:
    """{table} has no row on {gaps} days between {start} and {end} on which rows were to be expected.

    Criterion: the same weekdays have rows in most other weeks.
    Cause: public holidays, an outage, or a delivery that was lost (opinion).
    Consequence: totals of the periods around these days are too low, if deliveries were lost.
    Do: compare the days with the holidays of the country; ask for the others again.
    Ask: Are all of these days without business?
    """
    for table in look.tables:
        if table.time and 0 < table.time.gaps and table.rows / max(table.time.gaps, 1) >= 10:
            query = _gaps(look, table.name, table.time)
            failing = int(look.scope.rows(table.name, f"SELECT count(*) FROM ({query}) AS q")[0][0])
            values = {"gaps": f"{failing:,}", "start": table.time.start, "end": table.time.end}
            if failing:
                yield Hit(table.name, (table.time.column,), failing, _span(table.time), query, "question", values)


def _span(time: TimeProfile) -> int:
    return (dt.date.fromisoformat(time.end[:10]) - dt.date.fromisoformat(time.start[:10])).days + 1


def _gaps(look: Look, table: str, time: TimeProfile) -> str:
    """Return the query of the days without a row, on weekdays that have rows in at least half of the weeks."""
    q, relation = look.name(table, time.column), look.scope.relation(table)
    day = f"CAST({q} AS DATE)"
    first, last = (f"CAST('{end[:10]}' AS DATE)" for end in (time.start, time.end))
    usual = (
        f"SELECT extract(isodow FROM {day}) FROM {relation} AS t WHERE {day} BETWEEN {first} AND {last} GROUP BY 1 "
        f"HAVING count(DISTINCT {day}) >= {0.5 * _span(time) / 7!r}"
    )
    series = f"SELECT CAST(d AS DATE) AS day FROM generate_series({first}, {last}, INTERVAL '1 day') AS g(d)"
    present = f"SELECT {day} FROM {relation} AS t WHERE {q} IS NOT NULL"
    return f"SELECT day FROM ({series}) AS s WHERE extract(isodow FROM day) IN ({usual}) AND day NOT IN ({present})"


@rule("timeliness")
def stale(look: Look) -> Iterator[Hit]:
    """The newest row of {table} is of {end}, {age} before this was measured.

    Criterion: CLAUDE.md asks for data not older than {wanted} ('{quote}').
    Cause: an extract instead of the live source, or a pipeline that stands still (opinion).
    Consequence: every figure shows a past state.
    Do: compare with the newest row at the source.
    Ask: Is this an extract, and of which day?
    """
    for statement in look.context.freshness:
        unit = next((u for u in _UNITS if str(statement.unit).lower().startswith(u)), None)
        if unit is None or isinstance(statement.value, str):
            continue
        for table in look.tables:
            if not table.time or not re.search(rf"\b{re.escape(table.name)}\b", f"{statement.subject} {statement.quote}", re.I):
                continue
            measured = dt.datetime.fromisoformat(look.profile.measured_at) if look.profile.measured_at else None
            newest = dt.datetime.fromisoformat(table.time.end).replace(tzinfo=dt.UTC)
            if measured and (measured - newest).total_seconds() > _UNITS[unit] * float(statement.value) + 86_400:
                q = look.name(table.name, table.time.column)
                query = f"SELECT max({q}) FROM {look.scope.relation(table.name)} AS t"
                values = {
                    "end": table.time.end,
                    "age": f"{(measured - newest).days:,} days",
                    "wanted": f"{statement.value} {statement.unit}",
                    "quote": statement.quote,
                }
                yield Hit(
                    table.name, (table.time.column,), 1, 1, query, "rule", values, lines=(f"{statement.file}:{statement.line}",)
                )


@rule("timeliness")
def future_dates(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} have a {column} after the day of measurement.

    Criterion: what has happened lies in the past; {column} is no planned or end date by its name.
    Cause: a typing error, day and month exchanged, or a placeholder (opinion).
    Consequence: 'latest', running totals and freshness over {column} are wrong.
    Do: leave these rows out of figures over time and have them corrected.
    Ask: Can {column} lie in the future?
    """
    today = look.profile.measured_at[:10]
    for table, column in look.columns("date", "datetime"):
        if not today or date_role(column.name, table.name) in ("plan", "end") or str(column.max)[:10] <= today:
            continue
        condition = f"CAST({look.name(table.name, column.name)} AS DATE) > CAST('{today}' AS DATE)"
        failing = look.count(table.name, [condition])[0]
        if 0 < failing <= 0.2 * column.filled:
            yield Hit(
                table.name, (column.name,), failing, column.filled, look.where(table.name, (column.name,), condition), "rule"
            )


@rule("timeliness")
def late_arrival(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} were recorded more than a day after they happened ({column} against {event}).

    Criterion: none known: a daily load by {event} expects a day's rows on that day.
    Cause: manual entry, batches, or devices that were offline (opinion).
    Consequence: a load by {event} that does not look back misses these rows for good.
    Do: load by {column}, or re-read as many days back as the latest arrival.
    Ask: How late may a row arrive?
    """
    for table in look.tables:
        main = main_date(table)
        for column in table.columns if main and date_role(main.name) != "record" else ():
            role = date_role(column.name, table.name)
            if (
                main
                and column.type in ("date", "datetime")
                and column.name != main.name
                and role == "record"
                and not says(column.name, "changed")
            ):
                a, b = (f"extract(epoch FROM CAST({look.name(table.name, c)} AS TIMESTAMP))" for c in (column.name, main.name))
                condition = f"{a} - {b} > 86400"
                failing = look.count(table.name, [condition])[0]
                if failing:
                    query = look.where(table.name, (column.name, main.name), condition)
                    yield Hit(table.name, (column.name, main.name), failing, table.rows, query, "question", {"event": main.name})


@rule("timeliness")
def mixed_zones(look: Look) -> Iterator[Hit]:
    """{table} has times with and without a zone: {columns}.

    Criterion: times that are compared with each other are in one zone (convention).
    Cause: two systems write into one table (opinion).
    Consequence: differences between the two are off by the zone's hours, and days move at midnight.
    Do: store all as UTC with the zone beside it.
    Ask: In which zone are the times without one?
    """
    for table in look.tables:
        times = [c for c in table.columns if c.type == "datetime" and c.filled]
        zoned = [c for c in times if "TIME ZONE" in c.native.upper() or "TIMESTAMPTZ" in c.native.upper()]
        if zoned and len(zoned) < len(times):
            bare = tuple(c.name for c in times if c not in zoned)
            query = look.where(table.name, bare, f"{look.name(table.name, bare[0])} IS NOT NULL")
            yield Hit(table.name, (*bare, *(c.name for c in zoned)), table.column(bare[0]).filled, table.rows, query, "question")
