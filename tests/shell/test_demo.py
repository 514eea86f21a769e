"""The main job as a stranger runs it: with no POSIX-only modules, no network, no key, in a folder of its own."""

import json
import os
import subprocess
import sys

import nbformat
import pytest

PORTABLE = """
import os, socket, sys
for name in ("resource", "fcntl", "pwd", "grp", "termios", "psycopg"):
    sys.modules[name] = None
for name in ("fork", "setsid", "killpg"):
    if hasattr(os, name):
        delattr(os, name)
connect = socket.socket.connect
def local_only(self, address):
    assert self.family != socket.AF_INET or address[0].startswith("127."), f"the demo called {address}"
    return connect(self, address)
socket.socket.connect = local_only
from dataeng_kit.cli import main
sys.exit(main(["demo", "--out", sys.argv[1]]))
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo")
    env = {k: v for k, v in os.environ.items() if not k.startswith("ANTHROPIC")} | {"USERNAME": "ada"}
    done = subprocess.run(
        [sys.executable, "-c", PORTABLE, str(out / "out")],
        capture_output=True,
        text=True,
        cwd=out,
        env=env,
        stdin=subprocess.DEVNULL,
    )
    return done, out / "out"


def test_it_ends_well_and_says_what_is_next(demo):
    done, _ = demo
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stdout.rstrip().splitlines()[-1].startswith("Next: make lab")
    assert "FAILED" not in done.stdout


def test_it_leads_with_what_the_client_did_not_know(demo):
    done, _ = demo
    head = done.stdout.split("Findings that matter")[0]
    assert "CLAUDE.md:" in head
    assert sum(f"{n}." in head for n in (1, 2, 3)) == 3


def test_the_files_open(demo):
    _, out = demo
    html = (out / "review.html").read_text("utf-8")
    assert html.lstrip().lower().startswith("<!doctype html>")
    assert "http://" not in html.split("</style>")[1].replace("http://www.w3.org", "")
    json.loads((out / "review.json").read_text("utf-8"))
    nbformat.validate(nbformat.read(out / "review.ipynb", as_version=4))
    assert list((out / "exceptions").glob("*.csv"))
