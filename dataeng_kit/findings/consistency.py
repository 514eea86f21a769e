"""Consistency inside a table and along its laws: orders of time, sums, dependencies, flags, intervals, copies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from dataeng_kit.findings.rule import Hit, Look, rule
from dataeng_kit.nouns import Law
from dataeng_kit.nouns.references import parse, write
from dataeng_kit.profile.laws.words import is_identifier, says, shared, split


def _columns(law: Law) -> tuple[str, ...]:
    """Return the law's columns in its own table, without the table's name."""
    return tuple(dict.fromkeys(parse(c)[-1] for c in law.columns if parse(c)[0] == law.table))


def _harm(law: Law) -> str:
    """Return figure for a rule the names demand and the rows refuse, rule for exceptions, question otherwise."""
    named = bool(law.detail.get("named"))
    if law.standing == "finding":
        return "figure"
    return "rule" if law.standing == "law_with_exceptions" and named else "question"


@rule("consistency")
def outside_parent_life(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} have {columns} {side} {parent}, the {word} of the row they belong to.

    Criterion: nothing happens {side} {parent}; the names say so and {reason}.
    Cause: {cause} (opinion).
    Consequence: every figure over time that joins {table} to {other} (activity, age, retention, cost per period)
    counts these rows wrongly.
    Do: leave them out of figures over time until the owner has said which of the two dates is wrong.
    Ask: Which of the two dates is right?
    """
    groups: dict[tuple[Any, ...], list[Law]] = defaultdict(list)
    for law in look.laws("time_order"):
        if law.detail.get("scope") == "parent" and "sentinel" not in law.detail:
            groups[law.table, law.other, law.detail["parent"], law.detail["side"], _harm(law) == "question"].append(law)
    for (table, other, parent, side, _), found in groups.items():
        worst = max(found, key=lambda law: law.exceptions)
        if _harm(worst) == "question" and worst.exceptions < 10:
            continue
        same = [law for law in found if law.detail["from"] == worst.detail["from"]]
        failing, of, query = worst.exceptions, worst.of, worst.query
        if len(same) > 1:
            condition = " OR ".join(f"({law.detail['where']})" for law in same)
            shown = look.scope.shown(table, [c for law in same for c in _columns(law)])
            query = f"SELECT {shown} {worst.detail['from']} WHERE {condition}"
            failing = int(look.scope.rows(table, f"SELECT count(*) {worst.detail['from']} WHERE {condition}")[0][0])
        names = tuple(dict.fromkeys(str(law.detail["child"]) for law in (worst, *same)))
        share, chance = failing / of if of else 0, worst.chance or 0
        random = share > 0.05 and abs(share - chance) <= 0.25 * chance
        values = {
            "side": side,
            "word": "begin" if side == "before" else "end",
            "parent": write(other, parent),
            "other": other,
            "reason": worst.reasons[0] if worst.reasons else "most rows obey",
            "cause": "the dates look drawn independently of each other"
            if random
            else "an early entry, a late correction or a reused key",
        }
        subject = f"{write(table, str(worst.detail['child']))}~{write(other, parent)}~{side}"
        yield Hit(table, names, failing, max(of, failing), query, _harm(worst), values, subject, facts=(worst.fact,))


@rule("consistency")
def end_before_begin(look: Look) -> Iterator[Hit]:
    """In {failing} of {of} rows of {table}, {last} lies before {first}.

    Criterion: {first} comes first: {reason}.
    Cause: a typing error, a time zone, or a date entered in the wrong field (opinion).
    Consequence: durations become negative and pull every average down.
    Do: leave these rows out of durations and have them corrected; add a check at load.
    Ask: May {last} lie before {first}?
    """
    for law in look.laws("time_order"):
        if law.detail.get("scope") == "row" and "sentinel" not in law.detail:
            first, last = str(law.detail["first"]), str(law.detail["last"])
            values = {"first": first, "last": last, "reason": "; ".join(law.reasons)}
            harm = "rule" if law.standing == "law_with_exceptions" else _harm(law)
            yield Hit(law.table, (last, first), law.exceptions, law.of, law.query, harm, values, facts=(law.fact,))


@rule("consistency")
def placeholder_breaks_order(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} have {value} in {column}: a placeholder, so that {breaks}.

    Criterion: a date that is not known is missing; {value} is no date of this business but a system's zero or end of time.
    Cause: an empty date that was stored as a number (opinion).
    Consequence: durations, ages and 'latest' dates over {column} are absurd for these rows, and a filter on the
    period drops them.
    Do: read {value} in {column} as missing.
    Ask: Does {value} stand for 'none'?
    """
    groups: dict[tuple[str, str, str], list[Law]] = defaultdict(list)
    for law in look.laws("time_order"):
        if "sentinel" in law.detail:
            groups[law.table, str(law.detail["sentinel_column"]), str(law.detail["sentinel"])].append(law)
    for (table, column, value), found in groups.items():
        condition = f"CAST({look.name(table, column)} AS DATE) = CAST({look.scope.literal(table, value)} AS DATE)"
        failing = look.count(table, [condition])[0]
        worst = max(found, key=lambda law: law.exceptions)
        breaks = f"{worst.exceptions:,} rows break '{worst.rule}'"
        of = look.profile.table(table).column(column).filled
        query = look.where(table, (column,), condition)
        yield Hit(
            table,
            (column,),
            failing,
            of,
            query,
            "rule",
            {"value": value, "breaks": breaks},
            facts=tuple(law.fact for law in found),
        )


@rule("consistency")
def unreconciled(look: Look) -> Iterator[Hit]:
    """{failing} of {of} do not reconcile ({law}); the differences add up to {difference}.

    Criterion: the two sides agree to a cent in the other {holds}.
    Cause: an entry missing on one side, counted twice, or booked under another key (opinion).
    Consequence: the two totals are {left} and {right}: whoever reports from one contradicts the other.
    Do: work through the list of differences before either total is reported; then make the equation a daily check.
    Ask: Which side is the book of record?
    """
    for law in look.laws("reconciliation"):
        left, right, difference = (float(law.detail.get(k) or 0) for k in ("left_total", "right_total", "difference"))
        values = {
            "law": law.rule,
            "holds": f"{law.holds:,}",
            "difference": f"{difference:,.2f}",
            "left": f"{left:,.2f}",
            "right": f"{right:,.2f}",
        }
        columns = _columns(law) or (parse(law.columns[0])[-1],)
        yield Hit(law.table, columns, law.exceptions, law.of, law.query, "figure", values, law.fact, difference, (law.fact,))


@rule("consistency")
def formula_broken(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} break {law}.

    Criterion: all other rows keep to the formula to a cent.
    Cause: a manual correction, a rounding rule, or a value changed without its total (opinion).
    Consequence: a total over the stored column differs from the same total computed.
    Do: compute the column instead of storing it, or constrain it.
    Ask: Which of the columns is right in these rows?
    """
    for law in look.laws("derived"):
        yield Hit(
            law.table, _columns(law), law.exceptions, law.of, law.query, "figure", {"law": law.rule}, law.fact, facts=(law.fact,)
        )


@rule("consistency")
def date_part_broken(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} break the rule that {law}.

    Criterion: all other rows keep to it.
    Cause: one of the two was corrected without the other, or a time zone moved the day (opinion).
    Consequence: a report by the stored part and one by the date disagree.
    Do: compute the part from the date.
    Ask: Which of the two is right?
    """
    for law in look.laws("date_parts"):
        yield Hit(law.table, _columns(law), law.exceptions, law.of, law.query, "rule", {"law": law.rule}, facts=(law.fact,))


@rule("consistency")
def dependency_broken(look: Look) -> Iterator[Hit]:
    """{left} does not always give one {right}: {groups} of its {all} values have several ({failing} of {of} rows
    differ from the usual one).

    Criterion: one {left} has one {right} in all other cases; shuffled values would differ in {chance} of the rows.
    Cause: a description that changed over time, free entry, or a reused code (opinion).
    Consequence: a dimension keyed by {left} needs one {right}: an arbitrary pick changes groups and labels.
    Do: keep a history of {right} per {left}, or pick by a documented rule such as the latest.
    Ask: May {right} change for one {left}, and which value counts?
    """
    for law in look.laws("dependency"):
        left, right = str(law.detail["left"]), str(law.detail["right"])
        names = [c.name for c in look.profile.table(law.table).columns]
        own = {w for w in shared(left, right) if sum(w in split(n) for n in names) <= 3}  # a prefix of many columns tells nothing
        telling = is_identifier(left) and not says(left, "place") and (says(right, "describes") or bool(own))
        values = {
            "left": left,
            "right": right,
            "groups": f"{law.detail['broken_groups']:,}",
            "all": f"{law.detail['groups']:,}",
            "chance": f"{100 * (law.chance or 0):.0f} %",
        }
        harm = (
            "rule"
            if telling and int(law.detail["broken_groups"]) >= 3 and law.of >= 3 * int(law.detail["groups"])
            else "question"
        )
        yield Hit(law.table, (right, left), law.exceptions, law.of, law.query, harm, values, law.fact, facts=(law.fact,))


@rule("consistency")
def flag_contradicts_events(look: Look) -> Iterator[Hit]:
    """{column} of {table} and the rows of {other} disagree for {failing} of {of}: {without} have rows but no flag,
    {flagged} the reverse.

    Criterion: {law} ({reason}).
    Cause: the flag is set by hand or by another definition than the events (opinion).
    Consequence: a rate computed from the flag and one computed from {other} are two different figures.
    Do: derive the flag from {other}, and show both figures until the definition is settled.
    Ask: What exactly does {column} state?
    """
    for law in look.laws("flag_event"):
        if law.detail.get("scope") == "children":
            values = {
                "other": law.other,
                "law": law.rule,
                "reason": "; ".join(law.reasons),
                "without": f"{law.detail['without_flag']:,}",
                "flagged": f"{law.detail['flag_without']:,}",
            }
            harm = "question" if law.standing == "question" else "figure" if law.standing == "finding" else "rule"
            yield Hit(law.table, _columns(law), law.exceptions, law.of, law.query, harm, values, law.fact, facts=(law.fact,))


@rule("consistency")
def flag_contradicts_row(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} break the rule that {law}.

    Criterion: the flag restates another column in all other rows ({reason}).
    Cause: one of the two was changed without the other (opinion).
    Consequence: a filter by the flag and one by the other column select different rows.
    Do: drop the flag and compute it, or constrain the two together.
    Ask: Which of the two is right?
    """
    for law in look.laws("flag_event"):
        if law.detail.get("scope") == "row":
            values = {"law": law.rule, "reason": "; ".join(law.reasons)}
            yield Hit(law.table, _columns(law), law.exceptions, law.of, law.query, "rule", values, law.fact, facts=(law.fact,))


@rule("consistency")
def overlapping_intervals(look: Look) -> Iterator[Hit]:
    """{overlapping} of {entities} values of {column} have intervals in {table} that overlap ({failing} of {of} rows);
    {open} have several open at once.

    Criterion: none stated: a {table} row per period suggests one at a time.
    Cause: several at once are allowed, or an end date was not entered (opinion).
    Consequence: 'the current one' is not unique: a join by date or by open end multiplies rows and amounts.
    Do: say whether several may be open at once; if so, never join by 'current', if not, close the earlier one.
    Ask: May one {column} have several open rows at the same time?
    """
    for law in look.laws("overlap"):
        exclusive, rare = bool(law.detail.get("exclusive")), law.exceptions <= 0.05 * law.of
        values = {k: f"{law.detail[k]:,}" for k in ("overlapping", "entities")} | {"open": f"{law.detail['several_open']:,}"}
        harm = "rule" if exclusive and rare else "question"
        yield Hit(law.table, _columns(law), law.exceptions, law.of, law.query, harm, values, law.fact, facts=(law.fact,))


@rule("consistency")
def copy_differs(look: Look) -> Iterator[Hit]:
    """{column} of {table} differs from {original} in {failing} of {of} rows.

    Criterion: none stated: the two columns bear one name and one set of values ({reason}).
    Cause: the copy keeps the value of its time, or the two mean different things (opinion).
    Consequence: the same group-by gives two answers, one per table.
    Do: give the two columns names that tell them apart, and say which one reports use.
    Ask: Should {column} of {table} equal {original}?
    """
    for law in look.laws("copy"):
        values = {"original": law.columns[1], "reason": "; ".join(law.reasons)}
        yield Hit(law.table, _columns(law), law.exceptions, law.of, law.query, "question", values, law.fact, facts=(law.fact,))
