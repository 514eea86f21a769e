"""Topic `pipeline`: how the tables load again and again: increments, order, refusals, schedule; proven by running twice."""

from __future__ import annotations

from collections.abc import Sequence

from dataeng_kit import design as designs
from dataeng_kit import technologies
from dataeng_kit.advice.increments import COMPARE, SMALL, Increment, levels, plan
from dataeng_kit.advice.landing import SCHEMA, Landing
from dataeng_kit.advice.measures import minutes, rate
from dataeng_kit.advice.said import decide, largest, line, listed, place, rows_ids, untold
from dataeng_kit.design.ddl import ddl
from dataeng_kit.design.load import load
from dataeng_kit.design.reconcile import expectations
from dataeng_kit.design.sizing import bytes_of, growth, human, row_bytes
from dataeng_kit.design.sql import Writer
from dataeng_kit.design.target import target
from dataeng_kit.errors import NotApplicable
from dataeng_kit.nouns import Advice, Cell, Decision, Evidence, Expectation, ForeignKey, Mention, Statement
from dataeng_kit.nouns.references import fact_id, write
from dataeng_kit.recipes import Code, render
from dataeng_kit.technologies.duckdb import DuckDB

CAPABILITIES = (
    "topics.pipelines.etl_elt",
    "topics.pipelines.batch_processing",
    "topics.pipelines.data_integration",
    "topics.batch.etl",
)
SCRIPTED = ("topics.batch.workflow", "topics.batch.monitoring", "topics.architecture.data_warehouse")
"""What the script serves beside that: it runs the steps in order, logs each, and fills landing, quarantine and model."""
STREAM_MINUTES = 15
"""Freshness below which a batch that starts, reads and loads no longer fits, and a stream or change capture must be weighed."""
BUSY = 10_000_000
"""Rows a day above which one nightly window no longer holds them, and loads run by the hour."""
QUEUE = 50_000_000_000
"""Bytes above which a load that failed halfway is too long to start by hand: an orchestrator retries its steps."""


def applies(evidence: Evidence) -> str:
    """Return why the topic fits the case, or an empty text."""
    return f"{len(evidence.profile.tables)} tables to load" if evidence.profile.tables else ""


def advise(evidence: Evidence) -> Advice:
    """Return the loading pipeline of a case: SQL in its technology, the DuckDB twin, and a script that runs the whole."""
    found = plan(evidence)
    own = target(evidence)
    engines = dict.fromkeys((own if own in technologies.all() else "duckdb", "duckdb"))
    code = [c for t in engines for c in _chain(found, t)]
    code.append(script(evidence, found))
    proof = tuple(c.id for c in code if c.expects)
    decisions = [
        _rhythm(evidence),
        _schedule(evidence, found),
        _order(evidence, found, proof),
        *(_increment(evidence, i, proof) for i in found),
        _refusals(evidence, found, proof),
        _again(evidence, found, proof),
    ]
    return Advice("pipeline", tuple(decisions), tuple(code), missing=untold(evidence))


def _chain(found: tuple[Increment, ...], technology: str) -> list[Cell]:
    landing = Landing(technologies.find(technology), found)
    name, title = f"pipeline.landing.{technology}", landing.technology.title
    reads = tuple(i.table.name for i in found)
    facts = tuple(fact_id("rows", t) for t in reads)
    first = Cell(
        f"{name}.tables",
        "pipeline/tables",
        technology,
        "sql",
        f"Landing tables in {title}",
        f"One table per source ({listed(reads)}), a watermark and a quarantine.",
        landing.tables(),
        f"{technology}/pipeline/1_tables.sql",
        facts=facts,
        capabilities=CAPABILITIES,
        chain=name,
    )
    second = Cell(
        f"{name}.load",
        "pipeline/load",
        technology,
        "sql",
        f"Load of {len(reads)} tables in {title}",
        "Upserts what changed, in the order of the references; refused rows go to quarantine; a second run changes nothing.",
        landing.load(),
        f"{technology}/pipeline/2_load.sql",
        (first.id,),
        landing.promises(),
        facts,
        CAPABILITIES,
        name,
        reads,
    )
    return [first, second]


def script(evidence: Evidence, found: tuple[Increment, ...] = ()) -> Cell:
    """Return the whole pipeline as one Python file: drift, landing, quarantine, model, run log, lineage events."""
    found = found or plan(evidence)
    try:
        model = designs.find("dimensional")(evidence)
    except NotApplicable:
        model = designs.find("normalised")(evidence)
    landing, writer = Landing(DuckDB, found), Writer(model, evidence, DuckDB, SCHEMA)
    landed = [landing.table(i.table.name) for i in found]
    built = [writer.table(e.name) for e in model.entities]
    steps: list[tuple[str, list[str], list[str], str]] = [("landing tables", [], landed, landing.tables())]
    steps += [
        (f"land {i.table.name}", [landing.source(i.table.name)], [t], landing.one(i)) for i, t in zip(found, landed, strict=True)
    ]
    steps.append((f"{model.kind} model", landed, built, _rebuilt(writer)))
    title = f"Loads {evidence.name}: {len(found)} tables to landing, then the {model.kind} model in {writer.schema}."
    source = render(
        "duckdb/pipeline",
        {
            "title": Code(_plain(title)),
            "place": Code(repr(place(evidence))),
            "namespace": Code(repr(f"duckdb://{_plain(evidence.name)}")),
            "expected": [
                (Code(repr(t.name)), [(Code(repr(c.name)), Code(repr(DuckDB.type_name(c.type)))) for c in t.columns])
                for t in evidence.profile.tables
            ],
            "steps": [(Code(repr(n)), Code(repr(r)), Code(repr(w)), Code(_block(s))) for n, r, w, s in steps],
        },
    )
    model_promises = tuple(e for e in expectations(writer) if e.kind in ("rows", "sum", "unique"))
    facts = ", ".join(f"(SELECT count(*) FROM {writer.table(e.name)})" for e in model.entities)
    again = Expectation(
        f"a second run leaves the rows of {len(model.entities)} model tables as they were",
        "idempotent",
        f"SELECT concat_ws('/', {facts})",
        f"SELECT concat_ws('/', {facts})",
    )
    logged = Expectation(
        "the run log holds every step as done, with its seconds",
        "rows",
        f"SELECT {len(steps)}",
        "SELECT count(DISTINCT step) FROM landing.run_log WHERE outcome = 'done' AND seconds >= 0",
    )
    return Cell(
        "pipeline.script.duckdb",
        "duckdb/pipeline",
        "duckdb",
        "python",
        f"Loading pipeline of {evidence.name} as one Python file",
        f"Lands {listed(i.table.name for i in found)}, rebuilds the {model.kind} model from landing, keeps a run log; "
        "killed at any step, the next run ends right.",
        source,
        "pipeline/run.py",
        (),
        (*landing.promises(), *model_promises, logged, again),
        tuple(fact_id("rows", i.table.name) for i in found),
        (*CAPABILITIES, *SCRIPTED),
        "pipeline.script.duckdb",
        tuple(i.table.name for i in found),
    )


def _rebuilt(writer: Writer) -> str:
    """The model is dropped and built again in one transaction: readers see the old one until the new one stands."""
    drops = "\n".join(f"DROP TABLE IF EXISTS {writer.table(e.name)};" for e in reversed(writer.design.entities))
    return f"{drops}\n{ddl(writer)}\n{load(writer)}"


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() and c not in '"\\' else " " for c in text)


def _block(sql: str) -> str:
    """Return SQL as a Python literal people can read: a triple-quoted block where that is safe, else repr."""
    return '"""\n' + sql + '"""' if '"""' not in sql and "\\" not in sql and not sql.endswith('"') else repr(sql)


def _rhythm(evidence: Evidence) -> Decision:
    wanted, said, at = minutes(evidence)
    arriving = rate(evidence)
    per_day, (_, bytes_per_day, how) = arriving.value, growth(evidence)
    stream, busy = wanted < STREAM_MINUTES, per_day > BUSY
    measured = f"{per_day:,.1f} rows ({human(bytes_per_day)}) a day arrive" if per_day else "no arrival rate could be measured"
    lines = [*([at] if at else map(line, evidence.context.freshness)), *arriving.lines]
    size = human(bytes_of(evidence))
    small = f"batches by the hour: {per_day:,.0f} rows a day pass {BUSY:,}" if busy else "batch, once a night"
    return decide(
        evidence,
        "pipeline",
        evidence.name,
        "rhythm",
        "Batch, micro-batch or stream?",
        f"change capture or a stream: {said} is below {STREAM_MINUTES} minutes" if stream else small,
        f"{measured}; " + (f"asked for: {said}" if said else "no freshness is stated in minutes or hours"),
        [*arriving.facts, *(f"{write(t.name, t.time.column)}#max" for t in evidence.profile.tables if t.time)],
        lines,
        () if stream else arriving.at(BUSY * 0.98 if busy else BUSY * 1.02),
        alternatives=(
            f"a batch every {STREAM_MINUTES} minutes"
            if stream
            else f"a stream: brokers and state to run for {per_day:,.0f} rows a day",
        ),
        flips_if=f"freshness {'above' if stream else 'below'} {STREAM_MINUTES} minutes"
        + (f" (now {said})" if said else "")
        + f", or {BUSY:,} rows a day (now {per_day:,.0f})",
        trade_offs=(f"one load reads at most {size}; " + "; ".join(how[:3]),) if how else (f"one load reads at most {size}",),
        effort="L: a broker and its state" if stream else "S: one schedule",
        questions=() if lines else (f"How old may the figures of {evidence.name} be when they are read?",),
    )


def _schedule(evidence: Evidence, found: Sequence[Increment]) -> Decision:
    context = evidence.context
    tool = next((m for m in context.orchestration if m.name not in context.names("not_used")), None)
    engine = next((m for m in context.processing if m.name not in context.names("not_used")), None)
    per_day, size, top = rate(evidence).value, bytes_of(evidence), largest(evidence)
    long, past = size > QUEUE, round(top.rows + 1.02 * (QUEUE - size) / row_bytes(top))
    said: list[Mention | Statement] = [*([tool] if tool else []), *([engine] if engine else []), *context.freshness[:2]]
    quotes = "; ".join(f"“{s.quote.strip()}” ({line(s)})" for s in context.freshness[:2])
    return decide(
        evidence,
        "pipeline",
        evidence.name,
        "schedule",
        "What starts the load, and when?",
        f"{tool.name if tool else 'an orchestrator' if long else 'the system scheduler (cron)'} starts "
        + (f"{len(found)} jobs, one a table" if long else f"one job of {len(found)} steps"),
        f"{len(found)} tables in {len(levels(tuple(found)))} waves, {human(bytes_of(evidence))} in all"
        + (f"; {quotes}" if quotes else ""),
        rows_ids(evidence),
        [line(s) for s in said],
        [] if long else [(fact_id("rows", top.name), past)],
        alternatives=(
            "cron on one machine: no retries, no calendar"
            if tool
            else f"an orchestrator: worth it when {evidence.name} has more than one job",
        ),
        flips_if=f"{human(size)} pass {human(QUEUE)}" + (f", or {tool.name} is given up" if tool else ""),
        effort="S: one entry",
        questions=(f"At what hour are the sources of {evidence.name} complete?",),
        risks=(f"{per_day:,.0f} rows a day is the mean; the busiest day decides the window",) if per_day else (),
    )


def _order(evidence: Evidence, found: Sequence[Increment], proof: tuple[str, ...]) -> Decision:
    waves = levels(tuple(found))
    keys = evidence.profile.foreign_keys
    words = " → ".join(", ".join(w) for w in waves)
    return decide(
        evidence,
        "pipeline",
        evidence.name,
        "order",
        "In which order do the tables load?",
        words,
        f"{len(keys)} references decide it: " + listed((f"{write(k.table, k.columns[0])} → {k.ref_table}" for k in keys), 6)
        if keys
        else f"no reference was measured between {listed(i.table.name for i in found)}",
        [k.fact for k in keys if k.fact] or rows_ids(evidence),
        (),
        [(k.fact, evidence.profile.table(k.table).rows) for k in _deciding(found)],
        alternatives=(f"all {len(found)} at once: children meet parents that are not there yet",),
        flips_if="a reference appears or is refused",
        holds_if=proof,
        cells=proof,
        effort="S",
    )


def _deciding(found: Sequence[Increment]) -> list[ForeignKey]:
    """References without which the waves would be others: the only one of a table that is referred to by nothing else."""
    waves = levels(tuple(found))
    depth = {t: n for n, wave in enumerate(waves) for t in wave}
    return [k for i in found for k in i.table.parents if len(i.table.targets) == 1 and depth[i.table.name] == 1 and k.fact]


def _increment(evidence: Evidence, i: Increment, proof: tuple[str, ...]) -> Decision:
    name = i.table.name
    how = f"after {i.watermark}" if i.watermark else "whole, by hash"
    key = ", ".join(i.key) if i.key else "no key: the row's hash and its occurrence"
    rows = i.table.profile.rows
    past = SMALL // 2 if i.watermark and rows >= SMALL else COMPARE + 1 if rows <= COMPARE else 0
    facts = [fact_id("rows", name), *(fact_id("distinct", name, k) for k in i.key)]
    facts += [fact_id("nulls", name, i.watermark), fact_id("max", name, i.watermark)] if i.watermark else []
    return decide(
        evidence,
        "pipeline",
        name,
        "increment",
        f"What does the next load of {name} read?",
        f"{how}; upserted by {key}",
        f"{name}: {i.why}",
        facts,
        (),
        [(fact_id("rows", name), past)] if past else [],
        alternatives=(
            f"{name} after a date alone: corrections are missed"
            if not i.watermark
            else f"{name} whole by hash: fine up to {COMPARE:,} rows",
        ),
        risks=(i.risk,) if i.risk else (),
        questions=(i.question,) if i.question else (),
        holds_if=proof,
        cells=proof,
        effort="S",
        flips_if=f"{name} {f'passes {COMPARE:,}' if past > rows else f'falls below {SMALL:,}'} rows (now {rows:,})",
    )


def _refusals(evidence: Evidence, found: Sequence[Increment], proof: tuple[str, ...]) -> Decision:
    repeats = [(t.name, k) for i in found for t in [i.table.profile] for k in t.almost_keys if k.columns == i.key and k.repeats]
    orphans = [k for k in evidence.profile.foreign_keys if k.orphans]
    counted = [f"{n}: {k.repeats:,} rows repeat ({', '.join(k.columns)})" for n, k in repeats]
    kept = [f"{write(k.table, k.columns[0])}: {k.orphans:,} without their {k.ref_table}" for k in orphans]
    facts = [fact_id("rows", n) for n, _ in repeats] + [k.fact for k in orphans]
    bad = sum(k.repeats for _, k in repeats) + sum(k.orphans for k in orphans)
    return decide(
        evidence,
        "pipeline",
        evidence.name,
        "quarantine",
        "What happens to rows that cannot be right?",
        "a missing or repeated key goes to landing.quarantine with its reason; an orphan is landed and counted, "
        f"since its parent may come later; above {max(10, 2 * bad):,} such rows the load stops",
        "; ".join([*counted, *kept])
        or f"none of the {sum(i.table.profile.rows for i in found):,} rows repeats a key or lacks its parent today",
        facts or rows_ids(evidence),
        (),
        [(k.fact, k.orphans * 3 + 100) for k in evidence.profile.foreign_keys if k.fact][:1],
        alternatives=(f"stop the load at the first bad row: {bad:,} rows would have stopped it",),
        flips_if="a refused row must reach a report the same day",
        holds_if=proof,
        cells=proof,
        effort="S",
        questions=tuple(f"Who looks at the {k.repeats:,} repeated rows of {n}?" for n, k in repeats[:2]),
    )


def _again(evidence: Evidence, found: Sequence[Increment], proof: tuple[str, ...]) -> Decision:
    keyed = [i.table.name for i in found if i.key]
    bare = [i.table.name for i in found if not i.key]
    return decide(
        evidence,
        "pipeline",
        evidence.name,
        "idempotence",
        "What happens when a load runs twice or dies halfway?",
        f"nothing: each step upserts in its own transaction ({len(keyed)} tables by key, {len(bare)} by row hash); "
        "the next run finishes the rest",
        f"{listed(keyed)} upsert by key"
        + (f"; {listed(bare)} by row hash and occurrence" if bare else "")
        + "; the check below ran the load twice and compared every hash",
        rows_ids(evidence),
        (),
        [(fact_id("nulls", i.table.name, i.key[0]), i.table.profile.rows // 2) for i in found if i.key][:1],
        alternatives=(f"truncate and reload all {len(found)} tables: simple, and empty while it runs",),
        holds_if=proof,
        cells=proof,
        effort="S",
        flips_if="a second run changes a hash",
    )
