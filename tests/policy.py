"""Which tests run: heavy ones only with FULL=1; on a CI machine (CI=true) a skipped test is a failure."""

import os

import pytest

FULL = os.environ.get("FULL") == "1"
CI = os.environ.get("CI") == "true"


def pytest_collection_modifyitems(config, items):
    if FULL:
        return
    heavy = [item for item in items if item.get_closest_marker("heavy")]
    if heavy:
        config.hook.pytest_deselected(items=heavy)
        items[:] = [item for item in items if item not in heavy]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if CI and FULL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which counts as a failure here: {report.longrepr}"
