"""`curation calibrate`: choose the threshold, draw the sample, serve the page until it is stopped."""

from __future__ import annotations

import threading
import webbrowser
from dataclasses import dataclass

from curation import storage
from curation.calibration.choice import Choice, choose
from curation.calibration.labels import Labels
from curation.calibration.pictures import Thumbnails, pictures
from curation.calibration.sample import draw
from curation.calibration.server import Server
from curation.calibration.session import Session, recipe_text
from curation.calibration.writing import stages_of
from curation.mistake import SettingsError
from curation.recipe import RecipeError


@dataclass(frozen=True)
class Wishes:
    """What the user said. `threshold` is STAGE or STAGE.LIMIT; `recipe` None where a new one is written."""

    output: str
    threshold: str
    images: int
    seed: int
    precision: float | None
    recipe: str | None


def begin(wishes: Wishes) -> Session:
    """The session, with the labels that were given before. Raises a subclass of Mistake."""
    if wishes.images < 1:
        raise SettingsError(f"--images must be at least 1, not {wishes.images}")
    if wishes.seed < 0:
        raise SettingsError(f"--seed must be 0 or more, not {wishes.seed}")
    if wishes.precision is not None and not 0 < wishes.precision <= 1:
        raise SettingsError(f"--precision must be above 0 and at most 1, not {wishes.precision:g}")
    choice = choose(wishes.output, wishes.threshold)
    base = storage.join(choice.output, "calibration", choice.name)
    recipe = wishes.recipe or base + ".yaml"
    _check_recipe(recipe, choice)
    found = pictures(choice.output, choice.record)
    sample = draw(choice, wishes.images, wishes.seed, found.keys)
    if not sample.items:
        raise SettingsError(_nothing(choice, found.keys is not None))
    labels = Labels(base + ".jsonl")
    return Session(choice, sample, labels, found, wishes.seed, wishes.precision, recipe, threading.Lock())


def calibrate(wishes: Wishes) -> int:
    """Serve the page until the user stops it; how many of its images have a label then."""
    session = begin(wishes)
    with Server(session) as server:
        if isinstance(session.pictures, Thumbnails):
            print(f"the input {session.choice.record['input']['path']} is not what it was: small pictures only")
        print(f"label {len(session.sample.items)} images at {server.url}\nCtrl-C ends it", flush=True)
        _open(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    given = [label for label in session.labels.of(session.sample.items) if label]
    print(f"{len(given)} of {len(session.sample.items)} images labelled in {session.labels.path}")
    return len(given)


def _open(url: str) -> None:
    """Show the page in a browser that has windows of its own; one for the terminal would take that over."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if type(browser) is not webbrowser.GenericBrowser:
        browser.open(url)


def _check_recipe(path: str, choice: Choice) -> None:
    """Raises SettingsError where the threshold cannot be written to `path`."""
    text = recipe_text(path)
    if text is None:
        return
    try:
        stages = stages_of(text)
    except RecipeError as error:
        raise SettingsError(f"{path}: {error}") from error
    if choice.stage.name not in stages:
        raise SettingsError(f"{path} has no stage {choice.stage.name!r}: name a recipe that has, or a new file")


def _nothing(choice: Choice, small: bool) -> str:
    if small:
        return (
            f"the input {choice.record['input']['path']} is gone or has changed, and the report has no pictures of it"
        )
    return f"no image of {choice.output} has a {choice.stage.name}.{choice.limit.signal} that {choice.name} decides on"
