"""Programs of the system that some tests need, and how long a test waits for one, or for anything else."""

import os
import shutil
import subprocess

import pytest

LONGEST = 120
"""Seconds for what takes two or three on an idle machine: a deadline against waiting for ever, never a measure."""


def needs(program: str, package: str = "") -> pytest.MarkDecorator:
    """Skips, with the reason, where a program is missing; `REQUIRE_ALL` makes that a failure."""
    is_missing = shutil.which(program) is None and not os.environ.get("REQUIRE_ALL")
    return pytest.mark.skipif(
        is_missing, reason=f"{program} is not installed (Debian: apt-get install {package or program})"
    )


def needs_font(family: str, package: str) -> pytest.MarkDecorator:
    """The same for a font: with another one, text has other widths."""
    command = ["fc-list", "--quiet", family]
    is_there = shutil.which("fc-list") is not None and subprocess.run(command, check=False).returncode == 0
    return pytest.mark.skipif(
        not is_there and not os.environ.get("REQUIRE_ALL"),
        reason=f"the font {family} is not installed (Debian: apt-get install {package})",
    )
