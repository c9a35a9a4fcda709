"""Rank correlation, against SciPy."""

from __future__ import annotations

import numpy as np
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from curation.profiling.correlation import LEAST, ranks, spearman

VALUES = st.one_of(st.just(np.nan), st.integers(-3, 3).map(float), st.floats(-1e6, 1e6))


@settings(max_examples=50)
@given(arrays(np.float64, (2, 100), elements=VALUES))
def test_it_is_scipys_on_the_images_that_have_both(columns: np.ndarray) -> None:
    found = spearman(list(columns))
    for i, one in enumerate(columns):
        for j, other in enumerate(columns):
            both = ~(np.isnan(one) | np.isnan(other))
            alike = both.sum() == 0 or len(set(one[both])) == 1 or len(set(other[both])) == 1
            if both.sum() < LEAST or alike:
                assert np.isnan(found[i, j])
            else:
                assert np.isclose(found[i, j], scipy.stats.spearmanr(one[both], other[both]).statistic, atol=1e-9)


@given(arrays(np.float64, 20, elements=st.integers(-3, 3).map(float)))
def test_ranks_share_ties(values: np.ndarray) -> None:
    np.testing.assert_array_equal(ranks(values) + 1, scipy.stats.rankdata(values))
