"""What Beam costs: a run of the default recipe on two worker processes, against a multiprocessing pool.

    python bench/beam.py [COUNT]

The pool calls the same functions on the same units: fingerprint each, group in this process, judge each. CPU
seconds are those of all processes, starting them included; busy is CPU seconds over wall seconds.
"""

from __future__ import annotations

import multiprocessing
import resource
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])

from bench import corpus
from curation import duplicates, judge, pipeline
from curation.output import work_folder
from curation.recipe import Recipe, load
from curation.shards.plan import make_plan
from filters.duplicates import bands_to_agree

WORKERS = 2


def main(count: int) -> None:
    source, out = corpus.parquet(count), corpus.ROOT / "build" / "bench" / "out"
    recipe = load("", str(source), str(out), [])
    pool = measured(partial(by_pool, recipe), out)
    beam = measured(partial(by_beam, recipe), out)
    print(f"{count} images, {WORKERS} processes")
    for name, (cpu, wall) in (("multiprocessing pool", pool), ("Beam", beam)):
        print(f"  {name:<22}{cpu:8.1f} CPU-s  {cpu / wall:.2f} cores busy")
    print(f"  Beam's own overhead {beam[0] / pool[0] - 1:+.1%} (at most +10 %)")


def measured(work: Callable[[], object], out: Path) -> tuple[float, float]:
    """(CPU seconds of this process and its children, wall seconds)."""
    shutil.rmtree(out, ignore_errors=True)
    began, cpu = time.monotonic(), used()
    work()
    return used() - cpu, time.monotonic() - began


def used() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def by_beam(recipe: Recipe) -> None:
    line = ["run", "--input", recipe.input, "--output", recipe.output, "--direct_num_workers", str(WORKERS)]
    subprocess.run([sys.executable, "-m", "curation.cli", *line], check=True, stdout=subprocess.DEVNULL)


def by_pool(recipe: Recipe) -> None:
    """The run without Beam, report and manifest: in a process of its own, as the run is."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=pool_run, args=(recipe,))
    process.start()
    process.join()
    assert process.exitcode == 0


def pool_run(recipe: Recipe) -> None:
    units = make_plan(recipe.input).units
    _, dedup, _ = judge.split(recipe.stages)
    assert dedup is not None
    work = work_folder(recipe.output)
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        found = pool.map(partial(fingerprints, recipe=recipe), units, chunksize=1)
        drops = defaultdict(dict)
        for number, (row, *drop) in grouped([pair for part in found for pair in part], dedup, work):
            drops[number][row] = tuple(drop)
        pool.starmap(partial(judged, recipe=recipe), [(unit, drops[unit.number]) for unit in units], chunksize=1)


def grouped(pairs, dedup, work):  # type: ignore[no-untyped-def]
    """What GroupDuplicates does, with dictionaries for shuffles."""
    agree = bands_to_agree(len(pairs), dedup.max_distance)
    found = [item for group in by_key(pairs) for item in duplicates.match_equal(group, dedup, work)]
    leaders = [item for item in found if duplicates.is_leader(item)]
    banded = [pair for leader in leaders for pair in duplicates.to_bands(leader, dedup.max_distance, agree)]
    near = [edge for band in by_key(banded) for edge in duplicates.match_near(band, dedup, work, agree)]
    edges = [item for item in found if duplicates.is_edge(item)] + near
    return duplicates.choose_best((None, edges), dedup, work)


def by_key(pairs):  # type: ignore[no-untyped-def]
    groups = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return list(groups.items())


def fingerprints(unit, recipe):  # type: ignore[no-untyped-def]
    return list(pipeline.fingerprints(unit, recipe))


def judged(unit, drops, recipe):  # type: ignore[no-untyped-def]
    judge.judge(unit, recipe, drops)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
