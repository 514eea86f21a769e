"""Recipes: one template per thing to build, in a folder per technology; a strict header says what it serves and needs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from dataeng_kit.errors import KitError, unknown

_HEAD = ("{#---", "---#}")
_KEYS = {"serves", "each", "needs", "libraries", "source", "proof"}


class Code(str):
    """Text that a technology or this kit wrote: the only text a template accepts."""

    __slots__ = ()


@dataclass(frozen=True)
class Recipe:
    """One template: its id (folder/name), what it serves, what it needs and the text below its header."""

    id: str
    serves: tuple[str, ...]
    each: str
    needs: tuple[str, ...]
    libraries: tuple[str, ...]
    source: str
    proof: str
    text: str


def find(id: str) -> Recipe:
    """Return one recipe; raises `KitError` for an unknown id or a header with an unknown key."""
    folder, _, _name = id.partition("/")
    place = files(__name__).joinpath(folder)
    names = {f"{folder}/{f.name.split('.')[0]}": f for f in place.iterdir() if f.name.endswith(".j2")} if place.is_dir() else {}
    if id not in names:
        raise unknown("recipe", id, names or [folder])
    text = names[id].read_text("utf-8")
    if not text.startswith(_HEAD[0]) or _HEAD[1] not in text:
        raise KitError(f"Recipe {id} has no header", f"Begin it with {_HEAD[0]} and end the header with {_HEAD[1]}")
    head, _, body = text.removeprefix(_HEAD[0]).partition(_HEAD[1])
    card = tomllib.loads(head)
    if extra := set(card) - _KEYS:
        raise unknown("key in a recipe's header", min(extra), _KEYS)
    return Recipe(
        id, tuple(card.get("serves", ())), card.get("each", "topic"), tuple(card.get("needs", ())),
        tuple(card.get("libraries", ())), card.get("source", ""), card.get("proof", ""), body.lstrip("\n"),
    )


def render(id: str, values: Mapping[str, Any]) -> str:
    """Return a filled template; raises `KitError` when a value is missing or a raw string of the case would enter the code."""
    import jinja2

    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False,
        finalize=_only_code,
    )  # the output is code, not HTML: finalize guards it
    try:
        return environment.from_string(find(id).text).render(values)
    except jinja2.UndefinedError as error:
        raise KitError(f"Recipe {id}: {error}", "Bind every value that the template names") from error


def _only_code(value: Any) -> Any:
    if isinstance(value, Code | bool | int | float):
        return value
    if type(value).__name__ == "StrictUndefined":
        str(value)  # raises jinja2's error, which names the missing value
    raise KitError(
        f"A raw {type(value).__name__} of the case would enter generated code",
        "Render it with the technology, then pass it as Code",
    )
