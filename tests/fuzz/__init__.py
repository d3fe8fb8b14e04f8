"""What comes by chance: requests and bytes. ``FUZZ=200000`` in the environment sends so many instead of some hundreds."""

import os

GIVEN = os.environ.get("FUZZ")
AMOUNT = int(GIVEN or 600)
