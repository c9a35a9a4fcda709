"""Threads that work ahead, and end when nobody needs them any more.

Those of ThreadPoolExecutor would keep a process that ends with an error waiting for data that never come; daemon
threads left alone abort it, if they are inside of PyTorch or Arrow when the interpreter goes.
"""

from __future__ import annotations

import queue
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

Task = tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]


class Crew:
    """`hands` threads that call what is submitted, in order. Ends by `close`, with the interpreter, or when it is let
    go of; what was not begun is then cancelled, and what waits should look at `closed`."""

    def __init__(self, hands: int):
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._lock, self.closed = threading.Lock(), threading.Event()
        shared = self._tasks, self.closed
        threads = [threading.Thread(target=_work, args=shared, daemon=True) for _ in range(hands)]
        self.close = weakref.finalize(self, _end, *shared, self._lock, threads)
        for thread in threads:
            thread.start()

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """What `function` will have returned or raised."""
        future: Future[Any] = Future()
        with self._lock:  # so that nothing comes after the end
            if self.closed.is_set():
                future.cancel()
            else:
                self._tasks.put((future, function, arguments))
        return future


def _work(tasks: queue.SimpleQueue[Task | None], closed: threading.Event) -> None:
    while (task := tasks.get()) is not None:
        future, function, arguments = task
        if closed.is_set():
            future.cancel()
            continue
        try:
            future.set_result(function(*arguments))
        except BaseException as error:
            future.set_exception(error)
        del task, future, function, arguments  # else the last task lives on while the next is waited for


def _end(
    tasks: queue.SimpleQueue[Task | None],
    closed: threading.Event,
    lock: threading.Lock,
    threads: list[threading.Thread],
) -> None:
    with lock:
        closed.set()
    for _ in threads:
        tasks.put(None)
    for thread in threads:
        thread.join()
