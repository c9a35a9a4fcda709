"""Annotation of images with captions and metadata. Plain Python, no Beam."""
