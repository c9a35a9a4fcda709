from __future__ import annotations

import threading
import time
from concurrent.futures import CancelledError

import pytest

from train.data.crew import Crew


def test_what_is_submitted_is_done_in_order_by_several() -> None:
    crew, meet = Crew(2), threading.Barrier(2)
    assert sorted(future.result(5) for future in [crew.submit(meet.wait) for _ in range(2)]) == [0, 1]
    assert [crew.submit(pow, 2, n).result(5) for n in range(4)] == [1, 2, 4, 8]
    with pytest.raises(ZeroDivisionError):
        crew.submit(divmod, 1, 0).result(5)
    crew.close()


def test_nobody_waits_for_what_was_not_begun() -> None:
    crew, begun = Crew(1), threading.Event()
    busy = crew.submit(lambda: (begun.set(), crew.closed.wait()))
    waiting = crew.submit(time.sleep, 0)
    assert begun.wait(5)
    crew.close()
    assert busy.result(0) == (None, True)
    for future in (waiting, crew.submit(time.sleep, 0)):
        with pytest.raises(CancelledError):
            future.result(0)


def test_a_crew_that_is_let_go_of_ends() -> None:
    before = threading.active_count()
    crew = Crew(3)
    assert threading.active_count() == before + 3
    del crew
    assert threading.active_count() == before
