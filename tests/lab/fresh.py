"""Runs lines of Python or magics in a fresh IPython over a case, and prints what each gave, as JSON; used by test_lines.py."""

import json
import re
import sys

from IPython.core.interactiveshell import InteractiveShell


def digest(value):
    """Return a result without what differs between two runs of the same thing: times, seconds, temporary places."""
    from dataeng_kit.nouns.base import Noun

    if isinstance(value, list | tuple):
        return [digest(v) for v in value]
    if isinstance(value, Noun):
        text = json.dumps(value.to_json(), sort_keys=True, default=str)
        text = re.sub(r'"(seconds|measured_at|date)": ("[^"]*"|[\d.e-]+)', "", text)
        return re.sub(r"[\d.]+ (s|ms|MB|seconds)\b", "", text)
    if hasattr(value, "_repr_mimebundle_"):
        return value._repr_mimebundle_()
    return str(value)


def main(opening, lines):
    shell = InteractiveShell.instance()
    inserted = []
    shell.set_next_input = lambda text, replace=False: inserted.append(text)
    shell.run_cell(f"%load_ext dataeng_kit\nimport dataeng_kit as dk\n{opening}").raise_error()
    given = {}
    for line in lines:
        result = shell.run_cell(line)
        result.raise_error()
        given[line] = digest(inserted.pop() if inserted else result.result)
    return given


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    answer = main(asked["opening"], asked["lines"])
    sys.__stdout__.write("\n@@" + json.dumps(answer))
