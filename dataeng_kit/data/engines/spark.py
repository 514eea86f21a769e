"""Apache Spark through a session the user has: facts are computed in the cluster; only aggregates and samples come back."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import threading
import uuid
from collections.abc import Iterator
from typing import Any

from dataeng_kit.data.engines.base import BLOCK, Engine, canonical
from dataeng_kit.errors import KitError, Stopped
from dataeng_kit.nouns import Column
from dataeng_kit.run import Run
from dataeng_kit.technologies.spark import Spark as Technology

_FORMATS = {"csv": {"header": "true", "inferSchema": "true"}, "json": {}, "parquet": {}, "orc": {}}


class Spark(Engine):
    """One SparkSession, which stays the user's; tables are those of its catalogue, or views made over frames and folders."""

    technology = Technology

    def __init__(self, session: Any) -> None:
        self.session = session
        self._views: dict[str, str] = {}

    def view(self, frame: Any, name: str) -> None:
        """Name a DataFrame, so that `relations` lists it alone."""
        relation = f"dataeng_kit_{uuid.uuid4().hex[:12]}"
        frame.createOrReplaceTempView(relation)
        self._views[relation] = name

    def read(self, place: str) -> None:
        """Name a table of the catalogue, or a file or folder the cluster reads; raises `KitError` when it is neither."""
        from pyspark.errors import PySparkException

        name = place.rstrip("/").rsplit("/", 1)[-1]
        try:
            if re.fullmatch(r"[\w.`]+", place) and self.session.catalog.tableExists(place):
                return self.view(self.session.table(place), place)
            head, _, ending = name.partition(".")
            kind = ending.lower() if ending.lower() in _FORMATS else "parquet"
            return self.view(self.session.read.options(**_FORMATS[kind]).format(kind).load(place), head)
        except PySparkException as error:
            raise KitError(f"Spark cannot read '{place}' ({_reason(error)})", "Name a table, or a folder of Parquet") from error

    def run(self, sql: str, run: Run | None = None) -> list[tuple[Any, ...]]:
        """Return all rows of one statement; a cancelled one raises `Stopped`."""
        with self._asking(run):
            frame = self.session.sql(self.technology.spelled(sql))
            zoned = _zoned(frame)
            return [_row(r, zoned) for r in frame.collect()]

    def stream(self, sql: str, run: Run | None = None) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows in blocks, one partition of the answer at a time."""
        with self._asking(run):
            block: list[tuple[Any, ...]] = []
            frame = self.session.sql(self.technology.spelled(sql))
            zoned = _zoned(frame)
            for row in frame.toLocalIterator():
                block.append(_row(row, zoned))
                if len(block) == BLOCK:
                    yield block
                    block = []
            if block:
                yield block

    @contextlib.contextmanager
    def _asking(self, run: Run | None) -> Iterator[None]:
        """Tag the jobs, so that Stop interrupts these and no others of the session."""
        from pyspark.errors import PySparkException

        tag = f"dataeng_kit-{uuid.uuid4().hex}"
        jobs, done = getattr(self.session, "sparkContext", None), threading.Event()
        add, remove, cancel = (
            (jobs.addJobTag, jobs.removeJobTag, jobs.cancelJobsWithTag)
            if jobs
            else (self.session.addTag, self.session.removeTag, self.session.interruptTag)  # Spark Connect
        )
        add(tag)

        def insist() -> None:
            """Interrupt until the query is gone: a query that is still being planned has no job to interrupt yet."""
            while not done.wait(0.5):
                cancel(tag)

        try:
            with run.interruptible(threading.Thread(target=insist, daemon=True).start) if run else contextlib.nullcontext():
                yield
        except Exception as error:  # a cancelled job also surfaces as an error of the Java bridge
            if run and run.stopped:
                raise Stopped("running a query") from error
            if isinstance(error, PySparkException):
                raise KitError(f"Spark refused a query: {_reason(error)}") from error
            raise
        finally:
            done.set()
            remove(tag)

    def columns(self, relation: str) -> tuple[Column, ...]:
        """Return the columns in order with the comments of the catalogue."""
        fields = self.session.table(relation).schema.fields
        return tuple(
            Column(f.name, canonical(t), t, "as declared", str(f.metadata.get("comment", "")))
            for f in fields
            for t in [f.dataType.simpleString()]
        )

    def relations(self) -> list[tuple[str, str, str]]:
        """Return the named views, else the tables of the session's current database and its temporary views."""
        if self._views:
            return [("", relation, "") for relation in self._views]
        return [("", str(t.name), str(t.description or "")) for t in self.session.catalog.listTables()]

    def called(self, relation: str) -> str:
        """Return what a relation is called in the case."""
        return self._views.get(relation, relation)

    def version(self) -> str:
        """Return Spark's version, like ``4.0.1``."""
        return str(self.session.version)

    def close(self) -> None:
        """Drop the views made here; the session stays open."""
        for relation in self._views:
            with contextlib.suppress(Exception):  # a session that has ended holds no views
                self.session.catalog.dropTempView(relation)


def _zoned(frame: Any) -> frozenset[int]:
    """Return the places of the columns that hold moments, alone or in lists, which the driver shifts to this process's zone."""
    return frozenset(
        i for i, f in enumerate(frame.schema.fields) if f.dataType.simpleString() in ("timestamp", "array<timestamp>")
    )


def _row(row: Any, zoned: frozenset[int]) -> tuple[Any, ...]:
    return tuple(_utc(v) if i in zoned else v for i, v in enumerate(row)) if zoned else tuple(row)


def _utc(value: Any) -> Any:
    if isinstance(value, list):
        return [_utc(v) for v in value]
    try:
        return value.astimezone(dt.UTC) if value is not None else None
    except OverflowError:  # the last and the first day of the calendar have no other zone
        return value.replace(tzinfo=dt.UTC)


def _reason(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
