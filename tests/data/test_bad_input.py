"""Bad input costs a sentence, never a traceback, a disk or a minute."""

from __future__ import annotations

import gzip
import time
import zipfile

import pytest

from dataeng_kit.data import open_data, read_answer
from dataeng_kit.errors import KitError, Stopped
from dataeng_kit.run import Run


@pytest.fixture(autouse=True)
def _quick():
    started = time.process_time()
    yield
    assert time.process_time() - started < 30


def refused(file, *words):
    with pytest.raises(KitError) as caught:
        read_answer(file)
    assert len(str(caught.value)) < 400
    for word in words:
        assert word in str(caught.value)


def test_a_zip_bomb_is_refused(tmp_path):
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z, z.open("t.csv", "w", force_zip64=True) as out:
        block = b"0" * (1 << 24)
        for _ in range(10):
            out.write(block)
    refused(file, "bomb.zip", "200 times")


def test_a_line_without_end_is_refused(tmp_path):
    file = tmp_path / "line.csv"
    with file.open("wb") as out:
        for _ in range(64):
            out.write(b"a," * (1 << 19))
    refused(file, "longer than 16 MB")


def test_truncated_and_broken_archives(tmp_path):
    file = tmp_path / "t.csv.gz"
    file.write_bytes(gzip.compress(b"a,b\n1,2\n" * 5_000)[:60])
    refused(file, "truncated gzip")
    broken = tmp_path / "t.zip"
    broken.write_bytes(b"PK\x03\x04" + b"x" * 60)
    refused(broken, "zip")


def test_a_workbook_with_a_password_says_so(tmp_path):
    file = tmp_path / "secret.xlsx"
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600)
    refused(file, "password")
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    refused(file, "before 2007")


def test_binary_under_a_text_name(tmp_path):
    file = tmp_path / "picture.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50)
    refused(file, "no table")


def test_very_many_columns(tmp_path):
    file = tmp_path / "wide.csv"

    def wide(n: int) -> None:
        file.write_text(
            "\n".join([",".join(f"c{i}" for i in range(n)), *[",".join(str(i + r) for i in range(n)) for r in range(3)]])
        )

    wide(20_001)
    refused(file, "20,001 columns")
    wide(2_000)  # four blocks, side by side
    answer = read_answer(file)
    assert answer["rows"] == [[str(i + r) for i in range(2_000)] for r in range(3)]
    assert set(answer["types"]) == {"integer"}
    assert answer["lost_rows"] == 0


def test_entities_are_not_expanded(tmp_path):
    file = tmp_path / "laugh.xml"
    file.write_text(
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a><r><x>&c;</x></r><r><x>1</x></r></a>'
    )
    refused(file, "entities")


def test_deep_json(tmp_path):
    file = tmp_path / "deep.json"
    file.write_text("[" * 100_000 + "]" * 100_000)
    with pytest.raises(KitError):
        read_answer(file)


def test_an_empty_file_and_a_header_alone(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("")
    answer = read_answer(file)
    assert (answer["header"], answer["rows"]) == (None, [])
    assert answer["problems"]
    file.write_text("a,b,c\n")
    answer = read_answer(file)
    assert (answer["header"], answer["rows"]) == (["a", "b", "c"], [])


def test_hostile_names_are_quoted(tmp_path):
    folder = tmp_path / "it's; DROP TABLE x --"
    folder.mkdir()
    (folder / "a'b;c.csv").write_text("x\"); DROP TABLE y; --,';'\n1,2\n3,4\n")
    data = open_data((str(folder),))
    assert [t.name for t in data.tables] == ["a'b;c"]
    assert data.rows(f"SELECT count(*) FROM {data.relation(data.tables[0].name)}") == [(2,)]
    data.close()


def test_stop_ends_the_reading(tmp_path):
    for i in range(5):
        (tmp_path / f"t{i}x.csv").write_text("a,b\n1,2\n")
    run = Run()
    run.on_step = lambda step: run.stop() if step.done == 2 else None
    with pytest.raises(Stopped):
        open_data((str(tmp_path),), run=run)
