"""The ydata report: bounded, labelled, quiet, cached, and without a raw value unless asked for."""

import pytest

from dataeng_kit.data import open_data
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import ColumnProfile, Label, Profile, TableProfile
from dataeng_kit.profile.report import _sample, report
from dataeng_kit.run import Run


@pytest.fixture
def people(tmp_path):
    rows = "".join(
        f"{7_000_123 + i},canary{i}@example.org,{'red' if i % 2 else 'blue'},{1000.123 + i},2024-03-{1 + i % 28:02}\n"
        for i in range(120)
    )
    (tmp_path / "people.csv").write_text(f"id,mail,colour,amount,seen\n{rows}")
    return tmp_path


def profiled():
    mail = ColumnProfile("mail", "text", "VARCHAR", 2, 120, 0, 120, label=Label("email", sensitive=True))
    return Profile((TableProfile("people", 120, (mail,)),))


@pytest.mark.heavy
def test_report_hides_values_is_quiet_and_cached(people, tmp_path, capfd):
    data = open_data((str(people),))
    out = report(data, "people", profile=profiled(), out=tmp_path / "r.html")
    html = out.read_text("utf-8")
    assert "canary" not in html
    assert "7000123" not in html
    assert "blue" in html
    assert "All 120 rows" in html
    assert not any(f'{kind} src="http' in html for kind in ("script", "img", "iframe"))
    assert capfd.readouterr() == ("", "")
    if data.source("people").table.fingerprint:
        before = out.stat().st_mtime_ns
        assert report(data, "people", profile=profiled(), out=out).stat().st_mtime_ns == before
    shown = report(data, "people", profile=profiled(), out=tmp_path / "shown.html", show_values=True)
    assert "canary" in shown.read_text("utf-8")


def test_sample_is_bounded_and_says_so(people):
    frame, label = _sample(open_data((str(people),)), "people", 50, Run())
    assert len(frame) == 50
    assert label == "A random sample of 50 of 120 rows"


def test_unknown_table_names_the_nearest(people):
    with pytest.raises(KitError, match="people"):
        report(open_data((str(people),)), "poeple")
