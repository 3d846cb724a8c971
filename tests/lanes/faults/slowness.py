"""How much of a core this process gets: limits in seconds are those of a machine that has nothing else to do."""

import time

SAMPLE_SECONDS = 0.3


def slowness() -> float:
    """1 on an idle machine; 3 where each second of work takes three, because others are at work as well."""
    wall, cpu = time.perf_counter(), time.process_time()
    while time.process_time() - cpu < SAMPLE_SECONDS:
        sum(range(1000))
    return max(1.0, (time.perf_counter() - wall) / SAMPLE_SECONDS)
