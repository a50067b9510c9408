"""What ``import botoses_guard`` costs a program that has boto3 already.

python -m tests.benchmarks.import_time
"""

import os
import statistics
import subprocess
import sys

SCRIPT = (
    "import time, boto3; begin = time.perf_counter(); import botoses_guard;"
    "print((time.perf_counter() - begin) * 1e3)"
)


def milliseconds() -> float:
    # As installed by pip, which compiles: the first run writes what the others read.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", SCRIPT]
    return float(subprocess.run(command, capture_output=True, check=True, env=environment).stdout)


def main() -> None:
    milliseconds()
    times = [milliseconds() for _ in range(15)]
    print(f"import botoses_guard after boto3: {statistics.median(times):.1f} ms (median of 15)")


if __name__ == "__main__":
    main()
