"""Plain words bound to a profile: which table, column, moment or value a phrase of a sentence means, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

from dataeng_kit.findings.claims.links import Link, links
from dataeng_kit.findings.claims.subjects import Column, Subjects, Unresolved, joined
from dataeng_kit.findings.claims.times import dated, main_time
from dataeng_kit.findings.claims.verdict import Case
from dataeng_kit.knowledge import plain_words
from dataeng_kit.nouns import TableProfile
from dataeng_kit.nouns.references import write

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-ZÀ-Ý]?[a-zà-ÿß]+|[A-Z]+|\d+")
_STOP = frozenset(
    "the a an its their his her of in on for to by with at is are was were be been all every each any one it they this that and "
    "or own s known existing given valid allowed possible permitted use field column as data table new unique "
    "different value".split()
)
_LOOSE = frozenset("number amount date time code name type day moment".split())
"""Words that people add to or leave out of a column's name."""
_ENDINGS = re.compile(r"(?:ations?|utions?|ings?|ions?|ed|ies|es|s|e|d)$")
Groups = dict[str, str]
"""The named groups of a matched pattern."""
_FEW = 60
"""Distinct values up to which a column's values are looked at."""


def stem(word: str) -> str:
    """Return a word without its ending, at least three letters: ``registered`` and ``registration`` → ``regist``, ``registr``."""
    found = _ENDINGS.sub("", word)
    return found if len(found) >= 3 else word


def same(a: str, b: str) -> bool:
    """True when two lower-case words are forms of one: same stem, a stem one letter longer, or a short form of three letters."""
    if a == b:
        return True
    x, y = stem(a), stem(b)
    shared = next((n for n, (c, d) in enumerate(zip(x, y, strict=False)) if c != d), min(len(x), len(y)))
    if x == y or (shared >= 5 and max(len(x), len(y)) - shared <= (2 if shared > 5 else 1)):
        return True
    short, full = sorted((a, b), key=len)
    return len(short) == 3 and len(full) >= 6 and full.startswith(short)


def content(phrase: str) -> list[str]:
    """Return the words of a phrase or name that say something, in lower case."""
    return [w for w in (p.lower() for p in _PARTS.findall(phrase)) if w not in _STOP]


class Words:
    """The lookup of one case's phrases; *home* is the table that the heading or the sentence names."""

    def __init__(self, case: Case, home: TableProfile | None) -> None:
        self.case, self.home = case, home
        self.subjects: Subjects = case.subjects

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Return every link between tables."""
        return tuple(links(self.case.profile))

    def table(self, phrase: str) -> TableProfile | None:
        """Return the one table whose name (or entity of the domain) the whole phrase is; None when none or several."""
        wanted = content(phrase)
        ranked: dict[int, list[TableProfile]] = {}
        for table in self.case.profile.tables if wanted else ():
            own = self.own_words(table)
            if all(any(same(w, o) for o in own) for w in wanted):
                ranked.setdefault(len(own) - len(wanted), []).append(table)
        best = ranked[min(ranked)] if ranked else []
        if len(best) == 1:
            return best[0]
        if self.home in best:
            return self.home
        return self.subjects.direct(phrase) if not best else None

    def own_words(self, table: TableProfile) -> list[str]:
        """Return the words of a table's name without the prefix that the names of several tables share."""
        words = content(re.split(r"[/.]", table.name)[-1])
        prefix = [p for word in self.subjects._prefix for p in content(word)]
        return words[len(prefix) :] if prefix and words[: len(prefix)] == prefix and len(words) > len(prefix) else words

    def columns(self, phrase: str, tables: Iterable[TableProfile], numeric: bool = False) -> list[Column]:
        """Return the columns that a phrase names best: every word found, fewest words of the name left over."""
        exact = re.sub(r"^(?:the|field|column) ", "", phrase.strip("` ")).strip("` ")
        identifier = bool(re.search(r"[`_]", phrase))
        ranked: dict[tuple[int, int], list[Column]] = {}
        meant: list[Column] = []
        for table in tables:
            for column in (c for c in table.columns if not numeric or c.type in ("integer", "number")):
                if joined(column.name) == joined(exact) or f"{table.name}.{column.name}".lower() == exact.lower():
                    meant.append(Column(table, column))
                if not identifier and (rank := self._rank(phrase, table, column.name)) is not None:
                    ranked.setdefault(rank, []).append(Column(table, column))
        return meant or (ranked[min(ranked)] if ranked else [])

    def _rank(self, phrase: str, table: TableProfile, name: str) -> tuple[int, int] | None:
        """Return (loose words of the phrase not in the name, words of the name not in the phrase); None when it is not meant."""
        own, said = content(name) or [name.lower()], content(phrase)
        of_table = self.own_words(table)
        if said and stem(said[-1]) == "number" and len(said) > 1 and own[-1] == "id":
            return (0, 0) if all(any(same(o, w) for w in said) or any(same(o, t) for t in of_table) for o in own[:-1]) else None
        if said and all(any(same(w, t) for t in of_table) for w in said) and all(any(same(w, t) for w in said) for t in of_table):
            return None  # the words name the table, not one of its columns
        wanted = [w for w in said if any(same(w, o) for o in own) or not any(same(w, t) for t in of_table)]
        hits = [w for w in wanted if any(same(w, o) for o in own)]
        missed = [w for w in wanted if w not in hits]
        if not hits or any(w not in _LOOSE for w in missed):
            return None
        left = [o for o in own if not any(same(o, w) for w in said) and o not in _LOOSE and not any(same(o, t) for t in of_table)]
        return len(missed), len(left)

    def near(self, table: TableProfile | None) -> Iterator[TableProfile]:
        """Yield a table, then its parents, then its children."""
        if table:
            yield table
            for other in (
                *(k.parent for k in self.links if k.child == table.name),
                *(k.child for k in self.links if k.parent == table.name),
            ):
                yield self.case.profile.table(other)

    def column(self, phrase: str, table: TableProfile | None = None, numeric: bool = False) -> Column:
        """Return the one column a phrase names, in *table* or the home, else anywhere; raises `Unresolved`."""
        homes = [table or self.home] if table or self.home else []
        for tables in (homes, [t for t in self.case.profile.tables if t not in homes] if not table else []):
            found = self.columns(phrase, [t for t in tables if t], numeric)
            if len(found) == 1:
                return found[0]
            if found:
                break
        named = [n for n in self.subjects.named(phrase) if n.columns and not re.search(r"[`_]", phrase)]
        if len(named) == 1 and named[0].end - named[0].start >= len(phrase.strip("` ")) - 4:
            return self.subjects.resolve(named[0], tuple(t for t in homes if t))
        raise Unresolved(f"'{phrase}' is no single column")

    def moment(self, phrase: str, home: TableProfile | None) -> Column | None:
        """Return the time column that a phrase speaks of, else the main one of the table it names; None when unsure."""
        if identifier := re.search(r"`?\b\w+_\w+\b`?", phrase):
            found = [c for c in self.columns(identifier[0], list(self.near(home))[:1]) if c.profile.type in ("date", "datetime")]
            return found[0] if found else None
        verbs = plain_words()["moments"]
        said = [v for w in content(phrase) for v in verbs.get(w, w).split()]
        named = list(dict.fromkeys(t for t in (self.table(w) for w in content(phrase)) if t))
        places = named or ([home] if home else [])
        for whole in (False, True):  # the words beside the table's name speak first
            for table in places if named else list(self.near(home)):
                own = [w for w in said if whole or not any(same(w, t) for t in self.own_words(table))]
                found = [c for c in dated(table) if any(same(w, o) for w in own for o in content(c.name))]
                if len(found) == 1:
                    return found[0]
        try:
            return main_time(self.case, places[0]) if len(places) == 1 else None
        except Unresolved:
            return None

    def values(self, column: Column) -> dict[str, str]:
        """Return lower-case value → value of a column that holds few; empty for others."""
        if column.profile.distinct > _FEW or column.profile.type in ("date", "datetime"):
            return {}
        name, table = self.case.q(column.table.name, column.name), column.table.name
        rows = self.case.data.rows(
            f"SELECT DISTINCT {name} FROM {self.case.relation(table)}", self.case.run, self.case.data.source(table).engine
        )
        return {str(v).lower(): str(v) for (v,) in rows if v is not None}

    def holding(self, value: str, table: TableProfile) -> Column | None:
        """Return the one column of a table that holds a value, whatever its case."""
        found = [
            Column(table, c)
            for c in table.columns
            if c.type == "text" and c.distinct <= _FEW and value.lower() in self.values(Column(table, c))
        ]
        return found[0] if len(found) == 1 else None


def restated(w: Words, **terms: str) -> Case:
    """Return the case with other terms, for a test that reads them."""
    claim = replace(w.case.claim, terms=tuple(f"{k}={v}" for k, v in terms.items() if v), subject=terms.get("text", ""))
    return Case(claim, w.subjects, w.case.data, w.case.profile, w.case.run)


def about(column: Column, **terms: str) -> dict[str, str]:
    """Return the terms of a claim about one column, for `restated`."""
    return {"text": f"`{write(column.table.name, column.name)}`", **terms}


def need(table: TableProfile | None, phrase: str) -> TableProfile:
    """Return the table; raises `Unresolved` naming the phrase when there is none."""
    if table is None:
        raise Unresolved(f"'{phrase}' is no table")
    return table


def subject_table(w: Words, phrase: str) -> TableProfile:
    """Return the table that a sentence's subject means: its name, else the home where it names nothing else."""
    return need(w.table(phrase) or (w.home if not _any_column(w, phrase) else None), phrase)


def _any_column(w: Words, phrase: str) -> bool:
    return bool(w.home and w.columns(phrase, [w.home]))


def shares_word(phrase: str, table: TableProfile) -> bool:
    """True when a phrase and a table's name have a word in common."""
    return any(same(x, o) for x in content(phrase) for o in content(table.name))
