import json
from pathlib import Path

import pytest
import torch

from train.log import BUCKETS, Log, Meter
from train.objective import Outcome
from train.world import World

ALONE = World(0, 1, 1, torch.device("cpu"))


def lines(output: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (output / "log.jsonl").read_text().splitlines()]


def test_means_are_over_samples_not_parts() -> None:
    meter = Meter(torch.device("cpu"))
    few, many = torch.tensor([4.0]), torch.tensor([1.0, 1.0, 1.0])
    meter.add(Outcome(few.mean(), few, torch.tensor([0.1]), 5, {"margin": torch.tensor(8.0)}))
    meter.add(Outcome(many.mean(), many, torch.tensor([0.2, 0.6, 1.0]), 7, {"margin": torch.tensor(0.0)}))
    meter.step(torch.tensor(3.0))
    read = meter.read(ALONE)
    assert read == {
        "loss": 1.75,
        "margin": 2.0,
        "loss_by_time": [2.5, None, 1.0, 1.0],
        "grad_norm": 3.0,
        "flops": 12.0,
    }
    meter.clear()
    meter.add(Outcome(few.mean(), few, torch.tensor([0.0]), 0))
    assert meter.read(ALONE)["loss"] == 4.0


def test_every_time_has_a_bucket() -> None:
    meter = Meter(torch.device("cpu"))
    times = torch.linspace(0, 1, 101)
    meter.add(Outcome(torch.tensor(1.0), torch.ones(101), times, 0))
    assert meter.read(ALONE)["loss_by_time"] == [1.0] * BUCKETS


def test_a_resumed_log_takes_back_what_is_done_again(tmp_path: Path) -> None:
    line = {"loss": 1.0, "loss_by_time": [None, 0.5], "skipped": {}}
    log = Log(str(tmp_path), 0)
    for step in (1, 2, 3):
        log.write({"step": step} | line)
    log.close()
    with open(tmp_path / "log.jsonl", "a") as file:
        file.write('{"step": 4, "lo')  # killed here
    again = Log(str(tmp_path), 2)
    again.write({"step": 3} | line)
    again.close()
    assert [each["step"] for each in lines(tmp_path)] == [1, 2, 3]


def test_tensorboard_has_the_curves(tmp_path: Path) -> None:
    log = Log(str(tmp_path), 0)
    for step in (10, 20):
        log.write({"step": step, "loss": step / 10, "loss_by_time": [None, 0.5], "mfu": None})
    log.close()
    event_accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    board = event_accumulator.EventAccumulator(str(tmp_path / "tensorboard"))
    board.Reload()
    assert [(event.step, event.value) for event in board.Scalars("loss")] == [(10, 1.0), (20, 2.0)]
    assert [event.value for event in board.Scalars("loss_by_time/0.25")] == [0.5, 0.5]


def test_speaks_seldom_but_at_the_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = Log(str(tmp_path), 0)
    line = {"loss": 0.5, "samples_per_s": 10.0, "data_wait": 0.25}
    for step in (1, 2, 3):
        log.speak(line | {"step": step, "skipped": {}, "cut": 0}, 3)
    log.speak(line | {"step": 3, "skipped": {"no caption": 3, "not encoded": 2}, "cut": 1000}, 3)
    log.close()
    told = capsys.readouterr().err.splitlines()
    assert told[1] == "step 3 of 3  loss 0.5000  10.0 samples/s  data wait 25%"
    assert told[2] == told[1] + "  rows skipped 5  captions cut 1,000"
    assert len(told) == 3
