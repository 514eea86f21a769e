"""One label per column: headers propose, values decide, neighbours confirm; decoys stay clear."""

import random

import pytest

from dataeng_kit.data.engines.embedded import Embedded
from dataeng_kit.data.live import Data, Source
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import ForeignKey, Profile, Table
from dataeng_kit.nouns.references import parse
from dataeng_kit.profile.semantics import label_columns
from dataeng_kit.profile.semantics.checks import iban, luhn

GIVEN = "Anna Piotr Lucía Jean Kwame Yuki Ingrid Marco Fatima Olena Tomáš Ayşe Noah Greta Sven Priya".split()
FAMILY = "Kowalska Nowak García Dupont Mensah Tanaka Lindqvist Rossi Haddad Shevchenko Dvořák Yılmaz Miller Schulz Berg Sharma Castro Fournier".split()
ROWS = 90


def data(**tables):
    """Return the live tables of columns → values."""
    engine, sources = Embedded(), []
    for name, columns in tables.items():
        rows = zip(*columns.values(), strict=True)
        relation = engine.quote(name)
        listed = ", ".join(f"{engine.quote(c)} VARCHAR" for c in columns)
        engine.run(f"CREATE TABLE {relation} ({listed})")
        values = ", ".join("(" + ", ".join(engine.technology.literal(v) for v in row) + ")" for row in rows)
        engine.run(f"INSERT INTO {relation} VALUES {values}")
        sources.append(Source(Table(name, name, engine.columns(relation)), engine, relation))
    return Data(tuple(sources))


def labels(columns, **more):
    found = label_columns(data(t=columns), Profile(), **more)
    return {parse(k)[1]: v for k, v in found.items()}


def sensitive(columns, **more):
    return {k: v.name for k, v in labels(columns, **more).items() if v.sensitive}


@pytest.fixture(scope="module")
def people():
    r = random.Random(7)
    given, family = [r.choice(GIVEN) for _ in range(ROWS)], [r.choice(FAMILY) for _ in range(ROWS)]
    plain = str.maketrans("íáłńęśźżóćřšťéèüöäıçğşÍ", "ialneszzocrsteeuoaicgsi")
    mail = [
        f"{g.lower().translate(plain)}.{f.lower().translate(plain)}{i}@mail.example"
        for i, (g, f) in enumerate(zip(given, family, strict=True))
    ]
    born = [f"{r.randint(1938, 2004)}-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}" for _ in range(ROWS)]
    return {
        "given": given,
        "family": family,
        "full": [f"{g} {f}" for g, f in zip(given, family, strict=True)],
        "mail": mail,
        "born": born,
    }


def digits(r, n):
    return "".join(r.choice("0123456789") for _ in range(n))


def card(r):
    body = "4" + digits(r, 14)
    return next(body + c for c in "0123456789" if luhn(body + c))


def account(r):
    for _ in range(20_000):
        text = "DE" + digits(r, 20)
        if iban(text):
            return text
    raise AssertionError("no IBAN found")


def test_values_speak_without_headers(people):
    r = random.Random(3)
    found = sensitive({
        "column_1": people["full"], "column_2": people["mail"], "column_3": people["born"], "column_4": [card(r) for _ in range(ROWS)],
        "column_5": [f"{r.randint(31, 220)}.{r.randint(0, 255)}.{r.randint(0, 255)}.{r.randint(1, 254)}" for _ in range(ROWS)],
        "column_6": [f"{r.randint(1, 40)}.{r.random():.2f}" for _ in range(ROWS)],
    })  # fmt: skip
    assert found == {
        "column_1": "full_name",
        "column_2": "email",
        "column_3": "date_of_birth",
        "column_4": "credit_card",
        "column_5": "ip_address",
    }


def test_misleading_headers_are_vetoed_and_personal_values_found(people):
    r = random.Random(4)
    found = sensitive({
        "ssn": [str(i + 1) for i in range(ROWS)], "email": [r.choice("YN") for _ in range(ROWS)], "dob": [f"2024-{r.randint(1, 12):02d}-11" for _ in range(ROWS)],
        "pan": [digits(r, 16) for _ in range(ROWS)], "k2": people["mail"], "phone": [str(r.randint(10**5, 10**9)) for _ in range(ROWS)], "ref": people["full"],
    })  # fmt: skip
    assert found == {"k2": "email", "ref": "full_name"}


@pytest.mark.parametrize(
    "header",
    [
        "geboortedatum",
        "Geburtsdatum",
        "fecha_nacimiento",
        "syntymäaika",
        "datum narození",
        "生年月日",
        "дата рождения",
        "DoB",
        "birthDate",
    ],
)
def test_birth_dates_in_many_languages(header, people):
    assert sensitive({header: people["born"]}) == {header: "date_of_birth"}


def test_decoys_stay_clear():
    r = random.Random(5)
    pick = r.choice
    found = sensitive({
        "order_no": [digits(r, 10) for _ in range(ROWS)], "firmware": [f"{r.randint(0, 12)}.{r.randint(0, 40)}.{r.randint(0, 60)}.{r.randint(0, 255)}" for _ in range(ROWS)],
        "part": [f"{r.randint(100, 999)}-{r.randint(10, 99)}-{r.randint(1000, 9999)}" for _ in range(ROWS)], "md5": [f"{r.getrandbits(128):032x}" for _ in range(ROWS)],
        "month": [pick(["April", "May", "June", "August"]) for _ in range(ROWS)], "ship": [pick(["Emma", "Rosa", "Victoria"]) + " " + pick(["Star", "Express"]) for _ in range(ROWS)],
        "email_opt_in": [pick("YN") for _ in range(ROWS)], "address_status": [pick(["ok", "moved"]) for _ in range(ROWS)],
        "ordered": [f"202{r.randint(3, 5)}-0{r.randint(1, 9)}-1{r.randint(0, 9)}" for _ in range(ROWS)], "latency": [f"{r.gauss(50, 4):.6f}" for _ in range(ROWS)],
        "supplier": [pick(["Miller", "Ernst & Young", "Rossi", "Tanaka"]) + f" {pick(['GmbH', 'Ltd', 'S.p.A.', 'KK'])}" for _ in range(ROWS)],
        "remark": [pick(["Lot", "Batch"]) + f" {r.randint(1, 999)} checked on 0{r.randint(1, 9)}/05/2024, no defects." for _ in range(ROWS)],
    })  # fmt: skip
    assert found == {}


def test_sparse_personal_text(people):
    r = random.Random(6)
    texts = [f"Parcel {r.randint(1, 900)} arrived after {r.randint(2, 60)} days, all fine." for _ in range(ROWS)]
    for i in range(0, ROWS, 15):
        texts[i] = f"Please call {people['full'][i]} back at +49 30 {digits(r, 7)}, thank you."
    assert sensitive({"comment": texts}) == {"comment": "free_text_pii"}


def test_secrets_are_found_by_their_grammar():
    r = random.Random(8)
    alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    found = sensitive({
        "x": ["$2b$12$" + "".join(r.choice(alphabet) for _ in range(53)) for _ in range(ROWS)],
        "y": ["ghp_" + "".join(r.choice(alphabet) for _ in range(36)) for _ in range(ROWS)],
        "object": ["cus_" + "".join(r.choice(alphabet) for _ in range(24)) for _ in range(ROWS)],
    })  # fmt: skip
    assert found == {"x": "password_hash", "y": "api_key"}


def test_ibans_pass_by_check_and_not_by_shape():
    r = random.Random(9)
    assert sensitive({"k": [account(r) for _ in range(30)]}) == {"k": "iban"}
    assert sensitive({"k": ["DE" + digits(r, 20) for _ in range(30)]}) == {}


def test_names_are_proved_by_the_mail_of_the_same_row(people):
    found = labels({"a": people["given"], "b": people["family"], "c": people["mail"]})
    assert (found["a"].name, found["b"].name) == ("given_name", "family_name")
    assert any("inside 'c'" in reason for reason in found["a"].reasons)
    assert found["a"].confidence > 0.9


def test_the_user_decides(people):
    assert labels({"a": people["mail"]}, overrides={"t.a": "none"}) == {}
    told = labels({"a": people["mail"]}, overrides={"t.a": "username"})["a"]
    assert (told.name, told.confidence, told.sensitive) == ("username", 1.0, True)
    with pytest.raises(KitError) as error:
        labels({"a": people["mail"]}, overrides={"t.a": "e_mail"})
    assert "email" in error.value.next_step


def test_a_reference_to_a_personal_key_is_personal(people):
    tables = data(p={"mail": people["mail"]}, o={"who": [*people["mail"][:30], *["?"] * 60], "n": ["1"] * ROWS})
    key = ForeignKey("o", ("n",), "p", ("mail",))
    found = label_columns(tables, Profile(foreign_keys=(key,)))
    assert found["o.n"].sensitive
    assert "references p.mail" in found["o.n"].reasons


def test_empty_tables_odd_names_and_tiny_samples_do_not_fail():
    odd = {'a "b" c': ["x"], " ": ["1"], "column_3": [None], "💥;drop": ["2024-01-01"]}
    assert isinstance(labels(odd), dict)
    engine = Embedded()
    engine.run('CREATE TABLE e ("email" VARCHAR, n INTEGER)')
    source = Source(Table("e", "e", engine.columns("e")), engine, "e")
    assert label_columns(Data((source,)), Profile())["e.email"].sensitive
