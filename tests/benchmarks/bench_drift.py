"""How often does an unchanged source raise a drift alarm? ``python tests/benchmarks/bench_drift.py [PAIRS]``.

Each pair is two independent samples of one source: 20 columns (skewed, heavy-tailed, discrete, rare categories, gaps), 300 to
5,000 rows. Prints pairs with any alarm beside the stated rate, and the 95 % interval (Wilson).
"""

import random
import sys

import pandas as pd

from dataeng_kit.data import open_data
from dataeng_kit.profile import profile_data
from dataeng_kit.profile.compare import ALARM_RATE, compare


def sample(rnd: random.Random, rows: int, shape: int) -> pd.DataFrame:
    """Return one sample; *shape* fixes the source, *rnd* the draw."""
    source = random.Random(shape)
    frame: dict = {"key": [rnd.getrandbits(60) for _ in range(rows)]}
    for i in range(5):
        low, wide = source.uniform(0, 50), source.uniform(0.2, 2)
        frame[f"skewed{i}"] = [low + rnd.lognormvariate(2, wide) for _ in range(rows)]
        frame[f"steps{i}"] = [int(rnd.expovariate(1 / (1 + low))) for _ in range(rows)]
        weights = [source.paretovariate(1) for _ in range(source.randint(2, 40))]
        frame[f"kind{i}"] = rnd.choices([f"v{k}" for k in range(len(weights))], weights, k=rows)
        share = source.uniform(0.005, 0.6)
        frame[f"gaps{i}"] = [None if rnd.random() < share else rnd.gauss(0, 1) for _ in range(rows)]
    return pd.DataFrame(frame)


def main() -> None:
    pairs = int(next((a for a in sys.argv[1:] if a.isdigit()), 200))
    alarms = tests = 0
    for pair in range(pairs):
        rnd, rows = random.Random(f"draw {pair}"), random.Random(pair).choice((300, 1_000, 5_000))
        sides = [open_data(({"t": sample(rnd, rows, pair)},)) for _ in (0, 1)]
        found = compare(*(profile_data(s, only=frozenset(("columns", "keys"))) for s in sides), *sides)
        for side in sides:
            side.close()
        alarms, tests = alarms + bool(found.drifts), tests + found.tests
    rate, z = alarms / pairs, 1.96
    middle, half = (rate + z * z / (2 * pairs)) / (1 + z * z / pairs), z / (1 + z * z / pairs)
    half *= (rate * (1 - rate) / pairs + z * z / (4 * pairs * pairs)) ** 0.5
    print(f"{alarms} of {pairs} unchanged pairs raised an alarm: {rate:.1%} ({max(0, middle - half):.1%} to {middle + half:.1%})")
    print(f"stated {ALARM_RATE:.1%} a pair over {tests / pairs:.0f} tests each")


if __name__ == "__main__":
    main()
