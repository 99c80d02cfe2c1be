"""Requests a second of one clinic process, four people signed in, on this machine's own cores.

    .venv/bin/python -m bench.requests [--rounds 3] [--seconds 5]

Server and clients share the cores. Prints the median of the rounds and their range, and what a
request costs the server in processor time, which other work on the machine hardly moves.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from bench import clinic
from tests.faults.clinics import RunningClinic


def measure(
    name: str, server: RunningClinic, cookies: list[str], ask: clinic.Ask, options: object
) -> None:
    """One line for one kind of request."""
    port = server.port()
    clinic.rate([port], cookies, ask, 1)  # warm
    before_s = server.cpu_s()
    rates = [clinic.rate([port], cookies, ask, options.seconds) for _ in range(options.rounds)]
    cpu_ms = (server.cpu_s() - before_s) * 1000 / (sum(rates) * options.seconds)
    median, spread = statistics.median(rates), f"{min(rates):.0f} to {max(rates):.0f}"
    print(f"{name}: {median:.0f}/s ({spread}), {cpu_ms:.1f} ms of processor time each")


def main() -> None:
    """Start a clinic and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        measured = clinic.prepare(Path(place))
        server = RunningClinic(Path(place), ("clinic.site.manage", "demo", "--port", "0"))
        server.start()
        try:
            chart = clinic.get(f"/patients/{measured.patient_id}/chart/")
            measure("open one chart", server, measured.cookies, chart, options)
            pulse = clinic.chart_pulse(measured)
            measure("record one vital sign", server, measured.cookies, pulse, options)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
