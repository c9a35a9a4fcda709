"""A worker process of `FnApiRunner`: Beam's own, with its chatter turned off before it begins.

Errors reach the driver, which raises them: here they would be said a second time.
"""

import logging
import sys

if __name__ == "__main__":
    logging.basicConfig(level=logging.CRITICAL, format="curation worker: %(message)s")
    logging.getLogger().handlers[0].setLevel(logging.CRITICAL)  # Beam lowers the logger's level, not the handler's
    from apache_beam.runners.worker import sdk_worker_main

    sdk_worker_main.main(sys.argv)
