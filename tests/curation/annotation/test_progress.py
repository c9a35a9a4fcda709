"""The line a person watches while a job goes on."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from annotate.annotator import Result
from curation import storage
from curation.annotation.progress import Progress, Pulse, _spoken
from curation.output import marker


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def beat(output: Path, pulse: Pulse, unit: int, images: int) -> None:
    for _ in range(images):
        pulse.count(unit, Result({}, signals={"completion_tokens": 300.0, "replies": 2.0}, bad=1))
    held = {str(unit): pulse.of(unit)}
    storage.write_atomic(str(output / "work/pulse/here.json"), json.dumps(held).encode())


def test_written_units_and_those_under_way_are_counted_once(tmp_path: Path) -> None:
    with Progress(str(tmp_path), 1_000, io.StringIO()) as progress:
        assert progress.line() == "0 of 1,000 images"
        pulse = Pulse(str(tmp_path))
        beat(tmp_path, pulse, 3, 40)
        line = progress.line()
        assert line.startswith("40 of 1,000 images · ")
        assert "tokens/s" in line
        assert "50.0% of replies invalid" in line
        assert line.endswith(" left")
        storage.write_atomic(marker(str(tmp_path), 3), json.dumps(pulse.of(3)).encode())
        assert progress.line().startswith("40 of 1,000 images · ")


def test_what_an_earlier_job_did_is_no_speed_of_this_one(tmp_path: Path) -> None:
    storage.write_atomic(marker(str(tmp_path), 0), json.dumps({"images": 600, "tokens": 9, "replies": 600}).encode())
    with Progress(str(tmp_path), 1_000, io.StringIO()) as progress:
        assert progress.line() == "600 of 1,000 images"


def test_pulses_of_killed_workers_go(tmp_path: Path) -> None:
    beat(tmp_path, Pulse(str(tmp_path)), 3, 40)
    with Progress(str(tmp_path), 1_000, io.StringIO()) as progress:
        assert progress.line() == "0 of 1,000 images"


def test_a_terminal_is_left_clean(tmp_path: Path) -> None:
    stream = Terminal()
    with Progress(str(tmp_path), 10, stream):
        pass
    assert stream.getvalue().endswith("\r\033[K")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(40, "40 s"), (100, "2 min"), (1_500, "25 min"), (11_400, "3 h 10 min"), (187_200, "2 d 4 h")],
)
def test_times_are_spoken(seconds: float, said: str) -> None:
    assert _spoken(seconds) == said
