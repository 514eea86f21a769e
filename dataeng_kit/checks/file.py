"""Check a file on disk: a generated one, whose header names data and engine, or any .sql or .py of the user's."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from dataeng_kit import technologies
from dataeng_kit.checks.chains import run_cells
from dataeng_kit.checks.joins import Question, questions
from dataeng_kit.data import Data, open_data
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Cell, Check
from dataeng_kit.run import Run
from dataeng_kit.technologies.base import Technology

_HEADER = re.compile(r"^\s*(?:--|#)\s*(data|engine|capabilities):\s*(.+?)\s*$")
_HEADER_LINES = 12
_LANGUAGES = {".sql": "sql", ".ddl": "sql", ".py": "python"}


def header(text: str) -> dict[str, str]:
    """Return what the first lines of a generated file say: ``data``, ``engine``, ``capabilities``."""
    found = (_HEADER.match(line) for line in text.splitlines()[:_HEADER_LINES])
    return {m[1]: m[2] for m in found if m}


def check_file(file: Path, data: Data | None, run: Run | None = None, scratch: str | None = None) -> Check:
    """Return what happened when *file* ran on a scratch copy of *data*, or of the data its header names.

    The check's ``output`` says in sentences, with both numbers, what each join does to the rows, what that does to sums, and
    whether the result and declared keys hold. *scratch* lends a PostgreSQL. A user's file sees the tables under their own
    names. Raises `KitError` for another kind of file, or when nothing says which data it needs.
    """
    language = _LANGUAGES.get(file.suffix.lower())
    if language is None:
        raise KitError(f"'{file.name}' is no .sql or .py file", "Name a file that the kit wrote, or any .sql")
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KitError(f"'{file.name}' is no UTF-8 text", "Save it as UTF-8") from error
    says = header(text)
    technology = technologies.find(says.get("engine", "postgresql" if scratch else "duckdb")) if language == "sql" else None
    owned = data is None
    if data is None:
        if "data" not in says:
            raise KitError(f"Nothing says which data '{file.name}' runs on", f"dataeng-kit check {file} --data DATA")
        place = Path(says["data"])
        data = open_data((str(place if place.is_absolute() or "://" in says["data"] else file.parent / place),))
    try:
        cells = _cells(file, text, language, technology, data)
        asked = questions(text, technology, {t.name: [c.name for c in t.columns] for t in data.tables}) if technology else []
        found = run_cells((*cells, *measures(cells[-1], asked)), data, run, scratch)
        return told(found[cells[-1].id], asked, found)
    finally:
        if owned:
            data.close()


def measures(own: Cell, asked: list[Question]) -> tuple[Cell, ...]:
    """Return one cell per question about a file's statements; only those about the data run where the file fails."""
    made = Cell("", "file", own.technology, "sql", "measure", "", "", chain=own.chain)
    return tuple(
        replace(made, id=f"{own.id}#{n}", after=() if q.alone else (own.id,), expects=(q.expectation,))
        for n, q in enumerate(asked)
    )


def told(check: Check, asked: list[Question], found: dict[str, Check]) -> Check:
    """Join what was measured about the file's statements to the check of the file itself."""
    if check.level not in ("ran", "failed"):
        return check
    held, lines = list(check.reconciliation), []
    for check_of, q in zip((c for id, c in found.items() if "#" in id), asked, strict=True):
        measured = check_of.reconciliation
        held += measured if q.warns else ()
        lines.append(q.said(measured[0]) if measured else f"??  {q.expectation.name}: not measured ({check_of.why[:120]})")
    wrong = [line[4:] for line in lines if line.startswith("!!")]
    why = f"{len(wrong)} of {len(lines)} measurements warn: {wrong[0]}" if wrong and not check.why else check.why
    return replace(check, reconciliation=tuple(held), output="\n".join(lines), why=why)


def _without_outside(text: str, dialect: str) -> str:
    """Return a DDL without references to tables that it does not create: those are measured on the data, not declared here."""
    import sqlglot
    from sqlglot import exp

    try:
        statements = [s for s in sqlglot.parse(text, dialect=dialect) if s]
    except sqlglot.errors.SqlglotError:
        return text
    made = {s.this.this.name.lower() for s in statements if isinstance(s, exp.Create) and isinstance(s.this, exp.Schema)}

    def outside(reference: Any) -> bool:
        there = reference.this
        return (there.this if isinstance(there, exp.Schema) else there).name.lower() not in made

    gone = [r.parent for s in statements for r in s.find_all(exp.Reference) if outside(r)]
    for node in filter(None, gone):
        node.pop()
    return ";\n".join(s.sql(dialect=dialect) for s in statements) + ";\n" if gone else text


def _cells(file: Path, text: str, language: str, technology: type[Technology] | None, data: Data) -> tuple[Cell, ...]:
    names = tuple(s.table.name for s in data.sources)
    id = f"file/{file.name}"
    if technology is None:
        return (Cell(id, "file", "python", language, file.name, "the file as it is", text, reads=names),)
    read, made = _tables(text, technology.sqlglot, names)
    after, body = ("file/sources",), _without_outside(text, technology.sqlglot)
    own = Cell(id, "file", technology.id, language, file.name, "the file as it is", body, after=after, chain=id, reads=read)
    given = [n for n in read if n not in made]
    return (sources_cell(given, technology, id, read), own) if given else (own,)


def sources_cell(names: list[str], technology: type[Technology], chain: str, reads: tuple[str, ...]) -> Cell:
    """Return the cell that lets a user's statements find the case's tables under their own names."""
    quote = technology.quote
    views = "\n".join(f"CREATE VIEW {quote(n)} AS SELECT * FROM source.{quote(technology.fit(n))};" for n in names)
    title, why = "Tables under their own names", "so that the file finds them"
    return Cell("file/sources", "file", technology.id, "sql", title, why, views, chain=chain, reads=reads)


def _tables(text: str, dialect: str, names: tuple[str, ...]) -> tuple[tuple[str, ...], set[str]]:
    """Return the case's tables that the file reads outside the schema ``source``, and the names that it creates."""
    import sqlglot
    from sqlglot import exp

    try:
        statements = [s for s in sqlglot.parse(text, dialect=dialect) if s]
    except sqlglot.errors.SqlglotError:
        # the engine will say what is wrong; every table that the text names is given to it
        return tuple(n for n in names if n.lower() in text.lower()), set()
    folded = {n.lower(): n for n in names}
    used = {t.name.lower() for s in statements for t in s.find_all(exp.Table)}
    made = {
        t.name.lower() for s in statements if isinstance(s, exp.Create) for t in [s.find(exp.Table)] if t is not None and not t.db
    }
    return tuple(folded[n] for n in folded if n in used), {folded[n] for n in made if n in folded}
