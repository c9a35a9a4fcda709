"""`curation profile`: measures every signal of a sample, and shows what thresholds would do. Nothing is dropped."""
