"""Brings what the tests need of the system: a Chromium and Chinese fonts, from Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def missing_packages() -> list[str]:
    """Debian's names of what is not here yet."""
    missing = [] if any(shutil.which(name) for name in CHROMIUM_NAMES) else ["chromium"]
    listed = ["fc-list", ":lang=zh", "family"]
    fonts = subprocess.run(listed, capture_output=True, check=False).stdout if shutil.which("fc-list") else b""
    return missing if fonts.strip() else [*missing, "fontconfig", "fonts-noto-cjk"]


def as_root() -> list[str] | None:
    """What to put before a command to run it as root without being asked for a password; None where that cannot be."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def main() -> None:
    missing = missing_packages()
    if not missing:
        return
    before, command = as_root(), ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if before is None or shutil.which("apt-get") is None:
        sys.exit(f"setup: the tests need more of the system. As root: {' '.join(command)}")
    print("setup: installing", " ".join(missing), flush=True)
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    for step in (["apt-get", "update", "-q"], command):
        subprocess.run([*before, *environment, *step], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    if left := missing_packages():
        sys.exit(f"setup: still missing after the installation: {' '.join(left)}")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"setup: this failed, see above: {' '.join(str(part) for part in error.cmd)}")
