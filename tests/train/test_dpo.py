import copy
import math
from collections import Counter

import pytest
import torch

from tests.train.small import SIZES, example
from train.chance import Chance
from train.config import Times
from train.dpo import FlowDPO, NoPartners, Pair, margins, pairs
from train.mmdit import MMDiT
from train.objective import FlowLoss

LOSS = FlowLoss(Times(1.0), torch.device("cpu"))
PAIRS: list[Pair] = [(example(number), example(number + 10)) for number in range(3)]


def model() -> MMDiT:
    torch.manual_seed(0)
    return MMDiT(SIZES)


def chances(step: int) -> list[Chance]:
    return [Chance(0, step, number) for number in range(len(PAIRS))]


def test_it_begins_undecided() -> None:
    network = model()
    outcome = FlowDPO(LOSS, copy.deepcopy(network).requires_grad_(False), 100.0)(network, PAIRS, chances(0))
    assert float(outcome.loss.detach()) == pytest.approx(math.log(2), abs=1e-5)
    assert float(outcome.figures["margin"]) == pytest.approx(0, abs=1e-6)


def test_formula() -> None:
    network, reference = model(), model()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter += 0.02
    outcome = FlowDPO(LOSS, reference, 3.0)(network, PAIRS, chances(1))
    expected = 0.0
    for (won, lost), chance in zip(PAIRS, chances(1), strict=True):
        draw = chance.draw(won.latents.shape)
        (win, lose), (win_first, lose_first) = (
            [float(LOSS(each, [side], [draw]).losses.detach()) for side in (won, lost)] for each in (network, reference)
        )
        rise = (win - win_first) - (lose - lose_first)
        expected -= math.log(1 / (1 + math.exp(3.0 / 2 * rise))) / len(PAIRS)
    assert float(outcome.loss.detach()) == pytest.approx(expected, rel=1e-4)


def test_winners_become_likelier_than_losers_and_the_reference_stays() -> None:
    network = model()
    reference = copy.deepcopy(network).requires_grad_(False)
    held = copy.deepcopy(reference.state_dict())
    objective = FlowDPO(LOSS, reference, 50.0)
    optimiser = torch.optim.AdamW(network.parameters(), 2e-3)
    for step in range(40):
        optimiser.zero_grad()
        objective(network, PAIRS, chances(step)).loss.backward()
        optimiser.step()
    with torch.no_grad():
        judged = [objective(network, PAIRS, chances(step)) for step in range(1000, 1010)]
    assert sum(float(each.figures["margin"]) for each in judged) / 10 > 0.01
    assert sum(float(each.figures["preferred"]) for each in judged) / 10 > 0.9
    assert sum(float(each.loss) for each in judged) / 10 < math.log(2)
    assert all(torch.equal(value, held[name]) for name, value in reference.state_dict().items())


def test_margin_is_positive_where_the_winner_fell_more() -> None:
    assert margins(torch.tensor([-2.0, 0.0, -1.0, 1.0])).tolist() == [1.0, 1.0]


def test_pairs_are_matched_by_key() -> None:
    won = [[example(0, key="a"), example(1, key="b")]]
    lost = [[example(2, key="b"), example(3, key="x")]]
    apart = Counter[str]()
    (batch,) = pairs(won, lost, apart)
    assert [(winner.key, loser.key) for winner, loser in batch] == [("b", "b"), ("b", "b")]
    assert apart == {"no partner": 1}


def test_pairs_of_other_keys_are_refused() -> None:
    with pytest.raises(NoPartners, match="no partner of 'a' among the losers"):
        list(pairs([[example(0, key="a")]], [[example(1, key="b")]], Counter()))
