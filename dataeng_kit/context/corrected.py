"""The user's answers about the Context: a technology that is in use after all, or is not."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from dataeng_kit.errors import unknown
from dataeng_kit.knowledge import vocabulary
from dataeng_kit.nouns import Context, Mention
from dataeng_kit.nouns.context import KINDS

PREFIX = "in use: "
"""Answers that begin so correct the reading: ``in use: snowflake`` = yes or no; others answer questions of the review."""
_SAYS = {"yes": True, "no": False}


def corrected(context: Context, answers: Mapping[str, str]) -> Context:
    """Return *context* with each corrected name moved; the quote stays, the reason says that the user decided.

    Raises `KitError` on an answer other than yes or no.
    """
    for question, answer in answers.items():
        if question.startswith(PREFIX):
            if answer not in _SAYS:
                raise unknown("answer", answer, _SAYS)
            context = _moved(context, question.removeprefix(PREFIX), _SAYS[answer])
    return context


def _moved(context: Context, name: str, used: bool) -> Context:
    said = [m for kind in (*KINDS, "not_used") for m in getattr(context, kind) if m.name == name]
    why = f"you said it is {'' if used else 'not '}in use"
    mentions = tuple(dataclasses.replace(m, why=why) for m in said) or (Mention(name, "dataeng_kit.toml", 0, "", why),)
    fields = {kind: tuple(m for m in getattr(context, kind) if m.name != name) for kind in (*KINDS, "not_used")}
    term = vocabulary().terms.get(name)
    kind = next((k for k in KINDS if any(m.name == name for m in getattr(context, k))), term.kind if term else "processing")
    target = kind if used and kind in KINDS else "processing" if used else "not_used"
    return dataclasses.replace(context, **{**fields, target: (*fields[target], *mentions)})
