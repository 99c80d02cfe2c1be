"""One server process against two on one PostgreSQL, four people signed in, both sides in one run.

    .venv/bin/python -m scripts.postgres .venv/bin/python -m bench.processes [--rounds 3]

Servers, database and clients share the machine's cores. Prints medians and their ratio.
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench import clinic

ROOT = Path(__file__).resolve().parents[1]
FIRST_PORT, UP_WITHIN_S, ROUND_S = 8941, 30, 4


def server(port: int, home: str) -> subprocess.Popen[bytes]:
    """One process of the clinic at a port, once it answers."""
    told = {"PYTHONPATH": str(ROOT / "src"), "CLINIC_HOME": home, "CLINIC_DEMO": "1"}
    asked = [sys.executable, "-m", "uvicorn", "clinic.site.asgi:application", "--port", str(port)]
    quiet = ["--no-access-log", "--log-level", "warning"]
    process = subprocess.Popen([*asked, *quiet], env=os.environ | told)
    until = time.monotonic() + UP_WITHIN_S
    while time.monotonic() < until:
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            link.request("GET", "/healthz", headers={"Host": "localhost"})
            link.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return process
    process.terminate()
    raise TimeoutError(f"The server at port {port} did not come up.")


def compare(rounds: int, ports: list[int], cookies: list[str], ask: clinic.Ask) -> list[float]:
    """The median rate through one process and through two, in turn."""
    sides = ports[:1], ports
    for each in sides:
        clinic.rate(each, cookies, ask, 1)  # warm
    found = [[clinic.rate(each, cookies, ask, ROUND_S) for each in sides] for _ in range(rounds)]
    return [statistics.median(rates) for rates in zip(*found, strict=True)]


def main() -> None:
    """Both sides for each kind of request."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as place, ExitStack() as running:
        measured = clinic.prepare(Path(place))
        ports = [FIRST_PORT, FIRST_PORT + 1]
        for port in ports:
            process = server(port, place)
            running.callback(process.wait)
            running.callback(process.terminate)
        asked = {
            "open one chart": clinic.get(f"/patients/{measured.patient_id}/chart/"),
            "record one vital sign": clinic.chart_pulse(measured),
        }
        for name, ask in asked.items():
            one, two = compare(rounds, ports, measured.cookies, ask)
            print(f"{name}: one process {one:.0f}/s, two {two:.0f}/s, ratio {two / one:.2f}")


if __name__ == "__main__":
    main()
