"""`dataeng-kit lab`: what it opens, and that it never overwrites."""

import json
import os

import nbformat
import pytest

from dataeng_kit.errors import KitError
from dataeng_kit.lab import launch as launcher


def test_a_fresh_notebook_each_time(tmp_path):
    first, second = launcher.fresh(tmp_path), launcher.fresh(tmp_path)
    assert first != second
    book = nbformat.read(second, 4)
    nbformat.validate(book)
    assert 'case = dk.open(".")' in book.cells[1].source


def test_a_folder_that_is_none(tmp_path):
    with pytest.raises(KitError, match="is no folder"):
        launcher.fresh(tmp_path / "nowhere")


def test_unpack_keeps_what_exists_and_is_writable(tmp_path):
    source, to = tmp_path / "a", tmp_path / "b"
    (source / "images").mkdir(parents=True)
    (source / "01_tour.ipynb").write_text("{}")
    (source / "01_tour.ipynb").chmod(0o444)
    (source / "images" / "x.png").write_bytes(b"x")
    launcher.unpack(source, to)
    (to / "01_tour.ipynb").write_text("mine")
    launcher.unpack(source, to)
    assert (to / "01_tour.ipynb").read_text() == "mine"
    assert (to / "images" / "x.png").read_bytes() == b"x"


def test_the_tour_is_small_and_opens_a_shipped_case():
    path = launcher.tour()
    book = nbformat.read(path, 4)
    nbformat.validate(book)
    assert any('dk.open("ecommerce")' in c.source for c in book.cells)
    assert os.path.getsize(path) < 200_000


def test_an_installed_kit_copies_its_notebooks(tmp_path, monkeypatch):
    share = tmp_path / "_share" / "notebooks"
    share.mkdir(parents=True)
    (share / "01_tour.ipynb").write_text("{}")
    monkeypatch.setattr(launcher, "shared", lambda kind: share)
    monkeypatch.chdir(tmp_path)
    assert launcher.tour() == tmp_path / "dataeng_kit_notebooks" / "01_tour.ipynb"


def test_jupyterlab_gets_the_notebook_and_quiet_settings(tmp_path, monkeypatch):
    from jupyterlab.labapp import LabApp

    seen = []
    monkeypatch.setattr(LabApp, "launch_instance", classmethod(lambda cls, argv: seen.extend(argv)))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/else/where")
    launcher.launch(tmp_path, ["--no-browser"])
    assert seen[0].endswith(".ipynb")
    assert seen[-1] == "--no-browser"
    settings, known = os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert known == "/else/where"
    overrides = json.loads(open(f"{settings}/labconfig/default_setting_overrides.json").read())
    assert overrides["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
