"""Other forms of a review: text formats as recipes over the page, the registers as CSV and Excel; all of what may be seen."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dataeng_kit import recipes
from dataeng_kit.advice.dbt.yaml import inert
from dataeng_kit.errors import unknown
from dataeng_kit.nouns import Finding, ForeignKey, Profile
from dataeng_kit.nouns.base import plain
from dataeng_kit.recipes import Code
from dataeng_kit.review.files import FINDING, cell, file_name, finding_row
from dataeng_kit.review.markdown import markdown
from dataeng_kit.review.notebook import notebook
from dataeng_kit.review.page import Page
from dataeng_kit.review.render import Section
from dataeng_kit.show.md import escape

FOLDER = "exports"
_LEVELS = {"critical": "error", "high": "error", "medium": "warning"}
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def formats(wanted: Sequence[str]) -> tuple[str, ...]:
    """Return *wanted* once each; raises `KitError` naming the nearest format that exists."""
    known = (*_WRITERS, *(n.partition("/")[2] for n in recipes.names(FOLDER)))
    for name in wanted:
        if name not in known:
            raise unknown("export", name, known)
    return tuple(dict.fromkeys(wanted))


def write_exports(page: Page, parts: list[Section], out: Path, wanted: Sequence[str]) -> list[Path]:
    """Write each format beside *out* and return the files."""
    return [path for name in wanted for path in _WRITERS.get(name, _recipe(name))(page, parts, out)]


def _written(path: Path, content: str) -> list[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8", newline="\n")
    return [path]


def _markdown(page: Page, parts: list[Section], out: Path) -> list[Path]:
    body = "\n\n".join(f"## {p.number} {p.title}\n\n{markdown(str(p.html))}" for p in parts)
    title = f"# Data discovery review: {escape(page.evidence.name)}"
    return _written(out.with_suffix(".md"), f"{title}\n\n{page.policy}\n\n{body}\n")


def _notebook(page: Page, parts: list[Section], out: Path) -> list[Path]:
    return _written(out.with_suffix(".ipynb"), json.dumps(notebook(page, parts), ensure_ascii=False, indent=1) + "\n")


def registers(page: Page) -> dict[str, tuple[Sequence[str], list[list[Any]]]]:
    """Return the register's tables by name: (header, rows) of findings, questions, decisions and dictionary."""
    said = [[*finding_row(f), page.status(f.id), page.owner(f.table)] for f in page.register]
    asked = [[q.text, q.whom, q.about, q.answer] for q in page.questions]
    decided = [
        [d.id, d.question, d.choice, d.why, page.owner(d.subject), page.status(d.id)] for a in page.advice for d in a.decisions
    ]
    columns = [
        [t.name, c.name, c.type, c.label.name if c.label else "", c.nulls, c.distinct]
        for t in page.evidence.profile.tables
        for c in t.columns
    ]
    return {
        "findings": ((*FINDING, "status", "owner"), said),
        "questions": (("question", "to", "about", "answer"), asked),
        "decisions": (("id", "question", "choice", "why", "owner", "status"), decided),
        "dictionary": (("table", "column", "type", "meaning", "empty", "distinct"), columns),
    }


def _csv(page: Page, parts: list[Section], out: Path) -> list[Path]:
    path = out.with_name(f"{out.stem}.findings.csv")
    header, rows = registers(page)["findings"]
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark makes spreadsheets read UTF-8
        csv.writer(file).writerows([header, *([cell(v) for v in row] for row in rows)])
    return [path]


def _excel(page: Page, parts: list[Section], out: Path) -> list[Path]:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    book, path = Workbook(), out.with_suffix(".xlsx")
    book.properties.creator = "dataeng_kit"
    for name in book.sheetnames:
        book.remove(book[name])
    for name, (header, rows) in registers(page).items():
        sheet = book.create_sheet(name)
        for row in [header, *rows]:
            sheet.append([ILLEGAL_CHARACTERS_RE.sub("", v) if isinstance(v := cell(c), str) else v for c in row])
        sheet.freeze_panes, sheet.auto_filter.ref = "A2", sheet.dimensions
        for top, *below in sheet.columns:
            top.font = Font(bold=True)
            width = max(len(str(c.value or "")) for c in (top, *below))
            sheet.column_dimensions[top.column_letter].width = min(60, width + 2)
            for one in below:
                one.alignment = Alignment(wrap_text=True, vertical="top")
    book.save(path)
    return [path]


_Writer = Callable[[Page, list[Section], Path], list[Path]]
_WRITERS: dict[str, _Writer] = {"md": _markdown, "ipynb": _notebook, "csv": _csv, "xlsx": _excel}


def _recipe(name: str) -> _Writer:
    """Return the writer of a recipe of `FOLDER`: one file, or with ``each = "decision"`` a folder with one file each."""

    def write(page: Page, parts: list[Section], out: Path) -> list[Path]:
        place = files(recipes.__name__).joinpath(FOLDER)
        suffix = next(f.name for f in place.iterdir() if f.name.startswith(f"{name}.")).removeprefix(name).removesuffix(".j2")
        recipe = recipes.find(f"{FOLDER}/{name}")
        if recipe.each != "decision":
            own = suffix if suffix == f".{name}" else f".{name}{suffix}"
            return _written(out.with_name(f"{out.stem}{own}"), _fill(recipe.text, suffix, page))
        decisions = list({d.id: d for a in page.advice for d in a.decisions}.values())
        folder = out.with_name(f"{out.stem}.{name}")
        return [
            path
            for at, decision in enumerate(decisions, 1)
            for path in _written(
                folder / f"{at:04d}-{file_name(decision.id, suffix)}",
                _fill(recipe.text, suffix, page, number=at, decision=decision),
            )
        ]

    return write


def _fill(text: str, suffix: str, page: Page, **more: Any) -> str:
    """Return a filled template: whatever it prints is written as its format writes a string, so no text of the case is syntax."""
    import jinja2

    form = _FORMS[suffix]
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        finalize=lambda value: value if isinstance(value, Code) else form(value),
    )  # the output is no HTML: finalize writes every value in the form of the file
    e = page.evidence
    tools = {"level": level, "uri": uri, "rules": _rules(e.findings), "slug": _slug, "keys": _keys(e.profile)}
    known = {"facts": e.profile.by_id, "sources": {t.name: uri(t.source) for t in e.tables}}
    filled = environment.from_string(text).render(page=page, e=e, **tools, **known, **more)
    return json.dumps(json.loads(filled), ensure_ascii=False, indent=1) + "\n" if suffix == ".json" else filled


def _json(value: Any) -> str:
    # JSON's strings are YAML's and DBML's too; DEL and the line separators are escaped, as YAML wants
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda m: f"\\u{ord(m[0]):04x}", text)


def _plain_words(value: Any) -> str:
    return escape(value if isinstance(value, str) else f"{value:,}" if isinstance(value, int | float) else str(value))


_FORMS: dict[str, Callable[[Any], str]] = {
    ".json": _json,
    ".yml": lambda v: _json(inert(v) if isinstance(v, str) else v),
    ".dbml": _json,
    ".md": _plain_words,
}


def level(severity: str) -> str:
    """Return SARIF's level of a severity."""
    return _LEVELS.get(severity, "note")


def uri(path: str) -> str:
    """Return a relative path as a URI reference; empty for what is no file."""
    return "" if "://" in path or not path else quote(path)


def _slug(text: str) -> str:
    """Return *text* as an identifier of lower-case letters, digits and underscores."""
    return "".join(c if c in _PLAIN else "_" for c in text.lower()) or "case"


def _rules(findings: Sequence[Finding]) -> list[Finding]:
    """Return the first finding of each rule, by rule."""
    return sorted({f.rule: f for f in reversed(findings)}.values(), key=lambda f: f.rule)


def _keys(profile: Profile) -> dict[tuple[str, str], ForeignKey]:
    """Return (table, column) → the foreign key of that one column."""
    return {(k.table, k.columns[0]): k for k in profile.foreign_keys if len(k.columns) == 1}
