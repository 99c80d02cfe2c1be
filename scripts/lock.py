"""`make lock`: resolves requirements/*.in and package.json, with hashes and without hosts."""

import sys

from scripts.parts import Part, program, run_all

# Taken alone: what these depend on is never imported.
ALONE = ("--no-deps",)
MORE = {
    "bootstrap": (),
    "clinic": (),
    "test": (),
    "oracles": (),
    "medicines": ALONE,
    "bench": ALONE,
    "wording": ALONE,
}
FLAGS = (
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--custom-compile-command=make lock",
    "--upgrade",
)

NPM = (
    "npm",
    "update",
    "--prefix=requirements",
    "--package-lock-only",
    "--omit-lockfile-registry-resolved",
    "--no-audit",
    "--no-fund",
)


def parts() -> list[Part]:
    front_end = Part("requirements/package-lock.json", NPM)
    return [front_end, *python_parts()]


def python_parts() -> list[Part]:
    return [
        Part(
            f"requirements/{name}.txt",
            program("uv", "pip", "compile", *FLAGS, *more, f"requirements/{name}.in", "-o",
                    f"requirements/{name}.txt"),
        )
        for name, more in MORE.items()
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(run_all(parts()))
