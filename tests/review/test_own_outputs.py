"""What the kit writes into the folder of the data is never read back as data, and moves nothing."""

from pathlib import Path

import pytest

from dataeng_kit.advice.projects import MARK
from dataeng_kit.data import open_data, write_clean
from dataeng_kit.data.places import find
from dataeng_kit.nouns import Choices
from dataeng_kit.review import write_review

EVERY = ("md", "ipynb", "csv", "xlsx", "sarif", "dbml", "dbt", "adr")


def candidates(folder):
    return sorted(c.relative.as_posix() for c in find(str(folder), []))


def test_a_review_beside_the_data_is_not_read_back(made):
    before = candidates(made.folder)
    files = write_review(
        made.evidence, made.advice, out=made.folder / "review.html", choices=Choices(), brief=made.brief, data=made.data,
        export=EVERY, exceptions=made.folder,
    )  # fmt: skip
    try:
        assert candidates(made.folder) == before
        skipped = []
        list(find(str(made.folder), skipped))
        said = {Path(s.path): s.why for s in skipped}
        assert {f.suffix for f in files if said[f] == "written by the kit"} == {".html", ".json", ".csv", ".xlsx"}
        assert set(files) <= set(said)
        assert not any(s.bad for s in skipped)
    finally:
        for file in files:
            file.unlink()


def test_rejected_rows_beside_a_cleaned_table_are_not_read_back(tmp_path):
    (tmp_path / "log.ndjson").write_text('{"id": 1}\n{"id": 2}\n{"id": 3\n')
    assert [p.name for p in write_clean(tmp_path / "log.ndjson", tmp_path / "clean.csv")] == ["clean.csv", "clean.rejected.csv"]
    assert candidates(tmp_path) == ["clean.csv", "log.ndjson"]


@pytest.mark.parametrize("head", ["dbt_project.yml", "README.md", "contract.odcs.yaml"])
def test_a_project_folder_is_not_entered_unless_it_is_named(head, tmp_path):
    (tmp_path / "orders.csv").write_text("id\n1\n2\n")
    project = tmp_path / "model"
    project.mkdir()
    (project / head).write_text(f"# {MARK}\n")
    (project / "seed.csv").write_text("id\n1\n2\n")
    skipped = []
    assert [c.relative.name for c in find(str(tmp_path), skipped)] == ["orders.csv"]
    assert [s.why for s in skipped] == ["a project that the kit wrote"]
    assert candidates(project) == ["seed.csv"]


def test_files_that_only_look_alike_are_data(tmp_path):
    (tmp_path / "findings.csv").write_text("id,severity\n1,high\n2,low\n")
    (tmp_path / "batch_0a1b2c.csv").write_text("id,source_file,source_line\n1,a.csv,2\n2,a.csv,3\n")
    (tmp_path / "page.html").write_text(
        '<html><meta name="generator" content="Word"><table><tr><th>id</th><th>n</th></tr></table>'
    )
    assert candidates(tmp_path) == ["batch_0a1b2c.csv", "findings.csv", "page.html"]
    data = open_data((str(tmp_path / "findings.csv"),))
    assert [t.name for t in data.tables] == ["findings"]
    data.close()
