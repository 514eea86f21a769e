"""Laws: rules that rows obey, or nearly; each module of this package with a function ``laws`` is one family."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator

from dataeng_kit.data.live import Data
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Fact, Law, Profile
from dataeng_kit.profile.laws.scope import Scope
from dataeng_kit.run import Run


def families() -> dict[str, Callable[[Scope], Iterator[Law]]]:
    """Return every family of laws by module name; a module's presence is its registration."""
    modules = [importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)]
    return {m.__name__.rpartition(".")[2]: m.laws for m in modules if hasattr(m, "laws")}


def find_laws(data: Data, profile: Profile, run: Run | None = None) -> tuple[Law, ...]:
    """Return the laws of all tables, with exact counts and the query of their exceptions.

    *profile* must hold columns, keys and foreign keys. A family whose SQL another engine than DuckDB refuses is said
    through *run* and left out; on DuckDB such an error is a defect and raises.
    """
    run = run or Run()
    scope, found = Scope(data, profile, run), dict[str, Law]()
    known = families()
    for at, (name, family) in enumerate(known.items()):
        run.step(f"laws: {name.replace('_', ' ')}", at, len(known))
        try:
            for law in family(scope):
                found.setdefault(law.fact, law)
        except KitError as error:
            if all(s.engine.technology.id == "duckdb" for s in data.sources):
                raise
            run.step(f"laws: {name.replace('_', ' ')} not measured here ({error})", at, len(known))
    return tuple(found.values())


def law_facts(laws: tuple[Law, ...], engine: str = "duckdb") -> tuple[Fact, ...]:
    """Return one fact per law: its number of exceptions, counted again by its query."""
    return tuple(
        Fact(law.fact, law.exceptions, f"SELECT count(*) FROM ({law.query}) AS exceptions", "exact", engine) for law in laws
    )
