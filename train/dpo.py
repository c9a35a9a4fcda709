"""Flow-DPO: what was preferred becomes likelier, against a frozen copy of the first model.

Direct preference optimisation (arXiv 2305.18290) for diffusion models (arXiv 2311.12908), on the flow loss: both
pictures of a pair are noised alike, and the model is to lower the winner's loss more than the loser's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from train.chance import Chance
from train.example import Example
from train.mmdit import MMDiT
from train.objective import FlowLoss, Outcome

Pair = tuple[Example, Example]
"""The picture that won and the one that lost, of one caption."""


@dataclass(frozen=True)
class FlowDPO:
    """Preferences. `reference`: the first model, frozen; `beta`: how dearly leaving it is paid for."""

    loss: FlowLoss
    reference: MMDiT
    beta: float

    def __call__(self, model: MMDiT, items: Sequence[Pair], chances: Sequence[Chance]) -> Outcome:
        """Besides the loss: `margin`, by how much more the winner's flow loss fell than the loser's, and `preferred`,
        the share of pairs where it is above 0."""
        examples = [pair[side] for side in (0, 1) for pair in items]
        draws = [chance.draw(example.latents.shape) for example, chance in zip(examples, [*chances] * 2, strict=True)]
        now = self.loss(model, examples, draws)
        with torch.no_grad():
            before = self.loss(self.reference, examples, draws)
        margin = margins(now.losses - before.losses)
        figures = {"margin": margin.mean().detach(), "preferred": (margin > 0).float().mean()}
        loss, count = -logsigmoid(self.beta / 2 * margin).mean(), len(items)
        return Outcome(loss, now.losses[:count].detach(), now.times[:count], 4 * now.flops, figures)


def margins(change: Tensor) -> Tensor:
    """Of the changes of the flow loss, winners and then losers, [2 · pairs]: loser's less winner's, [pairs]."""
    won, lost = change.chunk(2)
    return lost - won


class NoPartners(ValueError):
    """Winners and losers that are not of the same keys. One line."""


def pairs(
    winners: Iterable[Sequence[Example]], losers: Iterable[Sequence[Example]], apart: Counter[str]
) -> Iterator[list[Pair]]:
    """The batches of both side by side, matched by key.

    A picture whose partner could not be read is counted in `apart`, and the first whole pair takes its place, so that
    batches stay of one size. Raises NoPartners where there is none in a batch.
    """
    for won, lost in zip(winners, losers, strict=False):
        partners = {example.key: example for example in lost}
        whole = [(example, partners[example.key]) for example in won if example.key in partners]
        if not whole:
            raise NoPartners(
                f"no partner of {won[0].key!r} among the losers: both must have the same keys in one order"
            )
        apart["no partner"] += len(won) - len(whole)
        yield whole + whole[:1] * (len(won) - len(whole))
