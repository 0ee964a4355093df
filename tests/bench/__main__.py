"""Measure speed and size, each beside something to compare it with, in one run.

usage: python -m tests.bench [events] [questions…]

Nothing here passes or fails: machines differ, so read the ratios.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from rich.console import Console

from tests.bench import answering, importing, uptake
from tests.bench.events import measure_events

EVENTS = 2_000
QUESTIONS = (1_000, 10_000, 100_000)
# To fill a database takes minutes beyond this many questions.
MOST_HELD = 100_000


def main(arguments: list[str]) -> None:
    """Run every measurement and print a table each."""
    console = Console()
    events = int(arguments[0]) if arguments else EVENTS
    sizes = tuple(int(a) for a in arguments[1:]) or QUESTIONS
    for table in measure_events(events):
        console.print(table)
    console.print(answering.table(sizes))
    console.print(uptake.table(tuple(n for n in sizes if n <= MOST_HELD)))
    # A child's most memory counts its parent's on Linux, and this process is full now.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        console.print(process.submit(importing.table).result())


if __name__ == "__main__":
    main(sys.argv[1:])
