"""Brings what the tests need and no Python package carries: Chromium, and xfs_io to cut power."""

import os
import shutil
import subprocess
import sys

# The shell is the same browser without the parts that draw windows: half the work for each page.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = ("apt-get", "install", "-y", "--no-install-recommends", SHELL)

CUTS_POWER = ("apt-get", "install", "-y", "-q", "--no-install-recommends", "xfsprogs")


def chromium() -> str | None:
    """Where the browser is, found by name."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def bring_what_cuts_the_power() -> None:
    """The tests of power cuts skip, and say what to run, where this does not work."""
    if os.geteuid() == 0 and shutil.which("apt-get") and not shutil.which("xfs_io"):
        subprocess.run(CUTS_POWER, check=False)


def main() -> int:
    bring_what_cuts_the_power()
    if chromium():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests.", flush=True)
        subprocess.run(["apt-get", "update", "-q"], check=False)
        subprocess.run(INSTALL, check=False)
        if chromium():
            return 0
    print("The browser tests need Chromium, which is not here. Install it, then run this again:")
    print(f"    sudo {' '.join(INSTALL)}", flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
