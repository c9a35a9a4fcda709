"""Annotates units in one worker process: rows in, replies asked for, many at once, whole units written.

A unit is read twice: first for its questions, then to write its rows, so that no image waits in memory for the
slowest reply of its unit. What is held is the rows in flight, and annotations, some kilobytes each.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import threading
import weakref
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from annotate import prompt
from annotate.annotator import Result, annotate, seed_of
from annotate.engine import Engine, EngineError, EngineGone, Request
from annotate.provenance import cache_key
from annotate.signals import SIGNALS, STAGE, columns
from curation import output, storage
from curation.annotation.cache import Cache
from curation.annotation.prepare import Prepared, annotated, prepare
from curation.annotation.progress import Pulse
from curation.annotation.settings import Settings
from curation.assess import Outcome
from curation.commit import commit
from curation.shards.plan import read_unit
from curation.shards.schema import ANNOTATED, REJECTED_REPLIES, Row
from curation.shards.unit import Unit
from filters.image import tune_process

AHEAD = 32
"""Rows read and measured beyond those in flight, so that a free slot finds its next question waiting."""

READ = 8
"""Rows read at a time."""

OPEN = 16
"""Units may be open until they hold this many rows a slot: one slow reply does not stop the others."""

T = TypeVar("T")


@dataclass(frozen=True)
class Done:
    """What is known of a row whose image is gone from memory again. `annotation` is JSON text: the smallest form."""

    outcome: Outcome
    annotation: str | None = None


class Worker:
    """One engine, its event loop in a thread, and threads for what costs processor time. Raises EngineError."""

    def __init__(self, settings: Settings):
        tune_process()
        self.settings = settings
        self.prompt = prompt.load(settings.language)
        self.engine: Engine = settings.build()
        self.cache = Cache(settings.cache or storage.join(output.work_folder(settings.output), "replies"))
        self.pulse = Pulse(settings.output)
        self._cores, self._files = ThreadPoolExecutor(os.cpu_count()), ThreadPoolExecutor(16)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        weakref.finalize(self, _stop, self._loop, self.engine)
        self._wait(self.engine.start())

    def annotate(self, units: Sequence[Unit]) -> list[int]:
        """Annotate and write `units`; those that are written already are passed over. Returns their numbers.

        Raises EngineGone if the engine stopped answering, OSError if files cannot be written.
        """
        return self._wait(self._annotate(units))

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _annotate(self, units: Sequence[Unit]) -> list[int]:
        self._admitted = asyncio.Semaphore(self.settings.slots + AHEAD)
        self._open = asyncio.Semaphore(max(1, OPEN * self.settings.slots // max(unit.rows for unit in units)))
        try:
            async with self.pulse.beating(self._files), asyncio.TaskGroup() as group:
                for unit in units:
                    await self._begin(unit, group)
        except BaseExceptionGroup as errors:
            raise _first(errors) from None
        return [unit.number for unit in units]

    async def _begin(self, unit: Unit, group: asyncio.TaskGroup) -> None:
        """Start a task for each row of the unit, and one that writes it when all are done."""
        if await self._file(storage.exists, output.marker(self.settings.output, unit.number)):
            return
        await self._open.acquire()
        rows, tasks = read_unit(unit), list[asyncio.Task[Done]]()
        while batch := await self._file(_take, rows):
            for row in batch:
                await self._admitted.acquire()
                tasks.append(group.create_task(self._row(unit.number, self._prepared(row))))
        group.create_task(self._finish(unit, tasks))

    def _prepared(self, row: Row) -> asyncio.Future[Prepared]:
        wants = self.engine.wants_picture, self.settings.engine == "embedded", self.settings.ocr
        return self._loop.run_in_executor(self._cores, prepare, row, *wants)

    async def _row(self, number: int, prepared: asyncio.Future[Prepared]) -> Done:
        try:
            done, result = await self._answer(await prepared)
        finally:
            self._admitted.release()
        self.pulse.count(number, result)
        return done

    async def _answer(self, asked: Prepared) -> tuple[Done, Result]:
        """What came of a row. Whatever is wrong with it alone is in its outcome."""
        outcome, digest = asked.outcome, asked.outcome.sha256
        if outcome.failed or digest is None:
            return Done(outcome), Result(None)
        raw, known, seed = asked.raw_caption, asked.known_text, seed_of(digest)
        question = Request(outcome.key, self.prompt, asked.picture, asked.evidence, raw, seed, 0, known)
        try:
            result = await self._ask(cache_key(digest, self.prompt, raw, self.engine.model, known), question)
        except (EngineGone, EngineError, OSError):
            raise
        except Exception as error:  # ItemError says what; anything else of one row must not end the run either
            return Done(outcome.fail(STAGE, error)), Result(None)
        text = json.dumps(result.annotation, ensure_ascii=False) if result.annotation is not None else None
        return Done(_judged(outcome, result), text), result

    async def _ask(self, key: str, question: Request) -> Result:
        if self.settings.engine == "embedded":  # cheaper to write anew than to keep
            return await annotate(self.engine, question, [], _forget)
        async with self.cache.held(key):
            known = await self._file(self.cache.get, key)
            return await annotate(
                self.engine, question, known, lambda replies: self._file(self.cache.put, key, list(replies))
            )

    async def _finish(self, unit: Unit, tasks: list[asyncio.Task[Done]]) -> None:
        done = [await task for task in tasks]
        await self._file(self._write, unit, done)
        self.pulse.forget(unit.number)
        self._open.release()

    def _write(self, unit: Unit, done: Sequence[Done]) -> None:
        rows = ((_written(row, each), each.outcome) for row, each in zip(read_unit(unit), done, strict=True))
        also = self.pulse.of(unit.number)
        commit(self.settings.output, self.settings.format, unit, columns(), rows, ANNOTATED, REJECTED_REPLIES, also)

    def _file(self, function: Any, *arguments: Any) -> asyncio.Future[Any]:
        """`function` in a thread of its own: files may lie far away."""
        return self._loop.run_in_executor(self._files, function, *arguments)


def _judged(outcome: Outcome, result: Result) -> Outcome:
    known = {signal.name for signal in SIGNALS}
    signals = {f"{STAGE}.{name}": value for name, value in result.signals.items() if name in known}
    outcome = replace(outcome, signals=signals)
    if result.error is None:
        return outcome
    return replace(outcome.reject(STAGE, "cannot be annotated", *result.error), reply=result.reply)


def _written(row: Row, done: Done) -> Row:
    return annotated(row, done.annotation) if done.annotation is not None else row


def _take(rows: Iterator[Row]) -> list[Row]:
    return list(itertools.islice(rows, READ))


async def _forget(replies: Sequence[Any]) -> None:
    """Replies that are not kept."""


def _first(errors: BaseExceptionGroup[Any]) -> BaseException:
    """The first single error of a group; that the engine is gone goes before what followed from it."""
    flat = list(_flat(errors))
    return next((error for error in flat if isinstance(error, EngineGone | EngineError)), flat[0])


def _flat(errors: BaseExceptionGroup[Any]) -> Iterator[BaseException]:
    for error in errors.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _flat(error)
        else:
            yield error


def _stop(loop: asyncio.AbstractEventLoop, engine: Engine) -> None:
    """Let go of connections while the loop still runs."""
    if loop.is_running():
        asyncio.run_coroutine_threadsafe(engine.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
