"""What is drawn or told of an output depends on the command that made it."""

from __future__ import annotations

from typing import Any

from curation import explain as run_story
from curation import manifest
from curation.annotation import explain as annotation_story
from curation.balancing import explain as balancing_story
from curation.chain import explain as chain_story
from curation.explain import UnknownKey
from curation.mistake import Mistake
from curation.profiling import explain as profile_story
from curation.synthesis import explain as synthesis_story

ELSEWHERE = {
    "train": "{output} holds a training: look at samples/, log.jsonl, or `tensorboard --logdir {output}`",
    "encode": "{output} holds latents for a training: look at the report of what they were made from",
}
"""By command: outputs that have neither report nor stories, and where to look instead."""


def write_report(output: str) -> str:
    """Draw the report of any output anew; return its path. Raises OSError if there is no run.json, Mistake where no
    report belongs."""
    from curation import report  # here, because `explain` need not wait for what draws

    record = manifest.load(output) or {}
    command = _command(output, record)
    if command == "annotate":
        from curation.annotation import report as annotation_report

        return annotation_report.write_report(output)
    if command == "synth":
        from curation.synthesis import report as synthesis_report

        return synthesis_report.write_report(output)
    if command == "profile":
        from curation.profiling import report as profile_report

        return profile_report.write_report(output)
    if command == "balance":
        from curation.balancing import report as balancing_report

        return balancing_report.write_report(output)
    if "runs" in record:
        from curation.chain import report as chain_report

        return chain_report.write_report(output)
    return report.write_report(output)


def explain(output: str, key: str) -> str:
    """The story of the image `key` in any output, as lines of text. Raises UnknownKey, Mistake where images have no
    stories."""
    record = manifest.load(output)
    if record is None:
        raise UnknownKey(f"{output} holds no run: there is no run.json")
    stories = {
        "annotate": annotation_story,
        "balance": balancing_story,
        "profile": profile_story,
        "synth": synthesis_story,
    }
    story = chain_story if "runs" in record else stories.get(_command(output, record), run_story)
    return story.explain(output, record, key)


def _command(output: str, record: dict[str, Any]) -> str:
    """The command that made an output. Raises Mistake if it is one of ELSEWHERE."""
    command: str = record.get("command", "run")
    if command in ELSEWHERE:
        raise Mistake(ELSEWHERE[command].format(output=output))
    return command
