"""`curation explain OUT KEY` of a chain: the story of one image, run by run, until one dropped it."""

from __future__ import annotations

from typing import Any

from curation import explain as run_story
from curation import manifest, storage


def explain(output: str, record: dict[str, Any], key: str) -> str:
    """The story of the image `key` in the chain in `output`, whose manifest is `record`. Raises UnknownKey."""
    stories = []
    for name in record["runs"]:
        folder = storage.join(output, name)
        run = manifest.load(folder)
        if run is None or run["status"] != "complete":
            stories.append(f"{name}: not complete")
            break
        stories.append(f"{name}:\n{run_story.explain(folder, run, key)}")
        if run_story.find(folder, key)[1]["dropped_by"] is not None:
            break
    return "\n\n".join(stories)
