"""Sentences with figures that no row can test are no claims; those that count or limit something still are."""

import pytest

from dataeng_kit.context import read_context
from dataeng_kit.context.figures import in_digits


def kinds(tmp_path, text):
    (tmp_path / "CLAUDE.md").write_text(text, "utf-8")
    return [c.kind for c in read_context(tmp_path / "CLAUDE.md").claims]


@pytest.mark.parametrize(
    "text",
    [
        "- MySQL 8 holds the meters, schema `grid`.",
        "- The reporting base is MariaDB 11 hosted by us.",
        "- Jobs start at 04:15 each weekday.",
        "- Spark is planned for 2028 clusters.",
        "- Next year 40 stores will be added.",
        "- SHA-256 for passwords, port 8080 behind the proxy.",
        "- ISO 4217 codes and Level 3 support.",
        "- One file per region, one table per module.",
        "- Kafka ist geplant für 2028, dann mit 12 Themen.",
        "- Updated 24 Dec 2025.",
        "- The fee is $40 monthly.",
        "- Two offices and five clinics send files.",
        "- Ninety stores would be too many.",
    ],
)
def test_no_claim(tmp_path, text):
    assert kinds(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("- There are 40 stores.", "row_count"),
        ("- 1,200 customers are active.", "row_count"),
        ("- About 5 million rows in `readings`.", "row_count"),
        ("- `readings` hat 5 tausend Zeilen.", "row_count"),
        ("- One row per meter and day.", "grain"),
        ("- Around 50,000 messages a day.", "rate"),
    ],
)
def test_still_a_claim(tmp_path, text, kind):
    assert kind in kinds(tmp_path, text)


def test_a_scale_word_is_no_first_letter(tmp_path):
    (tmp_path / "CLAUDE.md").write_text("- 720 monthly payments\n", "utf-8")
    (claim,) = read_context(tmp_path / "CLAUDE.md").claims
    assert not any(t.startswith("scale") for t in claim.terms)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("There are sixty meters.", "There are 60 meters."),
        ("Three hundred meters and a thousand taps", "300 meters and 1000 taps"),
        ("`load` lies between one and seven", "`load` lies between 1 and 7"),
        ("`load` is at most four", "`load` is at most 4"),
        ("at most one tariff per meter", "at most one tariff per meter"),
        ("one row per meter", "one row per meter"),
        ("About three readings per hour", "About 3 readings per hour"),
        ("Il y a cinquante compteurs", "Il y a 50 compteurs"),
    ],
)
def test_number_words_that_count_or_limit(text, digits):
    assert in_digits(text) == digits


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("- `tariff` distinguishes day, night and weekend.", "enumeration"),
        ("- `tariff` is day, night or weekend.", "enumeration"),
        ("- Each reading hangs off a meter.", "no_orphans"),
        ("- Readings never drop below zero.", "range"),
        ("- `serial` never turns up twice.", "unique"),
        ("- Every meter comes with a serial.", "not_null"),
    ],
)
def test_everyday_verbs(tmp_path, text, kind):
    assert kinds(tmp_path, text) == [kind]


def test_signs_are_no_list_of_values(tmp_path):
    assert "enumeration" not in kinds(tmp_path, "- `load` is positive or zero.\n- `note` is text or empty.\n")
