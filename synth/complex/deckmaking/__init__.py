"""Makes the slide templates that ship with us: `python -m synth.complex.deckmaking`."""
