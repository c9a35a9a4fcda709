"""How right the filters are: defects drawn on real images, graded, split by source into tune and hold-out."""
