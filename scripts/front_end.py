"""Front-end libraries from their packages into `.venv`, for pages to load from our own origin.

Standard library only: set-up runs it before anything is installed. `npm` brings them, by the hashes
of requirements/package-lock.json. Without it everything else works, and the console says that it
does not record while it is offline.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

PACKAGES = ("package.json", "package-lock.json")
# Under the venv, where clinic.site.settings looks for what is served as /static/front-end/.
PLACE = Path("share") / "kapstone" / "front-end"
# idb: IndexedDB by promises, for what waits. workbox-*: the page that opens without a network.
FILES = {
    "idb.js": "idb/build/index.js",
    "workbox-sw.js": "workbox-sw/build/workbox-sw.js",
    "workbox-core.prod.js": "workbox-core/build/workbox-core.prod.js",
    "workbox-precaching.prod.js": "workbox-precaching/build/workbox-precaching.prod.js",
    "workbox-routing.prod.js": "workbox-routing/build/workbox-routing.prod.js",
    "workbox-strategies.prod.js": "workbox-strategies/build/workbox-strategies.prod.js",
    "idb.LICENSE.txt": "idb/LICENSE",
    "workbox.LICENSE.txt": "workbox-sw/LICENSE",
}
NPM = (
    "npm",
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-timeout=20000",
)


def bring(root: Path, venv: Path) -> str:
    """Install and place them, unless the same are there. What went wrong, in words, or nothing."""
    place, key = venv / PLACE, _key(root)
    if (place / "lock").is_file() and (place / "lock").read_text(encoding="ascii") == key:
        return ""
    if shutil.which(NPM[0]) is None:
        return "npm is not there"
    shutil.rmtree(place, ignore_errors=True)  # an older library is none
    build = venv / "front-end"
    build.mkdir(exist_ok=True)
    for name in PACKAGES:
        shutil.copy(root / "requirements" / name, build)
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    done = subprocess.run(NPM, cwd=build, env=environment, check=False, capture_output=True)
    if done.returncode:
        return f"npm ended with status {done.returncode}"
    place.mkdir(parents=True)
    for name, source in FILES.items():
        shutil.copy(build / "node_modules" / source, place / name)
    shutil.rmtree(build)
    (place / "lock").write_text(key, encoding="ascii")
    return ""


def _key(root: Path) -> str:
    content = hashlib.sha256(repr(FILES).encode())
    for name in PACKAGES:
        content.update((root / "requirements" / name).read_bytes())
    return content.hexdigest()
