"""Pipelines, recipes, shards, reports. The only package that imports Beam."""
