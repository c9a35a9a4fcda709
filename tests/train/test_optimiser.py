import copy
import math

import pytest
import torch
from torch import nn

from train.config import Optimiser
from train.optimiser import Average, adamw, clip, trained


def small() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 6), nn.LayerNorm(6), nn.Linear(6, 1))


def with_gradients(model: nn.Module) -> nn.Module:
    torch.manual_seed(1)
    model(torch.randn(8, 4)).square().sum().backward()
    return model


def test_clip_agrees_with_torch() -> None:
    ours, theirs = with_gradients(small()), with_gradients(small())
    expected = torch.nn.utils.clip_grad_norm_(theirs.parameters(), 0.5)
    assert float(clip(trained(ours), 0.5)) == pytest.approx(float(expected))
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(one.grad, other.grad)


def test_clip_leaves_short_gradients_alone() -> None:
    model = with_gradients(small())
    before = [parameter.grad.clone() for parameter in model.parameters()]
    clip(trained(model), 1e9)
    assert all(torch.equal(old, new.grad) for old, new in zip(before, model.parameters(), strict=True))


def test_clip_reports_what_is_no_number() -> None:
    model = with_gradients(small())
    next(model.parameters()).grad[0, 0] = math.nan
    assert not math.isfinite(clip(trained(model), 1.0))


def test_matrices_decay_and_gains_do_not() -> None:
    model = small()
    optimiser = adamw(model, Optimiser(lr=0.1, weight_decay=0.5))
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    before = copy.deepcopy(model.state_dict())
    optimiser.step()
    for name, value in model.state_dict().items():
        torch.testing.assert_close(value, before[name] * (0.95 if value.dim() > 1 else 1.0))


def test_frozen_parameters_are_not_trained() -> None:
    model = small()
    model[0].requires_grad_(False)
    held = sum(len(group["params"]) for group in adamw(model, Optimiser()).param_groups)
    assert held == 4


def test_average_follows_and_gives_the_model_back() -> None:
    model = small()
    average = Average(model, 0.999)
    started = copy.deepcopy(model.state_dict())
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 1
    average.update(model, 0)  # the decay is at most 1 / 10 here
    moved = copy.deepcopy(model.state_dict())
    with average.within(model):
        for name, value in model.state_dict().items():
            torch.testing.assert_close(value, started[name] + 0.9)
    assert all(torch.equal(value, moved[name]) for name, value in model.state_dict().items())


def test_average_is_given_back_after_an_error() -> None:
    model = small()
    average = Average(model, 0.5)
    with torch.no_grad():
        model[0].weight += 1
    weight = model[0].weight.clone()
    with pytest.raises(KeyError), average.within(model):
        raise KeyError
    assert torch.equal(model[0].weight, weight)
