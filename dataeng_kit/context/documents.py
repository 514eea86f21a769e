"""Documents beside CLAUDE.md: data dictionaries (csv, xlsx), SQL files and a database's own comments, read as claims."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dataeng_kit.context.markdown import Block
from dataeng_kit.context.reading import Text
from dataeng_kit.nouns import Claim, Table
from dataeng_kit.nouns.references import write

_CREATE = re.compile(
    r"\s*create\s+(?:or\s+replace\s+)?(?:temp\w*\s+)?table\s+(?:if\s+not\s+exists\s+)?(?P<name>[\w.\"`\[\]]+)", re.I
)
_COLUMN = re.compile(r"\s*,?\s*(?P<name>\"[^\"]+\"|`[^`]+`|\[[^\]]+\]|\w+)\s+[a-z]\w*", re.I)
_NO_COLUMN = re.compile(r"\s*,?\s*(?:primary|unique|foreign|constraint|check|key|index|create|insert|alter|comment|\)|--)", re.I)
_NAME_TITLES = re.compile(r"^(?:column|field|variable|attribute|name|spalte|feld|champ|colonne|columna|campo)\b", re.I)
_TABLE_TITLES = re.compile(r"^(?:table|entity|dataset|sheet|file|tabelle|tabla|tabela)\b", re.I)
_YES = re.compile(r"^(?:y|yes|true|1|x|ja|oui|s[ií]|sim|pk)$", re.I)
_RULES = (
    (re.compile(r"\bprimary\s+key\b", re.I), "unique"),
    (re.compile(r"\bunique\b", re.I), "unique"),
    (re.compile(r"\bnot\s+null\b", re.I), "not_null"),
    (re.compile(r"\breferences\s+(?P<parent>[\w.\"`\[\]]+)", re.I), "no_orphans"),
    (re.compile(r"\bcheck\s*\(\s*[\w\"`]+\s+in\s*\((?P<values>[^)]*)\)", re.I), "enumeration"),
    (re.compile(r"\bcheck\s*\(\s*[\w\"`]+\s*>=\s*(?P<low>-?\d[\d.]*)\s*\)", re.I), "range"),
    (re.compile(r"\bcheck\s*\(\s*[\w\"`]+\s*<=\s*(?P<high>-?\d[\d.]*)\s*\)", re.I), "range"),
)
_FLAGS = (
    (re.compile(r"^(?:unique|primary key|pk|key|eindeutig|cl[eé])\b", re.I), "unique"),
    (re.compile(r"^(?:required|mandatory|not null|pflicht|obligatoire|obligatorio)\b", re.I), "is always filled"),
)
_QUOTES = '"`[]'
_MOST_ROWS = 5000


def dictionary_blocks(path: Path) -> tuple[Block, ...]:
    """Return a data dictionary as table rows: the column first (``table.column`` where a table is given), then the rest."""
    rows = list(_rows(path))
    head = next((i for i, (_, cells) in enumerate(rows[:20]) if any(_NAME_TITLES.match(c) for c in cells)), None)
    if head is None:
        return ()
    titles = rows[head][1]
    name = next(i for i, t in enumerate(titles) if _NAME_TITLES.match(t))
    table = next((i for i, t in enumerate(titles) if _TABLE_TITLES.match(t) and i != name), None)
    blocks = []
    for line, cells in rows[head + 1 :]:
        if name >= len(cells) or not cells[name]:
            continue
        owner = f"{cells[table]}." if table is not None and table < len(cells) and cells[table] else ""
        rest = [_spoken(titles[i], c) for i, c in enumerate(cells) if i not in (name, table) and i < len(titles) and c]
        blocks.append(Block("row", line, " | ".join([f"| `{owner}{cells[name]}`", *rest]) + " |", titles=tuple(titles)))
    return tuple(blocks)


def _spoken(title: str, cell: str) -> str:
    """Return a yes under a title such as *required* as the rule it stands for, any other cell as it is."""
    rule = next((words for pattern, words in _FLAGS if pattern.match(title)), "")
    return (rule if _YES.match(cell) else "") if rule else cell.replace("|", "/").replace("\n", " ")


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        from openpyxl import load_workbook

        book = load_workbook(path, read_only=True, data_only=True)
        for sheet in book.worksheets:
            for line, cells in enumerate(sheet.iter_rows(values_only=True, max_row=_MOST_ROWS), 1):
                yield line, ["" if v is None else str(v).strip() for v in cells]
        return
    text = path.read_text("utf-8-sig", errors="replace")
    delimiter = max(",;\t|", key=text[:4000].count)
    reader: Iterator[Sequence[str]] = csv.reader(text.splitlines()[:_MOST_ROWS], delimiter=delimiter)
    for line, values in enumerate(reader, 1):
        yield line, [v.strip() for v in values]


def sql_claims(text: str, shown: str) -> tuple[Claim, ...]:
    """Return the constraints of CREATE TABLE statements as claims: a file may promise what the rows do not keep."""
    table, found = "", []
    for number, line in enumerate(text.splitlines(), 1):
        if created := _CREATE.match(line):
            table = created["name"].strip(_QUOTES).split(".")[-1].strip(_QUOTES)
            continue
        column = _COLUMN.match(line) if table and not _NO_COLUMN.match(line) else None
        if column is None:
            table = "" if ";" in line else table
            continue
        name = column["name"].strip(_QUOTES)
        for pattern, kind in _RULES:
            if rule := pattern.search(line):
                terms = tuple(f"{k}={v.strip(_QUOTES)}" for k, v in rule.groupdict().items() if v)
                subject = f"`{table}.{name}`"
                found.append(Claim(kind, subject, (*terms, f"text={subject} {kind}"), shown, number, line.strip()))
    return tuple(found)


def comment_texts(tables: Iterable[Table]) -> Iterator[Text]:
    """Yield the comments that a database keeps on its tables and columns, each under its place ``database:table.column``."""
    for table in tables:
        if table.comment.strip():
            yield Text(f"database:{write(table.name)}", (Block("item", 0, _flat(table.comment), headings=(table.name,)),))
        for column in table.columns:
            if column.comment.strip():
                row = Block("row", 0, f"| `{table.name}.{column.name}` | {_flat(column.comment)} |", headings=(table.name,))
                yield Text(f"database:{write(table.name, column.name)}", (row,))


def _flat(text: str) -> str:
    return " ".join(text.replace("|", "/").split())
