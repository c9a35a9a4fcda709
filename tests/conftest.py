"""What holds for all tests."""

import pytest
from hypothesis import settings

settings.register_profile("ours", deadline=None)  # machines are shared: a slow example says nothing
settings.load_profile("ours")

LONGEST = ("test_demo.py", "test_ranks.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest first, lest one process end minutes after the others."""
    items.sort(key=lambda item: item.path.name not in LONGEST)
