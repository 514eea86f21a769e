"""The shell verbs: thin, each shows what one verb of the Case returns; --json prints one strict document."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from dataeng_kit import __version__
from dataeng_kit.errors import KitError, unknown
from dataeng_kit.nouns.finding import SEVERITIES
from dataeng_kit.run import Step

_BAR, _WIDTH = 20, 118
_OPTIONS = "your word: delimiter, quote, escape, encoding, header=no, dates='day first', decimal=',', type.COLUMN=text"
SECTIONS = ("columns", "keys", "relations", "laws", "labels")
VERBS = tuple("demo lab brief context read profile advise ask review check agent mcp catalog doctor".split())


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


def progress(quiet: bool) -> Callable[[Step], None] | None:
    """Return a progress bar on stderr, or None when quiet or when stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
        return None

    def show(step: Step) -> None:
        done = round(_BAR * step.done / step.of) if step.of else 0
        bar = f"{'█' * done}{'░' * (_BAR - done)} {step.done}/{step.of} " if step.of else ""
        print(f"\r\x1b[2K[{step.seconds:5.1f} s] {bar}{step.label}"[:_WIDTH], end="", file=sys.stderr, flush=True)

    return show


def _done(quiet: bool) -> None:
    if not quiet and sys.stderr.isatty():
        print("\r\x1b[2K", end="", file=sys.stderr)


def _say(answer: Any, text: Callable[[], str], as_json: bool) -> int:
    print(json.dumps(answer, ensure_ascii=False, allow_nan=False) if as_json else text())
    return 0


def _case(a: argparse.Namespace) -> Any:
    from dataeng_kit.case import open

    says = [p for p in a.context if Path(p).is_dir() or Path(p).name.lower() in ("claude.md", "agents.md", "claude.local.md")]
    others = tuple(p for p in a.context if p not in says[:1])
    for missing in (p for p in others if not Path(p).is_file()):
        raise KitError(f"'{missing}' does not exist", "Name a CLAUDE.md, its folder, or a document that speaks of the data")
    return open(*([a.data] if isinstance(a.data, str) else a.data), context=says[0] if says else None, documents=others)


def _get(a: argparse.Namespace, verb: str, *args: Any, case: Any = None) -> Any:
    value = (case or _case(a)).start(verb, *args, on_step=progress(a.quiet)).result()
    _done(a.quiet)
    return value


def do_demo(a: argparse.Namespace) -> int:
    """Run the main job on the shipped e-commerce case."""
    from dataeng_kit.demo import demo

    return demo(Path(a.out), progress(a.quiet))


def do_lab(a: argparse.Namespace) -> int:
    """Start JupyterLab; returns when it ends."""
    from dataeng_kit.lab.launch import launch

    launch(Path(a.dir) if a.dir else None, [*(["--no-browser"] if a.no_browser else []), *a.jupyter])
    return 0


def do_brief(a: argparse.Namespace) -> int:
    """Print the brief."""
    from dataeng_kit.show import text

    case = _case(a)
    findings = _get(a, "findings", case=case)
    if findings and not a.quiet and not a.json:
        # checks take longer than facts: the reader has something to read meanwhile
        print(f"First finding: {findings[0].condition}\nThe designs are being checked on the engine.", file=sys.stderr)
    brief = _get(a, "brief", case=case)
    if a.exceptions:
        case.exceptions(a.exceptions)
    return _say(brief.to_json(), lambda: text(brief), a.json)


def do_context(a: argparse.Namespace) -> int:
    """Print what CLAUDE.md and the answers beside it say, or write one."""
    from dataeng_kit.choices import NAME, read_choices
    from dataeng_kit.context import context_answer, read_context
    from dataeng_kit.show import text

    if a.init:
        return _init(a)
    if not Path(a.path).exists():
        raise KitError(f"'{a.path}' does not exist", "Name a CLAUDE.md or a folder")
    path = Path(a.path)
    kept = (path if path.is_dir() else path.parent) / NAME
    context = read_context(path, answers=read_choices(kept).inputs.answers, choices=kept)
    return _say(context_answer(context), lambda: text(context), a.json)


def _init(a: argparse.Namespace) -> int:
    """Write a CLAUDE.md and print its path: drafted where PATH holds data, else a template."""
    from dataeng_kit.case import open
    from dataeng_kit.context.draft import answered_by, write_new
    from dataeng_kit.context.template import write_template
    from dataeng_kit.stamps import data_files

    path = Path(a.path)
    database = "://" in a.path
    if not database and (path.suffix.lower() == ".md" or not data_files((a.path,))):
        print(write_template(path if path.suffix else path / "CLAUDE.md"))
        return 0
    target = (Path() if database else path if path.is_dir() else path.parent) / "CLAUDE.md"
    if target.exists():
        raise KitError(f"'{target}' exists", "Edit it, or name another file")
    case = open(a.path)
    questions = _get(a, "questions", case=case)
    asks = not a.yes and sys.stdin is not None and sys.stdin.isatty()
    print(write_new(target, case.draft(answered_by(questions, input) if asks else {}, assume=a.yes)))
    return 0


def do_read(a: argparse.Namespace) -> int:
    """Print how one file was understood."""
    from dataeng_kit.data import read_answer, write_clean

    file = Path(a.file)
    if not file.is_file():
        raise KitError(f"'{file}' is no file", "Name one data file; for a folder: dataeng-kit profile DIR")
    readings = _readings(a, file)
    if a.out:
        print("\n".join(map(str, write_clean(file, Path(a.out), readings))), file=sys.stderr if a.json else sys.stdout)
        if not a.json:
            return 0
    answer = read_answer(file, readings)
    return _say(answer, lambda: _read_text(answer), a.json)


def _readings(a: argparse.Namespace, file: Path) -> dict[str, Any]:
    """Return what the choices beside the file say about reading it, and what --reading says, which is kept on request."""
    from dataeng_kit.choices import NAME, read_choices, update, with_input
    from dataeng_kit.data import options_of

    kept = file.parent / NAME
    inputs = read_choices(kept).inputs
    options = {**inputs.readings.get(file.name, {}), **options_of(a.reading)}
    if a.keep and a.reading:
        update(kept, lambda c: with_input(c, "readings", file.name, options))
    return {**inputs.readings, file.name: options, **({"types": inputs.types} if inputs.types else {})}


def _read_text(answer: dict[str, Any]) -> str:
    head = answer["header"] or [f"column_{i + 1}" for i in range(len(answer["types"]))]
    lines = [f"{len(answer['rows']):,} rows, {len(head)} columns; {answer['lost_rows']} lost, {len(answer['rejected'])} rejected"]
    lines += [f"  {name}: {type}" for name, type in zip(head, answer["types"], strict=False)]
    lines += [f"  dialect {k}: {v!r}" for k, v in answer["dialect"].items()]
    lines += [f"  because {e}" for e in answer["evidence"]]
    return "\n".join([*lines, *(f"  note: {p}" for p in answer["problems"])])


def do_profile(a: argparse.Namespace) -> int:
    """Print the profile; findings and claims only when nothing was left out."""
    from dataeng_kit.profile import profile_answer, profile_data
    from dataeng_kit.show import text

    only = frozenset(filter(None, a.only.split(",")))
    for section in only - set(SECTIONS):
        raise unknown("section", section, SECTIONS)
    if only:
        from dataeng_kit.run import Run

        profile = profile_data(_get(a, "data"), only=only, run=Run(progress(a.quiet)))
        _done(a.quiet)
        return _say(profile_answer(profile, (), ()), lambda: text(profile), a.json)
    evidence = _get(a, "evidence")
    return _say(profile_answer(evidence.profile, evidence.findings, evidence.claims), lambda: text(evidence.profile), a.json)


def do_advise(a: argparse.Namespace) -> int:
    """Print advice on one topic; with an agent named, its word on each decision beside it."""
    from dataeng_kit.advice import advice_answer
    from dataeng_kit.agent import named
    from dataeng_kit.show import text

    case = _case(a) if named(a.agent) else None
    advice = _get(a, "advise", a.topic, case=case)
    answer, shown = advice_answer(advice), [advice]
    if a.agent != "offline":
        second = _get(a, "second_opinion", a.topic, a.agent, case=case)
        answer, shown = {**answer, "second_opinion": second.to_json()}, [advice, second]
    return _say(answer, lambda: "\n\n".join(text(n) for n in shown), a.json)


def do_ask(a: argparse.Namespace) -> int:
    """Print the answer to one free question, its prose as it arrives."""
    from dataeng_kit.agent import named
    from dataeng_kit.show import text

    named(a.agent)

    def hear(event: Any) -> None:
        if not a.quiet and not a.json:
            print(event.text, end="" if event.kind == "text" else "\n", file=sys.stderr, flush=True)

    answer = _get(a, "ask", a.question, a.agent, hear, tuple(a.about), a.conversation, a.record)
    return _say(answer.to_json(), lambda: text(answer), a.json)


def do_agent(a: argparse.Namespace) -> int:
    """Write the agent file and print its path."""
    action, *a.data = a.data
    if action != "export" or not a.data:
        raise unknown("action", action, ("export DATA",))
    case = _case(a)
    _get(a, "evidence", case=case)
    print(case.export_agent(a.out))
    return 0


def do_mcp(a: argparse.Namespace) -> int:
    """Serve the case until the client leaves; stdout belongs to the protocol."""
    from dataeng_kit.mcp import serve

    serve(_case(a))
    return 0


def do_write(a: argparse.Namespace) -> int:
    """Write a project and print its files."""
    case = _case(a)
    _get(a, "evidence", case=case)
    print("\n".join(map(str, case.write(a.project, a.out or a.project))))
    return 0


def do_review(a: argparse.Namespace) -> int:
    """Write the review; 1 when a finding reaches --fail-on."""
    from dataeng_kit.review import formats

    case, export = _case(a), formats(tuple(filter(None, a.export.split(","))))
    _get(a, "brief", case=case)
    for path in case.review(a.out, compare=a.compare, exceptions=a.exceptions, export=export, verify=a.verify):
        print(path)
    bar = SEVERITIES.index(a.fail_on) if a.fail_on else len(SEVERITIES)
    return int(any(SEVERITIES.index(f.severity) >= bar for f in case.findings))


def do_check(a: argparse.Namespace) -> int:
    """Run a generated or a user's file or dbt folder on a scratch copy."""
    from dataeng_kit.checks.file import check_file
    from dataeng_kit.checks.project import check_project
    from dataeng_kit.data import open_data
    from dataeng_kit.show import text

    file, data = Path(a.file), open_data((a.data,)) if a.data else None
    if not file.exists() or (file.is_dir() and data is None):
        raise KitError(f"Nothing to check at '{file}'", "Name a .sql or .py file, or a dbt folder with --data DATA")
    check = check_project(file, data, scratch=a.scratch) if file.is_dir() and data else check_file(file, data, scratch=a.scratch)
    return _say(check.to_json(), lambda: text(check), a.json)


def do_catalog(a: argparse.Namespace) -> int:
    """Print every capability and its evidence."""
    from dataeng_kit.catalog import catalog

    rows = catalog()
    return _say(
        rows, lambda: "\n".join(f"{i}: wanted {r['wanted']}, {r['level'] or 'nothing yet'}" for i, r in rows.items()), a.json
    )


def do_doctor(a: argparse.Namespace) -> int:
    """Say whether this machine is ready."""
    from dataeng_kit.doctor import doctor

    rows = doctor()
    return _say(
        rows, lambda: "\n".join(f"{r['state']:7} {r['what']}{': ' + r['next'] if r['next'] else ''}" for r in rows), a.json
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 --fail-on reached, 2 bad input."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] not in VERBS and not words[0].startswith("-") and (Path(words[0]).exists() or "://" in words[0]):
        words.insert(0, "brief")
    if words[:1] == ["lab"] and "--" in words:
        words, jupyter = words[: words.index("--")], words[words.index("--") + 1 :]
    else:
        jupyter = []
    a = parser().parse_args(words)
    a.jupyter = jupyter
    if not a.verb:
        parser().print_help()
        return 2
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code: int = globals()[f"do_{a.verb}"](a)
        return code
    except KitError as error:
        _done(a.quiet)
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("\nStopped; nothing was kept.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0


if __name__ == "__main__":
    raise SystemExit(main())
