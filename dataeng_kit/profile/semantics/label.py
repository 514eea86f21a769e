"""One label per column: headers propose, values decide, neighbours confirm, and each may veto the others."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from dataeng_kit.data.live import Data
from dataeng_kit.errors import unknown
from dataeng_kit.nouns import Label, Profile
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.semantics import grammar, numbers, persons, phones, places, times
from dataeng_kit.profile.semantics.cards import cards, fold
from dataeng_kit.profile.semantics.companies import without_companies
from dataeng_kit.profile.semantics.grammar import VETO, Votes
from dataeng_kit.profile.semantics.headers import Hint, hints, meaningless
from dataeng_kit.profile.semantics.links import Link, birth_links, coordinate_links, name_links, neighbours
from dataeng_kit.profile.semantics.text import free_text
from dataeng_kit.profile.semantics.view import View, views
from dataeng_kit.run import Run

DETECTORS: tuple[Callable[[View], Votes], ...] = (
    grammar.addresses,
    grammar.identifiers,
    grammar.technical,
    numbers.cards_of_payment,
    numbers.accounts,
    numbers.registered,
    numbers.health,
    numbers.vehicles,
    numbers.documents,
    persons.people,
    places.streets,
    places.cities,
    places.postcodes,
    places.coordinates,
    times.birth_dates,
    phones.phones,
    phones.users,
)
HEADER = 4.0
"""Log-odds of a header that is exactly a label's word, in a table whose headers are right."""
PRIOR = -3.0
HARMLESS_PRIOR = -2.5
DECIDED = 0.8
"""Below this score a sensitive label is a question: the column counts as personal until it is answered."""
_DEFINITE = 5.0
_BELIEVED = 1.5


class Column:
    """The evidence about one column: votes of values, hints of the header, links; `best` weighs them."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.hints: tuple[Hint, ...] = hints(view.name)
        self.votes: dict[str, list[tuple[float, str]]] = defaultdict(list)
        self.links: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for detect in DETECTORS if view.n else ():
            for label, vote in detect(view).items():
                self.votes[label].append(vote)

    def values(self, label: str) -> float:
        """Return the log-odds of the values for *label*; a veto stays a veto."""
        weights = [w for w, _ in self.votes.get(label, ())]
        return min(weights) if weights and min(weights) <= VETO else sum(weights)

    def open_to(self, label: str) -> bool:
        """True when a neighbour may add to *label*: the header names it or nothing at all, or the values speak for it."""
        if not self.view.n:
            return False
        return self.values(label) > 0.5 or any(h.label == label for h in self.hints) or meaningless(self.view.name)

    def scores(self, trust: float) -> dict[str, float]:
        """Return the log-odds of every label with evidence, headers weighed by *trust*."""
        header = {h.label: HEADER * h.strength * trust for h in self.hints if self.view.n or h.strength >= 0.9}
        # a header that clearly names something that the values allow speaks against every personal label it does not name
        clear = 0.9 * HEADER * trust
        against = max(
            (0.75 * w for k, w in header.items() if w > clear and (not cards()[k].sensitive or self.values(k) > -1)), default=0.0
        )
        found = {}
        for label in {*header, *self.votes, *self.links}:
            value = self.values(label)
            if value <= VETO:
                continue
            linked = min(8.0, sum(sorted({w for w, _ in self.links.get(label, ())}, reverse=True)[:3]))
            prior = PRIOR - (against if label not in header else 0.0) if cards()[label].sensitive else HARMLESS_PRIOR
            if self.view.n < 4 and label not in header:
                prior -= 1.5  # one or two values prove little
            found[label] = prior + header.get(label, 0.0) + value + linked
        return found

    def reasons(self, label: str, trust: float) -> tuple[str, ...]:
        """Return why *label* was chosen, strongest evidence first."""
        said = [(HEADER * h.strength * trust, f"header says '{h.phrase}'") for h in self.hints if h.label == label]
        said += [(w, r) for w, r in (*self.votes.get(label, ()), *self.links.get(label, ())) if w > 0]
        return tuple(r for w, r in sorted(said, key=lambda s: -s[0]) if w > 0)[:4]


def trust_of(columns: Iterable[Column]) -> float:
    """Return how far a table's headers can be believed, 0.2..1: values that contradict them count against all of them."""
    wrong = right = 0
    for column in columns:
        clear = [h for h in column.hints if h.strength >= 0.9]
        if not clear or not column.view.n:
            continue
        named = [h.label for h in clear]
        told = [label for label in named if cards()[label].sensitive]
        seen = max((column.values(k) for k in column.votes if cards()[k].sensitive), default=0.0)
        if (told and all(column.values(k) <= -4 for k in told)) or (not told and seen > _DEFINITE):
            wrong += 1
        elif any(column.values(k) >= 1 for k in named):
            right += 1
    return max(0.2, 1 - wrong / (wrong + right + 1))


def _links(columns: list[Column], trust: float) -> Iterable[Link]:
    seen = [c.view for c in columns]

    def likely(label: str, floor: float = 0.0) -> list[int]:
        return [c.view.position for c in columns if c.scores(trust).get(label, -9) > floor]

    emails = likely("email")
    yield from name_links(seen, emails, [p for p in likely("username", -2.0) if p not in emails])
    ids = [c.view.position for c in columns if "national_id" in c.scores(trust) and c.view.digits > 0.9]
    dates = [c.view.position for c in columns if c.values("date_of_birth") > VETO and "date_of_birth" in c.votes]
    yield from birth_links(seen, dates, ids)
    yield from coordinate_links(
        seen, {c.view.position for c in columns if any(h.label == "geo_coordinate" and h.strength >= 0.9 for h in c.hints)}
    )


def _strongest(columns: list[Column], trust: float, floor: float) -> dict[int, str]:
    found = {}
    for column in columns:
        scores = column.scores(trust)
        if scores and (best := max(scores, key=lambda k: scores[k])) and scores[best] > floor:
            found[column.view.position] = best
    return found


def _people(columns: list[Column], labels: dict[int, str]) -> list[frozenset[str]]:
    """Return for each sampled row the folded names that its name columns hold."""
    sources = [c.view.cells for c in columns if labels.get(c.view.position) in ("full_name", "given_name", "family_name")]
    rows = zip(*sources, strict=True) if sources else ()
    return [frozenset(fold(v) for v in row if v and len(v) > 4) for row in rows]


def label_table(columns: list[Column]) -> dict[int, Label]:
    """Return position → label for one table's evidence."""
    _pair_names(columns)
    trust = trust_of(columns)
    for at, label, weight, reason in _links(columns, trust):
        columns[at].links[label].append((weight, reason))
    first = _strongest(columns, trust, _BELIEVED)
    people = _people(columns, first)
    for column in columns:
        if column.values("email") < 5 and column.view.n:
            named = first.get(column.view.position) in ("full_name", "given_name", "family_name")
            for label, vote in free_text(column.view, () if named else people).items():
                column.votes[label].append(vote)
    for _ in range(2):  # what the first round found speaks in the second
        for at, label, weight, reason in neighbours(_strongest(columns, trust, _BELIEVED), [c.view for c in columns]):
            if columns[at].open_to(label) and (weight, reason) not in columns[at].links[label]:
                columns[at].links[label].append((weight, reason))
    found = {c.view.position: _decide(c, trust) for c in columns}
    return {at: label for at, label in found.items() if label}


def _pair_names(columns: list[Column]) -> None:
    """Make ``first`` and ``last`` side by side as clear as ``first_name`` and ``last_name``."""
    named = {h.label for c in columns for h in c.hints if h.label in ("given_name", "family_name")}
    if len(named) == 2:
        for column in columns:
            column.hints = tuple(
                Hint(h.label, max(h.strength, 0.9), h.phrase) if h.label in named and h.strength > 0.4 else h
                for h in column.hints
            )


def _decide(column: Column, trust: float) -> Label | None:
    scores = sorted(column.scores(trust).items(), key=lambda s: (-s[1], s[0]))  # equal scores: the same answer in every process
    if not scores or scores[0][1] < 0:
        return None
    (name, score), rest = scores[0], scores[1:]
    card = cards()[name]
    reasons = column.reasons(name, trust)
    runner = rest[0][0] if rest and rest[0][1] > -1 else ""
    if card.sensitive and score < DECIDED:
        reasons = ("undecided, treated as personal until answered", *reasons)
    return Label(name, round(1 / (1 + math.exp(-score)), 2), reasons, card.sensitive, runner)


def _told(reference: str, name: str) -> Label | None:
    if name.lower() in ("", "none", "null"):
        return None
    if name not in cards():
        raise unknown("label", name, cards())
    return Label(name, 1.0, (f"said by the user for {reference}",), cards()[name].sensitive)


def _referenced(profile: Profile, found: dict[str, Label]) -> dict[str, Label]:
    """Return the labels that columns get from the sensitive key they reference: a pseudonym is personal data too."""
    more = {}
    for key in profile.foreign_keys:
        for child, parent in zip(key.columns, key.ref_columns, strict=True):
            label, here = found.get(write(key.ref_table, parent)), write(key.table, child)
            direct = (
                label and label.sensitive and cards()[label.name].group not in ("place", "location", "text", "special", "secret")
            )
            if label and direct and not (here in found and found[here].sensitive):
                more[here] = Label(
                    label.name, label.confidence, (f"references {write(key.ref_table, parent)}", *label.reasons[:1]), True
                )
    return more


def label_columns(
    data: Data, profile: Profile, overrides: Mapping[str, str] = MappingProxyType({}), run: Run | None = None
) -> dict[str, Label]:
    """Return reference → label for every column that has one worth saying.

    *overrides*: reference → label name or ``none``, from the user's choices; raises `KitError` for an unknown name.
    A sensitive label with low confidence says in its reasons that it is undecided.
    """
    found: dict[str, Label] = {}
    for done, source in enumerate(data.sources):
        if run:
            run.step(f"looking for personal data in {source.table.name}", done, len(data.sources))
        labels = label_table([Column(v) for v in views(data, source, profile, run)])
        named = {write(source.table.name, source.table.columns[at].name): label for at, label in labels.items()}
        found |= without_companies(source.table.name, named)
    found |= _referenced(profile, found)
    for reference, name in overrides.items():
        found.pop(reference, None)
        if label := _told(reference, name):
            found[reference] = label
    return found
