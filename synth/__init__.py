"""Synthesis of text images. Plain Python, no Beam."""
