"""Each kind of mess as a small file written here, with the table a person would read out of it."""

from __future__ import annotations

import pytest

from dataeng_kit.data import read_answer

ROWS = [
    ("7", "2023-05-14", "Ana Lund", "12.50"),
    ("8", "2023-11-02", "Bo; Kim", "3.25"),
    ("9", "2024-02-29", "Cé, Sá", "100.75"),
    ("10", "2024-03-01", "Dag", "0.5"),
]
HEAD = ("no", "day", "who", "sum")
PLAIN = (
    "\n".join(
        [
            "no,day,who,sum",
            "7,2023-05-14,Ana Lund,12.50",
            "8,2023-11-02,Bo; Kim,3.25",
            '9,2024-02-29,"Cé, Sá",100.75',
            "10,2024-03-01,Dag,0.5",
        ]
    )
    + "\n"
)


def semi(text: str) -> str:
    return (
        "\n".join(
            [
                "no;day;who;sum",
                "7;2023-05-14;Ana Lund;12.50",
                '8;2023-11-02;"Bo; Kim";3.25',
                "9;2024-02-29;Cé, Sá;100.75",
                "10;2024-03-01;Dag;0.5",
            ]
        )
        + "\n"
    )


SAME = {
    "plain": PLAIN.encode(),
    "mark": PLAIN.encode("utf-8-sig"),
    "utf16": PLAIN.encode("utf-16"),
    "utf16 without mark": PLAIN.encode("utf-16-le"),
    "latin": PLAIN.encode("cp1252"),
    "cr": PLAIN.replace("\n", "\r").encode(),
    "mixed ends": PLAIN.replace("\n", "\r\n", 2).encode(),
    "blank lines": PLAIN.replace("\n", "\n\n").encode(),
    "no end": PLAIN.rstrip("\n").encode(),
    "ctrl-z": PLAIN.encode() + b"\x1a",
    "semicolon": semi(PLAIN).encode(),
    "tab": PLAIN.replace(",", "\t").replace('"Cé\t Sá"', "Cé, Sá").encode(),
    "pipe": PLAIN.replace(",", "|").replace('"Cé| Sá"', "Cé, Sá").encode(),
    "caret": PLAIN.replace(",", "^").replace('"Cé^ Sá"', "Cé, Sá").encode(),
    "hint": b"sep=;\n" + semi(PLAIN).encode(),
    "comma and blank": PLAIN.replace(",", ", ").replace('"Cé,  Sá"', '"Cé, Sá"').encode(),
    "single quotes": PLAIN.replace('"', "'").replace("Ana Lund", "'Ana Lund'").replace("Dag", "'Dag'").encode(),
    "trailing delimiter": PLAIN.replace("\n", ",\n").encode(),
    "comments": ("# made today\n# by us\n" + PLAIN).encode(),
    "title": ("Monthly list of sums\n\n" + PLAIN).encode(),
    "padded title": ("Monthly list,,,\nfor,2024,,\n,,,\n" + PLAIN).encode(),
    "footnote": (PLAIN + "\nSource: the office.\n").encode(),
    "row count": (PLAIN + "(4 rows affected)\n").encode(),
    "repeated header": PLAIN.replace("9,2024", "no,day,who,sum\n9,2024").encode(),
    "units": PLAIN.replace("sum\n", "sum\n[-],[-],[-],[EUR]\n").encode(),
    "formats": PLAIN.replace("sum\n", "sum\n4n,10d,20s,8n\n").replace(",", "\t").replace('"Cé\t Sá"', "Cé, Sá").encode(),
    "all quoted": "\n".join(",".join(f'"{c}"' for c in r) for r in [HEAD, *ROWS]).encode(),
    "blank before delimiter": "\n".join(" ,".join(f'"{c}"' for c in r) for r in [HEAD, *ROWS]).encode(),
}


@pytest.mark.parametrize("kind", SAME)
def test_the_same_table_behind_every_mess(tmp_path, kind):
    file = tmp_path / "t.csv"
    file.write_bytes(SAME[kind])
    answer = read_answer(file)
    assert answer["header"] == list(HEAD)
    assert [tuple(r[:3]) for r in answer["rows"]] == [r[:3] for r in ROWS]
    assert [float(r[3]) for r in answer["rows"]] == [float(r[3]) for r in ROWS]
    assert answer["types"] == ["integer", "date", "text", "number"]
    assert answer["lost_rows"] == 0
    assert not answer["rejected"]


REPORTED = {
    "NUL": (PLAIN.replace("Dag", "D\0ag"), "NUL"),
    "short row": (PLAIN.replace("10,2024-03-01,Dag,0.5", "10,2024-03-01"), "too few cells"),
    "long row": (PLAIN.replace("Dag,0.5", "Dag,0.5,extra,more"), "too many cells"),
    "stray quote": (PLAIN.replace("Ana", '"Ana'), "stray quote"),
    "other delimiter": (PLAIN.replace("10,2024-03-01,Dag,0.5", "10;2024-03-01;Dag;0.5"), "another delimiter"),
    "unquoted comma": (PLAIN.replace("Dag", "Dag, Jr"), "joined again"),
    "empty": ("", "empty"),
    "second table": (PLAIN + "\nyear,people\n2020,3\n2021,4\n2022,6\n", "second table"),
}


@pytest.mark.parametrize("kind", REPORTED)
def test_every_repair_is_told(tmp_path, kind):
    text, said = REPORTED[kind]
    file = tmp_path / "t.csv"
    file.write_text(text, "utf-8")
    answer = read_answer(file)
    assert any(said in p for p in answer["problems"]), answer["problems"]
    assert answer["lost_rows"] == 0
    assert len(answer["rows"]) == (0 if kind == "empty" else 4)


def test_mixed_encodings_are_read_line_by_line(tmp_path):
    lines = PLAIN.replace("Ana", "Åna").splitlines()
    file = tmp_path / "t.csv"
    file.write_bytes(b"\n".join(line.encode("cp1252" if "Cé" in line else "utf-8") for line in lines))
    answer = read_answer(file)
    assert [r[2] for r in answer["rows"]][:3] == ["Åna Lund", "Bo; Kim", "Cé, Sá"]
    assert any("mixed encodings" in p for p in answer["problems"])


@pytest.mark.parametrize(
    ("encoding", "word"),
    [
        ("cp1250", "Łódź, gałąź, źródło, mąka, pięć"),
        ("cp932", "日本語のデータです"),
        ("big5", "這是一個測試資料的檔案"),
        ("cp1251", "Москва и область"),
        ("euc_kr", "대한민국 서울특별시"),
        ("gb18030", "这是一个测试数据文件"),
    ],
)
def test_older_character_sets(tmp_path, encoding, word):
    file = tmp_path / "t.csv"
    file.write_bytes(("id;name\n" + "".join(f'{i};"{word}"\n' for i in range(9))).encode(encoding))
    assert [r[1] for r in read_answer(file)["rows"]] == [word] * 9


def test_header_shapes(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("id,id,,name\n1,2,x,y\n3,4,z,w\n", "utf-8")
    assert read_answer(file)["header"] == ["id", "id_2", "column_3", "name"]
    file.write_text("A1,2024-01-01,5\nA2,2024-01-02,6\nA3,2024-01-03,7\n", "utf-8")
    answer = read_answer(file)
    assert answer["header"] is None
    assert len(answer["rows"]) == 3
    file.write_text("region,,price,\nname,code,gross,net\nNorth,N1,5.5,4.5\nSouth,S1,6.5,5.5\nWest,W1,7.5,6.5\n", "utf-8")
    assert read_answer(file)["header"] == ["region name", "region code", "price gross", "price net"]
    file.write_text("state,2019,2020\nA,5,6\nB,7,8\n", "utf-8")
    assert read_answer(file)["header"] == ["state", "2019", "2020"]


def test_a_cell_may_hold_lines(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text('id,text,n\n1,"one\ntwo, three\nfour",5\n2,plain,6\n', "utf-8")
    assert read_answer(file)["rows"] == [["1", "one\ntwo, three\nfour", "5"], ["2", "plain", "6"]]


def test_the_users_word_overrides(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("a;b\n01/02/2024;1,234\n03/04/2024;5,678\n", "utf-8")
    asked = read_answer(file)
    assert asked["types"][0] == "text"
    assert any("day first" in p for p in asked["problems"])
    told = read_answer(file, {"t.csv": {"dates": "month first"}})
    assert [r[0] for r in told["rows"]] == ["2024-01-02", "2024-03-04"]
    text = read_answer(file, {"types": {"t.b": "text"}})
    assert text["types"][1] == "text"
    assert read_answer(file, {"t.csv": {"header": False}})["header"] is None


def test_one_column_and_repeated_headers_of_small_files(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("at\n" + "".join(f"2024-01-0{i} 10:0{i}\n" for i in range(1, 6)))
    assert read_answer(file)["types"] == ["datetime"]
    file.write_text("status,note,unit\nopen,a,b\nstatus,note,unit\nshut,c,d\nopen,e,f\n")
    answer = read_answer(file)
    assert answer["header"] == ["status", "note", "unit"]
    assert len(answer["rows"]) == 3
