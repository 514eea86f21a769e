"""What a saved notebook may hold: outputs are masked unless the user asked to show values."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any

from dataeng_kit.errors import KitError
from dataeng_kit.lab.host import current_case
from dataeng_kit.nouns import Context, Evidence, Profile
from dataeng_kit.privacy import Policy, visible

_show = {"values": False}
_profiled: weakref.WeakSet[Any] = weakref.WeakSet()
"""Cases whose profile is known, so that asking for it costs nothing."""


@dataclass(frozen=True)
class _Shown(Evidence):
    """Nouns beside the profile that knows their tables and columns: names stay readable in sentences, values do not."""

    nouns: tuple[Any, ...] = ()


def show_values(on: bool = True) -> None:
    """Show raw values in the outputs of this kernel from now on, or hide them again."""
    _show["values"] = on


def show_this_cell(shell: Any) -> None:
    """Show raw values until the running cell ends; what is saved with the notebook is then the user's own decision."""

    def hide(*_: Any) -> None:
        _show["values"] = before
        shell.events.unregister("post_run_cell", hide)

    before = _show["values"]
    _show["values"] = True
    shell.events.register("post_run_cell", hide)


def shown(noun: Any, case: Any = None) -> Any:
    """Return *noun*, or a tuple of nouns, as a saved output may hold it under the policy of *case* (default: the notebook's)."""
    if _show["values"] or not noun:
        return noun
    case = case if case is not None else _current()
    policy = Policy(dict(case.choices.inputs.policy)) if case is not None else Policy()
    several = noun if isinstance(noun, tuple) else (noun,)
    profile = _profile(case, several[0])
    if profile is None:
        masked = tuple(visible(n, policy) for n in several)
    else:
        # what CLAUDE.md says may stand between quotes; it is shown as context anyway
        said = case.context if case is not None else Context()
        masked = visible(_Shown("", said, (), profile, nouns=several), policy).nouns
    return masked if isinstance(noun, tuple) else masked[0]


def _current() -> Any:
    try:
        return current_case()
    except KitError:
        return None


def _profile(case: Any, noun: Any) -> Profile | None:
    """Return the profile that *noun* came after, or None when it is not known yet: it is never measured for an output."""
    if isinstance(noun, Profile):
        if case is not None:
            _profiled.add(case)
        return noun
    if case is None or (isinstance(noun, Context) and case not in _profiled):
        return None
    _profiled.add(case)
    profile: Profile = case.profile
    return profile
