"""Sections of a review as HTML: one template per section, a file's presence is its registration."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from dataeng_kit.nouns.references import fact_id
from dataeng_kit.nouns.snapshot import CHANGES
from dataeng_kit.review.links import slug
from dataeng_kit.review.page import Page
from dataeng_kit.review.scorecard import DIMENSIONS, NOT_ASSESSABLE
from dataeng_kit.show.diagram import er_svg

_FOLDER = Path(__file__).parent / "sections"


@dataclass(frozen=True)
class Section:
    """One rendered section: its number or letter, title, anchor and HTML."""

    number: str
    title: str
    anchor: str
    html: Markup


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    env = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    env.globals.update(
        slug=slug, quoted=quoted, percent=percent, dimensions=DIMENSIONS, not_assessable=NOT_ASSESSABLE, kinds=CHANGES
    )
    env.globals["fact"] = lambda table, name, column="": fact_id(name, *(p for p in (table, column) if p))
    return env


def quoted(text: str) -> str:
    """Return a line of Markdown as words: without its list mark, its emphasis and its code marks."""
    return re.sub(r"^\s*(?:[-*+•]|\d+[.)])\s+", "", text).replace("`", "").replace("**", "").strip()


def percent(share: float) -> str:
    """Return a share in percent; a share below one never reads 100, one above zero never 0."""
    shown = 100 * share
    if shown not in (0, 100) and not 0.05 <= shown < 99.95:
        return "> 99.9 %" if shown > 50 else "< 0.1 %"
    return f"{shown:.1f} %".replace("100.0", "100")


def sections(page: Page) -> list[Section]:
    """Return every section in order; the appendix of queries comes after all that cite one."""
    titles = tomllib.loads((_FOLDER / "titles.toml").read_text("utf-8"))
    picture = Markup(er_svg(page.evidence.profile))
    done: list[Section] = []
    for path in sorted(_FOLDER.glob("[0-9A-Z]*.html.j2")):
        stem = path.name.removesuffix(".html.j2")
        number = stem.split("_")[0].lstrip("0")
        title = titles.get(stem, stem.split("_", 1)[-1].replace("_", " ").capitalize())
        html = _environment().get_template(path.name).render(page=page, links=page.links, picture=picture)
        done.append(Section(number, title, f"s{number}", Markup(html)))
    return done


def document(page: Page, parts: list[Section]) -> str:
    """Return the whole review as one HTML file that needs no network and no script."""
    style = Markup((_FOLDER.parent / "style.css").read_text("utf-8"))
    return str(_environment().get_template("_page.html.j2").render(page=page, links=page.links, sections=parts, style=style))
