"""Kill processes at random while a town talks: `python -m tests.chaos --kills 200`."""

import argparse
import sys

from tests.chaos.run import Outcome, rage

KINDS = ("sqlite", "postgresql")


def main() -> int:
    """Run it on each database; the status is 1 if anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="on each database")
    parser.add_argument("--database", choices=KINDS, help="one alone")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    kinds = [given.database] if given.database else KINDS
    outcomes = {kind: rage(kind, given.kills, seed=given.seed) for kind in kinds}
    for kind, outcome in outcomes.items():
        sys.stdout.write(_told(kind, outcome))
    return int(any(outcome.verdict.problems for outcome in outcomes.values()))


def _told(kind: str, outcome: Outcome) -> str:
    kills = ", ".join(f"{n} {role}s" for role, n in sorted(outcome.kills.items()))
    seen = ", ".join(f"{n} {name}" for name, n in outcome.verdict.figures.items())
    problems = "\n".join(outcome.verdict.problems) or "nothing lost, nothing twice"
    return (
        f"{kind}: {sum(outcome.kills.values())} killed ({kills}) in "
        f"{outcome.seconds:.0f} s\n{seen}\n{problems}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
