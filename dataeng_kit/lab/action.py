"""An action: one verb of the case with plain arguments. A click and its line of Python are the same object."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dataeng_kit.errors import unknown
from dataeng_kit.handle import Handle
from dataeng_kit.lab.host import names
from dataeng_kit.show.markup import element, escape

ARROWS = ("context", "data", "profile", "roles", "claims", "findings", "topics", "questions", "brief", "advise")
"""Verbs that `Case.start` walks, with progress and Stop."""
CALLS = ("accept", "reject", "defer", "fix", "answer", "override", "ask", "report", "review", "check", "measure", "preview")
"""Verbs that are called with plain values."""
PROPERTIES = ("context", "data", "profile", "roles", "claims", "findings", "topics", "questions")
PASSWORD = re.compile(r"(://[^/@:\s]*):[^/@\s]*(?=@)")
"""A password in a database URL: a line that stands in a notebook must not hold it."""
LOCAL = ("open", "insert", "run", "replace", "beside", "undo", "summary", "picture", "focus")
"""Verbs of the workbench itself: open a case, put cells into the notebook and take them back, look at one table."""
_CALLED = ("review",)
"""Verbs whose last argument, a dictionary, holds named options."""
QUICK = ("accept", "reject", "defer", "fix", "answer", "override")
"""Verbs that only write the Choices file; they do not wait behind longer work."""


@dataclass(frozen=True)
class Action:
    """One verb with its arguments.

    ``$name``, also inside a list or dictionary, is filled from the form field of that name; ``$name?`` reads yes or no
    as True or False. An entry that stays empty is left out, and a dictionary without entries is the empty text.
    """

    verb: str
    args: tuple[Any, ...] = ()

    def filled(self, values: Mapping[str, str]) -> Action:
        """Return the action with form values in place; empty texts at the end are dropped."""
        if self.verb not in (*ARROWS, *CALLS, *LOCAL):
            raise unknown("action", self.verb, (*ARROWS, *CALLS, *LOCAL))
        args = [_filled(a, values) for a in self.args]
        args = [a.strip() if isinstance(a, str) else a for a in args]
        while args and args[-1] == "" and self.verb != "override":  # an override's empty value takes it back
            args.pop()
        return Action(self.verb, tuple(args))

    @property
    def line(self) -> str:
        """Return the line of Python (or the magic) that does the same."""
        if self.verb == "open":
            first = ", ".join(_argument(a) for a in self.args[:1])
            first = PASSWORD.sub(r"\1", first)  # the driver takes it from PGPASSWORD, ~/.pgpass or my.cnf
            return f"case = dk.open({first}{f', context={self.args[1]!r}' if len(self.args) > 1 else ''})"
        if self.verb in ("insert", "run", "replace", "beside"):
            return " ".join(("%insert", *(["--run"] if self.verb == "run" else []), *map(str, self.args)))
        if self.verb == "undo":
            return "# in the notebook: Esc, then z"
        if self.verb == "summary":
            return f"%consult {self.args[0]}"
        if self.verb == "picture":
            return _picture(*self.args)
        if self.verb == "focus":
            return _picture("er", "", "", *self.args)
        if self.verb in PROPERTIES:
            return f"case.{self.verb}"
        args, named = self._split()
        return f"case.{self.verb}({', '.join([*map(repr, args), *(f'{k}={v!r}' for k, v in named.items())])})"

    def _split(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return positional and named arguments."""
        if self.verb in _CALLED and self.args and isinstance(self.args[-1], dict):
            return self.args[:-1], self.args[-1]
        return self.args, {}

    def start(self, case: Any, on_step: Any = None) -> Handle[Any]:
        """Return a Handle over the verb at work on *case*."""
        if self.verb in ARROWS:
            handle: Handle[Any] = case.start(self.verb, *self.args, on_step=on_step)
            return handle
        args, named = self._split()
        return Handle(self.verb, lambda run: getattr(case, self.verb)(*args, **named), on_step)

    def open(self) -> Any:
        """Return the case that the verb ``open`` opens; ``@name`` stands for the notebook's variable of that name."""
        from dataeng_kit.case import open as open_case

        data = self.args[0] if self.args else ""
        if isinstance(data, str) and data.startswith("@"):
            data = names()[data[1:]]
        given = () if isinstance(data, str) and not data else (data,)
        return open_case(*given, context=self.args[1] if len(self.args) > 1 else None)


def _picture(name: str, topic: str = "", position: Any = "", *more: str) -> str:
    """Return the line that draws a picture: of the profile, of advice on *topic*, or of its design at *position*."""
    subject = (
        "case.profile" if not topic else f"case.advise({topic!r})" + ("" if position == "" else f".designs[{int(position)}]")
    )
    return f"dk.pictures.{name}({', '.join([subject, *map(repr, (m for m in more if m))])})"


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {k: v for k, v in ((k, _filled(v, values)) for k, v in value.items()) if v != ""} or ""
    if isinstance(value, list):
        return [v for v in (_filled(v, values) for v in value) if v != ""] or ""
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    given = values.get(value[1:].rstrip("?"), "")
    return {"yes": True, "no": False}.get(given, given) if value.endswith("?") else given


def _fields(value: Any) -> list[str]:
    if isinstance(value, dict | list | tuple):
        return [f for v in (value.values() if isinstance(value, dict) else value) for f in _fields(v)]
    return [value[1:].rstrip("?")] if isinstance(value, str) and value.startswith("$") else []


def _argument(value: Any) -> str:
    return value[1:] if isinstance(value, str) and value.startswith("@") else repr(value)


def button(label: str, verb: str, *args: Any, main: bool = False, key: str = "", name: str = "") -> str:
    """Return a button that does one action and shows its line; *name* is the accessible name where the label is not enough."""
    line = Action(verb, args).filled(dict.fromkeys(_fields(args), "…")).line
    return element(
        "button",
        escape(label),
        type="button",
        class_="dk-main" if main else "",
        data_do=json.dumps({"verb": verb, "args": args}, default=str),
        data_line=line,
        title=line,
        data_key=key or f"{verb} {' '.join(map(str, args))}",
        aria_label=name,
    )


def field(name: str, label: str, key: str = "", placeholder: str = "", value: str = "") -> str:
    """Return a labelled one-line text field of a form."""
    box = element("input", "", type="text", name=name, data_key=key or name, placeholder=placeholder, value=value).removesuffix(
        "</input>"
    )
    return element("label", element("span", escape(label)) + box)


def select(name: str, label: str, choices: Mapping[str, str], value: str, key: str) -> str:
    """Return a labelled drop-down of *choices* (value → words) with *value* chosen; *key* tells it from others of its name."""
    options = []
    for given, words in choices.items():
        option = f'<option value="{escape(given, quote=True)}"{" selected" if given == value else ""}>{escape(words)}</option>'
        options.append(option)
    # the value is part of the key: what was picked before must not hide what holds now
    box = element("select", "".join(options), name=name, data_key=f"{key}={value}")
    return element("label", element("span", escape(label)) + box)
