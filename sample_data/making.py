"""What the makers of the sample cases share: invented people, money in cents, the same bytes every time, the answer key.

Standard library only. Every name, address and number is invented: e-mail domains are the reserved example domains, phone
numbers come from ranges set aside for fiction, social security numbers from a range that is never issued.
"""

from __future__ import annotations

import argparse
import bisect
import csv
import gzip
import io
import itertools
import json
import random
import shutil
import sqlite3
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, object]
Tables = dict[str, list[Row]]

NAMES = {
    "GB": (
        "Amelia Harriet Imogen Freya Priya Zara Megan Bethan Niamh Isla",
        "Oliver Rhys Callum Idris Hamza Edmund Alfie Fraser Arjun Theo",
        (
            "Ashworth Pennington Okafor Llewellyn Patel Drummond Hargreaves Kowalczyk Begum Tregarthen "
            "Whitlock Mackinnon Sandhu Fairclough Osei"
        ),
    ),
    "DE": (
        ("Lena Annika Frieda Jördis Elif Mareike Katharina Hannelore Svenja Aylin"),
        "Jonas Matthias Jürgen Emre Lennart Götz Sebastian Torben Kemal Ansgar",
        (
            "Brückner Vogelsang Yıldız Lindemann Großmann Petersen Aßmann Krämer Demir Wiesenthal "
            "Hölscher Baumgärtner Özkan Thielemann Rehbein"
        ),
    ),
    "FR": (
        "Manon Éloïse Clémence Fatou Anaïs Solène Inès Margaux Aïcha Capucine",
        "Baptiste Théo Mathis Youssef Rémi Hugo Étienne Mamadou Loïc Gaspard",
        (
            "Delacroix Beaumont Lefèvre Traoré Chevallier Benali Rousselet Marchand Diallo Fontaine "
            "Pélissier Garnier Haddad Vasseur Morvan"
        ),
    ),
    "SE": (
        "Astrid Linnéa Ebba Saga Amina Maja Tuva Elsa Ylva Hodan",
        "Axel Viggo Nils Ahmed Oskar Sixten Björn Emil Abdi Lovis",
        (
            "Lindqvist Åkesson Sjöberg Warsame Ekström Nordin Hallgren Öberg Farah Wallin Bergström "
            "Stenmark Holmqvist Ljungberg Sandell"
        ),
    ),
    "IE": (
        "Aoife Saoirse Ciara Róisín Orla Sadhbh Caoimhe Éabha",
        "Cillian Oisín Fionn Eoin Darragh Pádraig Tadhg Conor",
        ("Gallagher Ó'Faoláin Kinsella Brannigan MacNamara Doherty Fitzmaurice Cullinane Rafferty Heneghan Mulqueen Tuohy"),
    ),
    "US": (
        ("Destiny Guadalupe Thuy Ananya Caroline Hodan Mei Latasha Rosa Emily Noor Katarzyna"),
        ("Marcus Alejandro Minh Rohan Wyatt Abdirahman Wei Terrell José Ethan Omar Piotr"),
        (
            "Washington Gutiérrez Nguyen Krishnamurthy Sullivan Warsame Zhang Booker Castañeda Hoffman "
            "Al-Masri Nowakowski Reyes Tran Whitfield Iyer Delgado Petrovic Okonkwo Baptiste"
        ),
    ),
}
CITIES = {
    "GB": (("Leeds", "LS1 4DY"), ("Bristol", "BS1 5TR"), ("Cardiff", "CF10 3AT"), ("Norwich", "NR2 1NH"), ("Dundee", "DD1 4HN")),
    "DE": (("Köln", "50667"), ("Leipzig", "04109"), ("Münster", "48143"), ("Würzburg", "97070"), ("Kiel", "24103")),
    "FR": (("Nantes", "44000"), ("Besançon", "25000"), ("Lille", "59000"), ("Orléans", "45000")),
    "SE": (("Malmö", "211 19"), ("Växjö", "352 30"), ("Umeå", "903 26")),
    "IE": (("Galway", "H91 E2R4"), ("Cork", "T12 W8XY"), ("Sligo", "F91 K6D2")),
    "US": (
        ("Youngstown", "44503"),
        ("Lorain", "44052"),
        ("Elyria", "44035"),
        ("Sandusky", "44870"),
        ("Mansfield", "44902"),
        ("Wooster", "44691"),
    ),
}
PHONES: dict[str, list[str]] = {
    "GB": [f"+44 7700 900{n:03d}" for n in range(1000)],
    "DE": [f"+49 30 23125{n:03d}" for n in range(1000)],
    "FR": [f"+33 1 99 00 {n // 100:02d} {n % 100:02d}" for n in range(10000)],
    "SE": [f"+46 {area} {n:02d}" for area in ("8 465 004", "31 390 06", "40 628 04", "980 31 92") for n in range(100)],
    "IE": [f"+353 20 91{n // 1000} {n % 1000:03d}" for n in range(10000)],
    "US": [
        f"({area}) 555-01{n:02d}"
        for area in (216, 220, 234, 248, 269, 283, 313, 330, 380, 412, 419, 440, 513, 517, 567, 614, 740, 937)
        for n in range(100)
    ],
}


@dataclass(frozen=True)
class Person:
    """One invented human being, the same in every table."""

    first: str
    last: str
    sex: str
    birth: date
    country: str
    city: str
    postcode: str
    email: str
    phone: str


def ascii_of(text: str) -> str:
    """Return *text* without accents, as an older system would have kept it."""
    folded = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ı", "i"))
    return "".join(c for c in folded if c.isascii())


class People:
    """Draws people; no two share an e-mail address or a phone number."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self._emails = rng, set[str]()
        self._phones = {c: rng.sample(numbers, len(numbers)) for c, numbers in PHONES.items()}

    def draw(self, country: str, born: tuple[int, int]) -> Person:
        """Return a new person of *country*, born in the years given."""
        rng = self.rng
        women, men, surnames = NAMES[country if rng.random() > 0.1 else rng.choice(list(NAMES))]  # people move
        sex = rng.choice("FM")
        first, last = rng.choice((women if sex == "F" else men).split()), rng.choice(surnames.split())
        birth = date(born[0], 1, 1) + timedelta(days=rng.randrange((born[1] - born[0]) * 365))
        city, area = rng.choices(CITIES[country], weights=range(len(CITIES[country]) + 2, 2, -1))[0]
        last_digit = max(i for i, c in enumerate(area) if c.isdigit())
        postcode = f"{area[:last_digit]}{rng.randrange(10)}{area[last_digit + 1 :]}"
        stem = f"{ascii_of(first)}.{ascii_of(last)}".lower().replace("'", "").replace("-", "")
        email = next(
            e
            for n in itertools.count(1)
            if (e := f"{stem}{n if n > 1 else ''}@example.{('com', 'org', 'net')[hash_of(stem) % 3]}") not in self._emails
        )
        self._emails.add(email)
        return Person(first, last, sex, birth, country, city, postcode, email, self._phones[country].pop())

    def again(self, person: Person) -> Person:
        """Return the same human as another clerk typed them: accents lost, or the address with capitals or a tag."""
        name, at = person.email.split("@")
        way = self.rng.randrange(3)
        if way == 0:
            return replace(person, first=ascii_of(person.first), last=ascii_of(person.last).upper(), email=f"{name}+shop@{at}")
        if way == 1:
            return replace(person, email=person.email.title())
        return replace(person, first=person.first[0] + ".", email=f"{name}@mail.{at}")


def hash_of(text: str) -> int:
    """Return a small number that depends on *text* alone (Python's own hash changes between runs)."""
    return sum(ord(c) * (i + 1) for i, c in enumerate(text))


def money(cents: int) -> str:
    """Return cents as an amount with two decimals."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def stamp(moment: datetime) -> str:
    """Return a moment as the source systems write it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


class Draw:
    """Picks by weight among the first *n* of a list, for populations that grow with time."""

    def __init__(self, rng: random.Random, weights: Iterable[float]) -> None:
        self.rng, self.sums = rng, list(itertools.accumulate(weights))

    def index(self, n: int | None = None) -> int:
        """Return a position below *n* (default: the whole list)."""
        top = self.sums[(n or len(self.sums)) - 1]
        return bisect.bisect_right(self.sums, self.rng.random() * top, 0, (n or len(self.sums)) - 1)


def write_table(path: Path, rows: list[Row]) -> None:
    """Write one table as CSV, compressed when the name ends in .gz; the header is the first row's keys."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    data = text.getvalue().encode("utf-8")
    path.write_bytes(gzip.compress(data, 9, mtime=0) if path.suffix == ".gz" else data)


def load(folder: Path) -> sqlite3.Connection:
    """Return the case's files as tables of an in-memory SQLite; empty is NULL, figures are numbers."""
    con = sqlite3.connect(":memory:")
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*.csv.gz")]):
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        header, *rows = csv.reader(io.StringIO(raw.decode("utf-8"), newline=""))
        con.execute(f"CREATE TABLE {path.name.split('.')[0]} ({', '.join(f'{h} NUMERIC' for h in header)})")
        con.executemany(
            f"INSERT INTO {path.name.split('.')[0]} VALUES ({', '.join('?' * len(header))})",
            ([c or None for c in row] for row in rows),
        )
    return con


def answer_key(folder: Path, seed: int, answers: Path) -> dict[str, Any]:
    """Return what stands in the written files: rows per table, rows per defect, verdict per sentence; all measured."""
    con, listed = load(folder), tomllib.loads(answers.read_text("utf-8"))

    def count(sql: str) -> int:
        return int(con.execute(f"SELECT count(*) FROM ({sql})").fetchone()[0])

    names = [r[0] for r in con.execute("SELECT name FROM sqlite_master ORDER BY name")]
    tables = {n: count(f"SELECT * FROM {n}") for n in names}
    defects = [{**d, "rows": count(d["sql"]), "of": tables[d["table"]]} for d in listed["defect"]]
    claims = [{**c, "rows": (n := count(c["sql"])), "verdict": "contradicted" if n else "holds"} for c in listed["claim"]]
    return {"seed": seed, "tables": tables, "defects": defects, "claims": claims}


def source_page(title: str, intro: str, key: dict[str, Any]) -> str:
    """Return SOURCE.md: how the case was made, its licence and its answer key."""
    tables, defects, claims = key["tables"], key["defects"], key["claims"]
    lines = [
        f"# {title}",
        "",
        intro.strip(),
        "",
        "Made by `make.py` beside this file (standard library only, seed "
        f"{key['seed']}): nobody in it exists. Another seed gives another instance with other counts:",
        "`python make.py --seed 7 --out DIR --key KEY.json`. Licence: CC0 1.0 (public domain).",
        "",
        "Every count below is measured on the written files by the maker, not typed.",
        "",
        "| table | rows |",
        "|---|--:|",
        *(f"| {n} | {c:,} |" for n, c in tables.items()),
        "",
        "## Answer key",
        "",
        "| defect | where | rows | of |",
        "|---|---|--:|--:|",
        *(f"| {d['what']} | {d['table']} ({', '.join(d['columns'])}) | {d['rows']:,} | {d['of']:,} |" for d in defects),
        "",
        "## What CLAUDE.md says, and what the data says",
        "",
        "| sentence | verdict | rows against it |",
        "|---|---|--:|",
        *(f"| {c['quote']} | {c['verdict']} | {c['rows']:,} |" for c in claims),
        "",
    ]
    return "\n".join(lines)


def main(home: Path, title: str, intro: str, seed: int, make: Callable[[random.Random], Tables], packed: frozenset[str]) -> None:
    """Make the case: its data and CLAUDE.md into --out, SOURCE.md only beside the maker, the answer key where --key says."""
    parser = argparse.ArgumentParser(description=f"Make the sample case '{title}'.")
    parser.add_argument("--seed", type=int, default=seed, help=f"another instance (default {seed}: the committed one)")
    parser.add_argument("--out", type=Path, default=home, help="folder for the data and CLAUDE.md (default: beside this script)")
    parser.add_argument("--key", type=Path, help="file for the answer key as JSON, outside the data folder")
    a = parser.parse_args()
    out: Path = a.out.resolve()
    if a.key and out in a.key.resolve().parents:
        parser.error("the answer key must lie outside the data folder")
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in make(random.Random(a.seed)).items():
        write_table(out / f"{name}.csv{'.gz' if name in packed else ''}", rows)
    key = answer_key(out, a.seed, home.parent / "answers" / f"{home.name}.toml")
    if out != home:
        shutil.copyfile(home / "CLAUDE.md", out / "CLAUDE.md")
    elif a.seed == seed:
        (out / "SOURCE.md").write_text(source_page(title, intro, key), "utf-8", newline="\n")
    if a.key:
        a.key.write_text(json.dumps(key, indent=1, ensure_ascii=False) + "\n", "utf-8", newline="\n")
