from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.balancing.mix import FAMILIES, TEMPER, Target, drawn, parse, target, weights
from curation.balancing.node import families, family, text, texts
from curation.mistake import SettingsError

NODES = [f"{name}/{leaf}/{kind}" for name in families() for leaf in "ab" for kind in texts()] + ["unknown"]

counts = st.dictionaries(st.sampled_from(NODES), st.integers(0, 10**9))
shares_of_families = st.dictionaries(st.sampled_from(families()), st.floats(0.001, 1), min_size=1)
targets = shares_of_families.map(lambda shares: Target(shares, {}))
both = st.builds(Target, shares_of_families, st.dictionaries(st.sampled_from(texts()), st.floats(0.001, 1)))


def test_the_targets_are_of_the_families() -> None:
    assert tuple(FAMILIES) == families()
    assert sum(FAMILIES.values()) == pytest.approx(1)
    assert target() == Target(FAMILIES, {})


@given(counts, both)
def test_families_are_drawn_by_their_targets(kept: dict[str, int], target: Target) -> None:
    shares = drawn(kept, target)
    there = {family(name) for name, count in kept.items() if count and target.wants(name)}
    assert {family(name) for name in shares} == there
    whole = sum(target.families[name] for name in there)
    for name in there:
        share = sum(each for node, each in shares.items() if family(node) == name)
        assert share == pytest.approx(target.families[name] / whole)


@given(st.dictionaries(st.sampled_from(NODES[:-1]), st.integers(1, 10**6), min_size=1), st.data())
def test_both_targets_are_reached_where_something_reaches_them(kept: dict[str, int], data: st.DataObject) -> None:
    """Some shares that are there to be found: their sums are the targets."""
    wished = {name: data.draw(st.floats(0.2, 1)) for name in kept}
    whole = sum(wished.values())
    families_, texts_ = (
        {kind(name): sum(wished[n] for n in kept if kind(n) == kind(name)) / whole for name in kept}
        for kind in (family, text)
    )
    shares = drawn(kept, Target(families_, texts_))
    for kind, sums in ((family, families_), (text, texts_)):
        for name, share in sums.items():
            assert sum(each for node, each in shares.items() if kind(node) == name) == pytest.approx(share, abs=0.02)


@given(counts, targets)
def test_weights_are_one_on_average_and_draw_the_shares(kept: dict[str, int], target: Target) -> None:
    found, shares = weights(kept, target), drawn(kept, target)
    assert found.keys() == shares.keys()
    assert all(weight > 0 for weight in found.values())
    whole = sum(kept[name] for name in found)
    assert sum(weight * kept[name] for name, weight in found.items()) == pytest.approx(whole)
    for name, weight in found.items():
        assert weight * kept[name] / whole == pytest.approx(shares[name])


def test_small_domains_are_lifted_but_not_to_the_large_ones() -> None:
    shares = drawn({"Nature/food/none": 900, "Nature/plants/none": 100}, Target({"Nature": 1.0}, {}))
    assert shares == pytest.approx({"Nature/food/none": 0.75, "Nature/plants/none": 0.25})


def test_text_is_lifted_within_its_domain() -> None:
    kept = {"Nature/food/none": 324, "Nature/food/chinese": 36, "Nature/plants/none": 90}
    shares = drawn(kept, Target({"Nature": 1.0}, {}))
    food = 360**TEMPER / (360**TEMPER + 90**TEMPER)
    assert shares["Nature/plants/none"] == pytest.approx(1 - food)
    assert shares["Nature/food/chinese"] == pytest.approx(food * 6 / (6 + 18))


def test_kinds_of_text_without_a_target_are_not_drawn() -> None:
    shares = drawn({"Nature/food/none": 9, "Nature/food/chinese": 9}, Target({"Nature": 1.0}, {"chinese": 1.0}))
    assert shares == {"Nature/food/chinese": pytest.approx(1)}


def test_shares_count_in_proportion() -> None:
    assert parse("--target", "family", "Nature=55, Design=45", families()) == pytest.approx(
        {"Nature": 0.55, "Design": 0.45}
    )


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ("Nature", "NAME=SHARE"),
        ("", "NAME=SHARE"),
        ("Natur=1", "did you mean 'Nature'?"),
        ("Nature=0", "a number above 0"),
        ("Nature=nan", "a number above 0"),
        ("Nature=inf", "a number above 0"),
        ("Nature=much", "a number above 0"),
        ("Nature=1,Nature=2", "twice"),
    ],
)
def test_a_wrong_target_is_said_in_one_line(shares: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said.replace("?", r"\?")) as error:
        target(shares)
    assert "\n" not in str(error.value)


def test_a_wrong_kind_of_text_too() -> None:
    with pytest.raises(SettingsError, match="did you mean 'english'"):
        target(None, "englsh=1")
