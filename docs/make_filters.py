"""A page for every filter: pictures before and after, options, signals, limits, accuracy and cost.

    python -m bench.accuracy --save docs/filters/accuracy.json
    python docs/make_filters.py [--accuracy FILE.json] [--only NAME …]

Writes docs/filters/NAME.md and NAME.jpg for every registered filter, or those that are named, and README.md, the index
of all pages. All but the milliseconds is the same each time; everything is measured anew by the filters themselves, at
their defaults, except the accuracy, which is read from what `bench.accuracy` saved.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])  # beside this file lies a folder `filters`
    from docs.filter_pages.main import main

    sys.exit(main(sys.argv[1:], __doc__))
