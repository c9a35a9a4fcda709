"""`curation balance`: the best images of each node of the taxonomy, and weights by which the mix meets its targets."""
