"""The review to hand over: written, compared with an older one, verified, and shown where it lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dataeng_kit.lab.action import button, field, select
from dataeng_kit.lab.parts import stale, waiting
from dataeng_kit.show.markup import element, escape

TITLE, ORDER, NEEDS = "Review", 5, ()
_OUT = "review.html"


def render(bench: Any) -> str:
    """Return the form, and the files that were written last."""
    if bench.case is None:
        return waiting(bench, "review", "")
    older = {"": "nothing", **{p.name: p.name for p in sorted(Path.cwd().glob("*.json")) if p.with_suffix(".html").is_file()}}
    form = field("out", "Write to", key="review out", value=_OUT)
    form += select("compare", "Compare with", older, "", "compare")
    form += _tick("verify", "Measure every number again, strike what no longer holds")
    form += _tick("notebook", "Write a notebook with the advised cells too")
    form += field("exceptions", "Folder for the failing rows, one CSV per finding (optional)", key="review exceptions")
    named = {"compare": "$compare", "exceptions": "$exceptions", "verify": "$verify?", "notebook": "$notebook?"}
    go = button("Write the review", "review", "$out", named, main=True, key="write review")
    words = "One HTML file without a network and without raw values, and a snapshot (.json) that the next review compares with."
    return element("p", words) + element("div", form + go, data_form="1", class_="dk-form") + _written(bench)


def _tick(name: str, label: str) -> str:
    box = element("input", "", type="checkbox", name=name, data_key=f"review {name}").removesuffix("</input>")
    return element("label", box + " " + escape(label), class_="dk-tick")


def _written(bench: Any) -> str:
    found = [(key, files) for key, files in bench.got.items() if key.startswith("review:")]
    said = bench.failed.get(found[-1][0]) if found else next((v for k, v in bench.failed.items() if k.startswith("review:")), "")
    error = element("p", escape(said), class_="dk-error", role="alert") if said else ""
    if not found:
        return error
    key, files = found[-1]
    names = [Path(f) for f in files]
    items = "".join(element("li", element("a", escape(str(f)), data_file=f.as_posix(), target="_blank")) for f in names)
    page = next((f for f in names if f.suffix == ".html"), None)
    old = stale(bench, key, "review", key.partition(":")[2], label="Write again")
    frame = element("iframe", "", data_file=page.as_posix(), title=f"Review: {page.name}", class_="dk-page") if page else ""
    return error + element("h3", "Written") + old + element("ul", items) + frame
