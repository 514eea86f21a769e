"""How the model may be asked: the section ``[agent]`` of the Choices file, strict; money only where prices were given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from dataeng_kit.errors import KitError, unknown
from dataeng_kit.nouns.answer import Sent
from dataeng_kit.nouns.event import Limits

MODEL = "claude-sonnet-5-5"
"""The one default; ``models()`` of a case says which exist."""


@dataclass(frozen=True)
class Settings:
    """One engagement's way to ask.

    ``house_rules`` is a file, or ``CLAUDE.md#Heading`` for one of its sections; ``tokens_per_question`` and
    ``tokens_in_all`` are hard caps over input, cache writes and output; prices are in ``currency`` per million tokens.
    """

    model: str = MODEL
    house_rules: str = ""
    tokens_per_question: int = Limits.tokens
    tokens_in_all: int = 2_000_000
    price_input: float = 0.0
    price_cached: float = 0.0
    price_output: float = 0.0
    currency: str = "USD"

    @classmethod
    def of(cls, chosen: Mapping[str, Any]) -> Settings:
        """Return the settings of a Choices section; raises `KitError` on an unknown key or a value of another type.

        The variable ``DATAENG_KIT_MODEL`` names the model where the section does not.
        """
        known = {f.name: type(f.default) for f in fields(cls)}
        for key, value in chosen.items():
            if key not in known:
                raise unknown("key of [agent]", key, known)
            allowed = (int, float) if known[key] is float else known[key]
            if not isinstance(value, allowed) or isinstance(value, bool):
                raise KitError(f"[agent] {key} = {value!r} is no {known[key].__name__}", "Mend it in dataeng_kit.toml")
        model = os.environ.get("DATAENG_KIT_MODEL")
        return cls(**{**({"model": model} if model else {}), **chosen})

    def cost(self, sent: Iterable[Sent]) -> float | None:
        """Return what the rows cost in `currency`, cache writes at the input price; None where no price was given."""
        if not (self.price_input or self.price_output):
            return None
        millionths = sum(
            s.tokens * self.price_input + s.cached * self.price_cached + s.output * self.price_output for s in sent
        )  # fmt: skip
        return millionths / 1e6

    def limits(self, sent: Iterable[Sent]) -> Limits:
        """Return one question's limits within what the engagement has left; raises `KitError` when nothing is left."""
        spent = sum(s.tokens + s.output for s in sent)
        left = self.tokens_in_all - spent
        if left <= 0:
            told = f"The engagement's cap of {self.tokens_in_all:,} tokens is used up ({spent:,}); nothing was sent"
            raise KitError(told, 'Raise it: case.override("agent", "tokens_in_all", N). Or: --agent offline')
        return Limits(tokens=min(self.tokens_per_question, left))


def house_rules(setting: str, folder: Path) -> str:
    """Return the user's own rules: a file's text, or one section of it after ``#``; raises `KitError` when there is none.

    They reach the model as instructions, so they are read only from the place that the user named.
    """
    if not setting:
        return ""
    name, _, heading = setting.partition("#")
    file = folder / name
    if not file.is_file():
        raise KitError(f"House rules: '{name}' is no file in {folder.name}", "Mend house_rules under [agent], or remove it")
    text = file.read_text("utf-8", "replace")
    if not heading:
        return text
    sections: dict[str, list[str]] = {}
    at: list[str] = []
    for line in text.splitlines():
        if line.startswith("#"):
            at = sections.setdefault(line.lstrip("#").strip(), [])
        else:
            at.append(line)
    if heading not in sections:
        raise unknown(f"heading of {name}", heading, sections)
    return "\n".join(sections[heading])
