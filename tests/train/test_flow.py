"""Rectified flow against diffusers' scheduler, and on targets whose velocity is known exactly."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from train import flow

SCHEDULER = {
    "base_image_seq_len": 256,
    "base_shift": 0.5,
    "invert_sigmas": False,
    "max_image_seq_len": 8192,
    "max_shift": 0.9,
    "num_train_timesteps": 1000,
    "shift": 1.0,
    "shift_terminal": 0.02,
    "time_shift_type": "exponential",
    "use_dynamic_shifting": True,
}
"""The scheduler's config of the released Qwen-Image."""


@pytest.mark.parametrize("side", [64, 256, 640, 1328, 2048])
@pytest.mark.parametrize("count", [2, 25, 50])
def test_sampling_times_are_those_of_the_released_scheduler(side: int, count: int) -> None:
    from diffusers import FlowMatchEulerDiscreteScheduler
    from diffusers.pipelines.qwenimage.pipeline_qwenimage import calculate_shift

    tokens = (side // 16) ** 2
    names = ("base_image_seq_len", "max_image_seq_len", "base_shift", "max_shift")
    scheduler = FlowMatchEulerDiscreteScheduler(**SCHEDULER)
    mu = calculate_shift(tokens, *(SCHEDULER[name] for name in names))
    scheduler.set_timesteps(sigmas=np.linspace(1, 1 / count, count), mu=mu)
    assert flow.steps(count, flow.dynamic_shift(tokens)) == pytest.approx(scheduler.sigmas.tolist(), abs=1e-6)


def test_shift_at_both_ends() -> None:
    assert math.log(flow.dynamic_shift(256)) == pytest.approx(0.5)
    assert math.log(flow.dynamic_shift(8192)) == pytest.approx(0.9)


@given(st.integers(1, 60), st.floats(0.2, 10))
def test_times_fall_from_1_to_0(count: int, shift: float) -> None:
    times = flow.steps(count, shift)
    assert len(times) == count + 1
    assert (times[0], times[-1]) == (pytest.approx(1), 0)
    assert all(early > late for early, late in pairwise(times))
    assert count == 1 or times[-2] == pytest.approx(flow.TERMINAL)


def test_training_times_are_logit_normal() -> None:
    normal = torch.randn(200_000, generator=torch.Generator().manual_seed(0))
    plain, moved = flow.times(normal, 1.0), flow.times(normal, 3.0)
    assert plain.min() > 0
    assert moved.max() < 1
    assert torch.logit(plain).mean() == pytest.approx(0, abs=0.01)
    assert torch.logit(plain).std() == pytest.approx(1, abs=0.01)
    assert torch.logit(moved.double()).mean() == pytest.approx(math.log(3), abs=0.01)  # a shift moves the logit
    each = flow.times(normal[:2], torch.tensor([1.0, 3.0]))
    assert each.tolist() == [plain[0].item(), moved[1].item()]


def test_noised_lies_on_the_line_that_the_target_goes_along() -> None:
    latents, noise = torch.randn(2, 5, 4, generator=torch.Generator().manual_seed(1)).double()
    times = torch.rand(5, 1, generator=torch.Generator().manual_seed(2)).double()
    there = flow.noised(latents, noise, times)
    torch.testing.assert_close(there - times * flow.target(latents, noise), latents)
    torch.testing.assert_close(there + (1 - times) * flow.target(latents, noise), noise)


def gaussian(mean: float, std: float) -> flow.Velocity:
    """The exact velocity, E[noise − z | x], where latents z are normal."""

    def velocity(x: torch.Tensor, time: float) -> torch.Tensor:
        variance = (1 - time) ** 2 * std**2 + time**2
        return (time - (1 - time) * std**2) / variance * (x - (1 - time) * mean) - mean

    return velocity


@pytest.mark.parametrize("shift", [1.0, 2.5])
def test_euler_turns_noise_into_the_target(shift: float) -> None:
    noise = torch.randn(50_000, generator=torch.Generator().manual_seed(3)).double()
    made = flow.euler(gaussian(3.0, 0.5), noise, flow.steps(400, shift))
    assert made.mean() == pytest.approx(3.0, abs=0.02)
    assert made.std() == pytest.approx(0.5, rel=0.05)
    rough = flow.euler(gaussian(3.0, 0.5), noise, flow.steps(4, shift))
    assert abs(rough.std() - 0.5) > abs(made.std() - 0.5)


def test_euler_is_exact_where_lines_are_straight() -> None:
    noise, goal = torch.randn(2, 3, 7, generator=torch.Generator().manual_seed(4)).double()
    made = flow.euler(lambda x, time: (x - goal) / time, noise, flow.steps(5, 2.0))
    torch.testing.assert_close(made, goal)


def test_euler_steps_as_the_scheduler_does() -> None:
    from diffusers import FlowMatchEulerDiscreteScheduler

    noise = torch.randn(1, 6, 8, generator=torch.Generator().manual_seed(5))
    scheduler = FlowMatchEulerDiscreteScheduler(**SCHEDULER)
    scheduler.set_timesteps(sigmas=np.linspace(1, 1 / 7, 7), mu=0.5)
    theirs = noise
    for time in scheduler.timesteps:
        theirs = scheduler.step(torch.tanh(theirs) * time / 1000, time, theirs, return_dict=False)[0]
    ours = flow.euler(lambda x, time: torch.tanh(x) * time, noise, flow.steps(7, math.exp(0.5)))
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)


def test_guidance() -> None:
    conditional, unconditional = torch.randn(2, 2, 9, 16, generator=torch.Generator().manual_seed(6))
    torch.testing.assert_close(flow.guided(conditional, unconditional, 1.0), conditional)
    torch.testing.assert_close(flow.guided(conditional, unconditional, 0.0), unconditional)
    further = flow.guided(conditional, unconditional, 4.0)
    torch.testing.assert_close(further - conditional, 3 * (conditional - unconditional))
    kept = flow.true_guided(conditional, unconditional, 4.0)
    torch.testing.assert_close(kept.norm(dim=-1), conditional.norm(dim=-1))
    torch.testing.assert_close(torch.cosine_similarity(kept, further, dim=-1), torch.ones(2, 9))


def test_true_guidance_of_nothing_is_nothing() -> None:
    nothing = torch.zeros(1, 3, 4)
    assert torch.equal(flow.true_guided(nothing, nothing, 4.0), nothing)
