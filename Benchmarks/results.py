"""What a row found, how it is printed and kept."""

import json
import statistics
from dataclasses import asdict, dataclass, field


@dataclass
class Finding:
    """One line of the table: what Roost took, what its peer took in the same run, and the budget."""

    what: str
    ours: str
    peer: str
    # Each round's number that is held against the budget.
    rounds: list[float]
    budget: float
    # Whether the budget is the most (True) or the least (False) that may be.
    is_limit: bool
    unit: str = "×"
    note: str = ""
    extra: dict = field(default_factory=dict)

    @property
    def value(self):
        return statistics.median(self.rounds)

    @property
    def met(self):
        return self.value <= self.budget if self.is_limit else self.value >= self.budget

    def cells(self):
        sign = "≤" if self.is_limit else "≥"
        spread = f"{min(self.rounds):.2f}–{max(self.rounds):.2f}" if len(self.rounds) > 1 else ""
        return [
            self.what, self.ours, self.peer, f"{self.value:.2f} {self.unit}".strip(), spread,
            f"{sign} {self.budget:g} {self.unit}".strip(), "met" if self.met else "**missed**"]


HEADER = ["what", "Roost", "peer", "median", "rounds", "budget", ""]


def table(findings):
    """A Markdown table."""
    lines = [HEADER, ["---"] * len(HEADER), *(finding.cells() for finding in findings)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def keep(findings, path, machine):
    """Writes everything as JSON."""
    with open(path, "w") as file:
        json.dump(
            {"machine": machine, "findings": [
                asdict(finding) | {"value": finding.value, "met": finding.met} for finding in findings]},
            file, indent=2, ensure_ascii=False)
        file.write("\n")


def median_of(samples, digits=0):
    return f"{statistics.median(samples):.{digits}f}"
