"""Which questions to the data owner matter, found by advising with each answer; an answer re-runs only what it moves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from dataeng_kit import advice
from dataeng_kit.context import answered, draft
from dataeng_kit.context.questions import cards, open_card, open_questions
from dataeng_kit.handle import Handle
from dataeng_kit.nouns import Cell, Check, Choices, Context, Evidence, Profile
from dataeng_kit.nouns.context import Question
from dataeng_kit.roles import bind
from dataeng_kit.run import Run

if TYPE_CHECKING:
    from dataeng_kit.data import Data

T = TypeVar("T")


def chosen(evidence: Evidence, answers: Mapping[str, str], only: Collection[str] = ()) -> dict[str, str]:
    """Return decision id → option over all topics (or *only* some), were *answers* (question id → answer) given besides."""
    if answers:
        context = answered(evidence.context, answers)
        evidence = replace(evidence, context=context, roles=bind(context, evidence.profile, evidence.inputs.roles))
    asked = [t for t in advice.topics(evidence) if not only or t in only]
    return {d.id: d.choice for topic in asked for d in advice.advise(topic, evidence).decisions}


def questions(evidence: Evidence, run: Run | None = None) -> tuple[Question, ...]:
    """Return at most seven questions to the data owner, those first whose answers change most decisions of this case.

    Topics that no answer moves, found by giving all of them at once, are not advised on again for each answer alone.
    """
    domains = bind(Context(), evidence.profile).domains
    asked = {id: card.options for id, card in cards().items() if open_card(id, evidence.context, evidence.inputs.answers)}
    base = chosen(evidence, {})
    trials = [chosen(evidence, {id: o[min(n, len(o) - 1)] for id, o in asked.items()}) for n in (0, 1)]
    moved = {d for then in trials for d in base.keys() | then.keys() if base.get(d) != then.get(d)}
    topics = {d.partition("/")[0] for d in moved}
    if not topics:
        return ()

    def tried(answers: Mapping[str, str]) -> dict[str, str]:
        if run:
            run.step(f"weighing what to ask{''.join(f': {id}' for id in answers)}")
        return chosen(evidence, answers, topics)

    return open_questions(evidence.context, evidence.profile, evidence.inputs.answers, tried, domains[0] if domains else "")


class Asked:
    """What a Case asks its data owner, and what the answers cost: a chain of cells that stays the same is not run again."""

    scratch: str

    if TYPE_CHECKING:  # what the Case brings

        @property
        def name(self) -> str: ...  # noqa: D102  # said there
        @property
        def choices(self) -> Choices: ...  # noqa: D102  # said there
        @property
        def profile(self) -> Profile: ...  # noqa: D102  # said there
        def _evidence(self, run: Run) -> Evidence: ...
        def _data(self, run: Run) -> Data: ...
        def _arrow(self, name: str, key: Any, compute: Callable[[], T]) -> T: ...
        def _version(self, *arrows: str) -> tuple[int, ...]: ...

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return at most seven questions whose answers (see `answer`) would change most decisions; each names those."""
        return Handle("questions", self._questions).result()

    def _questions(self, run: Run) -> tuple[Question, ...]:
        evidence = self._evidence(run)
        return self._arrow("questions", self._version("evidence"), lambda: questions(evidence, run))

    def draft(self, answers: Mapping[str, str] | None = None, assume: bool = False) -> str:
        """Return a CLAUDE.md of what was measured and answered, *answers* (question id → answer) added.

        *assume*: recommended answers stand in for the others, marked as assumed.
        """
        told = {**self.choices.inputs.answers, **(answers or {})}
        return draft(self.profile, self.name, self.questions, told, assume)

    def _checks(self, cells: list[Cell], run: Run) -> dict[str, Check]:
        from dataeng_kit.checks import run_cells

        chains: dict[str, list[Cell]] = {}
        for cell in cells:
            chains.setdefault(cell.chain or cell.id, []).append(cell)
        data = self._data(run)
        held: dict[Any, dict[str, Check]] = self._arrow("checked", self._version("data"), dict)
        fresh = [c for chain in chains.values() if tuple(chain) not in held for c in chain]
        found = run_cells(fresh, data, run, self.scratch or None)
        held.update({tuple(chain): {c.id: found[c.id] for c in chain} for chain in chains.values() if tuple(chain) not in held})
        return {id: check for chain in chains.values() for id, check in held[tuple(chain)].items()}
