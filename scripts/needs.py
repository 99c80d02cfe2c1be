"""Brings the one thing the browser tests need that no Python package carries: Chromium."""

import os
import shutil
import subprocess
import sys

# The shell is the same browser without the parts that draw windows: half the work for each page.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = ("apt-get", "install", "-y", "--no-install-recommends", SHELL)


def chromium() -> str | None:
    """Where the browser is, found by name."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def main() -> int:
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
