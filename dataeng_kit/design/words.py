"""Names: split what people wrote into words, and make target names that every engine takes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from dataeng_kit.nouns import Context

_LIMIT = 58
"""Characters of a target name: below PostgreSQL's 63 bytes for Latin text; longer names get a digest."""


def words(name: str) -> tuple[str, ...]:
    """Return the lower-case words of a name: camel case, digits, blanks and punctuation part them."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", name))
    return tuple(w for w in re.split(r"[\W_]+", spaced.lower()) if w)


def singular(word: str) -> str:
    """Return an English word without its plural ending, by rule: cities → city, classes → class."""
    if word.endswith(("gnoses", "alyses", "theses", "crises")):
        return word[:-2] + "is"
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def snake(*parts: str, singular_last: bool = False) -> str:
    """Return one lower_snake name of the parts' words, at most 58 characters and 60 bytes, never empty."""
    found = [w for p in parts for w in words(p)]
    if singular_last and found:
        found[-1] = singular(found[-1])
    name = "_".join(found) or "column"
    name = f"c_{name}" if name[0].isdigit() else name
    if len(name) > _LIMIT or len(name.encode()) > _LIMIT + 2:
        short = name.encode()[: _LIMIT - 9].decode(errors="ignore")
        name = f"{short}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return name


def unique(wanted: str, taken: Iterable[str]) -> str:
    """Return *wanted*, or it with the first free number when the name is taken in any case."""
    used = {t.casefold() for t in taken}
    name, n = wanted, 2
    while name.casefold() in used:
        name, n = f"{wanted}_{n}", n + 1
    return name


def prefixed(prefix: str, column: str) -> str:
    """Return prefix + column without saying a shared word twice: delivery_city + CityName → delivery_city_name."""
    left, right = list(words(prefix)), list(words(column))
    for n in range(min(len(left), len(right)), 0, -1):
        if left[-n:] == right[:n]:
            return snake(*left, *right[n:])
    return snake(*left, *right)


@dataclass(frozen=True)
class Style:
    """Naming conventions of the target, each with the CLAUDE.md line that asks for it (empty when the kit's default)."""

    fact: str = "fact_"
    dimension: str = "dim_"
    lines: tuple[str, ...] = ()

    @classmethod
    def of(cls, context: Context) -> Style:
        """Return the style that the project's conventions ask for."""
        found: dict[str, str] = {}
        lines: list[str] = []
        for statement in context.conventions:
            text = f"{statement.value} {statement.quote}"
            for field, pattern in (("fact", r"\b(fct_|fact_|f_)"), ("dimension", r"\b(dim_|d_)")):
                hit = re.search(pattern, text)
                if hit and field not in found:
                    found[field] = hit[1]
                    lines.append(f"{statement.file}:{statement.line}")
        return cls(**found, lines=tuple(dict.fromkeys(lines)))
