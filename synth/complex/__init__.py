"""Templates edited by program: slides, screens, posters, cards."""
