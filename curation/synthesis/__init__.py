"""`curation synth`: nothing in, shards of text images out, whose every character is known."""
