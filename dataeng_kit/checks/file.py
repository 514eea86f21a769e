"""Check a file on disk: a generated one, whose header names data and engine, or any .sql or .py of the user's."""

from __future__ import annotations

import re
from pathlib import Path

from dataeng_kit import technologies
from dataeng_kit.checks.chains import run_cells
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


def check_file(file: Path, data: Data | None, run: Run | None = None) -> Check:
    """Return what happened when *file* ran on a scratch copy of *data*, or of the data its header names.

    A user's file sees the tables under their own names. Raises `KitError` for another kind of file, or when nothing says
    which data it needs.
    """
    language = _LANGUAGES.get(file.suffix.lower())
    if language is None:
        raise KitError(f"'{file.name}' is no .sql or .py file", "Name a file that the kit wrote, or any .sql")
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KitError(f"'{file.name}' is no UTF-8 text", "Save it as UTF-8") from error
    told = header(text)
    technology = (
        technologies.find(told.get("engine", "python" if language == "python" else "duckdb")) if language == "sql" else None
    )
    owned = data is None
    if data is None:
        if "data" not in told:
            raise KitError(f"Nothing says which data '{file.name}' runs on", f"dataeng-kit check {file} --data DATA")
        place = Path(told["data"])
        data = open_data((str(place if place.is_absolute() or "://" in told["data"] else file.parent / place),))
    try:
        cells = _cells(file, text, language, technology, data)
        return run_cells(cells, data, run)[cells[-1].id]
    finally:
        if owned:
            data.close()


def _cells(file: Path, text: str, language: str, technology: type[Technology] | None, data: Data) -> tuple[Cell, ...]:
    names = tuple(s.table.name for s in data.sources)
    id = f"file/{file.name}"
    if technology is None:
        return (Cell(id, "file", "python", language, file.name, "the file as it is", text, reads=names),)
    read, made = _tables(text, technology.sqlglot, names)
    quote = technology.quote
    views = "\n".join(f"CREATE VIEW {quote(n)} AS SELECT * FROM source.{quote(n)};" for n in read if n not in made)
    own = Cell(
        id, "file", technology.id, language, file.name, "the file as it is", text, after=("file/sources",), chain=id, reads=read
    )
    if not views:
        return (own,)
    sources = Cell(
        "file/sources",
        "file",
        technology.id,
        "sql",
        "Tables under their own names",
        "so that the file finds them",
        views,
        chain=id,
        reads=read,
    )
    return (sources, own)


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
