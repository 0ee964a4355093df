"""What this process counts about itself, in Prometheus' text format.

Counted in memory from the start of the process; what the database knows better (how
much waits, and since when) is asked of it when somebody looks.
https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# Digestion takes milliseconds, with a first-met person half a second of Slack.
DIGEST_BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

# A label's values are few and ours; whatever else comes in is one of these.
_OTHER = "other"
_MOST_SERIES = 200

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One line: a number with its labels."""

    name: str
    value: float
    labels: Labels = ()

    def text(self) -> str:
        """The line."""
        named = ",".join(f'{name}="{_escaped(value)}"' for name, value in self.labels)
        return (
            f"{self.name}{{{named}}} {self.value:.10g}"
            if named
            else (f"{self.name} {self.value:.10g}")
        )


@dataclass(frozen=True, slots=True)
class Family:
    """A metric: what it means, and its lines.

    Attributes:
        name: Without the suffixes of a histogram.
        kind: `counter`, `gauge` or `histogram`.
        about: One line for people.
        samples: Its numbers.
    """

    name: str
    kind: str
    about: str
    samples: Sequence[Sample]


def expose(families: Iterable[Family]) -> str:
    """Write metrics down."""
    lines: list[str] = []
    for family in families:
        lines.append(f"# HELP {family.name} {family.about}")
        lines.append(f"# TYPE {family.name} {family.kind}")
        lines += [sample.text() for sample in family.samples]
    return "\n".join(lines) + "\n"


def gauge(name: str, about: str, values: Mapping[Labels, float]) -> Family:
    """A metric whose numbers go up and down."""
    return Family(name, "gauge", about, [Sample(name, v, k) for k, v in values.items()])


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


class Counter:
    """Counts, for each combination of its labels' values. Any thread may add."""

    def __init__(self, name: str, about: str, *labels: str) -> None:
        self.name = name
        self._about = about
        self._labels = labels
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, ...], float] = {}

    def add(self, *values: str, n: float = 1) -> None:
        """Count, under these values of its labels in their order."""
        with self._lock:
            if values not in self._counts and len(self._counts) >= _MOST_SERIES:
                values = (_OTHER,) * len(self._labels)
            self._counts[values] = self._counts.get(values, 0) + n

    def family(self) -> Family:
        """What was counted."""
        with self._lock:
            counts = sorted(self._counts.items())
        samples = [
            Sample(self.name, n, tuple(zip(self._labels, values, strict=True)))
            for values, n in counts
        ]
        return Family(self.name, "counter", self._about, samples)


class Histogram:
    """How often something took how long (seconds). Any thread may add."""

    def __init__(self, name: str, about: str, bounds_s: Sequence[float]) -> None:
        self.name = name
        self._about = about
        self._bounds_s = bounds_s
        self._lock = threading.Lock()
        self._counts: dict[float, int] = defaultdict(int)
        self._sum_s = 0.0
        self._n = 0

    def add(self, seconds: float) -> None:
        """Note that it took so long once."""
        with self._lock:
            self._n += 1
            self._sum_s += seconds
            for bound_s in self._bounds_s:
                if seconds <= bound_s:
                    self._counts[bound_s] += 1

    def family(self) -> Family:
        """What was noted: for each bound, how many took no longer."""
        with self._lock:
            counts, total_s, n = dict(self._counts), self._sum_s, self._n
        return Family(
            self.name, "histogram", self._about, list(self._lines(counts, total_s, n))
        )

    def _lines(
        self, counts: Mapping[float, int], total_s: float, n: int
    ) -> Iterator[Sample]:
        bucket = f"{self.name}_bucket"
        for bound_s in self._bounds_s:
            yield Sample(bucket, counts.get(bound_s, 0), (("le", f"{bound_s:g}"),))
        yield Sample(bucket, n, (("le", "+Inf"),))
        yield Sample(f"{self.name}_sum", total_s)
        yield Sample(f"{self.name}_count", n)


def _events() -> Counter:
    about = (
        "Events by what became of them: received, digested, failed, set aside, "
        "unreadable."
    )
    return Counter("grapevine_events_total", about, "outcome")


def _digest_seconds() -> Histogram:
    about = "How long digesting an event took."
    return Histogram("grapevine_digest_seconds", about, DIGEST_BOUNDS_S)


def _calls() -> Counter:
    about = "Calls of Slack's Web API; the result is ok, busy or Slack's error code."
    return Counter("grapevine_slack_calls_total", about, "method", "result")


def _posts() -> Counter:
    about = "Posts by result: sent, or Slack's error code."
    return Counter("grapevine_posts_total", about, "result")


def _verdicts() -> Counter:
    about = "Topics judged for a suggestion, by verdict."
    return Counter("grapevine_verdicts_total", about, "verdict")


@dataclass(frozen=True, slots=True)
class Metrics:
    """Everything this process counts."""

    events: Counter = field(default_factory=_events)
    digest_seconds: Histogram = field(default_factory=_digest_seconds)
    calls: Counter = field(default_factory=_calls)
    posts: Counter = field(default_factory=_posts)
    verdicts: Counter = field(default_factory=_verdicts)

    def families(self) -> list[Family]:
        """What was counted."""
        every = (
            self.events,
            self.digest_seconds,
            self.calls,
            self.posts,
            self.verdicts,
        )
        return [one.family() for one in every]
