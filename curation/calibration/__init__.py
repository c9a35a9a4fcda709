"""`curation calibrate`: a person labels images around a threshold, which shows how right it is and where it belongs."""
