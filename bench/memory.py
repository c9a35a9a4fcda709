"""Peak memory of a run's processes at two sizes of input: it must not grow with it.

    python bench/memory.py [SMALL LARGE]

The same JPEGs, in Parquet shards with row groups of 50, through the default recipe on two worker processes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil

sys.path[0] = str(Path(__file__).parents[1])

from bench import corpus


def main(small: int, large: int) -> None:
    peaks = {count: peak(count) for count in (small, large)}
    for count, (worker, driver) in peaks.items():
        print(f"  {count:>7,} images: worker {worker:7.1f} MB, driver {driver:7.1f} MB", flush=True)
    worker, driver = (peaks[large][i] / peaks[small][i] for i in (0, 1))
    print(f"  worker {worker:.2f} × (at most 1.2 ×), driver {driver:.2f} ×")


def peak(count: int) -> tuple[float, float]:
    """(largest worker, driver): peak resident megabytes of a run over `count` images."""
    source, out = corpus.parquet(count), corpus.ROOT / "build" / "bench" / "out"
    shutil.rmtree(out, ignore_errors=True)
    line = ["run", "--input", str(source), "--output", str(out), "--direct_num_workers", "2"]
    process = subprocess.Popen([sys.executable, "-m", "curation.cli", *line], stdout=subprocess.DEVNULL)
    driver = psutil.Process(process.pid)
    workers, own = 0.0, 0.0
    while process.poll() is None:
        try:
            own = max(own, high_water(driver))
            workers = max([workers, *(high_water(child) for child in driver.children(recursive=True))])
        except psutil.Error:
            pass
        time.sleep(0.2)
    assert process.returncode == 0
    return workers, own


def high_water(process: psutil.Process) -> float:
    """A process's peak resident set so far, in megabytes (Linux keeps it)."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3])) if len(sys.argv) > 2 else main(1000, 10000)
