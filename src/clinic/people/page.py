"""The page docs/generated/access.md: who may do what, from the access table itself."""

import tomllib
from importlib.resources import files
from typing import Any

from clinic.people.roles import LicenceKind, Role

WORDS = {
    "treating": "treating",
    "ended": "treated once",
    "other": "anybody's",
    "own": "own",
    "clinic": "yes",
}


def page() -> str:
    """The whole page."""
    raw = tomllib.loads(files(__package__).joinpath("access.toml").read_text(encoding="utf-8"))
    return "\n".join(
        [
            "# Who may do what",
            "",
            f"Version {raw['version']}. What stands nowhere here is refused. Being on call counts",
            "as treating while it lasts. Nobody acts as staff on their own record. A role has its",
            "powers only while one of its licences is in force.",
            "",
            *_licences(raw["licences"]),
            "",
            *_powers(raw["may"], list(raw["licences"])),
            "",
            *_kept(raw),
            "",
            *_routes(raw["routes"]),
            "",
        ]
    )


def _licences(needed: dict[str, list[str]]) -> list[str]:
    rows = [
        f"| {Role(role).label} | {' or '.join(LicenceKind(k).label for k in kinds) or 'none'} |"
        for role, kinds in needed.items()
    ]
    return ["| role | needs a licence as |", "| --- | --- |", *rows]


def _powers(may: dict[str, dict[str, Any]], roles: list[str]) -> list[str]:
    head = ["may", *(Role(role).label for role in roles)]
    rows = [
        [f"{row['meaning']} (`{name}`)", *(_cell(row.get(role, [])) for role in roles)]
        for name, row in may.items()
    ]
    return [_line(head), _line(["---"] * len(head)), *map(_line, rows)]


def _kept(raw: dict[str, Any]) -> list[str]:
    meaning = {name: row["meaning"] for name, row in raw["may"].items()}
    return [
        "Whoever charted in a dosing session keeps this of it until it ends, in the roles they",
        "held then, when a licence runs out, a role ends or they leave the care team meanwhile:",
        "",
        *(f"- {meaning[name]}" for kept in ("acts", "reads") for name in raw["beside"][kept]),
    ]


def _cell(relations: list[str]) -> str:
    return ", ".join(WORDS[each] for each in relations)


def _routes(routes: dict[str, dict[str, object]]) -> list[str]:
    rows = [
        [f"`{name}`", str(row["about"]), str(row.get("may", "")), "yes" if "proof" in row else ""]
        for name, row in sorted(routes.items())
    ]
    head = ["page", "about", "needs", "fresh proof to post"]
    return [_line(head), _line(["---"] * 4), *map(_line, rows)]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
