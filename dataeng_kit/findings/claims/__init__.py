"""Claims of CLAUDE.md tested against data: holds, contradicted with counts, or not testable with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from dataeng_kit.data.live import Data
from dataeng_kit.errors import KitError, Stopped
from dataeng_kit.findings.claims import columns, links, rules, tables, times
from dataeng_kit.findings.claims.comments import commented
from dataeng_kit.findings.claims.plain import read as read_plain
from dataeng_kit.findings.claims.subjects import Subjects, Unresolved
from dataeng_kit.findings.claims.verdict import Case, Verdict, result
from dataeng_kit.knowledge import phrases
from dataeng_kit.nouns import ClaimResult, Context, Profile
from dataeng_kit.run import Run

_TESTS: dict[str, Callable[[Case], Verdict]] = {
    "unique": columns.unique,
    "not_null": columns.not_null,
    "enumeration": columns.enumeration,
    "constant": columns.constant,
    "range": columns.bounded,
    "format": columns.shaped,
    "currency": columns.currency,
    "no_orphans": links.no_orphans,
    "reference": links.no_orphans,
    "time_order": times.time_order,
    "derived": rules.derived,
    "sum": rules.total,
    "grain": tables.grain,
    "row_count": tables.row_count,
    "rate": tables.rate,
    "since": tables.period,
    "until": tables.period,
    "free": tables.free,
}
_PASSING = {
    "row_count",
    "rate",
    "since",
    "until",
    "range",
    "grain",
    "derived",
    "time_order",
    "unique",
    "format",
    "enumeration",
    "constant",
}
"""Kinds whose wording also occurs in talk about code or people: unless they name data, nothing is said about them."""

_QUOTING = {"enumeration", "constant", "format", "derived", "sum"}
"""Kinds whose sentences quote values or formulas, which are no names."""


def test_claims(context: Context, data: Data, profile: Profile, run: Run | None = None) -> tuple[ClaimResult, ...]:  # noqa: PT028  # no test: its name is the contract
    """Return the verdict on every sentence of *context* and of the database's own comments that rows can test.

    A claim whose subject or rule is not known for sure is ``not_testable`` with the reason; sentences of everyday wording that
    name nothing of the data are left out. Each contradicted result names the finding that follows from it.
    """
    subjects = Subjects(profile, context)
    own = commented(data)
    claims, said = context.claims + own.claims, context.said + own.said
    out: list[ClaimResult] = []
    for at, claim in enumerate(claims):
        if run:
            run.step(f"testing what {claim.file} says", at, len(claims))
        case = Case(claim, subjects, data, profile, run)
        verdict = _judged(case)
        if verdict is not None:
            out.append(result(claim, verdict))
    for claim in said:
        if told := _plain(Case(claim, subjects, data, profile, run)):
            out.append(result(replace(claim, kind=told[0]), told[1]))
    tested = {(r.file, r.line, r.quote) for r in out if r.verdict != "not_testable"}
    return tuple(dict.fromkeys(r for r in out if r.verdict != "not_testable" or (r.file, r.line, r.quote) not in tested))


def _judged(case: Case) -> Verdict | None:
    """Return the verdict on one claim, by its words as they are or in plain English; None for talk that names no data."""
    if case.claim.kind == "row_count" and (plain := _plain(case)):
        return plain[1]  # what is counted may be a table's rows or a column's values: plain words look at both
    try:
        _known(case)
        _whole(case)
        return _TESTS[case.claim.kind](case)
    except Unresolved as unresolved:
        said = unresolved.what
        if plain := _plain(case):
            return plain[1]
        passing = case.claim.kind in _PASSING and not _speaks_of_data(case)
        return None if passing else Verdict("not_testable", said)
    except Stopped:
        raise
    except KitError as refused:
        return Verdict("not_testable", refused.what)


def _plain(case: Case) -> tuple[str, Verdict] | None:
    """Return the kind and verdict of a sentence in plain words; None where nothing in the data is meant for sure."""
    try:
        told = read_plain(case)
    except Stopped:
        raise
    except KitError:
        return None
    return told if told[1].verdict != "not_testable" else None


test_claims.__test__ = False  # type: ignore[attr-defined]  # its name is the contract; pytest must not collect it


def _speaks_of_data(case: Case) -> bool:
    if "thing" in case.terms or "what" in case.terms:
        return False
    label = case.claim.subject if case.claim.subject != case.text else ""
    identifier = re.search(r"[a-z0-9]_[a-z0-9]|\bid\b", case.text) or re.search(r"`[\w.]+`", case.claim.quote)
    return bool(identifier or "_" in label or re.search(phrases()["data"], case.text, re.I))


def _whole(case: Case) -> None:
    """Raise `Unresolved` when a sentence limits itself to some rows and its test would look at all of them."""
    if case.claim.kind in _QUOTING:
        return
    for table in case.subjects.home(case.text, ""):
        if (limit := case.only(table, "t")) != "1 = 1":
            raise Unresolved(f"It speaks only of the rows where {limit.removeprefix('t.')}")


def _known(case: Case) -> None:
    """Raise `Unresolved` when a sentence names an identifier that the data does not have, or a date but nothing of the data."""
    if case.claim.kind not in _QUOTING:
        for name in re.findall(r"`([A-Za-z]\w*(?:\.\w+)?)`", case.text):
            if not case.subjects.named(f"`{name}`"):
                raise Unresolved(f"The data has no {name}")
    spanned = "from" in case.terms and case.subjects.home("", case.under)
    if case.claim.kind in ("since", "until") and not spanned and not case.subjects.home(f"{case.text} {case.claim.subject}", ""):
        if not case.subjects.named(case.text) and not re.search(phrases()["data"], case.text, re.I):
            raise Unresolved("It names nothing of the data")


__all__ = ["test_claims"]
