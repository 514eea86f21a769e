"""The command line's words: verbs, their options and what each is for."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NoReturn

from dataeng_kit import __version__
from dataeng_kit.nouns.finding import SEVERITIES

_OPTIONS = "your word: delimiter, quote, escape, encoding, header=no, dates='day first', decimal=',', type.COLUMN=text"
SECTIONS = ("columns", "keys", "relations", "laws", "labels")
VERBS = tuple("demo lab brief context read profile advise ask write review check agent mcp catalog doctor".split())


class Parser(argparse.ArgumentParser):
    """argparse with the kit's manners: one sentence and the next command, exit 2."""

    def error(self, message: str) -> NoReturn:
        """Print the sentence and leave with 2."""
        self.exit(2, f"{message}. Next: {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    top = Parser(
        prog="dataeng-kit", description="A senior data engineer beside you: facts, findings and checked advice from raw data."
    )
    top.add_argument("--version", action="version", version=f"dataeng-kit {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="VERB", parser_class=Parser)

    def verb(name: str, help: str, *arguments: str, json: bool = True) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=help, description=help)
        for argument in arguments:
            sub.add_argument(argument)
        if json:
            sub.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
        sub.add_argument("--quiet", action="store_true", help="no progress on stderr")
        return sub

    def case_verb(name: str, help: str, *arguments: str, json: bool = True) -> argparse.ArgumentParser:
        sub = verb(name, help, json=json)
        told = "what to open; two places are reconciled with one another"
        sub.add_argument("data", nargs=None if arguments else "+", help=told)
        for argument in arguments:
            sub.add_argument(argument)
        told = "the CLAUDE.md or its folder; further files (README, data dictionary, .sql) are read as claims"
        sub.add_argument("--context", nargs="+", metavar="FILE", default=[], help=told)
        return sub

    verb("demo", "the main job on a sample case: brief, advice, review and notebook", json=False).add_argument(
        "--out", default="out"
    )
    lab = verb("lab", "JupyterLab on the tour, or on DIR with a fresh consulting notebook", json=False)
    lab.add_argument("dir", nargs="?")
    lab.add_argument("--no-browser", action="store_true", help="print the notebook's address instead of opening it")
    lab.epilog = "What follows -- is handed to JupyterLab: dataeng-kit lab -- --port=8890"
    case_verb("brief", "one page: three things the client does not know, three decisions that follow").add_argument(
        "--exceptions", metavar="DIR"
    )
    context = verb("context", "what CLAUDE.md says, each fact with its line")
    context.add_argument("path", nargs="?", default=".")
    told = "write a CLAUDE.md: drafted from the data of PATH with at most seven questions, or a template where there is none"
    context.add_argument("--init", action="store_true", help=told)
    context.add_argument("--yes", action="store_true", help="with --init: take the recommended answers, marked as assumed")
    read = verb("read", "how a messy file was understood", "file")
    read.add_argument("--out", metavar="F.parquet", help="write the clean table")
    read.add_argument("--reading", nargs="+", metavar="OPTION=VALUE", default=[], help=_OPTIONS)
    read.add_argument("--keep", action="store_true", help="keep --reading in the choices beside the file, for every later run")
    case_verb("profile", "every measured fact").add_argument(
        "--only", default="", help=f"comma-separated of: {', '.join(SECTIONS)}"
    )
    advise = case_verb("advise", "decisions with evidence and cells that have run")
    advise.add_argument("--topic", required=True)
    advise.add_argument("--agent", default="offline")
    _speaking(verb, case_verb)
    verb("catalog", "every capability and its evidence")
    verb("doctor", "is this machine ready")
    return top


def _speaking(verb: Callable[..., argparse.ArgumentParser], case_verb: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the verbs that answer, hand over or let others ask."""
    ask = case_verb("ask", "one free question, answered from facts", "question")
    told = "offline (the default, sends nothing), claude, or replay:FILE"
    ask.add_argument("--agent", default="offline", help=told)
    ask.add_argument("--about", nargs="+", metavar="TABLE", default=[], help="tell only these tables or columns")
    ask.add_argument("--conversation", metavar="NAME", default="", help="questions of one name follow one another")
    ask.add_argument("--record", metavar="FILE", help="keep the exchange as a cassette for replay:FILE")
    write = case_verb("write", "a project folder that a team can own: dbt, python or contract", "project", json=False)
    write.add_argument("--out", metavar="DIR", help="a new folder, or one written before (default: the project's name)")
    review = case_verb("review", "the data-discovery review as one HTML file and a snapshot", json=False)
    review.add_argument("--out", default="review.html")
    review.add_argument("--compare", metavar="OLD.json")
    review.add_argument("--exceptions", metavar="DIR", help="one CSV of failing rows per finding")
    told = "comma-separated of: md, ipynb, csv, xlsx, sarif, dbml, dbt, adr; written beside the review"
    review.add_argument("--export", default="", help=told)
    review.add_argument("--verify", action="store_true", help="measure every number again")
    review.add_argument("--fail-on", choices=SEVERITIES, help="exit 1 when a finding is at or above this level")
    check = verb("check", "run a .sql or .py file or a dbt folder on a scratch copy: fan-out, lost rows, keys", "file")
    check.add_argument("--data")
    check.add_argument("--scratch", metavar="URL", help="a PostgreSQL that lends a database of our own, dropped afterwards")
    agent = case_verb("agent", "agent export DATA: an agent file for Claude Code with this project's measured facts", json=False)
    agent.add_argument("--out", default=".", metavar="DIR", help="the project's folder; .claude/agents/ is made in it")
    case_verb("mcp", "serve facts, findings, advice, checks and queries to other assistants on stdin and stdout", json=False)
