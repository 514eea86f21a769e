"""What a saved notebook keeps of a workbench: an ordinary output below it, values hidden, no widget needed to read it."""

from __future__ import annotations

from typing import Any

from dataeng_kit.lab.host import shell
from dataeng_kit.lab.mask import shown
from dataeng_kit.show import html, text
from dataeng_kit.show.markup import element, escape


class Record:
    """A folded list of the consultations; `display` puts it below the widget, `add` updates it from any thread."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[str, str]] = {}
        self._handle: Any = None

    def display(self) -> None:
        """Show the record in the running cell."""
        if shell() is None:
            return
        from IPython.display import display

        self._handle = display(self._bundle(), raw=True, display_id=True)  # type: ignore[no-untyped-call]  # IPython

    def add(self, title: str, noun: Any, case: Any) -> None:
        """Add one result, or replace the one of the same title."""
        masked = shown(noun, case)
        self._parts[title] = html(masked), text(masked)
        if self._handle is not None:
            self._handle.update(self._bundle(), raw=True)

    def _bundle(self) -> dict[str, str]:
        if not self._parts:
            return {"text/plain": "", "text/html": ""}
        folds = "".join(
            element("details", element("summary", escape(title)) + element("div", page, style="padding-left:1em"))
            for title, (page, _) in self._parts.items()
        )
        summary = f"Record of this workbench ({len(self._parts)}), kept in the saved notebook; values are hidden"
        whole = element(
            "details", element("summary", escape(summary), style="opacity:.8") + element("div", folds, style="padding-left:1em")
        )
        return {"text/html": whole, "text/plain": "\n\n".join(f"{t}\n{p}" for t, (_, p) in self._parts.items())}
