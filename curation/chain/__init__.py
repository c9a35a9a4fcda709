"""`curation run` with several recipes: each runs on what the one before it kept."""
