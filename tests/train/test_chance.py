import torch

from train.chance import Chance, mixed

SHAPE = torch.Size((2, 4, 4))


def test_draws_are_a_function_of_seed_step_and_number() -> None:
    one, again = Chance(0, 1, 2).draw(SHAPE), Chance(0, 1, 2).draw(SHAPE)
    assert torch.equal(one.noise, again.noise)
    assert (one.normal, one.uniform) == (again.normal, again.uniform)
    others = [Chance(*place).draw(SHAPE) for place in ((1, 1, 2), (0, 2, 2), (0, 1, 1), (0, 2, 1))]
    assert len({one.uniform, *(other.uniform for other in others)}) == 5


def test_time_and_caption_do_not_hang_on_the_shape() -> None:
    one, other = Chance(0, 1, 2).draw(SHAPE), Chance(0, 1, 2).draw(torch.Size((2, 8, 4)))
    assert (one.normal, one.uniform) == (other.normal, other.uniform)


def test_noise_is_standard_normal() -> None:
    noise = torch.stack([Chance(0, 0, number).draw(SHAPE).noise for number in range(200)])
    assert abs(float(noise.mean())) < 0.05
    assert abs(float(noise.std()) - 1) < 0.05


def test_seeds_of_neighbours_are_unrelated() -> None:
    assert len({mixed(a, b) for a in range(20) for b in range(20)}) == 400
