from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.balancing.mix import TARGET, drawn, parse, weights
from curation.balancing.node import families, family
from curation.mistake import SettingsError

NODES = [f"{name}/{leaf}" for name in families() for leaf in "abc"] + ["unknown"]

counts = st.dictionaries(st.sampled_from(NODES), st.integers(0, 10**9))
targets = st.dictionaries(st.sampled_from(families()), st.floats(0.001, 1), min_size=1)


def test_the_targets_are_of_the_families() -> None:
    assert tuple(TARGET) == families()
    assert sum(TARGET.values()) == pytest.approx(1)


@given(counts, targets)
def test_families_are_drawn_by_their_targets(kept: dict[str, int], target: dict[str, float]) -> None:
    shares = drawn(kept, target)
    there = {family(name) for name, count in kept.items() if count} & target.keys()
    assert {family(name) for name in shares} == there
    whole = sum(target[name] for name in there)
    for name in there:
        share = sum(each for node, each in shares.items() if family(node) == name)
        assert share == pytest.approx(target[name] / whole)


@given(counts, targets)
def test_weights_are_one_on_average_and_draw_the_shares(kept: dict[str, int], target: dict[str, float]) -> None:
    found, shares = weights(kept, target), drawn(kept, target)
    assert found.keys() == shares.keys()
    assert all(weight > 0 for weight in found.values())
    whole = sum(kept[name] for name in found)
    assert sum(weight * kept[name] for name, weight in found.items()) == pytest.approx(whole)
    for name, weight in found.items():
        assert weight * kept[name] / whole == pytest.approx(shares[name])


def test_small_nodes_are_lifted_but_not_to_the_large_ones() -> None:
    shares = drawn({"Nature/food": 900, "Nature/plants": 100}, {"Nature": 1.0})
    assert shares == pytest.approx({"Nature/food": 0.75, "Nature/plants": 0.25})


def test_shares_count_in_proportion() -> None:
    assert parse("Nature=55, Design=45") == pytest.approx({"Nature": 0.55, "Design": 0.45})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nature", "FAMILY=SHARE"),
        ("", "FAMILY=SHARE"),
        ("Natur=1", "did you mean 'Nature'?"),
        ("Nature=0", "a number above 0"),
        ("Nature=nan", "a number above 0"),
        ("Nature=inf", "a number above 0"),
        ("Nature=much", "a number above 0"),
        ("Nature=1,Nature=2", "twice"),
    ],
)
def test_a_wrong_target_is_said_in_one_line(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said.replace("?", r"\?")) as error:
        parse(text)
    assert "\n" not in str(error.value)
