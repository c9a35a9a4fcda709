"""Agreement with diffusers' class, which is the reference: outputs, gradients, names, files."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from train.example import Example, Packed, Shape, pack
from train.mmdit import Config, MMDiT, flops, image_positions, initialise, text_positions

diffusers = pytest.importorskip("diffusers")

SIZES: dict[str, Any] = {
    "num_layers": 3,
    "num_attention_heads": 2,
    "attention_head_dim": 32,
    "joint_attention_dim": 48,
    "axes_dims_rope": (8, 12, 12),
}
CONFIG = Config(**SIZES)

SQUARE: tuple[Shape, ...] = ((1, 8, 8),)
ODD: tuple[Shape, ...] = ((1, 7, 12),)
EDIT: tuple[Shape, ...] = ((1, 8, 8), (1, 6, 11), (1, 3, 3))


@pytest.fixture(scope="module")
def reference() -> Any:
    """Diffusers' model with weights of such sizes that every part of it matters."""
    generator = torch.Generator().manual_seed(3)
    model = diffusers.QwenImageTransformer2DModel(**SIZES)
    for weight in model.parameters():
        noise = torch.randn(weight.shape, generator=generator)
        weight.data.copy_(noise / math.sqrt(weight.shape[1]) if weight.dim() > 1 else 0.5 + 0.3 * noise)
    return model


@pytest.fixture
def ours(reference: Any) -> MMDiT:
    model = MMDiT(CONFIG)
    model.load_state_dict(reference.state_dict())
    return model


def row(*samples: tuple[tuple[Shape, ...], int]) -> Packed:
    """Samples of these pictures and of so many text tokens, of random content."""
    generator = torch.Generator().manual_seed(5)
    image = sum(math.prod(shape) for shapes, _ in samples for shape in shapes)
    return Packed(
        torch.randn(image, 64, generator=generator),
        torch.randn(sum(length for _, length in samples), 48, generator=generator),
        tuple(shapes for shapes, _ in samples),
        tuple(length for _, length in samples),
    )


def alone(model: nn.Module, packed: Packed, times: Tensor) -> Tensor:
    """What diffusers says of each sample by itself, where it has nothing to pad."""
    counts = [sum(map(math.prod, shapes)) for shapes in packed.shapes]
    said = [
        model(
            hidden_states=image[None],
            encoder_hidden_states=text[None],
            timestep=time[None],
            img_shapes=[list(shapes)],
            return_dict=False,
        )[0][0]
        for image, text, time, shapes in zip(
            packed.image.split(counts), packed.text.split(packed.lengths), times, packed.shapes, strict=True
        )
    ]
    return torch.cat(said)


def drawn(count: int) -> Tensor:
    return torch.rand(count, generator=torch.Generator().manual_seed(8))


ROWS = {
    "square": row((SQUARE, 13), (SQUARE, 13)),
    "odd": row((ODD, 9)),
    "texts of different lengths": row((SQUARE, 13), (SQUARE, 1), (SQUARE, 40)),
    "pictures of different shapes": row((SQUARE, 6), (ODD, 6)),
    "an edit": row((EDIT, 21)),
    "all of it": row((SQUARE, 13), (ODD, 4), (EDIT, 21), (((1, 2, 1),), 30)),
}


@pytest.mark.parametrize("packed", ROWS.values(), ids=ROWS)
def test_a_row_says_what_diffusers_says_of_each_sample_alone(reference: Any, ours: MMDiT, packed: Packed) -> None:
    times = drawn(len(packed.shapes))
    expected, result = alone(reference, packed, times), ours(packed, times)
    assert (result - expected).abs().max() <= 1e-5 * expected.abs().max().clamp(min=1)
    goal = torch.randn(expected.shape, generator=torch.Generator().manual_seed(9))
    reference.zero_grad()
    (expected * goal).mean().backward()
    (result * goal).mean().backward()
    theirs = {name: weight.grad for name, weight in reference.named_parameters()}
    for name, weight in ours.named_parameters():
        if weight.requires_grad:
            assert weight.grad is not None, name
            scale = max(1.0, theirs[name].abs().max().item())
            assert (weight.grad - theirs[name]).abs().max() <= 1e-5 * scale, name


def test_long_samples_take_the_other_way(monkeypatch: pytest.MonkeyPatch, reference: Any, ours: MMDiT) -> None:
    monkeypatch.setattr("train.attention.SMALL", 0)
    packed, times = ROWS["all of it"], drawn(4)
    expected, result = alone(reference, packed, times), ours(packed, times)
    assert (result - expected).abs().max() <= 1e-5 * expected.abs().max().clamp(min=1)


def test_the_frozen_weights_are_those_without_gradient(reference: Any, ours: MMDiT) -> None:
    reference.zero_grad()
    alone(reference, ROWS["all of it"], drawn(4)).square().mean().backward()
    dead = {name for name, weight in reference.named_parameters() if weight.grad is None or not weight.grad.any()}
    assert dead == {name for name, weight in ours.named_parameters() if not weight.requires_grad}
    assert len(dead) == 2 + 1 + 2 + 4


def test_bf16_agrees_as_far_as_it_can(reference: Any, ours: MMDiT) -> None:
    packed, times = ROWS["all of it"], drawn(4)
    exact = alone(reference, packed, times)
    half = Packed(packed.image.bfloat16(), packed.text.bfloat16(), packed.shapes, packed.lengths)
    theirs = diffusers.QwenImageTransformer2DModel(**SIZES).bfloat16()
    theirs.load_state_dict(reference.state_dict())
    expected, result = alone(theirs, half, times.bfloat16()).float(), ours.bfloat16()(half, times).float()
    apart = (expected - exact).square().mean().sqrt()  # what bf16 costs diffusers
    assert (result - expected).square().mean().sqrt() < apart


def test_autocast_agrees_as_far_as_it_can(reference: Any, ours: MMDiT) -> None:
    for name in ("square", "all of it"):
        packed = ROWS[name]
        exact = ours(packed, times := drawn(len(packed.shapes)))
        with torch.autocast("cpu", torch.bfloat16):
            result, expected = ours(packed, times), alone(reference, packed, times)
        apart = (expected - exact).square().mean().sqrt()
        assert (result - exact).square().mean().sqrt() < 1.5 * apart
        result.float().square().mean().backward()


def test_samples_do_not_see_each_other(ours: MMDiT) -> None:
    packed, times = ROWS["all of it"], drawn(4)
    before = ours(packed, times)
    text = packed.text.clone()
    text[13:17] += 1  # the second sample's
    changed = (ours(Packed(packed.image, text, packed.shapes, packed.lengths), times) != before).any(1)
    counts = [64, 84, 64 + 66 + 9, 2]
    assert [part.any().item() for part in changed.split(counts)] == [False, True, False, False]


def test_the_released_model_has_the_published_names_and_shapes() -> None:
    with torch.device("meta"):
        ours, theirs = MMDiT(Config()), diffusers.QwenImageTransformer2DModel()
    shapes = {name: weight.shape for name, weight in ours.state_dict().items()}
    assert shapes == {name: weight.shape for name, weight in theirs.state_dict().items()}
    assert len(shapes) == 1933
    assert sum(map(math.prod, shapes.values())) == 20_430_401_088


def test_positions() -> None:
    assert image_positions(((1, 2, 3), (1, 1, 1))).tolist() == [
        [0, -1, -2], [0, -1, -1], [0, -1, 0], [0, 0, -2], [0, 0, -1], [0, 0, 0], [1, -1, -1],
    ]  # fmt: skip
    assert text_positions(2, ((1, 2, 3), (1, 8, 1))).tolist() == [[4, 4, 4], [5, 5, 5]]


def test_a_new_model_says_nothing_and_learns(ours: MMDiT) -> None:
    initialise(ours, torch.Generator().manual_seed(1))
    packed, times = ROWS["all of it"], drawn(4)
    assert not ours(packed, times).any()
    goal = torch.randn(packed.image.shape, generator=torch.Generator().manual_seed(2))
    optimiser = torch.optim.Adam(ours.parameters(), 3e-3)
    losses = []
    for _ in range(15):
        loss = (ours(packed, times) - goal).square().mean()
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]
    again = MMDiT(CONFIG)
    initialise(again, torch.Generator().manual_seed(1))
    initialise(ours, torch.Generator().manual_seed(1))
    assert all(torch.equal(one, other) for one, other in zip(again.parameters(), ours.parameters(), strict=True))


@pytest.mark.parametrize("name", ROWS)
def test_flops_are_those_that_torch_counts(monkeypatch: pytest.MonkeyPatch, ours: MMDiT, name: str) -> None:
    monkeypatch.setattr("train.attention.SMALL", 0)  # else there are products that only spread vectors over tokens
    packed = ROWS[name]
    plain = sdpa_kernel(SDPBackend.MATH)  # torch does not count what the CPU's fused attention does
    with FlopCounterMode(display=False) as counter, plain, torch.no_grad():
        ours(packed, drawn(len(packed.shapes)))
    assert flops(CONFIG, packed) == pytest.approx(counter.get_total_flops(), rel=1e-6)


def test_examples_pack_to_a_row_the_model_takes(ours: MMDiT) -> None:
    packed = pack([Example("a", torch.zeros(16, 8, 6), torch.ones(3, 48))])
    assert ours(packed, torch.tensor([0.5])).shape == (12, 64)
