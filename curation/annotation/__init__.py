"""`curation annotate`: shards in, shards with captions and annotations out."""
