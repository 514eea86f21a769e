"""The locks agree, import is silent and light, wheel and sdist hold what they must."""

import itertools
import re
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("pandas", "anthropic", "duckdb", "ipywidgets", "IPython")


def pins(lock):
    return set(re.findall(r"^([a-zA-Z0-9_.-]+(?:\[[a-z,]+\])?==[^\s\\]+(?: ; [^\\]+)?)", (ROOT / lock).read_text(), re.M))


LOCKS = ("requirements.lock", "tests/requirements.lock", "tests/full.lock")


@pytest.mark.parametrize(("part", "whole"), itertools.pairwise(LOCKS))
def test_each_lock_is_part_of_the_next(part, whole):
    versions = [{re.split(" ;", p)[0].strip() for p in pins(lock)} for lock in (part, whole)]
    assert versions[0] <= versions[1]


def test_locks_hold_what_their_tests_need():
    names = [{re.split("==| ;", p)[0] for p in pins(lock)} for lock in LOCKS]
    assert {"jupyterlab", "ydata-profiling", "duckdb", "anthropic"} <= names[0]
    assert {"dbt-core", "mcp", "pyarrow"} <= names[1]
    assert "pyspark" not in names[1]
    assert "pyspark" in names[2]


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_are_hashed_and_name_no_registry(lock):
    text = (ROOT / lock).read_text()
    assert text.count("--hash=sha256:") > 100
    assert not re.search(r"https?://", text)


def test_import_is_silent_and_light():
    code = f"import sys, dataeng_kit; bad = [m for m in {HEAVY!r} if m in sys.modules]; sys.exit(bool(bad) and str(bad))"
    best = 9.0
    for _ in range(3):
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        best = min(best, time.perf_counter() - started)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    bare = min(_timed("pass") for _ in range(3))
    assert best - bare < 0.3


def _timed(code):
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - started


@pytest.mark.heavy
def test_wheel_and_sdist(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)], check=True, capture_output=True
    )
    wheel = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    for needed in (
        "_share/notebooks/01_tour.ipynb",
        "_share/sample_data/ecommerce/CLAUDE.md",
        "_share/sample_data/healthcare/CLAUDE.md",
        "py.typed",
    ):
        assert f"dataeng_kit/{needed}" in wheel
    assert not [n for n in wheel if n.startswith("tests/") or "__pycache__" in n]
    sdist = tarfile.open(next(tmp_path.glob("*.tar.gz"))).getnames()
    assert any(n.endswith("/notebooks/01_tour.ipynb") for n in sdist)
    assert any(n.endswith("/requirements.lock") for n in sdist)
