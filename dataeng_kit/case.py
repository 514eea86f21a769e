"""Case: the façade over the arrows; the only thing with state, and the contract of every click."""

from __future__ import annotations

import getpass
import glob
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dataeng_kit import choices as choices_file
from dataeng_kit.advice.asked import Asked
from dataeng_kit.agent.asking import Asking
from dataeng_kit.choices import NAME, read_choices, with_input, with_verdict
from dataeng_kit.errors import KitError, unknown
from dataeng_kit.handing import REVIEWED, HandingOver
from dataeng_kit.handle import Handle
from dataeng_kit.nouns import Advice, Check, Choices, ClaimResult, Context, Evidence, Fact, Finding, Profile, Roles
from dataeng_kit.nouns.brief import Brief
from dataeng_kit.nouns.delivery import Deliveries
from dataeng_kit.nouns.references import parse
from dataeng_kit.run import Run, Step
from dataeng_kit.share import installed, sample, samples
from dataeng_kit.stamps import Stamp, context_files, data_files, stamp

if TYPE_CHECKING:
    from dataeng_kit.data import Data

T = TypeVar("T")
_VERBS = tuple("context data profile roles claims findings evidence advise ask second_opinion brief topics questions".split())
_STATUSES = {"accept": "accepted", "reject": "rejected", "defer": "deferred", "fix": "fixed"}


def open(
    *data: Any, context: str | Path | None = None, documents: tuple[str | Path, ...] = (), scratch: str = "", dialect: str = ""
) -> Case:
    """Return a Case over folders, files, globs, database URLs, frames or connections; nothing is read yet.

    *context*: a CLAUDE.md or the folder to look in (default: where the data lies); *documents*: a README, data
    dictionary or .sql whose claims count too; *scratch*: a database URL that lends an empty schema to checks;
    *dialect*: what an open connection speaks, where its driver does not say.
    The name of a shipped sample case stands for its folder. Raises `KitError` when a path does not exist.
    """
    if not data:
        raise KitError("Nothing to open", 'Name a folder, file or database URL, or a sample: dk.open("ecommerce")')
    return Case(tuple(_place(d, dialect) for d in data), Path(context) if context else None, tuple(map(Path, documents)), scratch)


def _place(data: Any, dialect: str = "") -> Any:
    if not isinstance(data, str | Path):
        from dataeng_kit.data.remote import portable

        return portable((data, dialect) if dialect and hasattr(data, "cursor") else data)
    text = str(data)
    if "://" in text or Path(text).exists() or glob.glob(text):
        return text
    if text in samples():
        return str(sample(text))
    near = f"Sample cases: {', '.join(samples())}"
    raise KitError(f"'{text}' does not exist", f"Name a folder, file, glob or database URL. {near}")


class Case(Asked, Asking, HandingOver):
    """One engagement: `context + data → profile → roles → findings → advice`, each arrow walked once and cached."""

    def __init__(self, places: tuple[Any, ...], context: Path | None, documents: tuple[Path, ...], scratch: str) -> None:
        self.places, self._documents, self.scratch = places, documents, scratch
        self.folder = self._home(context)
        self._context_at = context
        # a shipped case may lie where nobody may write, or where the next update of the kit would lose the choices
        kept = self.folder if self.folder and os.access(self.folder, os.W_OK) and not installed(self.folder) else Path.cwd()
        self.choices_path = kept / NAME
        self._held: dict[str, tuple[Any, Any, int]] = {}
        self._locks: dict[str, threading.RLock] = {}
        self._guard = threading.Lock()

    def _home(self, context: Path | None) -> Path | None:
        if context:
            if not context.exists():
                raise KitError(f"'{context}' does not exist", "Name a CLAUDE.md or the folder that holds it")
            return context.parent if context.is_file() else context
        first = self.places[0]
        if isinstance(first, str) and "://" not in first:
            path = Path(first)
            return path if path.is_dir() else path.parent if path.exists() else Path(glob.glob(first)[0]).parent
        return Path.cwd() if isinstance(first, str) else None

    @property
    def name(self) -> str:
        """Return the case's short name, without a password or a full path."""
        first = self.places[0]
        if not isinstance(first, str):
            return type(first[0] if isinstance(first, tuple) else first).__name__
        return first.rsplit("/", 1)[-1].split("?")[0] if "://" in first else Path(first).resolve().name

    def __repr__(self) -> str:
        return f"Case({self.name!r})"

    # --- arrows: each is computed once for what it came from; a stopped or failed one caches nothing -----------------

    def _arrow(self, name: str, key: Any, compute: Callable[[], T]) -> T:
        with self._guard:
            lock = self._locks.setdefault(name, threading.RLock())
        with lock:
            held = self._held.get(name)
            if held and held[0] == key:
                kept: T = held[1]
                return kept
            value = compute()
            if held and hasattr(held[1], "close"):
                held[1].close()
            self._held[name] = (key, value, held[2] + 1 if held else 1)
            return value

    def _version(self, *arrows: str) -> tuple[int, ...]:
        return tuple(self._held[a][2] for a in arrows)

    def _context(self, run: Run) -> Context:
        from dataeng_kit.context import read_context

        where = self._context_at or self.folder
        if where is None and not self._documents:
            return self._arrow("context", None, Context)
        run.step("reading CLAUDE.md")
        home = where or Path.cwd()
        answers = self.choices.inputs.answers

        def read() -> Context:
            return read_context(home, files=self._documents, answers=answers, choices=self.choices_path, run=run)

        def now() -> tuple[Stamp, str]:
            held = self._held.get("context")
            told = held[1] if held else Context()
            return stamp(context_files([where] if where else [], home, told, self._documents)), repr(answers)

        with self._guard:
            lock = self._locks.setdefault("context", threading.RLock())
        with lock:
            context = self._arrow("context", now(), read)
            # which imports and parents count is known only once they were read; the same reading is then kept
            self._held["context"] = (now(), context, self._held["context"][2])
        return context

    def _data(self, run: Run) -> Data:
        from dataeng_kit.data import open_data

        readings = self.choices.inputs.readings
        types = self.choices.inputs.types
        key = (stamp(data_files(self.places)), repr((readings, types)))
        return self._arrow("data", key, lambda: open_data(self.places, {**readings, **({"types": types} if types else {})}, run))

    def _profile(self, run: Run) -> Profile:
        from dataeng_kit.profile import profile_data

        data, inputs = self._data(run), self.choices.inputs
        key = (self._version("data"), repr((inputs.labels, inputs.keys)))
        return self._arrow("profile", key, lambda: profile_data(data, inputs=inputs, run=run))

    def _roles(self, run: Run) -> Roles:
        from dataeng_kit.roles import bind

        profile, context = self._profile(run), self._context(run)
        overrides = self.choices.inputs.roles
        return self._arrow(
            "roles", (self._version("profile", "context"), repr(overrides)), lambda: bind(context, profile, overrides)
        )

    def _claims(self, run: Run) -> tuple[ClaimResult, ...]:
        from dataeng_kit.findings.claims import test_claims

        profile, context, data = self._profile(run), self._context(run), self._data(run)
        return self._arrow("claims", self._version("profile", "context"), lambda: test_claims(context, data, profile, run))

    def _findings(self, run: Run) -> tuple[Finding, ...]:
        from dataeng_kit.findings import find

        claims, roles, profile = self._claims(run), self._roles(run), self._profile(run)
        key = self._version("claims", "roles", "profile")
        return self._arrow("findings", key, lambda: find(self._context(run), self._data(run), profile, roles, claims, run))

    def _evidence(self, run: Run) -> Evidence:
        findings = self._findings(run)
        context, data, inputs = self._context(run), self._data(run), self.choices.inputs
        key = (self._version("findings", "context"), repr(inputs))
        known = (self._profile(run), self._roles(run), self._claims(run), findings, inputs, data.skipped)
        return self._arrow("evidence", key, lambda: Evidence(self.name, context.stated(), data.tables, *known))

    def _advise(self, run: Run, topic: str) -> Advice:
        from dataeng_kit.advice import advise
        from dataeng_kit.checks import settle

        evidence = self._evidence(run)

        def compute() -> Advice:
            run.step(f"advising on {topic}")
            advice = advise(topic, evidence)
            return settle(advice, self._checks([c for c in advice.cells if not c.slow], run))

        return self._arrow(f"advice {topic}", self._version("evidence"), compute)

    def _brief(self, run: Run) -> Brief:
        from dataeng_kit.review.brief import brief

        advice = tuple(self._advise(run, t) for t in REVIEWED)
        return brief(self._evidence(run), advice)

    def start(self, verb: str, *args: Any, on_step: Callable[[Step], None] | None = None) -> Handle[Any]:
        """Return a Handle over one verb (``profile``, ``advise`` with a topic, …) at work in the background."""
        if verb not in _VERBS:
            raise unknown("verb", verb, _VERBS)
        work = getattr(self, f"_{verb}")
        return Handle(verb, lambda run: work(run, *args), on_step)

    # --- what people read -----------------------------------------------------------------------------------------

    @property
    def context(self) -> Context:
        """Return what CLAUDE.md says; empty when there is none."""
        return Handle("context", self._context).result()

    @property
    def data(self) -> Data:
        """Return the live tables; raises `KitError` when nothing could be read."""
        return Handle("data", self._data).result()

    @property
    def profile(self) -> Profile:
        """Return the measured facts."""
        return Handle("profile", self._profile).result()

    @property
    def roles(self) -> Roles:
        """Return which column plays which part of the domain."""
        return Handle("roles", self._roles).result()

    @property
    def claims(self) -> tuple[ClaimResult, ...]:
        """Return CLAUDE.md's testable sentences with their verdicts."""
        return Handle("claims", self._claims).result()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what a reviewer must know, most important first."""
        return Handle("findings", self._findings).result()

    @property
    def evidence(self) -> Evidence:
        """Return everything known about the case as one noun."""
        return Handle("evidence", self._evidence).result()

    @property
    def topics(self) -> tuple[str, ...]:
        """Return the topics this case can be advised on."""
        return Handle("topics", self._topics).result()

    def _topics(self, run: Run) -> tuple[str, ...]:
        from dataeng_kit.advice import topics

        return topics(self._evidence(run))

    def advise(self, topic: str) -> Advice:
        """Return decisions with evidence and checked cells on *topic*; raises `KitError` naming the nearest topic."""
        return Handle("advise", lambda run: self._advise(run, topic)).result()

    def brief(self) -> Brief:
        """Return one page: three things the client does not know, then the three decisions that follow."""
        return Handle("brief", self._brief).result()

    # --- what people decide -----------------------------------------------------------------------------------------

    @property
    def choices(self) -> Choices:
        """Return what the Choices file holds now."""
        return read_choices(self.choices_path)

    def _verdict(self, id: str, verb: str, reason: str) -> None:
        author = getpass.getuser()
        choices_file.update(self.choices_path, lambda c: with_verdict(c, id, _STATUSES[verb], author, reason))

    def accept(self, id: str, reason: str = "") -> None:
        """Note that a finding or decision is accepted; re-runs nothing."""
        self._verdict(id, "accept", reason)

    def reject(self, id: str, reason: str = "") -> None:
        """Note that a finding will not be fixed, or a decision is turned down; re-runs nothing."""
        self._verdict(id, "reject", reason)

    def defer(self, id: str, reason: str = "") -> None:
        """Note that a finding or decision waits; re-runs nothing."""
        self._verdict(id, "defer", reason)

    def fix(self, id: str, reason: str = "") -> None:
        """Note that a finding was mended at its source; the next profile says whether it was."""
        self._verdict(id, "fix", reason)

    def override(self, kind: str, reference: str, value: Any) -> None:
        """Set one input: readings, types, labels, keys, roles, answers or policy; only the arrows that read it re-run."""
        choices_file.update(self.choices_path, lambda c: with_input(c, kind, reference, value))

    def answer(self, question: str, text: str) -> None:
        """Note the data owner's answer to a question; it counts as context."""
        self.override("answers", question, text)

    def drift(self, earlier: Any) -> Deliveries:
        """Return how this delivery differs from an *earlier* one (a folder, file, URL or Case): schema, volume, keys, values.

        Tables are matched by name; the false-alarm rate of the tests stands in ``alarm_rate``.
        """
        before = earlier if isinstance(earlier, Case) else open(earlier)

        def work(run: Run) -> Deliveries:
            from dataeng_kit.profile.compare import compare

            return compare(before._profile(run), self._profile(run), before._data(run), self._data(run), run)

        return Handle("drift", work).result()

    def frame(self, table: str) -> Any:
        """Return one table as a pandas frame, typed as it was read; raises `KitError` naming the nearest table."""
        from dataeng_kit.checks import frame_of

        return frame_of(self.data, table)

    def check(self, cell_id: str, topic: str = "model") -> Check:
        """Run one advised cell's chain again and return its Check; raises `KitError` naming the nearest cell."""
        from dataeng_kit.checks import run_cells

        cells = self.advise(topic).cells
        wanted = next((c for c in cells if c.id == cell_id), None)
        if wanted is None:
            raise unknown("cell", cell_id, [c.id for c in cells])
        chain = tuple(c for c in cells if c.chain == wanted.chain)
        return run_cells(chain, self.data, None, self.scratch or None)[cell_id]

    def measure(self, id: str) -> Fact:
        """Count a finding's failing rows, or measure a fact, once more; raises `KitError` naming the nearest id."""
        findings = {f.id: f for f in self.findings if f.query}
        sql, table = "", ""
        if finding := findings.get(id):
            sql, table = f"SELECT count(*) FROM ({finding.query.rstrip().rstrip(';')}) AS failing", finding.table
        elif fact := next((f for f in self.profile.facts if f.id == id and f.query), None):
            sql, table = fact.query, parse(id.split("#")[0])[0]
        else:
            raise unknown("finding or fact", id, [*findings, *(f.id for f in self.profile.facts)])
        engine = next((s.engine for s in self.data.sources if s.table.name == table), None)
        return self.data.measure(id, sql, None, engine)

    @property
    def line(self) -> str:
        """Return the line of Python that opens this case again."""
        # no password: the line stands in notebooks and reviews, and the driver finds it in PGPASSWORD, ~/.pgpass or my.cnf
        plain = [re.sub(r"(://[^/@:\s]*):[^/@\s]*(?=@)", r"\1", p) if isinstance(p, str) else p for p in self.places]
        shown = ", ".join(repr(p) if isinstance(p, str) else "<frame>" for p in plain)
        return f"dk.open({shown})" if self._context_at is None else f"dk.open({shown}, context={str(self._context_at)!r})"
