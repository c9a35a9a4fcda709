import pytest
import torch

from tests.train.small import SIZES, example
from train import flow
from train.chance import Chance
from train.config import Times
from train.example import pack, tokens
from train.mmdit import MMDiT
from train.objective import FlowLoss, FlowMatching

CPU = torch.device("cpu")


def model() -> MMDiT:
    torch.manual_seed(0)
    return MMDiT(SIZES)


def chances(count: int, step: int = 0, first: int = 0) -> list[Chance]:
    return [Chance(0, step, first + number) for number in range(count)]


def test_loss_is_the_error_of_the_velocity() -> None:
    network, items = model(), [example(0), example(1, 4, 8)]
    draws = [chance.draw(item.latents.shape) for item, chance in zip(items, chances(2), strict=True)]
    result = FlowLoss(Times(3.0), CPU)(network, items, draws)
    for item, draw, loss, time in zip(items, draws, result.losses, result.times, strict=True):
        assert float(time) == pytest.approx(float(flow.times(draw.normal, 3.0)))
        row = pack([type(item)("", flow.noised(item.latents, draw.noise, time), item.text)])
        error = network(row, time[None]) - tokens(draw.noise - item.latents)
        assert float(loss.detach()) == pytest.approx(float(error.detach().square().mean()), rel=1e-5)


def test_each_picture_weighs_the_same() -> None:
    network, items = model(), [example(0), example(1, 8, 8)]
    objective = FlowMatching(FlowLoss(Times(1.0), CPU), 0.0, torch.zeros(1, 8))
    whole = objective(network, items, chances(2))
    single = [float(objective(network, items[n : n + 1], chances(1, first=n)).loss.detach()) for n in (0, 1)]
    assert float(whole.loss.detach()) == pytest.approx(sum(single) / 2, rel=1e-5)


def test_parts_of_a_batch_give_the_gradient_of_the_whole() -> None:
    items = [example(number) for number in range(4)]
    objective = FlowMatching(FlowLoss(Times("dynamic"), CPU), 0.5, torch.zeros(1, 8))
    whole, parted = model(), model()
    objective(whole, items, chances(4)).loss.backward()
    for first in (0, 2):
        (objective(parted, items[first : first + 2], chances(2, first=first)).loss / 2).backward()
    for one, other in zip(whole.parameters(), parted.parameters(), strict=True):
        if one.grad is not None:
            torch.testing.assert_close(one.grad, other.grad, rtol=1e-4, atol=1e-6)


def test_a_share_of_the_captions_is_left_out() -> None:
    seen: list[torch.Tensor] = []

    class Recording(FlowLoss):
        def __call__(self, model, examples, draws):  # type: ignore[no-untyped-def]
            seen.extend(each.text for each in examples)
            return super().__call__(model, examples, draws)

    nothing = torch.full((1, 8), 7.0)
    objective = FlowMatching(Recording(Times(1.0), CPU), 0.25, nothing)
    network = model()
    with torch.no_grad():
        for step in range(25):
            objective(network, [example(number) for number in range(8)], chances(8, step))
    share = sum(text is nothing for text in seen) / len(seen)
    assert 0.15 < share < 0.35


def test_dynamic_shift_goes_by_the_number_of_tokens() -> None:
    loss = FlowLoss(Times("dynamic"), CPU)
    assert loss.shift(256) == pytest.approx(flow.dynamic_shift(256))
    assert loss.shift(4096) > loss.shift(256)
    assert FlowLoss(Times(2.5), CPU).shift(4096) == 2.5


def test_training_lowers_the_loss() -> None:
    network, items = model(), [example(number) for number in range(4)]
    objective = FlowMatching(FlowLoss(Times(1.0), CPU), 0.0, torch.zeros(1, 8))
    optimiser = torch.optim.AdamW(network.parameters(), 5e-3)

    def judged() -> float:
        with torch.no_grad():
            return sum(float(objective(network, items, chances(4, step)).loss) for step in range(1000, 1010))

    before = judged()
    for step in range(60):
        optimiser.zero_grad()
        objective(network, items, chances(4, step)).loss.backward()
        optimiser.step()
    assert judged() < 0.8 * before
