"""Programs of the system that some tests need, and how long a test waits for one, or for anything else."""

import os
import shutil

import pytest

LONGEST = 120
"""Seconds for what takes two or three on an idle machine: a deadline against waiting for ever, never a measure."""


def needs(program: str, package: str = "") -> pytest.MarkDecorator:
    """Skips, with the reason, where a program is missing; `REQUIRE_ALL` makes that a failure."""
    is_missing = shutil.which(program) is None and not os.environ.get("REQUIRE_ALL")
    return pytest.mark.skipif(
        is_missing, reason=f"{program} is not installed (Debian: apt-get install {package or program})"
    )
