"""Topic `quality_governance`: tests from measured facts, column lineage of the model, and a catalogue, all as tables that run."""

from __future__ import annotations

from collections.abc import Sequence

from dataeng_kit import design as designs
from dataeng_kit import technologies
from dataeng_kit.advice.said import decide, known, line, listed, untold
from dataeng_kit.advice.tests_of_facts import DataTest, tests
from dataeng_kit.design.reading import key_of
from dataeng_kit.design.target import target
from dataeng_kit.errors import NotApplicable
from dataeng_kit.nouns import Advice, Cell, Decision, Design, Evidence, Expectation
from dataeng_kit.nouns.references import fact_id, parse
from dataeng_kit.technologies.base import Technology

CAPABILITIES = (
    ("topics.quality_governance.data_quality", "topics.batch.validation"),
    ("topics.quality_governance.lineage",),
    ("topics.quality_governance.catalogue",),
)
"""What each of the three cells serves."""
SCHEMA = "governance"


def applies(evidence: Evidence) -> str:
    """Return why the topic fits the case, or an empty text."""
    return (
        f"{len(evidence.profile.laws)} laws and {len(evidence.profile.foreign_keys)} references measured"
        if evidence.profile.tables
        else ""
    )


def advise(evidence: Evidence) -> Advice:
    """Return tests, lineage and catalogue of a case with the decisions behind them."""
    own = target(evidence)
    engines = tuple(dict.fromkeys((own if own in technologies.all() else "duckdb", "duckdb")))
    try:
        model = designs.find("dimensional")(evidence)
    except NotApplicable:
        model = designs.find("normalised")(evidence)
    cells = [c for t in engines for c in _cells(evidence, model, technologies.find(t))]
    found = tests(evidence, technologies.find(engines[0]))
    decisions = [
        *_per_table(evidence, found, cells),
        _blocking(evidence, found, cells),
        _lineage(evidence, model, cells),
        *_catalogue(evidence, cells),
    ]
    return Advice("quality_governance", tuple(decisions), tuple(cells), missing=untold(evidence))


def _cells(evidence: Evidence, model: Design, technology: type[Technology]) -> list[Cell]:
    """Tests, lineage and catalogue in one technology; the two tables come after the view of tests."""
    found, lineage, columns = tests(evidence, technology), _lineage_rows(model), _catalogue_rows(evidence)
    reads = tuple(t.name for t in evidence.profile.tables)
    measured, counted = known(evidence, [f for t in found for f in t.facts]), known(evidence, [fact_id("rows", t) for t in reads])
    about = "One row per test: failing rows today, the number known, and whether it got worse."
    rows = (
        ("tests", f"{len(found)} data tests of {evidence.name}", about,
         _tests_sql(found, technology), _promises(found), measured),
        ("lineage", f"Lineage of {len(lineage)} columns", f"Which source columns feed each column of {model.title}.",
         _table_sql("lineage", LINEAGE, lineage, technology), _stored("lineage", len(set(lineage)), "DISTINCT "), counted),
        ("catalogue", f"Catalogue of {len(columns)} columns", "Type, meaning, sensitivity, completeness; not one value.",
         _table_sql("catalogue", CATALOGUE, columns, technology), _stored("catalogue", len(columns)), counted),
    )  # fmt: skip
    name = f"quality.{technology.id}"
    return [
        Cell(
            f"{name}.{part}",
            f"governance/{part}",
            technology.id,
            "sql",
            f"{title} in {technology.title}",
            purpose,
            sql,
            f"{technology.id}/governance/{nr}_{part}.sql",
            (f"{name}.tests",) if nr > 1 else (),
            expects,
            facts,
            CAPABILITIES[nr - 1],
            name,
            reads if nr == 1 else (),
        )
        for nr, (part, title, purpose, sql, expects, facts) in enumerate(rows, 1)
    ]


LINEAGE = ("target_table", "target_column", "source_table", "source_column", "expression")
CATALOGUE = ("table_name", "column_name", "data_type", "meaning", "sensitive", "empty_share")


def _stored(table: str, rows: int, distinct: str = "") -> tuple[Expectation, ...]:
    kept = f"SELECT count(*) FROM (SELECT {distinct}* FROM {SCHEMA}.{table}) AS x"
    return (Expectation(f"every row of the {table} is stored", "rows", f"SELECT {rows}", kept),)


def _tests_sql(found: Sequence[DataTest], technology: type[Technology]) -> str:
    rows = [
        f"SELECT {technology.literal(t.name)} AS test, {technology.literal(t.table)} AS table_name,\n"
        f"  ({t.count}) AS failing, {t.known} AS known_failing"
        for t in found
    ]
    body = "\nUNION ALL\n".join(rows) or "SELECT 'none' AS test, '' AS table_name, 0 AS failing, 0 AS known_failing"
    head = f"CREATE SCHEMA IF NOT EXISTS {SCHEMA};\nDROP VIEW IF EXISTS {SCHEMA}.data_tests;\nCREATE VIEW {SCHEMA}.data_tests AS"
    return f"{head}\nSELECT test, table_name, failing, known_failing, failing > known_failing AS worse\nFROM (\n{body}\n) AS t;\n"


def _promises(found: Sequence[DataTest]) -> tuple[Expectation, ...]:
    """The tests find today exactly what the profile measured: a test that counts otherwise tests something else."""
    return (
        Expectation(
            "every test counts what the profile measured",
            "rows",
            f"SELECT count(*) FROM {SCHEMA}.data_tests WHERE failing <> known_failing",
            "SELECT 0",
        ),
        Expectation("all tests answer", "rows", f"SELECT count(*) FROM {SCHEMA}.data_tests", f"SELECT {max(1, len(found))}"),
    )


def _table_sql(name: str, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]], technology: type[Technology]) -> str:
    text = technology.type_name("text")
    made = ", ".join(f"{c} {text}" for c in columns)
    values = ",\n  ".join("(" + ", ".join(technology.literal(None if v is None else str(v)) for v in row) + ")" for row in rows)
    head = f"CREATE SCHEMA IF NOT EXISTS {SCHEMA};\nDROP TABLE IF EXISTS {SCHEMA}.{name};\nCREATE TABLE {SCHEMA}.{name} ({made});"
    return f"{head}\nINSERT INTO {SCHEMA}.{name} VALUES\n  {values};\n" if rows else f"{head}\n"


def _lineage_rows(model: Design) -> list[tuple[object, ...]]:
    return [
        (e.name, a.name, *parse(r)[-2:], a.expression or "copy") for e in model.entities for a in e.attributes for r in a.lineage
    ]


def _catalogue_rows(evidence: Evidence) -> list[tuple[object, ...]]:
    return [
        (
            t.name,
            c.name,
            c.type,
            c.label.name if c.label else "",
            "yes" if c.label and c.label.sensitive else "no",
            f"{100 * c.nulls / max(1, c.rows):.1f} %",
        )
        for t in evidence.profile.tables
        for c in t.columns
    ]


def _proof(cells: Sequence[Cell], part: str) -> tuple[str, ...]:
    return tuple(c.id for c in cells if c.id.endswith(part))


def _per_table(evidence: Evidence, found: Sequence[DataTest], cells: Sequence[Cell]) -> list[Decision]:
    result = []
    for table in evidence.profile.tables:
        mine = [t for t in found if t.table == table.name]
        if not mine:
            continue
        strict = [t for t in mine if t.strict]
        spoilt = [f"{t.name.removeprefix(table.name + ': ')} ({t.known:,} known)" for t in mine if not t.strict]
        held = listed(t.name.removeprefix(table.name + ": ") for t in strict)
        why = f"over {table.rows:,} rows {len(strict)} rules held without exception ({held})"
        result.append(
            decide(
                evidence,
                "quality_governance",
                table.name,
                "tests",
                f"Which tests guard {table.name}?",
                f"{len(mine)} tests: {len(strict)} allow no failing row, {len(spoilt)} no more than today",
                why + (f"; {listed(spoilt)} do not" if spoilt else ""),
                [f for t in mine for f in t.facts] or [fact_id("rows", table.name)],
                (),
                _broken(evidence, table.name),
                alternatives=(
                    f"also test today's minima, maxima and value lists of {table.name}: "
                    "true by accident of this delivery, wrong with the next",
                ),
                questions=tuple(f"Is it meant that {t.name} fails for {t.known:,} rows?" for t in mine if not t.strict)[:3],
                flips_if=f"a rule of {table.name} breaks in a delivery that its owner calls right",
                holds_if=_proof(cells, ".tests"),
                cells=_proof(cells, ".tests"),
                effort="S",
            )
        )
    return result


def _broken(evidence: Evidence, *tables: str) -> list[tuple[str, int]]:
    """The first key that would not hold any more if half its values went missing; where no table has one, the first reference."""
    for name in tables:
        if key := key_of(evidence.profile.table(name)):
            return [(fact_id("nulls", name, key[0]), evidence.profile.table(name).rows // 2)]
    return [(k.fact, 3 * k.orphans + 100) for k in evidence.profile.foreign_keys if k.fact and k.table in tables][:1]


def _blocking(evidence: Evidence, found: Sequence[DataTest], cells: Sequence[Cell]) -> Decision:
    strict, loose = [t for t in found if t.strict], [t for t in found if not t.strict]
    owners = evidence.context.owners
    return decide(
        evidence,
        "quality_governance",
        evidence.name,
        "blocking",
        "Which failing test stops the load?",
        f"the {len(strict)} that never failed stop it; the {len(loose)} with known exceptions warn above their number; "
        + (f"told: {listed(dict.fromkeys(str(o.value) for o in owners), 3)}" if owners else "told: the loader's own log"),
        f"{len(found)} tests; today {sum(t.known for t in loose):,} rows fail {len(loose)} of them",
        [f for t in found for f in t.facts],
        [line(o) for o in owners[:3]],
        _broken(evidence, *(t.name for t in evidence.profile.tables)),
        alternatives=(
            f"all {len(found)} stop it: today's delivery would not load"
            if loose
            else f"none stops it: {len(found)} green lights nobody sees",
        ),
        questions=() if owners else (f"Who is told when a test of {evidence.name} fails?",),
        flips_if="a known exception is mended at its source",
        holds_if=_proof(cells, ".tests"),
        cells=_proof(cells, ".tests"),
        effort="S",
    )


def _lineage(evidence: Evidence, model: Design, cells: Sequence[Cell]) -> Decision:
    rows = _lineage_rows(model)
    return decide(
        evidence,
        "quality_governance",
        evidence.name,
        "lineage",
        "How is it known where a figure comes from?",
        f"a table {SCHEMA}.lineage of {len(rows)} column pairs, written with the model",
        f"{len(model.entities)} target tables read {listed(dict.fromkeys(s for e in model.entities for s in e.sources), 6)}",
        [fact_id("rows", t.name) for t in evidence.profile.tables],
        (),
        [(k.fact, 3 * k.orphans + evidence.profile.table(k.table).rows) for k in evidence.profile.foreign_keys if k.fact][:1],
        alternatives=(f"a lineage server: worth it when more than {evidence.name} is loaded",),
        flips_if="a second team loads the same tables",
        holds_if=_proof(cells, ".lineage"),
        cells=_proof(cells, ".lineage"),
        effort="S",
    )


def _catalogue(evidence: Evidence, cells: Sequence[Cell]) -> list[Decision]:
    columns = [(t, c) for t in evidence.profile.tables for c in t.columns]
    sensitive = [f"{t.name}.{c.name}" for t, c in columns if c.label and c.label.sensitive]
    whole = [(t, c) for t, c in columns if c.rows and not c.nulls]
    facts = [fact_id("nulls", t.name, c.name) for t, c in whole[:1]] + [
        fact_id("nulls", t.name, c.name) for t, c in columns if c.label and c.label.sensitive
    ]
    return [
        decide(
            evidence,
            "quality_governance",
            evidence.name,
            "catalogue",
            "Where do people read what a column means?",
            f"{SCHEMA}.catalogue: {len(columns)} columns of {len(evidence.profile.tables)} tables, {len(whole)} without a gap, "
            "no value among them",
            f"{len(sensitive)} columns are sensitive ({listed(sensitive, 5)})"
            if sensitive
            else f"none of {len(columns)} columns is labelled sensitive",
            facts or [fact_id("rows", t.name) for t in evidence.profile.tables],
            (),
            [(fact_id("nulls", t.name, c.name), c.rows // 2) for t, c in whole[:1]],
            alternatives=(
                f"comments on the {len(columns)} columns in the database: read where they are used, lost with a rebuild",
            ),
            flips_if="a catalogue product is in use",
            holds_if=_proof(cells, ".catalogue"),
            cells=_proof(cells, ".catalogue"),
            effort="S",
            questions=(f"Is {sensitive[0]} needed outside its source?",) if sensitive else (),
        )
    ]
