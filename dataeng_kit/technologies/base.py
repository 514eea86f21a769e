"""What every technology class states as facts: types, quoting, names, limits, and who can check its code."""

from __future__ import annotations

import re
from typing import ClassVar

from dataeng_kit.errors import NotApplicable


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
    facts: ClassVar[dict[str, str | None]] = {}
    """Expressions of the fact catalogue that differ here: name → template, or None when not applicable."""
    approximate: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def quote(cls, name: str) -> str:
        """Return *name* as a quoted identifier, whatever it holds; NUL is refused by every engine and dropped."""
        clean = name.replace("\0", "")
        return cls.quote_open + clean.replace(cls.quote_close, cls.quote_close * 2) + cls.quote_close

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
        return "'" + str(value).replace("\0", "").replace("'", "''") + "'"

    @classmethod
    def type_name(cls, canonical: str) -> str:
        """Return the engine's type for a canonical one; raises `NotApplicable` when it has none."""
        if canonical not in cls.types:
            raise NotApplicable(f"{cls.title} has no type for '{canonical}'", f"Use one of {', '.join(cls.types)}")
        return cls.types[canonical]
