"""Tables in many languages: the code page is found from the letters, totals and local dates are understood."""

from __future__ import annotations

import pytest

from dataeng_kit.data import read_answer
from dataeng_kit.data.files.encoding import guess, wide

WORDS = {
    "cp1250": ["Číslo;Zákazník", "Růžena Dvořáková", "Jiří Němec", "Žaneta Šťastná"],
    "cp1252": ["Número;Observação", "João Gonçalves", "Inês Falcão", "Mônica Araújo"],
    "cp1254": ["Sıra;Müşteri", "Çağla Öztürk", "Gülşen Aydın", "İbrahim Güneş"],
    "cp1257": ["Numeris;Pastaba", "Rūta Šimkutė", "Živilė Čepaitė", "apmokėta vėliau"],
    "cp1253": ["Αριθμός;Πελάτης", "Μαρία Νικολάου", "Γιώργος Παπαδόπουλος", "εκκρεμεί πληρωμή"],
    "cp1256": ["رقم;العميل", "محمد علي", "فاطمة حسن", "قيد المراجعة"],
    "cp1255": ["מספר;לקוח", "דוד כהן", "שרה לוי", "ממתין לתשלום"],
    "cp1251": ["Номер;Клиент", "Иван Петров", "Мария Кузнецова", "ожидает оплаты"],
    "koi8-r": ["Номер;Клиент", "Сергей Иванов", "Ольга Смирнова", "отменено клиентом"],
    "cp932": ["番号;顧客名", "山田太郎", "配送遅延あり", "キャンセル"],
    "euc_kr": ["번호;고객", "김철수", "배송 지연", "긴급 처리"],
    "gb18030": ["编号;客户", "王小明", "等待确认", "延迟发货"],
    "big5": ["編號;客戶", "李美華", "等待確認", "延遲出貨"],
    "cp852": ["Numer;Klient", "Łukasz Żądło", "Małgorzata Święta", "zaległość częściowa"],
}


@pytest.mark.parametrize("page", WORDS)
def test_the_code_page_is_found_from_the_letters(tmp_path, page):
    head, *cells = WORDS[page]
    file = tmp_path / "t.csv"
    file.write_bytes("\n".join([head, *(f"{i};{c}" for i, c in enumerate(cells * 4, 1)), ""]).encode(page))
    answer = read_answer(file)
    assert answer["header"] == head.split(";")
    assert [r[1] for r in answer["rows"]] == cells * 4


def test_the_same_bytes_stay_western_where_they_are():
    for text in ("Señor Núñez, Málaga", "Grüße aus Köln", "Zoë à la crème brûlée", "Ærø og Åse på Østergård"):
        assert guess(text.encode("cp1252"))[0] == "cp1252"


@pytest.mark.parametrize("page", ["cp1253", "cp932", "cp1256"])
def test_utf_16_without_a_mark(tmp_path, page):
    head, *cells = WORDS[page]
    file = tmp_path / "t.csv"
    raw = "\r\n".join([head, *(f"{i};{c}" for i, c in enumerate(cells * 4, 1)), ""])
    file.write_bytes(raw.encode("utf-16-le"))
    assert [r[1] for r in read_answer(file)["rows"]] == cells * 4
    assert wide(raw.encode("utf-16-be")) == "utf-16-be"
    assert not wide(bytes(range(256)) * 4)


@pytest.mark.parametrize(
    "word", ["Razem", "合計", "Итого", "Celkem", "Σύνολο", "المجموع", "Toplam", "Gesamtsumme", "Total général"]
)
@pytest.mark.parametrize("at", [0, 1])
def test_a_closing_total_is_no_row(tmp_path, word, at):
    last = ["", "", "99,50"]
    last[at] = word
    file = tmp_path / "t.csv"
    file.write_text("\n".join(["nr;name;sum", *(f"{i};n{i};{i},50" for i in range(1, 9)), ";".join(last)]), "utf-8")
    answer = read_answer(file)
    assert (len(answer["rows"]), answer["types"], answer["records"]["footer"]) == (8, ["integer", "text", "number"], 1)
    assert answer["lost_rows"] == 0


@pytest.mark.parametrize("shape", ["{0}年{1}月{2}日", "{2}. {1}. {0}", "{0}. {1}. {2}.", "{0}.{1}.{2}", "{0}년 {1}월 {2}일"])
def test_dates_as_people_write_them(tmp_path, shape):
    file = tmp_path / "t.csv"
    file.write_text("\n".join(["nr;day", *(f"{i};{shape.format(2024, i, 13 + i)}" for i in range(1, 10))]), "utf-8")
    answer = read_answer(file)
    assert answer["types"] == ["integer", "date"]
    assert answer["rows"][2] == ["3", "2024-03-16"]


def test_fixed_width_with_decimal_commas(tmp_path):
    file = tmp_path / "t.txt"
    rows = [("Nr", "Name", "Summe"), *((str(i), f"Name {i}", f"{i * 7},50") for i in range(1, 12))]
    file.write_text("\n".join(f"{a:<6}{b:<14}{c}" for a, b, c in rows), "utf-8")
    answer = read_answer(file)
    assert (answer["header"], answer["types"]) == (["Nr", "Name", "Summe"], ["integer", "text", "number"])
