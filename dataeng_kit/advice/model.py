"""Topic `model`: a normalised and a dimensional design of the case, each choice with its numbers, each proven by its load."""

from __future__ import annotations

from dataeng_kit import design as designs
from dataeng_kit import technologies
from dataeng_kit.advice.measures import MEASURES
from dataeng_kit.advice.said import decide, known, line, listed, rows, rows_ids
from dataeng_kit.design.cells import cells
from dataeng_kit.design.sizing import ONE_MACHINE, bytes_of, human
from dataeng_kit.design.target import named, target
from dataeng_kit.errors import NotApplicable
from dataeng_kit.nouns import Advice, Attribute, Decision, Design, Entity, Evidence, Mention, Statement
from dataeng_kit.nouns.references import fact_id, parse, write

WORTH = 1_000
"""Rows of a process below which its fact table saves no reader anything."""
CAPABILITIES = (
    "topics.database_design.relational",
    "topics.analytics.data_warehouse",
    "topics.analytics_engineering.dimensional_model",
)


def applies(evidence: Evidence) -> str:
    """Return why the topic fits the case, or an empty text."""
    n = len(evidence.profile.tables)
    return f"{n} tables with {len(evidence.profile.foreign_keys)} references" if n else ""


def advise(evidence: Evidence) -> Advice:
    """Return the designs of a case and the decisions behind them."""
    made = [designs.find("normalised")(evidence)]
    missing: list[str] = []
    try:
        made.append(designs.find("dimensional")(evidence))
    except NotApplicable as error:
        missing.append(str(error))
    code = tuple(c for d in made for c in cells(d, evidence))
    decisions = [*_disagreements(evidence), _engine(evidence), _shape(evidence, made)]
    for d in made:
        proof = _proof(d)
        for e in d.entities:
            decisions += _grain(evidence, d, e, proof) + _history(evidence, e, proof) + _split(evidence, e, proof)
        decisions += _header_amounts(evidence, d, proof)
    decisions += _orphans(evidence, made)
    left = _left_out(evidence, made)
    return Advice("model", tuple(decisions + left), code, tuple(made), tuple(missing))


def _proof(d: Design) -> tuple[str, ...]:
    own = d.technology if d.technology in technologies.all() else "duckdb"
    return tuple(dict.fromkeys(f"model.{d.kind}.{t}.load" for t in (own, "duckdb")))


def _disagreements(evidence: Evidence) -> list[Decision]:
    """Where CLAUDE.md and the data disagree about keys and references, that comes first."""
    found: list[Decision] = []
    for claim in evidence.claims:
        if claim.verdict != "contradicted" or claim.kind not in (
            "unique",
            "grain",
            "no_orphans",
            "reference",
            "sum",
            "derived",
            "not_null",
        ):
            continue
        effect = {
            "unique": "repeated keys go to quarantine",
            "grain": "repeated keys go to quarantine",
            "no_orphans": "orphans keep their fact row at the unknown member",
            "reference": "orphans keep their fact row at the unknown member",
            "not_null": "the column stays nullable",
        }.get(claim.kind, "both numbers are kept, none is derived from the other")
        place = f"{claim.file}:{claim.line}"
        further = sum(d.subject == place for d in found)  # a line may hold several sentences
        found.append(
            decide(
                evidence,
                "model",
                place,
                f"claim-{further + 1}" if further else "claim",
                f"CLAUDE.md says “{claim.quote}”: does the model rely on it?",
                f"no: {effect}",
                f"measured: {claim.evidence}",
                claim.facts,
                [f"{claim.file}:{claim.line}"],
                alternatives=(f"yes, as a constraint: “{claim.quote}” would hold, but the load refuses the rows that break it",),
                questions=(f"Who corrects the rows that break “{claim.quote}” ({claim.evidence})?",),
                flips_if="no row breaks the sentence",
                effort="S: a rule in the load",
            )
        )
    return found


def _engine(evidence: Evidence) -> Decision:
    mention, size = named(evidence), bytes_of(evidence)
    per_day, in_time = MEASURES["rows_a_day"](evidence), MEASURES["bytes_in_three_years"](evidence)
    chosen, ahead = target(evidence), in_time.value
    known_class = technologies.all().get(chosen)
    title = known_class.title if known_class else chosen
    tables = len(evidence.profile.tables)
    why = f"{tables} tables, {sum(t.rows for t in evidence.profile.tables):,} rows, {human(size)} stored"
    why += (
        f"; {per_day.value:,.0f} rows a day make {human(ahead)} in three years"
        if per_day.value
        else "; no growth rate could be measured"
    )
    why += f"; a cluster pays from {human(ONE_MACHINE)} on, so no Spark" if ahead < ONE_MACHINE else "; past one server's comfort"
    lines = [*([line(mention)] if mention else []), *in_time.lines]
    return decide(
        evidence,
        "model",
        evidence.name,
        "engine",
        "Which engine holds the model?",
        title if ahead < ONE_MACHINE else f"{title}, with a column warehouse or a cluster beside it for the history",
        why,
        in_time.facts,
        lines,
        in_time.at(1.02 * ONE_MACHINE if ahead < ONE_MACHINE else 0.98 * ONE_MACHINE),
        alternatives=tuple(
            a
            for a in (
                "DuckDB in a file: no server to run, one writer at a time",
                "Spark on a cluster: start-up alone outlasts the load",
            )
            if not a.startswith(title)
        ),
        trade_offs=(f"{title}: one place for {tables} tables, restored from one backup",),
        effort="S: one database",
        flips_if=f"stored size in three years passes {human(ONE_MACHINE)} (now {human(ahead)})",
        questions=() if mention else (f"Which database should hold the {tables} tables of {evidence.name}?",),
    )


def _shape(evidence: Evidence, made: list[Design]) -> Decision:
    star = next((d for d in made if d.kind == "dimensional"), None)
    purposes = evidence.context.purposes
    facts = [e for e in star.entities if e.kind == "fact"] if star else []
    large = [f for f in facts if evidence.profile.table(f.sources[0]).rows >= WORTH]
    if star:
        small = f"; {len(facts) - len(large)} of fewer than {WORTH:,} rows could stay views" if len(large) < len(facts) else ""
        choice = f"a normalised layer (schema core) and a star of {len(facts)} facts (schema mart){small}"
        dimensions = sum(e.kind == "dimension" for e in star.entities)
        why = f"{listed(f.name for f in facts)} record events over {dimensions} dimensions"
    else:
        choice, why = (
            "the normalised layer only",
            f"no table of {listed(t.name for t in evidence.profile.tables)} records dated events",
        )
    why += f"; read for: {listed((str(p.value) for p in purposes), 2)}" if purposes else ""
    return decide(
        evidence,
        "model",
        evidence.name,
        "shape",
        "Normalised, dimensional, or both?",
        choice,
        why,
        rows_ids(evidence),
        [line(p) for p in purposes],
        [(fact_id("rows", f.sources[0]), WORTH * 2 if f not in large else WORTH // 2) for f in facts],
        alternatives=(
            f"the {len(evidence.profile.tables)} tables as delivered, joined in each report",
            "one wide table per process",
            "a data vault: worth it from three sources or an audit duty on",
        ),
        trade_offs=("the star repeats attributes that core keeps once; reports join one level deep",),
        effort=f"M: {sum(len(d.entities) for d in made)} target tables",
        flips_if="no table with dates and references remains" if star else "a table with dates and references arrives",
        holds_if=tuple(dict.fromkeys(c for d in made for c in _proof(d))),
        cells=tuple(dict.fromkeys(c for d in made for c in _proof(d))),
    )


def _grain(evidence: Evidence, d: Design, e: Entity, proof: tuple[str, ...]) -> list[Decision]:
    if e.kind != "fact":
        return []
    table = e.sources[0]
    measures = [f"{a.name} ({a.additivity})" for a in e.attributes if a.role == "measure"]
    key = ", ".join(parse(g)[-1] for g in e.grain)
    others = evidence.profile.table(table).almost_keys
    spoilt = next((k.repeats for k in others if k.columns == tuple(parse(g)[-1] for g in e.grain)), 0)
    identified = f"({key}) identifies " + (f"all but {spoilt:,} of them, which go to quarantine" if spoilt else "each")
    why = f"{table} holds {rows(evidence, table)}; " + (
        identified if key else "no column set identifies them, so each delivered row counts"
    )
    why += f"; kind: {e.detail['process']}, since {', '.join(e.detail['reasons'])}"
    refused = [
        f"({', '.join(k.columns)}) repeats in {k.repeats:,} of {k.rows:,} rows"
        for k in others[:3]
        if k.repeats and ", ".join(k.columns) != key
    ]
    head = next((s for s in e.detail["stages"][1:]), "")
    coarser = (
        f"one row per row of {head} ({rows(evidence, head)}): loses what its lines say"
        if head
        else f"one row per day of {table}: cannot be split again"
    )
    refused.append(coarser)
    return [
        decide(
            evidence,
            "model",
            e.name,
            "grain",
            f"What is one row of {e.name}?",
            e.grain_sentence,
            why,
            e.facts,
            (),
            [(fact_id("nulls", table, parse(g)[-1]), evidence.profile.table(table).rows // 2) for g in e.grain[:1] if key],
            alternatives=tuple(refused),
            trade_offs=(f"measures: {', '.join(measures)}" if measures else f"{e.name} carries no number: it counts rows",),
            risks=tuple(w for w in d.warnings if table in w),
            holds_if=proof,
            cells=proof,
            questions=tuple(q for q in d.questions if table in q and "identifies" in q),
            flips_if=(f"more than 1 % of ({key}) repeat" if spoilt else f"one ({key}) repeats") if key else "a key is named",
            effort=f"M: {len(e.dimensions)} dimension keys to look up",
        )
    ]


def _history(evidence: Evidence, e: Entity, proof: tuple[str, ...]) -> list[Decision]:
    if e.kind != "dimension" or e.scd is None or e.detail.get("law"):
        return []
    by_type: dict[int, list[Attribute]] = {}
    for a in e.attributes:
        if a.scd is not None and a.role == "attribute":
            by_type.setdefault(a.scd, []).append(a)
    words = {0: "fixed", 1: "overwritten", 2: "versioned"}
    said = "; ".join(f"{listed(a.name for a in found)} {words[n]}" for n, found in sorted(by_type.items(), reverse=True))
    reasons = listed((f"{a.name}: {a.note}" for a in by_type.get(2, by_type.get(1, []))), 3)
    table = e.sources[0]
    sliced = listed(a.name for a in by_type.get(2, []))
    return [
        decide(
            evidence,
            "model",
            e.name,
            "history",
            f"What does {e.name} keep of its past?",
            f"type {e.scd}: {said}" if said else f"type {e.scd}",
            f"{table} has {rows(evidence, table)}; {reasons}" if reasons else f"{table} has {rows(evidence, table)}",
            (*e.facts, *(fact_id("distinct", *parse(a.lineage[0])) for a in by_type.get(2, [])[:4])),
            [line(m) for m in evidence.context.compliance[:1]] if e.detail.get("left_out") else [],
            alternatives=(
                f"type 1 for all of {e.name}: last year's reports change when {sliced} changes"
                if sliced
                else f"type 2 for {e.name}: versions nobody asks for",
            ),
            questions=(f"Must old reports show {sliced} of {table} as they were then?",)
            if e.detail.get("assumed") and sliced
            else (),
            flips_if=f"the owner says reports follow today's {sliced}"
            if sliced
            else f"reports of the past need {table} as it was",
            holds_if=proof,
            cells=proof,
            effort=f"S: {e.name} has {len(e.attributes)} columns",
            risks=(f"no history of {table} was delivered: versions begin with the first load",)
            if e.detail.get("assumed") and e.scd == 2
            else (),
        )
    ]


def _split(evidence: Evidence, e: Entity, proof: tuple[str, ...]) -> list[Decision]:
    if not e.detail.get("law") or e.kind != "table":
        return []
    gone = ", ".join(e.detail["dependents"])
    table, column = parse(e.grain[0])
    c = evidence.profile.table(table).column(column)
    return [
        decide(
            evidence,
            "model",
            e.name,
            "split",
            f"Do {gone} stay in {table}?",
            f"no: they move to {e.name}, keyed by {column}",
            f"{e.detail['law']}: {c.distinct:,} values of {column} over {rows(evidence, table)}, without an exception",
            e.facts,
            (),
            [(fact_id("distinct", table, column), c.rows)],
            alternatives=(f"leave {gone} in {table}: each is written {c.rows / max(1, c.distinct):,.1f} times per {column}",),
            flips_if=f"one {column} shows two values of {e.detail['dependents'][0]}",
            holds_if=proof,
            cells=proof,
            effort="S: one table",
            questions=(f"Is it a rule that {column} decides {gone}, or so by accident?",),
        )
    ]


def _header_amounts(evidence: Evidence, d: Design, proof: tuple[str, ...]) -> list[Decision]:
    found = []
    for e in d.entities:
        for a in e.attributes:
            if a.role != "measure" or not a.name.endswith("_allocated"):
                continue
            source = a.lineage[0]
            table = parse(source)[0]
            found.append(
                decide(
                    evidence,
                    "model",
                    source,
                    "header_amount",
                    f"{source} repeats on every line: how does it reach {e.name}?",
                    f"split evenly over the lines as {a.name}",
                    f"{table} has {rows(evidence, table)}, {e.sources[0]} {rows(evidence, e.sources[0])}: "
                    "summed as it stands it would count once per line",
                    (fact_id("rows", table), fact_id("rows", e.sources[0])),
                    (),
                    [
                        (k.fact, evidence.profile.table(k.table).rows)
                        for k in evidence.profile.children(table)
                        if k.table == e.sources[0]
                    ],
                    alternatives=(f"a fact of its own at the grain of {table}", f"split by the lines' amounts in {e.sources[0]}"),
                    questions=(f"By what rule does {source} belong to the lines of {e.sources[0]}?",),
                    holds_if=proof,
                    cells=proof,
                    flips_if=f"each row of {table} has one line",
                    effort="S: one expression",
                )
            )
    return found


def _orphans(evidence: Evidence, made: list[Design]) -> list[Decision]:
    found = []
    proof = _proof(made[-1])
    for k in evidence.profile.foreign_keys:
        if not k.orphans:
            continue
        total = evidence.profile.table(k.table).rows
        reference = write(k.table, k.columns[0])
        found.append(
            decide(
                evidence,
                "model",
                reference,
                "orphans",
                f"Where do rows of {k.table} without their {k.ref_table} go?",
                "in the star to the unknown member (-1), in core to quarantine",
                f"{k.orphans:,} of {total:,} rows ({100 * k.orphans / max(1, total):.1f} %) name {k.orphan_values:,} "
                f"values of {', '.join(k.columns)} that {k.ref_table} lacks",
                (k.fact, fact_id("rows", k.table)),
                (),
                [(k.fact, 0)],
                alternatives=(
                    f"drop them: {k.orphans:,} rows vanish from every total of {k.table}",
                    f"insert placeholder rows into {k.ref_table}",
                ),
                questions=(f"Are the {k.orphan_values:,} missing {k.ref_table} deleted, or late?",),
                flips_if=f"{k.ref_table} is delivered complete",
                holds_if=proof,
                cells=proof,
                effort="S: a join and a count",
            )
        )
    return found


def _left_out(evidence: Evidence, made: list[Design]) -> list[Decision]:
    """Personal columns that a named framework keeps out of the star."""
    found: dict[str, str] = {}
    for d in made:
        for e in d.entities:
            found |= {r: why for r, why in e.detail.get("left_out", {}).items() if why.startswith("personal")}
    if not found:
        return []
    said: list[Mention | Statement] = [*evidence.context.compliance[:2], *evidence.context.governance[:1]]
    names = ", ".join(m.name for m in evidence.context.compliance[:2])
    return [
        decide(
            evidence,
            "model",
            evidence.name,
            "personal",
            "Which personal columns enter the star?",
            f"none of {listed(found, 6)}",
            f"{len(found)} columns are labelled personal and {names} applies",
            known(evidence, [f"{r}#distinct" for r in found]),
            [line(m) for m in said],
            alternatives=("a masked copy for a named purpose",),
            effort="S: columns not selected",
            flips_if=f"{names} no longer applies, or a purpose needs a named column",
            questions=(f"Does any report need {next(iter(found))} itself?",),
        )
    ]
