"""No planted value of a personal column stands in any file of a review."""

from dataclasses import replace

from dataeng_kit.nouns import Choices, Inputs, Label
from dataeng_kit.review import write_review

from_data = "person7@example.org"


def personal(made):
    """The case with its e-mail column labelled, and a finding that repeats a value in its words and in its query."""
    label = Label("email", 1.0, ("shape", f"like '{from_data}'"), True)
    tables = tuple(
        replace(t, columns=tuple(replace(c, label=label if c.name == "email" else Label("other")) for c in t.columns))
        for t in made.evidence.profile.tables
    )
    profile = replace(made.evidence.profile, tables=tables)
    first = made.evidence.findings[0]
    query = f"SELECT customer_id FROM customers WHERE email = '{from_data}'"
    talking = replace(
        first, id="talks customers.email", table="customers", column="email", query=query, condition=f"'{from_data}' repeats",
        recommendation=f"ask '{from_data}'", consequence=f"mail to {from_data} is lost", rank=9999.0,
    )  # fmt: skip
    return replace(made, evidence=replace(made.evidence, profile=profile, findings=(talking, *made.evidence.findings)))


def files(made, out, choices):
    return write_review(made.evidence, made.advice, out=out, choices=choices, brief=made.brief, data=made.data, notebook=True, text=True,
                        exceptions=out.parent / "rows", verify=True)  # fmt: skip


def test_nothing_personal_leaves(made, tmp_path):
    case = personal(made)
    for path in files(case, tmp_path / "r.html", Choices()):
        text = path.read_text("utf-8")
        assert "@example.org" not in text, path.name
        assert "talks customers.email" in text or path.parent.name == "rows"
    assert "GDPR 4(1)" in (tmp_path / "r.html").read_text("utf-8")


def test_what_the_project_allows_is_shown_and_said(made, tmp_path):
    allowed = Choices(Inputs(policy={"customers.email": "values"}))
    files(personal(made), tmp_path / "r.html", allowed)
    text = (tmp_path / "r.html").read_text("utf-8")
    assert "Shown in full by choice of the project: customers.email" in text
    assert "person0@example.org" in text
