"""What left this machine, and what was decided."""

from __future__ import annotations

from typing import Any

from dataeng_kit.lab.parts import table
from dataeng_kit.show.markup import blocks, element, escape
from dataeng_kit.show.views import blocks as view

TITLE, ORDER, NEEDS = "Ledger", 6, ()


def render(bench: Any) -> str:
    """Return the requests that were sent, then the verdicts of the Choices file."""
    if bench.case is None:
        return element("p", "Open a case first: panel Start.")
    sent = tuple(getattr(bench.case, "sent", ()))
    left = (
        blocks(view(sent))
        if sent
        else element("h3", "Sent") + element("p", "Nothing was sent: every answer was made on this machine.")
    )
    verdicts = bench.case.choices.verdicts
    rows = [[escape(v.date[:16]), escape(v.status), escape(v.id), escape(v.reason), escape(v.author)] for v in reversed(verdicts)]
    decided = table(("when", "status", "about", "why", "who"), rows) if rows else element("p", "No verdict yet.")
    path = bench.case.choices_path
    place = "beside CLAUDE.md" if path.parent == bench.case.folder else f"in the folder {path.parent.name}"
    where = element("p", escape(f"Kept in {path.name}, {place}: readable, and made for version control."))
    return left + element("h3", "Decided") + decided + where
