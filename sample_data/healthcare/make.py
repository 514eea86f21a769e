"""Makes the healthcare case: two hospitals and five clinics in Ohio, 2022 to 2025, with the dirt such extracts carry."""

from __future__ import annotations

import random
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

HOME = Path(__file__).resolve().parent
sys.path.insert(0, str(HOME.parent))
from making import Draw, People, Row, Tables, main, money, stamp  # noqa: E402  (the folder of both makers)

BEGIN, END = date(2022, 1, 3), date(2025, 9, 30)
SEASON = (1.35, 1.25, 1.1, 1.0, 0.95, 0.85, 0.8, 0.85, 0.95, 1.05, 1.15, 1.3)
DEPARTMENTS = {
    "Family Medicine": 30,
    "Emergency": 16,
    "Cardiology": 10,
    "Endocrinology": 8,
    "Orthopedics": 9,
    "Pediatrics": 8,
    "Oncology": 6,
    "Pulmonology": 7,
    "Behavioral Health": 6,
}
CLASSES = {"ambulatory": 62, "emergency": 15, "inpatient": 11, "virtual": 12}
CHARGES = {
    "ambulatory": (9_000, 60_000),
    "emergency": (40_000, 380_000),
    "inpatient": (350_000, 4_200_000),
    "virtual": (5_000, 16_000),
}
CODES = (
    ("I10", "Essential hypertension"),
    ("E11.9", "Type 2 diabetes without complications"),
    ("J45.909", "Unspecified asthma, uncomplicated"),
    ("M54.50", "Low back pain, unspecified"),
    ("J06.9", "Acute upper respiratory infection"),
    ("F41.1", "Generalized anxiety disorder"),
    ("E78.5", "Hyperlipidemia, unspecified"),
    ("N39.0", "Urinary tract infection"),
    ("R07.9", "Chest pain, unspecified"),
    ("K21.9", "Reflux disease without esophagitis"),
    ("S93.401A", "Sprain of ankle, initial encounter"),
    ("J44.1", "COPD with exacerbation"),
)
TESTS = (
    ("GLU", "Glucose", "mg/dL", 102, 24, 1.0),
    ("HBA1C", "Hemoglobin A1c", "%", 6.1, 1.1, 0.1),
    ("CREA", "Creatinine", "mg/dL", 0.98, 0.25, 0.01),
    ("HGB", "Hemoglobin", "g/dL", 13.6, 1.6, 0.1),
    ("WBC", "Leukocytes", "10^3/uL", 7.1, 2.2, 0.1),
    ("K", "Potassium", "mmol/L", 4.2, 0.45, 0.1),
    ("CHOL", "Cholesterol", "mg/dL", 189, 38, 1.0),
    ("TSH", "Thyrotropin", "mIU/L", 2.2, 1.1, 0.01),
)
DRUGS = (
    "Lisinopril 10 mg",
    "Metformin 500 mg",
    "Atorvastatin 20 mg",
    "Albuterol inhaler",
    "Sertraline 50 mg",
    "Omeprazole 20 mg",
    "Ibuprofen 600 mg",
    "Amoxicillin 500 mg",
    "Insulin glargine",
    "Amlodipine 5 mg",
)
PAYERS = ("Medicare", "Ohio Medicaid", "Great Lakes Mutual", "Buckeye Shield", "Union Health Trust", "Self pay")
NOTES = (
    "Follow-up in three months.",
    "Patient tolerates medication well.",
    "Advised rest and fluids.",
    "Referred to specialist.",
    "Imaging ordered.",
    "No acute distress.",
    "Discussed diet and exercise.",
)


def npi(rng: random.Random) -> str:
    """Return a provider number that passes its check digit; numbers from 2 upwards were never issued."""
    body = f"2{rng.randrange(10**8):08d}"
    doubled = (int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body)))
    return f"{body}{-(24 + sum(n // 10 + n % 10 for n in doubled)) % 10}"


class Registry:
    """Patients and providers: who is seen, by whom, between which dates."""

    def __init__(self, rng: random.Random, people: People) -> None:
        self.rng, self.people, n = rng, people, rng.randint(1_060, 1_160)
        self.patients: list[Row] = []
        self.twins = set(rng.sample(range(n // 2, n), rng.randint(20, 30)))
        self.persons = [people.draw("US", (1935, 2021)) for _ in range(n - len(self.twins))]
        fresh = iter(self.persons)
        for i in range(n):
            person = people.again(rng.choice(self.persons[: i // 3])) if i in self.twins else next(fresh)
            age = 2022 - person.birth.year
            dead = END - timedelta(days=rng.randrange(30, 1200)) if rng.random() < (0.12 if age > 70 else 0.012) else None
            since = max(person.birth, date(2012, 1, 1) + timedelta(days=rng.randrange(3_600)))
            self.patients.append(
                {
                    "patient_id": 100_001 + i,
                    "mrn": f"{rng.randrange(10**7, 10**8)}",
                    "first_name": person.first,
                    "last_name": person.last,
                    "sex": person.sex,
                    "birth_date": person.birth,
                    "death_date": dead or "",
                    "is_deceased": "true" if dead else "false",
                    "ssn": f"999-{rng.randrange(10, 50)}-{rng.randrange(1, 10_000):04d}" if rng.random() > 0.09 else "",
                    "phone": person.phone if rng.random() > 0.15 else "",
                    "email": person.email if rng.random() > 0.3 else "",
                    "city": person.city,
                    "zip": person.postcode,
                    "registered_on": since,
                }
            )
        self.providers = [self.provider(i) for i in range(rng.randint(205, 230))]

    def provider(self, i: int) -> Row:
        """Return one provider; a licence date of the older system is written month first."""
        rng, person = self.rng, self.people.draw("US", (1955, 1994))
        until = END + timedelta(days=rng.randrange(20, 900))
        return {
            "provider_id": 201 + i,
            "npi": npi(rng),
            "first_name": person.first,
            "last_name": person.last,
            "department": rng.choices(list(DEPARTMENTS), list(DEPARTMENTS.values()))[0],
            "email": person.email,
            "licensed_until": until.strftime("%m/%d/%Y") if rng.random() < 0.18 else until,
        }


class Care:
    """Encounters in time order, each with diagnoses, results, prescriptions, a claim and its payments."""

    def __init__(self, rng: random.Random, registry: Registry) -> None:
        self.rng, self.registry = rng, registry
        self.sick = Draw(rng, (min(30.0, rng.paretovariate(1.5)) for _ in registry.patients))
        self.busy: dict[object, date] = {}
        self.encounters: list[Row] = []
        self.diagnoses: list[Row] = []
        self.results: list[Row] = []
        self.prescriptions: list[Row] = []
        self.claims: list[Row] = []
        self.payments: list[Row] = []

    def work(self, n: int) -> None:
        """Write *n* encounters: winters are busier, weekends hold emergencies only."""
        rng, days = self.rng, [BEGIN + timedelta(days=i) for i in range((END - BEGIN).days + 1)]
        weights = [SEASON[d.month - 1] * (1.0 if d.weekday() < 5 else 0.25) for d in days]
        for day in sorted(rng.choices(days, weights, k=n)):
            while True:
                patient = self.registry.patients[self.sick.index()]
                busy = self.busy.get(patient["patient_id"])
                if (
                    (not busy or busy < day)
                    and patient["registered_on"] <= day
                    and (not patient["death_date"] or day <= patient["death_date"])
                ):  # type: ignore[operator]  # dates
                    break
            self.encounter(patient, day)

    def encounter(self, patient: Row, day: date) -> None:
        """Write one encounter and what follows from it."""
        rng, number = self.rng, f"ENC{len(self.encounters) + 1:06d}"
        kind = (
            rng.choices(list(CLASSES), list(CLASSES.values()))[0] if day.weekday() < 5 else rng.choice(("emergency", "inpatient"))
        )
        start = datetime.combine(day, datetime.min.time()) + timedelta(
            minutes=rng.randrange(420, 1080) if kind != "emergency" else rng.randrange(1440)
        )
        end = start + (
            timedelta(hours=rng.randrange(20, 240)) if kind == "inpatient" else timedelta(minutes=rng.randrange(12, 300))
        )
        dead = patient["death_date"]
        if isinstance(dead, date) and end.date() > dead:
            end = start + timedelta(minutes=10)
        self.busy[patient["patient_id"]] = end.date()
        provider = rng.choice(self.registry.providers)
        low, high = CHARGES[kind]
        charge = low + int((high - low) * rng.betavariate(1.2, 4))
        self.encounters.append(
            {
                "encounter_id": number,
                "patient_id": patient["patient_id"],
                "provider_id": provider["provider_id"],
                "encounter_class": kind,
                "department": provider["department"] if kind != "emergency" else "Emergency",
                "started_at": stamp(start),
                "ended_at": stamp(end),
                "total_charge": money(charge),
                "note": rng.choice(NOTES) if rng.random() < 0.3 else "",
            }
        )
        for i, (code, text) in enumerate(rng.sample(CODES, rng.choices((1, 2, 3, 4), (50, 30, 14, 6))[0]), 1):
            self.diagnoses.append(
                {
                    "encounter_id": number,
                    "seq": i,
                    "icd10": code,
                    "description": text,
                    "present_on_admission": rng.choice("YYYNU"),
                }
            )
        if kind != "virtual" and rng.random() < 0.6:
            self.test(number, str(patient["patient_id"]), start)
        if rng.random() < 0.35:
            self.prescribe(number, str(patient["patient_id"]), day)
        self.bill(patient, self.encounters[-1], end, charge)

    def test(self, encounter: str, patient: str, start: datetime) -> None:
        """Write the results of one blood draw."""
        rng, drawn = self.rng, start + timedelta(minutes=self.rng.randrange(5, 90))
        for code, name, unit, mean, spread, step in rng.sample(TESTS, rng.choice((2, 3, 4, 5, 6))):
            value = max(step, round(rng.gauss(mean, spread) / step) * step)
            ready = drawn + timedelta(minutes=int(rng.lognormvariate(5.6, 0.8)) + 15)
            self.results.append(
                {
                    "result_id": 700_001 + len(self.results),
                    "encounter_id": encounter,
                    "patient_id": patient,
                    "test_code": code,
                    "test_name": name,
                    "value": f"{value:.2f}",
                    "unit": unit,
                    "collected_at": stamp(drawn),
                    "resulted_at": stamp(ready),
                    "analyzer": rng.choice(("A1", "A2", "A2", "B1")),
                }
            )

    def prescribe(self, encounter: str, patient: str, day: date) -> None:
        """Write one or two prescriptions; open ones have no end."""
        for drug in self.rng.sample(DRUGS, self.rng.choice((1, 1, 2))):
            open_end = self.rng.random() < 0.25
            self.prescriptions.append(
                {
                    "prescription_id": 300_001 + len(self.prescriptions),
                    "encounter_id": encounter,
                    "patient_id": patient,
                    "drug": drug,
                    "start_date": day,
                    "end_date": "" if open_end else day + timedelta(days=self.rng.choice((7, 14, 30, 90, 90, 180))),
                    "refills": self.rng.choice((0, 0, 1, 3)),
                }
            )

    def bill(self, patient: Row, encounter: Row, end: datetime, charge: int) -> None:
        """Write the claim, and for a closed one the payments and write-offs that close it."""
        rng, number = self.rng, f"CLM{len(self.claims) + 1:06d}"
        sent = min(END, (end + timedelta(days=rng.randrange(2, 20))).date())
        payer = PAYERS[0] if patient["birth_date"].year < 1958 else rng.choices(PAYERS, (2, 24, 30, 22, 16, 6))[0]  # type: ignore[attr-defined]  # a date
        closed = sent < END - timedelta(days=75) and rng.random() < 0.93
        self.claims.append(
            {
                "claim_id": number,
                "encounter_id": encounter["encounter_id"],
                "patient_id": patient["patient_id"],
                "provider_id": f"{encounter['provider_id']}.0",
                "payer": payer,
                "submitted_on": sent,
                "billed_amount": money(charge),
                "status": "closed" if closed else rng.choice(("open", "open", "denied")),
            }
        )
        if not closed:
            return
        shared = charge * rng.randint(4, 22) // 100
        allowed = charge * rng.randint(30, 45) // 100 if payer != "Self pay" else 0
        paid_on = sent + timedelta(days=rng.randrange(9, 50))
        for kind, amount in (("payer", charge - shared - allowed), ("adjustment", allowed), ("patient", shared)):
            if amount:
                self.payments.append(
                    {
                        "payment_id": 900_001 + len(self.payments),
                        "claim_id": number,
                        "kind": kind,
                        "paid_on": paid_on,
                        "amount": money(amount),
                    }
                )
                paid_on = min(END, paid_on + timedelta(days=rng.randrange(0, 25)))


def misdate_deaths(rng: random.Random, registry: Registry, care: Care) -> None:
    """Give some patients a death date before their last visits; everything else about them stays in order."""
    seen: dict[object, list[date]] = {p["patient_id"]: [] for p in registry.patients if p["death_date"]}
    for e in care.encounters:
        if e["patient_id"] in seen:
            seen[e["patient_id"]].append(datetime.fromisoformat(str(e["started_at"])).date())
    often = [p for p in registry.patients if len(set(seen.get(p["patient_id"], ()))) >= 4]
    for p in rng.sample(often, min(len(often), rng.randint(10, 15))):
        days = sorted(set(seen[p["patient_id"]]))
        died, gone = days[-rng.randint(2, 3)] - timedelta(days=1), p["registered_on"]
        p["death_date"] = max(died, gone)  # type: ignore[type-var]  # dates


def spoil(rng: random.Random, registry: Registry, care: Care) -> None:
    """Plant the defects; every number is drawn, the answer key measures what came of it."""
    misdate_deaths(rng, registry, care)
    for p in rng.sample([p for p in registry.patients if p["death_date"]], 6):
        p["is_deceased"] = "false"
    for a, b in zip(rng.sample(registry.patients[:400], 9), rng.sample(registry.patients[400:], 9), strict=True):
        b["mrn"] = a["mrn"]
    closed = [c for c in care.claims if c["status"] == "closed"]
    short = {c["claim_id"] for c in rng.sample(closed, len(closed) * rng.randint(60, 80) // 1000)}
    care.payments[:] = [p for p in care.payments if not (p["claim_id"] in short and p["kind"] == "patient")]
    for r in rng.sample([r for r in care.results if r["analyzer"] == "B1"], rng.randint(520, 700)):
        early = datetime.fromisoformat(str(r["collected_at"])) - timedelta(minutes=rng.randrange(5, 58))
        r["resulted_at"] = stamp(early)
    for r in rng.sample([r for r in care.results if r["test_code"] == "GLU"], rng.randint(90, 140)):
        r["value"] = f"{float(str(r['value'])) / 18:.2f}"
    for p in rng.sample([p for p in care.prescriptions if not p["end_date"]], rng.randint(150, 220)):
        p["end_date"] = "1970-01-01"
    for i in sorted(rng.sample(range(len(care.diagnoses)), rng.randint(34, 52)), reverse=True):
        care.diagnoses.insert(i, dict(care.diagnoses[i]))
    for d in rng.sample(care.diagnoses, rng.randint(25, 40)):
        d["encounter_id"] = f"ENC9{rng.randrange(10**5):05d}"
    by_id = {p["patient_id"]: p for p in registry.patients}
    for e in rng.sample(care.encounters, rng.randint(60, 90)):
        p = by_id[e["patient_id"]]
        e["note"] = rng.choice(
            (
                f"Mr./Ms. {p['last_name']} asks for a call at {p['phone'] or '(330) 555-0100'}.",
                f"Spouse of {p['first_name']} {p['last_name']} present; SSN {p['ssn'] or '999-10-0001'} verified.",
                f"Records to be mailed to {p['last_name'].lower()}@example.com.",
            )
        )  # type: ignore[attr-defined]  # a name
    for e in rng.sample(care.encounters, rng.randint(130, 190)):
        e["department"] = ""


def make(rng: random.Random) -> Tables:
    """Return the case's tables."""
    registry = Registry(rng, People(rng))
    care = Care(rng, registry)
    care.work(rng.randint(7_200, 7_800))
    spoil(rng, registry, care)
    return {
        "patients": registry.patients,
        "providers": registry.providers,
        "encounters": care.encounters,
        "diagnoses": care.diagnoses,
        "lab_results": care.results,
        "prescriptions": care.prescriptions,
        "claims": care.claims,
        "claim_payments": care.payments,
    }


INTRO = """
Two hospitals and five clinics in Ohio: patients, providers, encounters with diagnoses, laboratory results and prescriptions,
claims and their payments of almost four years. Winters are busier, a few patients come often; one person keeps one name and
birthday in every table; a closed claim is paid by payer, patient and adjustment to the cent, unless planted otherwise.
"""

if __name__ == "__main__":
    main(
        HOME,
        "Healthcare case: a community health system",
        INTRO,
        2025,
        make,
        frozenset({"encounters", "diagnoses", "lab_results", "claims", "claim_payments"}),
    )
