"""Large text: what the prefix promised is checked on every value, and one odd line does not cost the others."""

from __future__ import annotations

import pytest

from dataeng_kit.data import open_data

LINES = 60_000


@pytest.fixture(scope="module")
def lines():
    return [
        "id,day,at,amount,flag,note",
        *(
            f'{i},2024-{i % 12 + 1:02d}-{i % 28 + 1:02d},2024-01-01 10:{i % 60:02d}:{i % 59:02d},{i * 0.25},{"true" if i % 2 else "false"},"some, text {i}"'
            for i in range(1, LINES + 1)
        ),
    ]


def read(tmp_path, lines, change=None):
    lines = list(lines)
    if change:
        lines[50_000] = change(lines[50_000])
    file = tmp_path / "t.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    data = open_data((str(file),))
    table = data.tables[0]
    counted = data.rows(f"SELECT count(*) FROM {data.relation('t')}")[0][0]
    assert counted == table.reading.rows == LINES
    assert table.reading.lost == 0
    assert table.reading.records == table.reading.rows + table.reading.header + table.reading.preamble
    types = [c.type for c in table.columns]
    data.close()
    return types, " ".join(table.reading.problems)


CLEAN = ["integer", "date", "datetime", "number", "boolean", "text"]


def test_a_clean_file_is_typed_in_one_pass(tmp_path, lines):
    assert read(tmp_path, lines) == (CLEAN, "")
    assert read(tmp_path, ["Report", "", *lines]) == (CLEAN, "")


@pytest.mark.parametrize(
    ("change", "column", "type"),
    [
        (lambda line: "00" + line, 0, "text"),
        (lambda line: "x" + line, 0, "text"),
        (lambda line: line.replace(",2024", ".5,2024", 1), 0, "number"),
        (lambda line: line.replace("12500.25", "n/a").replace("12500.0", "n/a").replace("12499.75", "n/a"), 3, "number"),
        (lambda line: line.replace("2024-01-01 ", "2024-01-01 10:00:00+02 "), 2, "text"),
        (lambda line: line.replace("10:", "1:", 1), 2, "datetime"),
        (lambda line: line.replace(",2024-", ",2024-02-31,2024-01-01 10:00:00,1.0,true,z").split("z")[0] + "z", 1, "text"),
        (lambda line: line.replace("true", "yes").replace("false", "yes"), 4, "text"),
    ],
)
def test_a_late_surprise_changes_the_type_not_the_value(tmp_path, lines, change, column, type):
    types, _ = read(tmp_path, lines, change)
    assert types[column] == type
    assert [t for i, t in enumerate(types) if i != column] == [t for i, t in enumerate(CLEAN) if i != column]


def test_odd_lines_are_mended_and_told(tmp_path, lines):
    types, said = read(tmp_path, lines, lambda line: line.replace("2024", '"2024', 1))
    assert "stray quote" in said
    assert "50,001" in said
    assert types[0] == "integer"
    _, said = read(tmp_path, lines, lambda line: ",".join(line.split(",")[:3]))
    assert "too few cells" in said
    _, said = read(tmp_path, lines, lambda line: line.replace("some", "söme\0"))
    assert "NUL" in said


def test_a_large_dirty_file_is_read_in_pieces(tmp_path, monkeypatch):
    from dataeng_kit.data.files import delimited, text

    monkeypatch.setattr(text, "_CAREFUL_BYTES", 50_000)
    monkeypatch.setattr(delimited, "_PIECE", 20_000)
    rows = [f'{i};{i % 28 + 1:02d}.03.2024;{i},5;"größe {i}; ok"' for i in range(1, 5_001)]
    rows[2_000] = '2001;01.03.2024;1,5;"two\nlines; here"'
    rows[3_000] = "3001;02.03.2024"
    rows[4_000] = '4001;02.03.2024;1,5;"a "stray" quote'
    lines = [
        "Bericht;;;",
        "",
        "Id;Tag;Betrag;Text",
        *rows[:2_500],
        "",
        "# a remark",
        *rows[2_500:4_500],
        "Id;Tag;Betrag;Text",
        *rows[4_500:],
    ]
    file = tmp_path / "t.csv"
    file.write_bytes("\n".join([*lines, "", "Quelle: intern", ""]).encode("cp1252"))
    data = open_data((str(file),))
    table = data.tables[0]
    reading = table.reading
    assert [c.type for c in table.columns] == ["integer", "date", "number", "text"]
    assert (reading.records, reading.header, reading.preamble, reading.footer, reading.rows) == (5_005, 2, 2, 1, 5_000)
    assert reading.lost == 0
    said = " ".join(reading.problems)
    for word in ("cp1252", "too few cells, padded with blanks (line 3,007)", "stray quote, kept as text (line 4,007)"):
        assert word in said
    assert data.rows(f"SELECT id, text FROM {data.relation('t')} WHERE text LIKE '%lines%' OR id IN (1, 5000) ORDER BY 1") == [
        (1, "größe 1; ok"),
        (2001, "two\nlines; here"),
        (5000, "größe 5000; ok"),
    ]
    data.close()
