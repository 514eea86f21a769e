"""What a project states of itself: purposes, scale, freshness, availability, retention, owners, governance, conventions."""

import pytest

from dataeng_kit.context import read_context


def read(tmp_path, text):
    file = tmp_path / "CLAUDE.md"
    file.write_text(text, "utf-8")
    return read_context(file)


def said(tmp_path, text, kind):
    return [(s.value, s.unit, s.subject) for s in getattr(read(tmp_path, text), kind)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("## Purpose\n- Price the policies\n- Watch the claims ratio\n", ["Price the policies", "Watch the claims ratio"]),
        ("## Use cases\n1. Route planning.\n", ["Route planning"]),
        ("# Ziele\n- Absatz je Filiale planen\n", ["Absatz je Filiale planen"]),
        ("## Wofür die Daten da sind\n- Der Einkauf plant den Bedarf.\n", ["Der Einkauf plant den Bedarf"]),
        ("## Objectifs\n- Suivre les retards de livraison.\n", ["Suivre les retards de livraison"]),
        ("## À quoi servent ces données\n- Prévoir la demande.\n", ["Prévoir la demande"]),
        ("## Casos de uso\n- Predecir la demanda.\n", ["Predecir la demanda"]),
        ("## Objetivos\n- Prever a procura.\n", ["Prever a procura"]),
        ("The data is used for:\n\n- monthly closing\n- audits\n", ["monthly closing", "audits"]),
        ("Purpose: settle the meters with the grid.\n", ["settle the meters with the grid"]),
        ("These tables are used for billing the tenants.\n", ["billing the tenants"]),
        ("We load it so that finance can close the month.\n", ["finance can close the month"]),
        ("The risk team monitors late payers by region.\n", ["The risk team monitors late payers by region"]),
        ("Die Daten dienen der Abrechnung der Mieter.\n", ["Abrechnung der Mieter"]),
        ("pytest is used for the tests.\n", []),
        ("## Purpose\nThis file provides guidance to Claude Code.\n", []),
    ],
)
def test_purposes(tmp_path, text, values):
    assert [v for v, _, _ in said(tmp_path, text, "purposes")] == values


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("- Freshness: 15 minutes.", [(15, "minutes", "")]),
        ("- Freshness: reports show yesterday by 6:30.", [(1, "days", "reports, by 6:30")]),
        ("- Aktualität: der Bericht zeigt den Vortag bis 7 Uhr.", [(1, "days", "der Bericht zeigt, by 7 Uhr")]),
        ("- Fraîcheur : deux heures.", [(2, "hours", "")]),
        ("- Frescura: 30 minutos.", [(30, "minutes", "")]),
        ("- Freshness: one hour; alarms within 5 seconds once the broker is live.", [(1, "hours", "")]),
        ("The nightly job loads it.\n\n- Freshness: 4 hours.", [(4, "hours", "")]),
        ("The nightly job loads it.", [(1440, "minutes", "")]),
        ("Dashboards are refreshed every 10 minutes.", [(10, "minutes", "")]),
        ("| Table | Freshness |\n|---|---|\n| orders | 2 hours |\n", [(2, "hours", "orders")]),
        ("Readmissions within 30 days of a stay count.", []),
        ("A parcel has a delay of 3 days on average.", []),
        ("Files are deleted after 30 days.", []),
    ],
)
def test_freshness_is_a_stated_target(tmp_path, text, wanted):
    assert said(tmp_path, text, "freshness") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("We see 12,000 visits and 900 admissions a month.", [(12000, "visits/month"), (900, "admissions/month")]),
        ("- Volume: 2 million readings per day, 40 pumps.", [(2_000_000, "readings/day"), (40, "pumps")]),
        ("- Volumen: rund 5.000 Verträge pro Jahr.", [(5000, "verträge/year")]),
        ("- Volume : 300 000 lignes par jour.", [(300_000, "rows/day")]),
        ("- Scale: 500 GB, 20 GB/day.", [(500, "GB"), (20, "GB/day")]),
        ("We deploy 2 times a day.", []),
        ("The office works 8 hours a day.", []),
    ],
)
def test_scale_counts_each_thing_with_its_period(tmp_path, text, wanted):
    assert [(v, u) for v, u, _ in said(tmp_path, text, "scale")] == wanted


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("availability", "- Availability: two hours of downtime a week are fine.", [(2, "hours/week", "downtime")]),
        ("availability", "- SLA: 99.5 % uptime.", [(99.5, "%", "")]),
        ("availability", "- Availability: office hours; nobody on call.", [("office hours", "", ""), ("nobody on call", "", "")]),
        ("availability", "- Verfügbarkeit: eine Stunde Ausfall pro Monat ist erlaubt.", [(1, "hours/month", "downtime")]),
        ("retention", "- Retention: invoices eight years, logs 90 days.", [(8, "years", "invoices"), (90, "days", "logs")]),
        (
            "retention",
            "- Retention: meter readings are kept for three years, contacts are deleted on request.",
            [(3, "years", "meter readings"), ("deleted on request", "", "contacts")],
        ),
        ("retention", "Claims are kept for twelve months.", [(12, "months", "Claims")]),
        ("retention", "- Aufbewahrung: Rechnungen zehn Jahre.", [(10, "years", "Rechnungen")]),
        (
            "owners",
            "- Owners: meters: Ida Lund (grid); invoices and dunning: Tom Berg (billing).",
            [("Ida Lund (grid)", "", "meters"), ("Tom Berg (billing)", "", "invoices and dunning")],
        ),
        ("owners", "- Owner: Dr. Ana Ruiz (lab).", [("Dr. Ana Ruiz (lab)", "", "lab")]),
        ("owners", "## Owners\n- pumps: Ida Lund\n- Tom Berg: alarms\n", [("Ida Lund", "", "pumps"), ("Tom Berg", "", "alarms")]),
        (
            "owners",
            "- Verantwortlich: Zähler: Ida Lund; Kunden: Tom Berg.",
            [("Ida Lund", "", "Zähler"), ("Tom Berg", "", "Kunden")],
        ),
        ("owners", "| Table | Owner |\n|---|---|\n| orders | Ida Lund |\n", [("Ida Lund", "", "orders")]),
    ],
)
def test_agreements(tmp_path, kind, text, wanted):
    assert said(tmp_path, text, kind) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Purpose limitation: tariffs only.",
        "Phone numbers never in analytics marts.",
        "Addresses may be used for dispatch only.",
        "Only the payroll office may read salaries.",
        "Exports need approval by the data protection officer.",
        "Personenbezogene Daten dürfen nur für die Abrechnung verwendet werden.",
        "Accès réservé au contrôle de gestion.",
        "Acceso limitado al equipo de finanzas.",
        "Acesso restrito ao financeiro.",
    ],
)
def test_governance_is_quoted_as_a_rule(tmp_path, text):
    (rule,) = said(tmp_path, f"- {text}\n", "governance")
    assert rule[0] == text.rstrip(".")


def test_conventions_of_data_one_by_one(tmp_path):
    text = "## Naming\n- keys end in `_key`, amounts in Swiss francs, dates in UTC\n- Write short functions.\n"
    assert [v for v, _, _ in said(tmp_path, text, "conventions")] == [
        "keys end in `_key`", "amounts in Swiss francs", "dates in UTC",
    ]  # fmt: skip


def test_a_statement_stands_on_its_line(tmp_path):
    (first, second) = read(tmp_path, "# A\n\n## Owners\n- pumps: Ida Lund\n- alarms: Tom Berg\n").owners
    assert (first.line, second.line, second.quote) == (4, 5, "alarms: Tom Berg")
