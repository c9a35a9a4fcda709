"""The folder a job writes to: whose it is, and what it holds while the job goes on.

A job's state lies in `OUT/work` until it is complete. A job that is started again finds it there, and goes on.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from abc import ABC, abstractmethod
from typing import Any

from curation import manifest, storage
from curation.account import Account, Mismatch, account
from curation.mistake import Mistake, one_line
from curation.shards.plan import Plan
from curation.shards.unit import part


class OutputError(Mistake):
    """The output folder cannot be used."""


def unwritable(output: str, error: OSError) -> OutputError:
    return OutputError(f"cannot write to {output}: {error.strerror or one_line(error)}; choose another output")


def work_folder(output: str) -> str:
    """Where a job keeps what only it and its resumption need; gone when it is complete."""
    return storage.join(output, "work")


def marker(output: str, number: int) -> str:
    """The file that says a unit is done: counts, as JSON."""
    return storage.join(work_folder(output), "done", part(number) + ".json")


def markers(output: str) -> list[str]:
    """Those of all units that are done."""
    return storage.files(storage.join(work_folder(output), "done"), ".json")


def check_paths(input: str, output: str) -> None:
    """Raises OutputError if one of them is out of reach, or writing to `output` would overwrite input or a file."""
    for path in (input, output):
        try:
            storage.exists(path)
        except OSError as error:  # of an object store: no such bucket, no right to it
            raise OutputError(f"cannot reach {path}: {one_line(error)}") from error
    if storage.is_remote(input) != storage.is_remote(output):
        return
    source, target = (path.rstrip("/") for path in (input, output))
    if not storage.is_remote(source):
        source, target = os.path.realpath(source), os.path.realpath(target)
    if storage.is_folder(input) and (target == source or target.startswith(source + "/")):
        raise OutputError(f"the output {output} lies inside the input {input}: put it elsewhere")
    if os.path.exists(target) and not os.path.isdir(target):
        raise OutputError(f"the output {output} is a file: name a folder")


class Job(ABC):
    """What `complete` does in an output folder: `record` is its manifest so far, `plan` its input.

    `format` is that of its shards, None where it writes none.
    """

    output: str
    format: str | None
    plan: Plan
    record: dict[str, Any]

    @abstractmethod
    def execute(self, done: set[int]) -> None:
        """Write all units but those whose number is in `done`."""

    @abstractmethod
    def publish(self, record: dict[str, Any], total: Account) -> None:
        """Write the manifest, `record` and the counts, and then what is drawn from it."""

    @abstractmethod
    def draw(self) -> None:
        """Write the report."""


def complete(job: Job) -> Account:
    """Do a job, or finish what an earlier, killed one began.

    Raises OutputError if its folder holds another job or cannot be written to, Mismatch if rows were lost.
    """
    if _is_complete(job.output, job.record):
        if storage.is_folder(work_folder(job.output)):  # killed between the manifest and the end
            job.draw()
            _clean(job.output)
        print(f"{job.output} is complete already: same recipe, same input", file=sys.stderr)
        return _account(job)
    _claim(job.output, job.record)
    try:
        done = {unit.number for unit in job.plan.units if storage.exists(marker(job.output, unit.number))}
        if len(done) < len(job.plan.units):
            job.execute(done)
        total = _account(job)
        job.publish(job.record | {"status": "complete", "finished": manifest.now()}, total)
    except BaseException as error:
        failed = {"status": "failed", "error": f"{type(error).__name__}: {error}", "finished": manifest.now()}
        manifest.save(job.output, job.record | failed)
        raise
    _clean(job.output)
    return total


def _account(job: Job) -> Account:
    missing = [unit.number for unit in job.plan.units if not _written(job.output, unit.number)]
    if missing:
        raise Mismatch(f"{len(missing)} of {len(job.plan.units)} units were not written, {part(missing[0])} first")
    return account(job.output, job.format, [unit.rows for unit in job.plan.units])


def _written(output: str, number: int) -> bool:
    return storage.exists(storage.join(output, "signals", part(number) + ".parquet"))


def _state(output: str) -> str:
    """Where a job that is not complete says what it is."""
    return storage.join(work_folder(output), "run.json")


def _difference(one: dict[str, Any], other: dict[str, Any]) -> str | None:
    """What makes two manifests different jobs; None if one may go on where the other stopped."""
    if one.get("recipe_hash") != other["recipe_hash"]:  # a chain of recipes has none
        return "its recipe is another"
    if one["input"]["hash"] != other["input"]["hash"]:
        return "its input is another, or has changed since"
    if one["version"] != other["version"] or one["versions"] != other["versions"] or one["models"] != other["models"]:
        return "it was made with other versions"
    return None


def held(output: str, command: str) -> dict[str, Any] | None:
    """The manifest of the job that `output` holds, whatever its status; None if it holds none.

    Raises OutputError if it is not one of `curation COMMAND`.
    """
    record, state = manifest.load(output), _state(output)
    if record is None or record["status"] != "complete":
        record = json.loads(storage.read_bytes(state)) if storage.exists(state) else record
    if record is None:
        taken = [name for name in ("shards", "signals", "rejects") if storage.is_folder(storage.join(output, name))]
        if taken:
            raise OutputError(f"{output} holds {taken[0]}/ that no run of ours made: choose another output")
        return None
    if record.get("command") != command:
        raise OutputError(f"{output} holds the output of `curation {record.get('command')}`: choose another output")
    return record


def _is_complete(output: str, record: dict[str, Any]) -> bool:
    """Whether `output` holds this very job, complete. Raises OutputError if it holds another, whatever its status."""
    found = held(output, record["command"])
    if found is None:
        return False
    if difference := _difference(found, record):
        raise OutputError(f"{output} holds another run, {difference}: choose another output, or delete it")
    return bool(found["status"] == "complete")


def _claim(output: str, record: dict[str, Any]) -> None:
    """Mark the output as this job's; what an undone one left half-written goes."""
    try:
        _remove_temporary(output)
        storage.write_atomic(_state(output), json.dumps(record).encode())
    except OSError as error:
        raise unwritable(output, error) from error


def _clean(output: str) -> None:
    """Remove what only a resumed job needs."""
    work = work_folder(output)
    if storage.is_remote(work):
        storage.remove([file.path for file in storage.walk(work)])
    else:
        shutil.rmtree(work, ignore_errors=True)
        _remove_temporary(output)


def _remove_temporary(output: str) -> None:
    if not storage.is_remote(output) and os.path.isdir(output):
        leftovers = [file.path for file in storage.walk(output)]
        storage.remove([path for path in leftovers if os.path.basename(path).startswith(storage.TEMPORARY)])
