"""What is drawn or told of an output depends on the command that made it."""

from __future__ import annotations

from curation import explain as run_story
from curation import manifest
from curation.annotation import explain as annotation_story
from curation.explain import UnknownKey
from curation.synthesis import explain as synthesis_story


def write_report(output: str) -> str:
    """Draw the report of any output anew; return its path. Raises OSError if there is no run.json."""
    from curation import report  # here, because `explain` need not wait for what draws

    command = (manifest.load(output) or {}).get("command")
    if command == "annotate":
        from curation.annotation import report as annotation_report

        return annotation_report.write_report(output)
    if command == "synth":
        from curation.synthesis import report as synthesis_report

        return synthesis_report.write_report(output)
    return report.write_report(output)


def explain(output: str, key: str) -> str:
    """The story of the image `key` in any output, as lines of text. Raises UnknownKey."""
    record = manifest.load(output)
    if record is None:
        raise UnknownKey(f"{output} holds no run: there is no run.json")
    stories = {"annotate": annotation_story, "synth": synthesis_story}
    return stories.get(record.get("command", "run"), run_story).explain(output, record, key)
