"""The arrow Data → Profile: columns, then keys, relations, laws, time and labels, each only where it was asked for."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

from dataeng_kit.data import Data
from dataeng_kit.errors import unknown
from dataeng_kit.nouns import Fact, Inputs, Profile, TableProfile
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.columns import profile_table
from dataeng_kit.profile.keys import find_keys
from dataeng_kit.profile.laws import find_laws
from dataeng_kit.profile.relations import find_relations
from dataeng_kit.profile.semantics import COUNTED, k_anonymity, label_columns
from dataeng_kit.profile.sources import reconcile
from dataeng_kit.profile.time import time_profiles
from dataeng_kit.run import Run

SECTIONS = ("columns", "keys", "relations", "laws", "labels")


def profile_data(
    data: Data, *, inputs: Inputs | None = None, only: frozenset[str] | None = None, run: Run | None = None
) -> Profile:
    """Return every measured fact of *data*.

    *inputs*: the user's own keys and labels; *only*: sections to measure (`SECTIONS`), all by default; without
    ``columns`` a table is read just enough for keys and relations. Raises `KitError` for an unknown section.
    """
    inputs, run = inputs or Inputs(), run or Run()
    for section in only or ():
        if section not in SECTIONS:
            raise unknown("section", section, SECTIONS)
    wanted = only or frozenset(SECTIONS)
    full = bool(wanted - {"keys", "relations"})
    tables: list[TableProfile] = []
    facts: list[Fact] = []
    for source in data.sources:
        table, measured = profile_table(source, full, run)
        tables.append(table)
        facts += measured
    if wanted - {"columns", "labels"}:
        tables = _with_keys(data, tables, inputs, run)
    engine = data.sources[0].engine.technology.id if data.sources else ""
    stamp = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    profile = Profile(tuple(tables), facts=tuple(facts), engine=engine, measured_at=stamp)
    if wanted & {"relations", "laws"}:
        keys, refused, more = find_relations(data, tables, run)
        between = [f for pair in reconcile(data, profile, run) for f in pair.facts] if "relations" in wanted else []
        profile = replace(profile, foreign_keys=keys, refused=refused, facts=(*profile.facts, *more, *between))
    shaped = replace(data, sources=tuple(s for s in data.sources if s.table.columns))  # an empty file is a table without columns
    if "laws" in wanted:
        profile = _with_laws(shaped, profile, run)
    if "labels" in wanted:
        profile = _with_labels(shaped, profile, inputs, run)
    return _spelled(data, profile)


def _spelled(data: Data, profile: Profile) -> Profile:
    """Return the profile with every query as the engine of its table spells it, ready to be copied into its client."""
    spelled = {s.table.name: s.engine.technology.spelled for s in data.sources if s.engine.technology.idioms}
    if not spelled:
        return profile
    by_engine = {s.engine.technology.id: s.engine.technology.spelled for s in data.sources}
    return replace(
        profile,
        facts=tuple(replace(f, query=by_engine[f.engine](f.query)) for f in profile.facts),
        laws=tuple(replace(w, query=spelled[w.table](w.query)) if w.table in spelled else w for w in profile.laws),
    )


def _with_keys(data: Data, tables: list[TableProfile], inputs: Inputs, run: Run) -> list[TableProfile]:
    named = Counter(name for t in tables for name in {c.name.lower() for c in t.columns})
    done = []
    for at, (source, table) in enumerate(zip(data.sources, tables, strict=True)):
        run.step(f"looking for keys of {table.name}", at, len(tables))
        elsewhere = {c.name.lower() for c in table.columns if named[c.name.lower()] > 1}
        told = inputs.keys.get(write(table.name)) or inputs.keys.get(table.name)
        done.append(find_keys(source, table, elsewhere, tuple(told) if told else None, run))
    return done


def _with_laws(data: Data, profile: Profile, run: Run) -> Profile:
    profile = replace(profile, laws=find_laws(data, profile, run))
    times = time_profiles(data, profile, run)
    return replace(profile, tables=tuple(replace(t, time=times.get(t.name)) for t in profile.tables))


def _with_labels(data: Data, profile: Profile, inputs: Inputs, run: Run) -> Profile:
    labels = label_columns(data, profile, inputs.labels, run)
    tables = []
    for table in profile.tables:
        columns = tuple(replace(c, label=labels.get(write(table.name, c.name), c.label)) for c in table.columns)
        tables.append(replace(table, columns=columns))
    more = [f for t in tables if t.rows <= COUNTED for f in k_anonymity(data, t, labels, run)]
    return replace(profile, tables=tuple(tables), facts=(*profile.facts, *more))
