"""What is counted, as Prometheus reads it."""

from bot.metrics import Counter, Histogram, Metrics, expose, gauge


def test_what_was_counted_is_written_with_its_labels() -> None:
    calls = Counter("calls_total", "Calls.", "method", "result")

    calls.add("chat.postMessage", "ok")
    calls.add("chat.postMessage", "ok")
    calls.add("views.open", 'o"d\\d\n')

    assert expose([calls.family()]) == (
        "# HELP calls_total Calls.\n"
        "# TYPE calls_total counter\n"
        'calls_total{method="chat.postMessage",result="ok"} 2\n'
        'calls_total{method="views.open",result="o\\"d\\\\d\\n"} 1\n'
    )


def test_each_bound_counts_what_took_no_longer() -> None:
    taken = Histogram("taken_seconds", "Taken.", (0.1, 1.0))

    for seconds in (0.1, 0.11, 5.0):
        taken.add(seconds)

    assert expose([taken.family()]).splitlines()[2:] == [
        'taken_seconds_bucket{le="0.1"} 1',
        'taken_seconds_bucket{le="1"} 2',
        'taken_seconds_bucket{le="+Inf"} 3',
        "taken_seconds_sum 5.21",
        "taken_seconds_count 3",
    ]


def test_no_more_series_are_held_than_anybody_reads() -> None:
    results = Counter("posts_total", "Posts.", "result")

    for i in range(500):
        results.add(f"error_{i}")

    samples = results.family().samples
    assert len(samples) == 201
    assert sum(sample.value for sample in samples) == 500


def test_every_metric_says_what_it_means() -> None:
    for family in [*Metrics().families(), gauge("g", "G.", {(): 1.5})]:
        assert family.about.endswith(".")
        assert family.name.startswith(("grapevine_", "g"))
