"""Synthesis of text images. Plain Python, no Beam."""

import os

# Intel's IPP inside OpenCV gives numbers that hang on where in memory an image lies, and OpenCV reads this when it is
# first used: without it the same sample would have other bytes in another process.
os.environ["OPENCV_IPP"] = "disabled"
