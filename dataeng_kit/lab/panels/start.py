"""What to open: a path or URL, files from the desk, a frame of the notebook, or a shipped case."""

from __future__ import annotations

from typing import Any

from dataeng_kit.lab.action import button, field
from dataeng_kit.lab.host import names
from dataeng_kit.share import samples
from dataeng_kit.show.markup import element

TITLE, ORDER, NEEDS = "Start", 0, ()


def render(bench: Any) -> str:
    """Return the form; every choice ends in one line ``case = dk.open(…)``."""
    form = field("data", "Data: folder, file, glob or database URL", placeholder="data/ or postgresql://…")
    form += field("context", "CLAUDE.md, or the folder it lies in (optional)", placeholder="where the data lies")
    own = element("div", form + button("Open", "open", "$data", "$context", main=True), class_="dk-row", data_form="1")
    frames = sorted(k for k, v in names().items() if not k.startswith("_") and type(v).__name__ == "DataFrame")
    tables = "".join(button(name, "open", f"@{name}") for name in frames)
    shipped = "".join(button(name, "open", name) for name in samples())
    picked = '<input type="file" multiple aria-label="Files to upload">'
    send = element("button", "Upload and open", type="button", data_upload="1", data_key="upload")
    return (
        element("h3", "Your data")
        + own
        + element("div", picked + send, class_="dk-row", data_form="1")
        + (element("h3", "Frames of this notebook") + element("div", tables, class_="dk-row") if frames else "")
        + element("h3", "Sample cases")
        + element("div", shipped, class_="dk-row")
        + element("p", "Nothing leaves this machine: the kit reads, measures and advises here.")
    )
