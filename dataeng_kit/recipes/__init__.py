"""Recipes: one template per thing to build, in a folder per technology; a strict header says what it serves and needs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

from dataeng_kit.errors import KitError, unknown
from dataeng_kit.nouns import Expectation

_HEAD = ("{#---", "---#}")
_KEYS = {"serves", "each", "needs", "libraries", "source", "proof", "title", "purpose", "decision", "expects", "slow", "engine"}
_DECISION = {"question", "choice", "instead", "flips_if", "effort"}
_PROMISE = {"name", "kind", "left", "right", "relation"}


class Code(str):
    """Text that a technology or this kit wrote: the only text a template accepts."""

    __slots__ = ()


@dataclass(frozen=True)
class Recipe:
    """One template: its id (folder/name), what it serves, needs and promises, its proof in one line, the text below its header.

    ``needs`` names what the caller binds; ``expects`` holds the promises, whose ``left`` and ``right`` are templates too;
    ``decision`` the words around it, with ``{table}``, ``{rows}`` and ``{case}`` in them. ``slow``: it runs for minutes.
    ``engine``: what a Python recipe really runs on, when that is not its checker. ``language`` follows the file's ending.
    """

    id: str
    serves: tuple[str, ...]
    each: str
    needs: tuple[str, ...]
    libraries: tuple[str, ...]
    source: str
    proof: str
    text: str
    title: str = ""
    purpose: str = ""
    expects: tuple[Expectation, ...] = ()
    decision: Mapping[str, str] = field(default_factory=dict)
    slow: bool = False
    engine: str = ""
    language: str = "sql"


def names(folder: str) -> tuple[str, ...]:
    """Return the ids of all templates in one folder: a file's presence is its registration."""
    place = files(__name__).joinpath(folder)
    found = sorted(f.name.split(".")[0] for f in place.iterdir() if f.name.endswith(".j2")) if place.is_dir() else []
    return tuple(f"{folder}/{n}" for n in found)


def find(id: str) -> Recipe:
    """Return one recipe; raises `KitError` for an unknown id or a header with an unknown key."""
    folder, _, _name = id.partition("/")
    place = files(__name__).joinpath(folder)
    known = {f"{folder}/{f.name.split('.')[0]}": f for f in place.iterdir() if f.name.endswith(".j2")} if place.is_dir() else {}
    if id not in known:
        raise unknown("recipe", id, known or [folder])
    text = known[id].read_text("utf-8")
    if not text.startswith(_HEAD[0]) or _HEAD[1] not in text:
        raise KitError(f"Recipe {id} has no header", f"Begin it with {_HEAD[0]} and end the header with {_HEAD[1]}")
    head, _, body = text.removeprefix(_HEAD[0]).partition(_HEAD[1])
    card = tomllib.loads(head)
    if extra := set(card) - _KEYS:
        raise unknown("key in a recipe's header", min(extra), _KEYS)
    promises = card.get("expects", [])
    if extra := {key for p in promises for key in p} - _PROMISE:
        raise unknown("key of a promise in a recipe's header", min(extra), _PROMISE)
    said = card.get("decision", {})
    if said and (wrong := set(said) ^ _DECISION):
        allowed = f"It holds {', '.join(sorted(_DECISION))}"
        raise KitError(f"Recipe {id}: '{min(wrong)}' is missing or unknown in its decision", allowed)
    return Recipe(
        id,
        tuple(card.get("serves", ())),
        card.get("each", "topic"),
        tuple(card.get("needs", ())),
        tuple(card.get("libraries", ())),
        card.get("source", ""),
        card.get("proof", ""),
        body.lstrip("\n"),
        card.get("title", ""),
        card.get("purpose", ""),
        tuple(Expectation(**p) for p in promises),
        said,
        card.get("slow", False),
        card.get("engine", ""),
        {"py": "python", "yml": "yaml", "md": "markdown"}.get(known[id].name.split(".")[1], "sql"),
    )


def render(id: str, values: Mapping[str, Any]) -> str:
    """Return a filled template; raises `KitError` when a value is missing or a raw string of the case would enter the code."""
    return _filled(id, find(id).text, values)


def promised(id: str, values: Mapping[str, Any]) -> tuple[Expectation, ...]:
    """Return a recipe's promises with both sides filled like its text; raises `KitError` as `render` does."""
    return tuple(replace(e, left=_filled(id, e.left, values), right=_filled(id, e.right, values)) for e in find(id).expects)


def _filled(id: str, text: str, values: Mapping[str, Any]) -> str:
    import jinja2

    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        finalize=_only_code,
    )  # the output is code, not HTML: finalize guards it
    try:
        return environment.from_string(text).render(values)
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
