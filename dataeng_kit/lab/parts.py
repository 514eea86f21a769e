"""Pieces of HTML that several panels share; everything that comes from the case is escaped here or in `show`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from dataeng_kit.lab.action import button
from dataeng_kit.nouns import Cell, Verdict
from dataeng_kit.show.blocks import Badge, Inline
from dataeng_kit.show.markup import element, escape, inline
from dataeng_kit.show.views.advice import badge


def fold(key: str, summary: Inline, body: str, find: str = "", open: bool = False) -> str:
    """Return a disclosure that keeps its state when the panel is written again; *find* is what a filter searches."""
    html = element("details", element("summary", inline(summary)) + element("div", body), data_key=key, data_find=find)
    return html.replace("<details", "<details open", 1) if open else html


def waiting(bench: Any, verb: str, what: str) -> str:
    """Return what a panel shows before a result is there: that it comes, or the button that asks for it."""
    if bench.case is None:
        return element("p", "Open a case first: panel Start.")
    said = bench.failed.get(verb)
    words = (
        element("p", escape(said), class_="dk-error", role="alert") if said else element("p", escape(f"{what} will appear here."))
    )
    return words + button("Try again" if said else f"Read {verb} now", verb, key=f"wait {verb}")


def stale(bench: Any, key: str, verb: str, *args: str, label: str = "Measure again") -> str:
    """Return what changed since the result called *key* was made, and the one click that makes it again; else nothing."""
    names = bench.moved.get(key)
    if not names:
        return ""
    more = f" and {len(names) - 4:,} more" if len(names) > 4 else ""
    words = element("p", f"Stale: changed since this was made: {escape(', '.join(names[:4]) + more)}.")
    again = button(label, verb, *args, main=True, key=f"stale {key}", name=f"{label}: {key}")
    return element("div", words + again, class_="dk-stale dk-row", role="status")


def chips(items: Sequence[tuple[str, str, str]], change: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return small disclosures of (word, place, quote): the word and its line show, the quote opens.

    *change*: word → the HTML of a control that corrects it, shown beside the quote.
    """
    said = [(w, p, (element("q", escape(q)) if q else "") + change.get(w, "")) for w, p, q in items]
    inner = "".join(fold(f"chip {w} {p}", [w, "  ", p], shown) for w, p, shown in said)
    return element("div", inner, class_="dk-chips")


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[str] = (), find: Sequence[str] = ()) -> str:
    """Return a sortable table of HTML cells; *find* holds per row what a filter searches."""
    kinds = ["dk-num" if h in numeric else "" for h in head]
    heads = "".join(
        element("th", element("button", escape(h), type="button", data_sort_head="1") if h else "", scope="col", class_=k)
        for h, k in zip(head, kinds, strict=True)
    )
    body = "".join(
        element(
            "tr", "".join(element("td", c, class_=k) for c, k in zip(row, kinds, strict=True)), data_find=find[i] if find else ""
        )
        for i, row in enumerate(rows)
    )
    return element("table", f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody>")


def search(label: str, key: str) -> str:
    """Return a search field that filters everything with ``data-find`` inside the nearest ``data-scope``."""
    box = element("input", "", type="search", data_filter="1", data_key=key, aria_label=label, placeholder=label).removesuffix(
        "</input>"
    )
    return element("div", box + element("span", "", data_count="1", aria_live="polite"), class_="dk-row")


def verdict_form(id: str, verdict: Verdict | None, choices: Sequence[tuple[str, str]], about: str) -> str:
    """Return the buttons that note a verdict on *id* with a reason, and the verdict that stands."""
    standing = ""
    if verdict:
        words = f"{verdict.status} by {verdict.author} on {verdict.date[:10]}" + (f": {verdict.reason}" if verdict.reason else "")
        standing = element("p", inline(words))
    key = f"reason {id}"
    box = element(
        "input", "", type="text", name="reason", data_key=key, placeholder="why (optional)", aria_label=f"Reason: {about}"
    )
    buttons = "".join(button(label, verb, id, "$reason", name=f"{label}: {about}") for label, verb in choices)
    return standing + element("div", box.removesuffix("</input>") + buttons, class_="dk-row", data_form="1")


def cell(made: Cell, topic: str, differs: str = "", old: bool = False) -> str:
    """Return one advised cell: code, check, and what can be done with it; *differs* is the diff that waits for a choice."""
    from dataeng_kit.show.markup import blocks
    from dataeng_kit.show.views.advice import check

    code = element("pre", element("code", escape(made.source)), tabindex="0", aria_label=f"Code: {made.title}")
    tools = button("Insert", "insert", made.id, main=True, name=f"Insert: {made.title}")
    tools += button("Insert and run", "run", made.id, name=f"Insert and run: {made.title}")
    tools += element("button", "Copy", type="button", data_copy="1", data_key=f"copy {made.id}", aria_label=f"Copy: {made.title}")
    tools += button("Check again", "check", made.id, topic, name=f"Check again: {made.title}")
    mark: Inline = Badge("stale", "warn") if old else ""
    proof = blocks(tuple(check(made.check))) if made.check else ""
    body = element("p", escape(made.purpose)) + element("div", tools, class_="dk-row") + _choice(made, differs) + proof + code
    shown = fold(f"cell {made.id}", [made.title, "  ", badge(made.check), mark], body, open=bool(differs))
    return element("div", shown, data_cell=made.id)


def _choice(made: Cell, differs: str) -> str:
    """Return what the notebook holds against what is advised, and the two ways on; empty when they do not differ."""
    if not differs:
        return ""
    words = element("p", "The notebook holds this cell with other text:")
    diff = element("pre", element("code", escape(differs)), tabindex="0", aria_label=f"Difference: {made.title}")
    ways = button("Replace it", "replace", made.id, main=True, name=f"Replace in the notebook: {made.title}")
    ways += button("Insert beside it", "beside", made.id, name=f"Insert beside it: {made.title}")
    return element(
        "div", words + diff + element("div", ways, class_="dk-row"), class_="dk-stale", role="group", data_asks=differs[:200]
    )


def drawing(svg: str, label: str) -> str:
    """Return a picture that scrolls by mouse and keyboard; empty when there is none."""
    return element("div", svg, class_="dk-picture", tabindex="0", role="group", aria_label=f"{label}, scrollable") if svg else ""


def spark(heights: Sequence[float]) -> str:
    """Return a tiny column chart without any value; the words beside it say what matters."""
    bars = "".join(element("i", "", style=f"height:{max(1, round(16 * h))}px") for h in heights)
    return element("span", bars, class_="dk-spark", aria_hidden="true") if heights else ""
