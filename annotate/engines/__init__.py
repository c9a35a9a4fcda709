"""One file an engine. What each needs beyond the base install is imported inside it."""
