"""What every noun can do: be compared, hashed, and travel as strict JSON both ways."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import functools
import hashlib
import json
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, Self

Scalar = str | int | float | bool | None
Json = Any
"""A value `json.dumps(allow_nan=False)` accepts."""


def plain(value: Any) -> Json:
    """Return *value* as strict JSON: dates as ISO text, decimals as numbers, NaN and infinity as text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, str | int | bool):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.init}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 2**53 else float(value)
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


@functools.cache
def _hints(cls: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _load(hint: Any, value: Any) -> Any:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if value is None or hint is Any:
        return _tuples(value)
    if origin in (types.UnionType, typing.Union):
        inner = [a for a in args if a is not type(None)]
        return _load(inner[0], value) if len(inner) == 1 else _tuples(value)
    if origin is tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(_load(args[0], v) for v in value)
        return tuple(_load(a, v) for a, v in zip(args, value, strict=True))
    if origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return {k: _load(args[1], v) for k, v in value.items()}
    if isinstance(hint, type) and issubclass(hint, Noun):
        return hint.from_json(value)
    return _tuples(value)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list) else value


class Noun:
    """Base of all nouns; subclasses are frozen dataclasses holding only scalars, tuples, mappings and nouns."""

    def to_json(self) -> dict[str, Json]:
        """Return the noun as a JSON object (strict: no NaN)."""
        result = plain(self)
        assert isinstance(result, dict)
        return result

    @classmethod
    def from_json(cls, value: Mapping[str, Json]) -> Self:
        """Return the noun that `to_json` wrote; unknown keys of a newer version are ignored."""
        hints = _hints(cls)  # type: ignore[arg-type]  # a class is hashable; mypy does not see it through Self
        names = {f.name for f in dataclasses.fields(cls) if f.init}  # type: ignore[arg-type]  # every noun is a dataclass
        return cls(**{k: _load(hints[k], v) for k, v in value.items() if k in names})

    def digest(self) -> str:
        """Return 16 hex digits that change whenever the content changes."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
