"""What holds for the whole suite: examples by chance are the same in every run, and no single one is hurried.

``HYPOTHESIS_PROFILE=chance`` in the environment draws them anew.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("chance", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
