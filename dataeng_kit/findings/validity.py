"""Validity of numbers and dates: impossible signs, placeholders, ranges, constants."""

from __future__ import annotations

from collections.abc import Iterator

from dataeng_kit.findings.rule import Hit, Look, plural, rule
from dataeng_kit.nouns import ColumnProfile, TableProfile
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.profile.laws.words import is_identifier, says, split


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _matching(look: Look, table: TableProfile, column: ColumnProfile, condition: str) -> tuple[int, str]:
    """Return the number of rows that meet a condition on one column, and their query."""
    return look.count(table.name, [condition])[0], look.where(table.name, (column.name,), condition)


@rule("validity")
def negative_values(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} are negative.

    Criterion: the name speaks of a quantity or amount, and {positive} of the values are not negative.
    Cause: returns, cancellations or corrections kept in the same column (opinion).
    Consequence: a sum nets them against sales; an average, a maximum or a log of {column} is wrong.
    Do: split them into a kind of row of their own (sale, return, correction) before anything is summed.
    Ask: What does a negative {column} stand for?
    """
    for table, column in look.columns("integer", "number"):
        low = _number(column.min)
        if (
            low is not None
            and low < 0
            and says(column.name, "measure")
            and not says(column.name, "signed")
            and column.name not in look.linked(table.name)
        ):
            failing, query = _matching(look, table, column, f"{look.name(table.name, column.name)} < 0")
            if failing <= 0.2 * column.filled:
                values = {"positive": f"{100 * (1 - failing / column.filled):.1f} %"}
                facts = (fact_id("min", table.name, column.name),)
                yield Hit(table.name, (column.name,), failing, column.filled, query, "rule", values, facts=facts)


@rule("validity")
def zero_prices(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} are zero or less.

    Criterion: the name speaks of a price, and nearly all values are above zero.
    Cause: samples, gifts, stock corrections or bad debt booked as sales (opinion).
    Consequence: they lower every average price and add volume without revenue.
    Do: keep them apart from sales.
    Ask: Which transactions may have no price?
    """
    for table, column in look.columns("integer", "number"):
        low = _number(column.min)
        if low is not None and low <= 0 and says(column.name, "price"):
            failing, query = _matching(look, table, column, f"{look.name(table.name, column.name)} <= 0")
            if 0 < failing <= 0.1 * column.filled:
                yield Hit(table.name, (column.name,), failing, column.filled, query, "rule")


@rule("validity")
def placeholder_number(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} are {value}, far from all others: a placeholder for 'unknown'.

    Criterion: an unknown number is missing, not {value} (convention).
    Cause: a system that must store something (opinion).
    Consequence: sums, averages and maxima of {column} contain a number nobody measured.
    Do: read {value} as missing.
    Ask: Does {value} stand for 'unknown' in {column}?
    """
    for table, column in look.columns("integer", "number"):
        if column.name in look.linked(table.name) or is_identifier(column.name):
            continue
        for value, _ in column.sentinels:
            condition = f"{look.name(table.name, column.name)} = {look.scope.literal(table.name, value)}"
            failing, query = _matching(look, table, column, condition)
            if failing and failing <= 0.5 * column.filled:
                yield Hit(table.name, (column.name,), failing, column.filled, query, "rule", {"value": value})


@rule("validity")
def placeholder_date(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} are {value}: a system's zero or end of time.

    Criterion: an unknown date is missing, not {value} (convention).
    Cause: an empty date stored as a number (opinion).
    Consequence: ages, durations and periods over {column} are absurd for these rows.
    Do: read {value} as missing; keep far-future ends only where 'open end' is meant.
    Ask: Does {value} stand for 'none' in {column}?
    """
    told = {(law.table, law.detail.get("sentinel_column")) for law in look.laws("time_order") if "sentinel" in law.detail}
    for table, column in look.columns("date", "datetime"):
        if (table.name, column.name) in told:
            continue
        for value, _ in column.sentinels:
            day = str(value)[:10]
            condition = (
                f"CAST({look.name(table.name, column.name)} AS DATE) = CAST({look.scope.literal(table.name, day)} AS DATE)"
            )
            failing, query = _matching(look, table, column, condition)
            if failing:
                harm = "question" if says(column.name, "end") and day > "2090" else "rule"
                yield Hit(table.name, (column.name,), failing, column.filled, query, harm, {"value": day})


@rule("validity")
def implausible_age(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} are ages below 0 or above 100.

    Criterion: the name speaks of an age; under one person in a thousand is older than 100.
    Cause: a typing error, or a birth date with a placeholder year (opinion).
    Consequence: a model that splits by age learns from impossible people.
    Do: treat these ages as unknown.
    Ask: How is {column} recorded?
    """
    for table, column in look.columns("integer", "number"):
        low, high = _number(column.min), _number(column.max)
        if low is None or high is None or not says(column.name, "age") or not (low < 0 or high > 100) or (column.mean or 0) > 100:
            continue
        failing, query = _matching(
            look, table, column, f"({look.name(table.name, column.name)} < 0 OR {look.name(table.name, column.name)} > 100)"
        )
        if failing <= 0.05 * column.filled:
            yield Hit(table.name, (column.name,), failing, column.filled, query, "rule")


@rule("validity")
def impossible_birth(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} are birth dates more than 120 years ago.

    Criterion: the name speaks of a birth; nobody alive is that old.
    Cause: a placeholder, or a two-digit year read in the wrong century (opinion).
    Consequence: ages and age groups are wrong for these people.
    Do: treat these dates as unknown.
    Ask: How are unknown birth dates recorded?
    """
    year = int(look.profile.measured_at[:4] or 0) - 120
    for table, column in look.columns("date", "datetime"):
        if year > 0 and says(column.name, "birth") and str(column.min)[:4].isdigit() and int(str(column.min)[:4]) < year:
            failing, query = _matching(
                look, table, column, f"{look.name(table.name, column.name)} < CAST('{year}-01-01' AS DATE)"
            )
            if failing:
                yield Hit(table.name, (column.name,), failing, column.filled, query, "rule")


@rule("validity")
def impossible_coordinate(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} are no {kind}: beyond ±{limit} degrees.

    Criterion: a {kind} lies between −{limit} and +{limit} degrees.
    Cause: latitude and longitude exchanged, or projected metres instead of degrees (opinion).
    Consequence: the points fall off every map and every distance is wrong.
    Do: exchange the columns, or convert the projection.
    Ask: In which reference system are the coordinates?
    """
    for table, column in look.columns("number"):
        low, high = _number(column.min), _number(column.max)
        for kind, limit in (("latitude", 90), ("longitude", 180)):
            if low is not None and high is not None and says(column.name, kind) and (low < -limit or high > limit):
                failing, query = _matching(look, table, column, f"abs({look.name(table.name, column.name)}) > {limit}")
                yield Hit(table.name, (column.name,), failing, column.filled, query, "rule", {"kind": kind, "limit": limit})


@rule("validity")
def extreme_values(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} are more than a hundred times the 95 % value.

    Criterion: none known: 95 % of the values are at most {usual}.
    Cause: a typing error, a wholesale order, or a correction of one (opinion).
    Consequence: a few rows decide the total and every average.
    Do: show medians beside averages; have these rows confirmed.
    Ask: Are these values real?
    """
    for table, column in look.columns("integer", "number"):
        usual = _number(column.quantiles[-1]) if len(column.quantiles) == 5 else None
        low, high = _number(column.min), _number(column.max)
        if not usual or usual <= 0 or low is None or high is None or max(high, -low) <= 100 * usual:
            continue
        measured = column.type == "number" or says(column.name, "measure")
        if table.rows >= 100 and measured and column.name not in look.linked(table.name) and not is_identifier(column.name):
            failing, query = _matching(look, table, column, f"abs({look.name(table.name, column.name)}) > {100 * usual!r}")
            if failing:
                yield Hit(table.name, (column.name,), failing, column.filled, query, "question", {"usual": f"{usual:g}"})


@rule("validity")
def identifier_as_decimal(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} are identifiers written as decimals ({shape}).

    Criterion: an identifier is a text or a whole number.
    Cause: a tool read a column with gaps as floating-point numbers and wrote it back (opinion).
    Consequence: the values match no other table's, and long ones lose digits.
    Do: cast to a whole number, then to text, at reading; check that no two become equal.
    Ask: How does the source system write {column}?
    """
    for table, column in look.columns("number", "text"):
        if not (is_identifier(column.name) or column.name in look.linked(table.name)) or says(column.name, "latitude"):
            continue
        q = look.name(table.name, column.name)
        if column.type == "text":
            decimals = sum(n for m, n in column.masks if m.endswith(".9") and set(m) <= {"9", "."})
            condition = f"{q} LIKE '%.0'"
        else:
            decimals = column.filled if "DECIMAL" not in column.native.upper() and _number(column.min) is not None else 0
            condition = f"{q} = floor({q})"
        if decimals >= 0.5 * min(column.filled, sum(n for _, n in column.masks) or column.filled):
            failing, query = _matching(look, table, column, condition)
            if failing >= 0.9 * column.filled:
                yield Hit(table.name, (column.name,), failing, column.filled, query, "rule", {"shape": "like 12345.0"})


@rule("validity")
def constant_columns(look: Look) -> Iterator[Hit]:
    """One single value fills {number} of {table} in all {of} rows: {columns}.

    Criterion: none known: a column that never changes tells nothing apart.
    Cause: a filter of the extract, or a feature not in use (opinion).
    Do: state the value in the description and leave the columns out of models.
    Ask: Can these columns ever hold another value?
    """
    for table in look.tables:
        names = tuple(c.name for c in table.columns if c.constant)
        if names and table.rows >= 20:
            query = look.where(table.name, names, f"{look.name(table.name, names[0])} IS NOT NULL")
            yield Hit(
                table.name,
                names,
                table.rows,
                table.rows,
                query,
                "question",
                {"number": plural(len(names), "column")},
                fact_id("constant", table.name),
            )


@rule("validity")
def nearly_constant(look: Look) -> Iterator[Hit]:
    """{table}.{column} holds one value in all but {failing} of {of} rows.

    Criterion: none known: so rare a value is either an error or what matters most.
    Cause: a rare event, or a mistake (opinion).
    Do: look at the few rows before using the column.
    Ask: What do the rare values mean?
    """
    for table, column in look.columns():
        rest = column.filled - column.top[0][1] if column.top else 0
        if table.rows >= 1_000 and column.distinct >= 2 and 0 < rest <= 0.001 * column.filled:
            value = look.scope.literal(table.name, column.top[0][0])
            failing, query = _matching(look, table, column, f"{look.name(table.name, column.name)} <> {value}")
            if failing == rest:
                yield Hit(table.name, (column.name,), failing, column.filled, query, "question")


@rule("validity")
def several_currencies(look: Look) -> Iterator[Hit]:
    """{table} holds amounts in {number} currencies ({column}); {failing} of {of} rows are not in the commonest.

    Criterion: amounts are added only within one currency.
    Consequence: a total over {table} adds unlike amounts.
    Do: convert at the rate of the day into a reporting currency, and keep the original beside it.
    Ask: Which rate and which reporting currency apply?
    """
    for table, column in look.columns("text"):
        if (
            says(column.name, "currency")
            and 2 <= column.distinct <= 200
            and (column.max_length or 0) <= 4
            and len(split(column.name)) <= 3
            and column.top
        ):
            value = look.scope.literal(table.name, column.top[0][0])
            failing, query = _matching(look, table, column, f"{look.name(table.name, column.name)} <> {value}")
            amounts = any(says(c.name, "measure") for c in table.columns if c.type in ("integer", "number"))
            harm = "figure" if amounts and failing >= 0.01 * column.filled else "rule"
            yield Hit(table.name, (column.name,), failing, column.filled, query, harm, {"number": column.distinct})
