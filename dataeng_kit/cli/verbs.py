"""One function a verb, named after it: each returns the exit code."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from dataeng_kit.cli.printing import case_of, done, get, progress, say
from dataeng_kit.cli.words import SECTIONS
from dataeng_kit.errors import KitError, unknown
from dataeng_kit.nouns.finding import SEVERITIES


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

    case = case_of(a)
    findings = get(a, "findings", case=case)
    if findings and not a.quiet and not a.json:
        # checks take longer than facts: the reader has something to read meanwhile
        print(f"First finding: {findings[0].condition}\nThe designs are being checked on the engine.", file=sys.stderr)
    brief = get(a, "brief", case=case)
    if a.exceptions:
        case.exceptions(a.exceptions)
    return say(brief.to_json(), lambda: text(brief), a.json)


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
    return say(context_answer(context), lambda: text(context), a.json)


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
    questions = get(a, "questions", case=case)
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
    return say(answer, lambda: _read_text(answer), a.json)


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

        profile = profile_data(get(a, "data"), only=only, run=Run(progress(a.quiet)))
        done(a.quiet)
        return say(profile_answer(profile, (), ()), lambda: text(profile), a.json)
    evidence = get(a, "evidence")
    return say(profile_answer(evidence.profile, evidence.findings, evidence.claims), lambda: text(evidence.profile), a.json)


def do_advise(a: argparse.Namespace) -> int:
    """Print advice on one topic; with an agent named, its word on each decision beside it."""
    from dataeng_kit.advice import advice_answer
    from dataeng_kit.agent import named
    from dataeng_kit.show import text

    case = case_of(a) if named(a.agent) else None
    advice = get(a, "advise", a.topic, case=case)
    answer, shown = advice_answer(advice), [advice]
    if a.agent != "offline":
        second = get(a, "second_opinion", a.topic, a.agent, case=case)
        answer, shown = {**answer, "second_opinion": second.to_json()}, [advice, second]
    return say(answer, lambda: "\n\n".join(text(n) for n in shown), a.json)


def do_ask(a: argparse.Namespace) -> int:
    """Print the answer to one free question, its prose as it arrives."""
    from dataeng_kit.agent import named
    from dataeng_kit.show import text

    named(a.agent)

    def hear(event: Any) -> None:
        if not a.quiet and not a.json:
            print(event.text, end="" if event.kind == "text" else "\n", file=sys.stderr, flush=True)

    answer = get(a, "ask", a.question, a.agent, hear, tuple(a.about), a.conversation, a.record)
    return say(answer.to_json(), lambda: text(answer), a.json)


def do_agent(a: argparse.Namespace) -> int:
    """Write the agent file and print its path."""
    action, *a.data = a.data
    if action != "export" or not a.data:
        raise unknown("action", action, ("export DATA",))
    case = case_of(a)
    get(a, "evidence", case=case)
    print(case.export_agent(a.out))
    return 0


def do_mcp(a: argparse.Namespace) -> int:
    """Serve the case until the client leaves; stdout belongs to the protocol."""
    from dataeng_kit.mcp import serve

    serve(case_of(a))
    return 0


def do_write(a: argparse.Namespace) -> int:
    """Write a project and print its files."""
    case = case_of(a)
    get(a, "evidence", case=case)
    print("\n".join(map(str, case.write(a.project, a.out or a.project))))
    return 0


def do_review(a: argparse.Namespace) -> int:
    """Write the review; 1 when a finding reaches --fail-on."""
    from dataeng_kit.review import formats

    case, export = case_of(a), formats(tuple(filter(None, a.export.split(","))))
    get(a, "brief", case=case)
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
    return say(check.to_json(), lambda: text(check), a.json)


def do_catalog(a: argparse.Namespace) -> int:
    """Print every capability and its evidence."""
    from dataeng_kit.catalog import catalog

    rows = catalog()
    return say(
        rows, lambda: "\n".join(f"{i}: wanted {r['wanted']}, {r['level'] or 'nothing yet'}" for i, r in rows.items()), a.json
    )


def do_doctor(a: argparse.Namespace) -> int:
    """Say whether this machine is ready."""
    from dataeng_kit.doctor import doctor

    rows = doctor()
    return say(
        rows, lambda: "\n".join(f"{r['state']:7} {r['what']}{': ' + r['next'] if r['next'] else ''}" for r in rows), a.json
    )
