"""Findings: small rules whose docstring is the message, ranked so that the first three are what a director must hear."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from dataeng_kit.data.live import Data
from dataeng_kit.errors import KitError
from dataeng_kit.findings.matters import one_matter
from dataeng_kit.findings.rank import finding
from dataeng_kit.findings.rule import Look, rules
from dataeng_kit.nouns import ClaimResult, Context, Finding, Profile, Roles
from dataeng_kit.run import Run


def find(
    context: Context, data: Data, profile: Profile, roles: Roles, claims: tuple[ClaimResult, ...] = (), run: Run | None = None
) -> tuple[Finding, ...]:
    """Return every finding, highest rank first: the first three are what a director must hear.

    A rule whose query another engine than DuckDB refuses is said through *run* and left out; on DuckDB it raises.
    """
    run = run or Run()
    look, found = Look(context, data, profile, roles, claims, run), dict[str, Finding]()
    every, spelled = rules(), {s.table.name: s.engine.technology.spelled for s in data.sources}
    for at, rule in enumerate(every):
        run.step(f"rule: {rule.name.replace('_', ' ')}", at, len(every))
        try:
            for hit in rule.hits(look):
                made = finding(context, rule, hit)
                if made.table in spelled:  # the query is shown as the table's engine wants it
                    made = replace(made, query=spelled[made.table](made.query))
                found.setdefault(made.id, made)
        except KitError as error:
            if all(s.engine.technology.id == "duckdb" for s in data.sources):
                raise
            run.step(f"rule {rule.name} not measured here ({error})", at, len(every))
    return _damped(one_matter(tuple(found.values()), claims))


def _damped(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings by rank, where each further one of the same rule weighs 0.7 of the one before it."""
    seen: Counter[str] = Counter()
    done = []
    for one in sorted(found, key=lambda f: (-f.rank, f.id)):
        done.append(replace(one, rank=round(one.rank * 0.7 ** seen[one.rule], 4)))
        seen[one.rule] += 1
    return tuple(sorted(done, key=lambda f: (-f.rank, f.id)))
