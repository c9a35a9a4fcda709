"""Where carriers lie, hang and stand: grounds in perspective, backdrops made or photographed."""
