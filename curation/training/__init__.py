"""`curation train` and `curation sample`; the trainer itself is the package `train`, which does not know this one."""
