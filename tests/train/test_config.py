import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.config import Config, Times, difference, from_dict, load
from train.fields import ConfigError
from train.legibility import quoted

RECIPES = Path(__file__).parents[2] / "recipes"

SMALL = """
output: out
model: {num_layers: 2, num_attention_heads: 2, attention_head_dim: 16, axes_dims_rope: [4, 6, 6]}
phases:
  - resolution: 64
    sources: [{path: shards/}]
    batch: 4
    steps: 10
"""


def test_defaults_and_the_way_back() -> None:
    config = load(SMALL)
    assert config.optimiser.lr == 1e-4
    assert config.phases[0].sources[0].grades == ()
    assert config.steps == 10
    assert from_dict(json.loads(json.dumps(config.as_dict()))) == config


def test_published_model_by_name() -> None:
    config = load(SMALL, ["model=qwen-image", "model.num_layers=2"])
    assert config.model.num_layers == 2
    assert config.model.axes_dims_rope == (16, 56, 56)


def test_settings_reach_everything() -> None:
    config = load(SMALL, ["optimiser.lr=2e-3", "phases.0.steps=7", "times.shift=2", "samples.prompts=[a, b]"])
    assert config.optimiser.lr == 0.002
    assert config.phases[0].steps == 7
    assert config.times == Times(2.0)
    assert config.samples.prompts == ("a", "b")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["optimizer.lr=1"], "the config has no 'optimizer'; did you mean 'optimiser'?"),
        (["optimiser.weight_dekay=1"], "optimiser has no 'weight_dekay'; did you mean 'weight_decay'?"),
        (["optimiser.lr=fast"], "optimiser.lr must be a number, not 'fast'"),
        (["optimiser.lr=-1"], "optimiser: lr must be above 0"),
        (["optimiser.betas=[0.9]"], "optimiser.betas must have 2 entries, not 1"),
        (["optimiser.warmup=true"], "optimiser.warmup must be a whole number, not True"),
        (["optimiser.warmup=.nan"], "optimiser.warmup must be a whole number, not nan"),
        (["optimiser=3"], "optimiser must be a mapping, not 3"),
        (["precision=fp16"], "precision is 'fp16'; did you mean 'bf16'?"),
        (["times.shift=static"], "times.shift must be a number or 'dynamic', not 'static'"),
        (["model=qwen"], "there is no model 'qwen'; did you mean 'qwen-image'?, or give its sizes"),
        (["model.axes_dims_rope=[4, 6, 8]"], "three even numbers that make attention_head_dim, 16, not [4, 6, 8]"),
        (["phases=[]"], "phases is empty"),
        (["phases.0.resolution=100"], "phases.0: resolution must be a multiple of 16"),
        (["phases.0.batch=null"], "phases.0.batch must be a whole number, not None"),
        (["phases.0.accumulation=3"], "phases.0: batch must be a multiple of accumulation"),
        (["phases.1.batch=2"], "--set phases.1.batch: '1' is none of the 1 entries, which count from 0"),
        (["phases.0.sources.0.wait=2"], "phases.0.sources.0 has no 'wait'; did you mean 'weight'?"),
        (["phases.0.losers=[{path: lost/}]"], "losers are for preferences: write `preferences: {}`"),
        (["phases.0.losers=[{path: a}, {path: b}]"], "losers must be as many as sources"),
        (["phases.0.sources.0.caption=3"], "caption must be text or a mapping, not 3"),
        (["phases.0.sources.0.caption={a: b}"], "caption must be text or a mapping, not {'a': 'b'}"),
        (["preferences={}"], "preferences need `losers` beside"),
        (["preferences={}", "phases.0.losers=[{path: lost/}]"], "preferences need `init: RUN`"),
        (["samples.sizes=[[64, 50]]"], "samples: sizes must be multiples of 16"),
        (["seed"], "--set seed: write --set optimiser.lr=1e-3"),
        (["seed=[1"], "--set seed: '[1' is no valid YAML"),
        (["seed.deep=1"], "seed must be a whole number, not {'deep': 1}"),
        (["output=1"], "output must be text, not 1"),
        (["ema=1"], "ema and dropout must be 0 to less than 1"),
    ],
)
def test_a_mistake_is_one_line(settings: list[str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(SMALL, settings)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "output is missing"),
        ("- a", "the config must be a mapping, not ['a']"),
        ("a: [", "the config is no valid YAML"),
        ("output: out\nmodel: qwen-image", "phases is missing"),
    ],
)
def test_a_text_that_is_no_config(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match="^" + message.replace("[", r"\[")):
        load(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(Config.__dataclass_fields__)), JSON)
def test_any_value_is_taken_or_refused(name: str, value: object) -> None:
    content = load(SMALL).as_dict() | {name: value}
    with suppress(ConfigError):
        assert isinstance(from_dict(content), Config)


def test_digest_is_of_what_decides_the_weights() -> None:
    one = load(SMALL)
    assert load(SMALL, ["output=other", "samples.every=3", "parallel.tensor=2"]).digest() == one.digest()
    assert load(SMALL, ["seed=1"]).digest() != one.digest()


def test_difference_names_the_value() -> None:
    one, other = load(SMALL).decisive(), load(SMALL, ["phases.0.steps=11"]).decisive()
    assert difference(one, one) is None
    assert difference(one, other) == "phases.0.steps is 10 and 11"


@pytest.mark.parametrize("recipe", sorted(RECIPES.glob("train_*.yaml")), ids=lambda path: path.stem)
def test_the_recipes_are_right(recipe: Path) -> None:
    config = load(recipe.read_text("utf-8"))
    assert config.samples.prompts
    assert all(quoted(prompt) for prompt in config.samples.prompts)
