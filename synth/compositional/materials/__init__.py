"""What things are made of: functions that paint the albedo of a flat piece, uint8 [height, width, 3], RGB.

Each takes `(rng, height, width)`; those with relief also the direction in which light falls across the piece.
"""
