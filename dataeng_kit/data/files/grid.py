"""Grid: one table as text cells, with the account of every record that is not a row of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dataeng_kit.nouns import Rejected


@dataclass
class Grid:
    """A table cut out of a file, not yet typed; counts are records, so that they add up to the file's."""

    header: list[str] | None
    rows: list[list[str]]
    suffix: str = ""
    format: str = "csv"
    encoding: str = ""
    dialect: dict[str, Any] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    rejects: list[Rejected] = field(default_factory=list)
    surplus: list[Rejected] = field(default_factory=list)
    """Cells beyond the last column of rows that were kept."""
    records: int = 0
    header_records: int = 0
    preamble: int = 0
    footer: int = 0
    comma_file: bool = False
    comments: dict[str, str] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.header) if self.header is not None else max(map(len, self.rows), default=0)
