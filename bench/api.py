"""Asks the addresses for machines whatever their description allows, and much that it does not (Schemathesis).

    .venv/bin/python -m bench.api [--examples 25]

Schemathesis is not among what the tests need: `pip install schemathesis` brings its command, `st`. One check
is left out: that whatever fits the description is taken. A dose has to fit a strength and the clinic's limits, and
no description can say so.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile

from bench.desk import open_desk

LEFT_OUT = "positive_data_acceptance"


def main() -> None:
    """Start a desk, let Schemathesis ask it, and leave with its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", default="25")
    options = parser.parse_args()
    program = shutil.which("st")
    if program is None:
        sys.exit("bench.api: no 'st' is there. Install it: pip install schemathesis.")
    with open_desk() as port, tempfile.TemporaryDirectory() as folder:
        address = f"http://127.0.0.1:{port}/api/v1/openapi.json"
        command = [program, "run", address, "--max-examples", options.examples, "--exclude-checks", LEFT_OUT]
        done = subprocess.run(command, cwd=folder, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
