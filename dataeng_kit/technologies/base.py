"""What every technology class states as facts: types, quoting, names, limits, and who can check its code."""

from __future__ import annotations

import hashlib
import re
from typing import ClassVar

from dataeng_kit.errors import NotApplicable
from dataeng_kit.technologies.spelling import spell


class Technology:
    """One engine or service; a subclass in its own file is its registration (see `technologies.find`).

    Facts are class attributes; behaviour that differs is a method override. `checked_by` lists, strongest first,
    pairs of (level, means): ``("ran", "server:postgresql")``, ``("parsed", "sqlfluff:postgres")``.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    family: ClassVar[str] = "relational"
    language: ClassVar[str] = "sql"
    sqlglot: ClassVar[str] = ""
    sqlfluff: ClassVar[str] = ""
    types: ClassVar[dict[str, str]] = {}
    max_name: ClassVar[int] = 63
    quote_open: ClassVar[str] = '"'
    quote_close: ClassVar[str] = '"'
    folds: ClassVar[str] = "lower"
    reserved: ClassVar[frozenset[str]] = frozenset()
    checked_by: ClassVar[tuple[tuple[str, str], ...]] = ()
    foreign_keys_up_to: ClassVar[int | None] = None
    """Rows up to which a foreign key is worth declaring; None: always. Above, the reconciliation proves it instead."""
    row_json: ClassVar[str] = "CAST(to_json({alias}) AS {text})"
    """A whole row as JSON text, for the quarantine."""
    empty: ClassVar[str] = ""
    """Statement that empties tables that refer to each other, all at once; empty: one DELETE each."""
    facts: ClassVar[dict[str, str | None]] = {}
    """Expressions of the fact catalogue that differ here: name → template, or None when not applicable."""
    approximate: ClassVar[dict[str, str]] = {}
    """Facts that are estimates here: name → method, like ``approximate ±5 %``."""
    bytewise: ClassVar[str] = "{c}"
    """A text so that it is compared, grouped and ordered by its code points, whatever the column's collation says."""
    restored: ClassVar[str] = "{c}"
    """What undoes `bytewise` on a value that is shown."""
    idioms: ClassVar[dict[str, str]] = {}
    """House phrases that are spelled differently here, see `technologies.spelling`."""
    backslash: ClassVar[bool] = False
    """A backslash escapes inside literals."""
    written: ClassVar[bool] = True
    """Whether the kit writes code for it; False: facts are measured there, code comes from its relative."""

    @classmethod
    def quote(cls, name: str) -> str:
        """Return *name* as a quoted identifier, whatever it holds; NUL is refused by every engine and dropped."""
        clean = name.replace("\0", "")
        return cls.quote_open + clean.replace(cls.quote_close, cls.quote_close * 2) + cls.quote_close

    @classmethod
    def fit(cls, name: str) -> str:
        """Return *name* cut to the engine's limit in bytes, kept apart by a digest; short names come back unchanged."""
        if len(name.encode()) <= cls.max_name:
            return name
        head = name.encode()[: cls.max_name - 9].decode(errors="ignore")
        return f"{head}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"

    @classmethod
    def named(cls, name: str) -> str:
        """Return *name* cut to the engine's limit and quoted."""
        return cls.quote(cls.fit(name))

    @classmethod
    def comment(cls, text: str) -> str:
        """Return one comment line; line ends of untrusted text cannot leave it."""
        return "-- " + " ".join("".join(c if c.isprintable() else " " for c in text).split())

    @classmethod
    def identifier(cls, name: str) -> str:
        """Return *name* bare where that is safe and means the same, else quoted."""
        folded = name.lower() if cls.folds == "lower" else name
        if re.fullmatch(r"[a-z_][a-z0-9_]*", folded) and folded == name and name not in cls.reserved:
            return name
        return cls.quote(name)

    @classmethod
    def path(cls, *names: str) -> str:
        """Return a dotted, quoted name: schema and table."""
        return ".".join(cls.quote(n) for n in names if n)

    @classmethod
    def literal(cls, value: object) -> str:
        """Return *value* as a literal of this engine; text is escaped, None is NULL."""
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int | float):
            return repr(value)
        text = str(value).replace("\0", "")
        escaped = text.replace("\\", "\\\\").replace("'", "\\'") if cls.backslash else text.replace("'", "''")
        return f"'{escaped}'"

    @classmethod
    def spelled(cls, sql: str) -> str:
        """Return *sql*, written in the house's phrases, as this engine spells it; spelling twice changes nothing."""
        return spell(sql, cls.idioms, cls.backslash) if cls.idioms else sql

    @classmethod
    def type_name(cls, canonical: str) -> str:
        """Return the engine's type for a canonical one; raises `NotApplicable` when it has none."""
        if canonical not in cls.types:
            raise NotApplicable(f"{cls.title} has no type for '{canonical}'", f"Use one of {', '.join(cls.types)}")
        return cls.types[canonical]

    @classmethod
    def row_as_json(cls, alias: str) -> str:
        """Return the expression of a whole row as JSON text."""
        return cls.row_json.format(alias=alias, text=cls.types["text"])
