"""What a sentence speaks of: words of a claim matched to the tables and columns of the profile, never by guess."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from dataeng_kit.errors import KitError
from dataeng_kit.knowledge import domain_cards
from dataeng_kit.nouns import ColumnProfile, Context, Profile, Roles, TableProfile
from dataeng_kit.nouns.references import parse
from dataeng_kit.roles import bind, entity_of

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-ZÀ-Ý]?[a-zà-ÿß]+|[A-Z]+|\d+")
_WORD = re.compile(r"[\w.]*\w")
_GENERIC = frozenset(
    "id name date start end time value type status code count number total amount state description key row rows data".split()
)
_TAILS = frozenset(
    "amount value date flag count number usd eur gbp pct percent score at ts time tier name type code secs hours minutes".split()
)
"""Last words of a column's name that people leave out when they speak of it."""
_EVERYDAY = frozenset(
    "source feedback first last note created type balance billing title city address phone message category method".split()
)
_VERBS = frozenset("start end is has valid last first due open close".split())
_ENDINGS = ("ies", "es", "s", "en", "e", "n")


def joined(text: str) -> str:
    """Return the letters and digits of a name in lower case: ``Order_ID`` and ``order id`` → ``orderid``."""
    return "".join(w.lower() for w in _PARTS.findall(text))


def stems(word: str) -> set[str]:
    """Return a joined name with its possible singulars."""
    out = {word}
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            out.add(word[: -len(ending)] + ("y" if ending == "ies" else ""))
    return out


@dataclass(frozen=True)
class Column:
    """One column that a sentence names."""

    table: TableProfile
    profile: ColumnProfile

    @property
    def name(self) -> str:
        """Return the column's name."""
        return self.profile.name


@dataclass(frozen=True)
class Named:
    """One run of words and what it may name: tables, columns; ``exact`` when written as an identifier."""

    start: int
    end: int
    tables: tuple[TableProfile, ...]
    columns: tuple[Column, ...]
    exact: bool


class Unresolved(KitError):
    """A claim whose subject is not known for sure; the message says why."""


class Subjects:
    """The index from words to tables and columns of one profile."""

    def __init__(self, profile: Profile, context: Context) -> None:
        self.profile = profile
        self.context = context
        self.tables: dict[str, list[TableProfile]] = defaultdict(list)
        self.columns: dict[str, list[Column]] = defaultdict(list)
        self.short: dict[str, list[Column]] = defaultdict(list)
        for table in profile.tables:
            for alias in self._aliases(table.name):
                self.tables[alias].append(table)
            for column in table.columns:
                for alias in stems(joined(column.name)):
                    self.columns[alias].append(Column(table, column))
                words = [w.lower() for w in _PARTS.findall(column.name)]
                if words and words[-1] in ("no", "nr", "num"):
                    self.columns["".join(words[:-1]) + "number"].append(Column(table, column))
                if len(words) > 1 and words[-1] in _TAILS and words[0] not in _VERBS:
                    for alias in stems("".join(words[:-1])):
                        self.short[alias].append(Column(table, column))

    def _aliases(self, table: str) -> set[str]:
        base = re.split(r"[/.]", table)[-1]
        words = [w.lower() for w in _PARTS.findall(base)]
        prefix = self._prefix
        runs = {"".join(words)} | ({"".join(words[len(prefix) :])} if prefix and words[: len(prefix)] == prefix else set())
        return {s for r in runs if r for s in stems(r)}

    @cached_property
    def _prefix(self) -> list[str]:
        """Return the first words that the names of several tables share (``acme_accounts``, ``acme_users``)."""
        counts: dict[str, int] = defaultdict(int)
        for table in self.profile.tables:
            words = _PARTS.findall(re.split(r"[/.]", table.name)[-1])
            if len(words) > 1:
                counts[words[0].lower()] += 1
        best = max(counts, key=lambda w: counts[w], default="")
        return [best] if best and counts[best] >= 2 else []

    @cached_property
    def _roles(self) -> Roles:
        return bind(self.context, self.profile)

    @cached_property
    def entities(self) -> dict[str, tuple[TableProfile, ...]]:
        """Return other names of tables, from the entity of the domain that they are taken for."""
        found: dict[str, dict[str, TableProfile]] = defaultdict(dict)
        for domain in self._roles.domains:
            card = domain_cards()[domain]
            for table in self.profile.tables:
                entity, fit = entity_of(table.name, card)
                for name in card.entities[entity] if fit >= 0.75 else ():
                    for alias in stems(joined(name)):
                        found[alias][table.name] = table
        return {k: tuple(v.values()) for k, v in found.items()}

    @cached_property
    def synonyms(self) -> dict[str, tuple[Column, ...]]:
        """Return other names of columns, from the roles of the domain that they are bound to."""
        headers = {r.name: r.headers for card in domain_cards().values() for r in card.roles}
        found: dict[str, dict[tuple[str, str], Column]] = defaultdict(dict)
        for role in self._roles.roles:
            if not role.column:
                continue
            table, column = parse(role.column)
            home = self.profile.table(table)
            entity = joined(role.name.split(".")[0])
            for header in headers.get(role.name, ()):
                key = joined(header)
                for name in {key, entity + key} if key not in _GENERIC else {entity + key}:
                    found[name][table, column] = Column(home, home.column(column))
        return {k: tuple(v.values()) for k, v in found.items()}

    def _at(self, key: str, exact: bool) -> tuple[tuple[TableProfile, ...], tuple[Column, ...]]:
        tables = {t.name: t for s in stems(key) for t in self.tables.get(s, ())}
        columns = {(c.table.name, c.name): c for c in self.columns.get(key, ())}
        for s in stems(key) if not columns else ():
            columns |= {(c.table.name, c.name): c for c in self.columns.get(s, ())}
        if not columns and not tables and not exact:
            columns = {(c.table.name, c.name): c for c in self.synonyms.get(key, ()) or self.short.get(key, ())}
            tables = {t.name: t for s in stems(key) for t in self.entities.get(s, ())}
        return tuple(tables.values()), tuple(columns.values())

    def named(self, text: str) -> tuple[Named, ...]:
        """Return what a text names, longest runs first where they overlap, in reading order."""
        words = list(_WORD.finditer(text))
        out: list[Named] = []
        i = 0
        while i < len(words):
            for n in range(min(4, len(words) - i), 0, -1):
                start, end = words[i].start(), words[i + n - 1].end()
                if hit := self._run(text, start, end, n):
                    out.append(hit)
                    i += n
                    break
            else:
                i += 1
        return tuple(out)

    def _run(self, text: str, start: int, end: int, n: int) -> Named | None:
        span = text[start:end]
        if n > 1 and re.search(r"[^\w\s.'`]", span):
            return None
        quoted = text[start - 1 : start] == "`"
        exact = quoted or (n == 1 and ("_" in span or "." in span))
        if n == 1 and "." in span:
            table, _, column = span.rpartition(".")
            tables, _ = self._at(joined(table), True)
            columns = tuple(c for c in self._at(joined(column), True)[1] if not tables or c.table in tables)
            return Named(start, end, (), columns, True) if columns else None
        key = joined(span)
        if (len(key) < 2 and not quoted) or (n > 1 and not _PARTS.search(span)):
            return None
        tables, columns = self._at(key, exact)
        return Named(start, end, tables, columns, exact) if tables or columns else None

    def home(self, text: str, under: str) -> tuple[TableProfile, ...]:
        """Return the tables that a sentence names, else those that its heading names."""
        for source in (text, under):
            tables = {t.name: t for n in self.named(source) for t in n.tables}
            if tables:
                return tuple(tables.values())
        return ()

    def resolve(self, named: Named, homes: tuple[TableProfile, ...] = ()) -> Column:
        """Return the one column that a run of words names; raises `Unresolved` when there are none or several."""
        columns = named.columns
        if not columns:
            raise Unresolved("No column goes by that name")
        if len(columns) > 1 and homes:
            columns = tuple(c for c in columns if c.table in homes) or columns
        if len(columns) > 1:
            columns = tuple(c for c in columns if self._owns(c)) or columns
        if len({c.table.name for c in columns}) > 1 or len(columns) > 1:
            places = ", ".join(f"{c.table.name}.{c.name}" for c in columns[:4])
            raise Unresolved(f"Several columns go by that name: {places}")
        return columns[0]

    def _owns(self, column: Column) -> bool:
        """True when a key column carries its own table's name (``order_id`` in ``orders``)."""
        key = joined(column.name)
        return any(
            key in (alias + "id", alias + "no", alias + "key", alias + "code", "id")
            for alias in self._aliases(column.table.name)
            if key != "id"
        )

    def column(self, *texts: str, under: str = "") -> Column:
        """Return the one column that the first of *texts* naming any names; raises `Unresolved`."""
        homes = self.home(" ".join(texts), under)
        problem = Unresolved("No column goes by that name")
        for text in texts:
            for named in by_certainty(self.named(text)):
                if not self._subject(named, text, homes):
                    continue
                try:
                    return self.resolve(named, homes)
                except Unresolved as error:
                    problem = error
            if problem.what.startswith("Several"):
                raise problem
        raise problem

    def _subject(self, named: Named, text: str, homes: tuple[TableProfile, ...]) -> bool:
        """True for identifiers; plain words count where a table is known or they open the sentence, everyday ones where both."""
        if named.exact or text[named.start : named.end] == text.strip():
            return True
        opens = len(_WORD.findall(text[: named.start])) <= 1
        everyday = stems(joined(text[named.start : named.end])) & (_GENERIC | _EVERYDAY) or not _WORD.fullmatch(
            named.columns[0].name
        )
        return bool(homes) and opens if everyday else bool(homes) or opens

    def direct(self, text: str) -> TableProfile | None:
        """Return the table whose own name the whole of *text* is, articles and marks aside."""
        words = re.sub(r"^(?:the|all|die|alle|les|las|los)\s+", "", text.strip("` .,;").lower())
        found = {t.name: t for stem in stems(joined(words)) for t in self.tables.get(stem, ())}
        return next(iter(found.values())) if len(found) == 1 else None

    def table(self, *texts: str, under: str = "") -> TableProfile:
        """Return the one table that the texts or their heading name; raises `Unresolved`."""
        for text in (*texts, under):
            tables = {t.name: t for n in self.named(text) for t in n.tables}
            if len(tables) == 1:
                return next(iter(tables.values()))
            if tables:
                raise Unresolved(f"It may speak of {' or '.join(list(tables)[:4])}")
        if len(self.profile.tables) == 1:
            return self.profile.tables[0]
        raise Unresolved("No table goes by that name")


def by_certainty(named: tuple[Named, ...]) -> Iterator[Named]:
    """Return runs that name columns: identifiers before words, and no table's name that happens to be a column's too."""
    with_columns = [n for n in named if n.columns]
    yield from (n for n in with_columns if n.exact)
    yield from (n for n in with_columns if not n.exact)
