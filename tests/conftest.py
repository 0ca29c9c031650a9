"""Hypothesis profiles: modest by default, ``HYPOTHESIS_PROFILE=deep`` for a long search."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("default", max_examples=60, deadline=None, stateful_step_count=25)
settings.register_profile("deep", max_examples=3000, deadline=None, stateful_step_count=60)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
