"""Find and load every table of a folder, file, glob, database URL, frame or connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from dataeng_kit.data import fingerprint
from dataeng_kit.data.engines.base import Engine
from dataeng_kit.data.engines.embedded import Embedded
from dataeng_kit.data.files import NotData, read_file
from dataeng_kit.data.live import Data, Source
from dataeng_kit.data.naming import columns as column_names
from dataeng_kit.data.naming import stem, unique
from dataeng_kit.data.parts import Found, join_parts
from dataeng_kit.data.places import Candidate, find
from dataeng_kit.data.remote import foreign, shown
from dataeng_kit.data.store import Store
from dataeng_kit.errors import KitError, Stopped, unknown
from dataeng_kit.nouns import Skipped, Table
from dataeng_kit.nouns.references import parse
from dataeng_kit.run import Run

OPTIONS = ("encoding", "delimiter", "quote", "escape", "header", "dates", "decimal", "types", "as_written")
"""What a person may say about how a file is to be read."""


def open_data(where: tuple[Any, ...], readings: Mapping[str, Any] | None = None, run: Run | None = None) -> Data:
    """Return the live tables of *where*; raises `KitError` when nothing could be read at all.

    *where*: paths, globs, URLs, frames (or name → frame), connections (or connection and dialect name);
    *readings*: file → option → value from the Choices, and ``types``: reference of a column → type.
    """
    opening = _Opening(dict(readings or {}), run or Run())
    try:
        for place in where:
            opening.add(place)
        return opening.finish(tuple(shown(w) for w in where))
    except BaseException:
        opening.store.close()
        for engine in opening.engines:
            engine.close()
        raise


@dataclass
class _Opening:
    readings: dict[str, Any]
    run: Run
    store: Store = field(default_factory=lambda: Store(Embedded()))
    found: list[Found] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    engines: list[Engine] = field(default_factory=list)
    fault: KitError | None = None
    places: int = 0

    def add(self, place: Any) -> None:
        """Read one place; a path's files one by one, anything else as a whole."""
        others = foreign(place, self.store, self.run)
        tables, engines = others if others is not None else (self._path(str(place)), [])
        self.found += [replace(f, at=self.places) for f in tables]
        self.engines += engines
        self.places += 1

    def _path(self, path: str) -> list[Found]:
        if not Path(path).exists() and not any(c in path for c in "*?["):
            raise KitError(f"'{path}' does not exist", "Name a folder, file, glob or database URL that holds data")
        candidates = list(find(path, self.skipped))
        label = Path(path).resolve().name
        found: list[Found] = []
        for number, candidate in enumerate(candidates):
            self.run.step(f"reading {candidate.file.name}", number, len(candidates))
            found += self._file(candidate, label, Path(path).is_file())
        return join_parts(found, self.store, self.run)

    def _file(self, candidate: Candidate, label: str, alone: bool) -> list[Found]:
        try:
            loaded = read_file(candidate.file, self.store, self._options(candidate), self.run)
            print_ = fingerprint.of_file(candidate.file)
        except Stopped:
            raise
        except NotData as reason:
            self.skipped.append(Skipped(str(candidate.file), str(reason)))
        except (KitError, OSError, MemoryError, ValueError, RecursionError) as error:
            fault = (
                error
                if isinstance(error, KitError)
                else KitError(f"'{candidate.file.name}' cannot be read ({type(error).__name__}: {error})")
            )
            self.fault = self.fault or fault
            self.skipped.append(Skipped(str(candidate.file), str(fault), bad=True))
        else:
            if not alone and not any(t.columns for t in loaded):
                self.skipped.append(Skipped(str(candidate.file), f"'{candidate.file.name}' is empty", bad=True))
                return []
            return [Found(candidate.relative, t, str(candidate.file), label, print_) for t in loaded]
        return []

    def _options(self, candidate: Candidate) -> Mapping[str, Any]:
        options: dict[str, Any] = {}
        for key in ("*", candidate.file.name, str(candidate.file), str(candidate.relative)):
            if isinstance(held := self.readings.get(key), Mapping):
                options |= held
        for option in options:
            if option not in OPTIONS:
                raise unknown("option of a reading", option, OPTIONS)
        return options

    def finish(self, where: tuple[str, ...]) -> Data:
        """Name the tables and hand them out; raises the first fault when there is no table."""
        if not self.found:
            if self.fault:
                raise self.fault
            raise KitError("No table could be read", "Name a folder, file, glob or database URL that holds data")
        names = _names(self.found, where)
        called = {(f.source, f.loaded.suffix): name for f, name in zip(self.found, names, strict=True)}
        sources = [self._source(f, name, called) for f, name in zip(self.found, names, strict=True)]
        for reference, type in (self.readings.get("types") or {}).items():
            self._retype(sources, parse(reference), str(type))
        self.store.clean()
        return Data(tuple(sources), tuple(self.skipped), where)

    def _source(self, found: Found, name: str, called: Mapping[tuple[str, str], str]) -> Source:
        loaded = found.loaded
        keys = tuple(
            replace(k, ref_table=called.get((found.source, k.ref_table), k.ref_table)) if k.kind == "foreign" else k
            for k in loaded.declared
        )
        engine = found.engine or self.store.engine
        relation = loaded.relation if found.engine or loaded.foreign else self.store.rename(loaded, name)
        table = Table(name, found.source, loaded.columns, loaded.reading, keys, loaded.comment, found.fingerprint, found.parts)
        return Source(table, engine, relation, loaded.has_header, found.at)

    def _retype(self, sources: list[Source], reference: tuple[str, ...], type: str) -> None:
        table, column = ".".join(reference[:-1]), reference[-1]
        for at, source in enumerate(sources):
            if source.table.name == table and any(c.name == column for c in source.table.columns):
                if source.engine is not self.store.engine:
                    raise KitError(
                        f"The type of '{table}.{column}' lies with its database", "Change it there, or read an extract"
                    )
                relation, columns = self.store.retype(source.relation, source.table.columns, column, type, self.run)
                sources[at] = replace(source, table=replace(source.table, columns=columns), relation=relation)


def _names(found: list[Found], where: tuple[Any, ...]) -> list[str]:
    """Return one name per table; what two places call alike is prefixed by the place: ``erp/orders``, ``extract/orders``."""
    groups = [[f for f in found if f.at == at] for at in range(len(where))]
    names = {id(f): name for group in groups for f, name in zip(group, _within(group), strict=True)}
    plain = [names[id(f)] for f in found]
    labels = column_names(_label(str(place)) for place in where)
    return unique(plain, [f"{labels[f.at]}/{name}" for f, name in zip(found, plain, strict=True)], number=True)


def _label(place: str) -> str:
    """Return what a place is called in front of its tables: a folder's or database's name, of a file its folder's."""
    if "://" in place:
        return place.partition("?")[0].rpartition("/")[2] or "database"
    path = Path(place).resolve()
    return path.name if path.is_dir() or not path.exists() else path.parent.name


def _within(found: list[Found]) -> list[str]:
    """Return one name per table of a place: the shortest that tells it from the others, see the rules on table names."""
    levels = []
    for f in found:
        base, path = stem(f.relative), f.relative.with_name(stem(f.relative))
        if f.loaded.named_alone:
            name, sources = f.loaded.suffix, (f"{base}/{f.loaded.suffix}" if not f.named else f"{f.place}/{f.loaded.suffix}")
            levels.append((name, sources, sources, f"{f.place}/{f.relative.name}/{name}"))
            continue
        if f.named:
            levels.append((f.named, f"{f.place}/{f.named}", f"{f.place}/{f.named}", f"{f.place}/{f.named}"))
            continue
        parts = (base, f.relative.name, str(path), f"{f.place}/{PurePosixPath(f.relative)}")
        levels.append(tuple(f"{p}/{f.loaded.suffix}" if f.loaded.suffix else p for p in parts))  # type: ignore[arg-type]  # four in, four out
    names = [level[0] for level in levels]
    for depth in (1, 2, 3):
        names = unique(names, [level[depth] for level in levels], number=depth == 3)
    return names
