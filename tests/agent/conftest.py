"""Every agent test speaks with the local protocol server alone: no key, proxy or setting of the machine reaches it."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

if "fake_anthropic" not in sys.modules:
    spec = importlib.util.spec_from_file_location("fake_anthropic", Path(__file__).with_name("fake_anthropic.py"))
    sys.modules["fake_anthropic"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["fake_anthropic"])


@pytest.fixture(autouse=True)
def local(monkeypatch):
    for name in list(os.environ):
        if name.startswith(("ANTHROPIC", "DATAENG_KIT")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
