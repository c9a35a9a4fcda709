"""A worker process of `FnApiRunner`: Beam's own, with its chatter turned off before it begins."""

import logging
import sys

if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR, format="curation worker: %(message)s")
    logging.getLogger().handlers[0].setLevel(logging.ERROR)  # Beam lowers the logger's level, not the handler's
    from apache_beam.runners.worker import sdk_worker_main

    sdk_worker_main.main(sys.argv)
