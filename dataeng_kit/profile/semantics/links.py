"""What columns of one row say about each other: names inside addresses, birth dates inside ids, pairs and neighbours."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from dataeng_kit.profile.semantics.cards import fold
from dataeng_kit.profile.semantics.places import numeric
from dataeng_kit.profile.semantics.times import day
from dataeng_kit.profile.semantics.view import View

Link = tuple[int, str, float, str]
"""Column position, label, log-odds, reason."""
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = str.maketrans({"ö": "oe", "ä": "ae", "ü": "ue", "å": "aa"})


def _parts(value: str) -> list[str]:
    return [p for p in _LETTERS.findall(fold(value)) if len(p) > 2]


def name_links(views: list[View], emails: list[int], ids: list[int]) -> Iterator[Link]:
    """Yield links from names to the e-mail (or user name) of the same row; *emails*, *ids* are column positions."""
    for source in [*emails, *ids]:
        locals_ = [re.sub(r"[^a-z]", "", fold(c.split("@")[0])) if c else "" for c in views[source].cells[:250]]
        for view in views:
            if view.position == source or view.position in emails or view.letters < 0.9 or view.words > 5:
                continue
            pairs = [(c, m) for c, m in zip(view.cells, locals_, strict=False) if c and len(m) > 3]
            if len(pairs) < 5:
                continue
            hits = sum(any(p in m or p.translate(_LATIN) in m for p in _parts(c)) for c, m in pairs) / len(pairs)
            if hits < 0.25:
                continue
            said = f"{hits:.0%} of the rows have this name inside '{views[source].name}'"
            yield from _named(view, source, hits, said, source in emails)


def _named(view: View, source: int, hits: float, said: str, is_email: bool) -> Iterator[Link]:
    single = view.of(lambda v: len(v.split()) == 1)
    user = view.share(r"[a-z][a-z0-9._\-]*")
    if user > 0.8 and is_email:
        yield view.position, "username", 6.5, said
    elif single > 0.8:
        yield view.position, "given_name", 4.0, said
        yield view.position, "family_name", 4.0, said
    else:
        yield view.position, "full_name", 7.0, said
    if not is_email:
        yield source, "username", 5.0, f"{hits:.0%} of the rows have a name of '{view.name}' inside"


def birth_links(views: list[View], dates: list[int], ids: list[int]) -> Iterator[Link]:
    """Yield links from a date to an id that holds its digits in the same row: proof of a birth date and of a national id."""
    for at in dates:
        for other in ids:
            if at == other:
                continue
            rows = [
                (d, c)
                for d, c in zip((day(v) if v else None for v in views[at].cells), views[other].cells, strict=True)
                if d and c
            ]
            if len(rows) < 5:
                continue
            hits = sum(_holds(d, re.sub(r"\D", "", c)) for d, c in rows) / len(rows)
            if hits > 0.7 and len({d for d, _ in rows}) > 4:
                yield at, "date_of_birth", 6.0, f"{hits:.0%} stand inside '{views[other].name}' of the same row"
                yield other, "national_id", 5.0, f"{hits:.0%} hold the date of '{views[at].name}'"


def _holds(date: tuple[int, int, int], digits: str) -> bool:
    year, month, number = f"{date[0]:04d}", f"{date[1]:02d}", f"{date[2]:02d}"
    return (
        any(
            p in digits
            for p in (year[2:] + month + number, number + month + year[2:], year + month + number, month + number + year[2:])
        )
        and len(digits) > 8
    )


def coordinate_links(views: list[View], proposed: set[int]) -> Iterator[Link]:
    """Yield links of two neighbouring decimal columns: one within 90 degrees, both clustered or signed, and not alike."""
    for first, second in itertools.pairwise(views):
        left, right = numeric(first), numeric(second)
        if (
            min(len(left), len(right)) < 5
            or (max(map(abs, left)) > 90 and max(map(abs, right)) > 90)
            or max(map(abs, left + right)) > 180
        ):
            continue
        deep = min(v.share(r"[-+]?\d{1,3}[.,]\d{3,}") for v in (first, second))
        spans = sorted((_span(left), _span(right)))
        headed = {first.position, second.position} <= proposed
        if deep < 0.7 and not headed:
            continue
        signed = any(min(x) < 0 for x in (left, right)) and all(max(x) - min(x) > 0 for x in (left, right))
        apart = abs(_middle(left) - _middle(right)) > max(spans)
        if (
            headed
            or (apart and spans[1] < 70 and spans[0] < 30 and max(map(abs, map(_middle, (left, right)))) > 12)
            or (signed and apart)
        ):
            for view in (first, second):
                yield (
                    view.position,
                    "geo_coordinate",
                    5.0 if headed or signed else 2.0,
                    f"a pair of decimal degrees: '{first.name}' and '{second.name}'",
                )


def _span(numbers: list[float]) -> float:
    ordered = sorted(numbers)
    return ordered[-1 - len(ordered) // 20] - ordered[len(ordered) // 20]


def _middle(numbers: list[float]) -> float:
    return sorted(numbers)[len(numbers) // 2]


def _missing_half(view: View, others: set[str]) -> Iterator[Link]:
    """Yield the name that a table of people must have somewhere: the other half of a name, or the whole one."""
    if "family_name" in others and not others & {"given_name", "full_name"}:
        yield view.position, "given_name", 3.0, "a family name stands in the table, and no given name"
    if "given_name" in others and not others & {"family_name", "full_name"}:
        yield view.position, "family_name", 3.0, "a given name stands in the table, and no family name"
    sure = others & {"date_of_birth", "national_id", "email", "phone", "mrn", "passport"}
    if (
        len(sure) > 1
        and not others & {"full_name", "given_name", "family_name"}
        and view.variety > 0.4
        and 1.8 <= view.words <= 3.5
    ):
        yield view.position, "full_name", 3.0, "a table of people must name them"


_PEOPLE = frozenset({"full_name", "given_name", "family_name", "email", "date_of_birth", "username"})
_COMPANY_KEPT: tuple[tuple[frozenset[str], tuple[tuple[str, float], ...], str], ...] = (
    (frozenset({"credit_card"}), (("card_cvv", 3.0), ("card_expiry", 3.0)), "stands in a table of cards"),
    (
        _PEOPLE,
        (("date_of_birth", 1.0), ("phone", 1.5), ("national_id", 0.7), ("street_address", 1.0), ("city", 1.0), ("username", 1.0)),
        "stands in a table of people",
    ),
    (frozenset({"vin", "driver_licence"}), (("licence_plate", 1.5),), "stands beside vehicles"),
    (frozenset({"licence_plate", "vin"}), (("driver_licence", 0.5),), "stands beside vehicles"),
    (frozenset({"iban", "bank_account"}), (("bank_account", 1.0),), "stands beside accounts"),
    (
        frozenset({"icd_code", "mrn", "npi", "health_plan_id"}),
        (("icd_code", 1.5), ("mrn", 1.5), ("health_plan_id", 1.5)),
        "stands in a table of patients",
    ),
    (frozenset({"username", "email", "api_key"}), (("password_hash", 1.0),), "stands beside a login"),
)
"""Labels found elsewhere in the table → labels they make likelier, by how much, and the reason."""


def neighbours(labels: dict[int, str], views: list[View]) -> Iterator[Link]:
    """Yield what labels found so far say about the other columns of the table; *labels*: position → strongest label."""
    places = [p for p, label in labels.items() if label in ("street_address", "city", "postcode")]
    for view in views:
        at = view.position
        others = {labels[p] for p in labels if p != at}
        near = any(abs(p - at) <= 2 for p in places if p != at)
        if any(p != at for p in places):
            yield at, "city", 2.5 if near else 1.5, "stands beside an address"
            yield at, "geo_coordinate", 1.5, "stands beside an address"
            yield at, "street_address", 1.5, "stands beside an address"
        if near:
            yield at, "postcode", 3.0, "stands beside an address"
        yield from _missing_half(view, others)
        for kept, likelier, reason in _COMPANY_KEPT:
            if others & kept:
                yield from ((at, label, weight, reason) for label, weight in likelier)
