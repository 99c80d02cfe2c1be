"""The page docs/generated/pharmacology_api.md: what the library offers, from its docstrings."""

import inspect
import re
from collections.abc import Callable
from enum import EnumMeta

from kapstone import pharmacology

_MADE = "Made by `python -m kapstone.generated`; do not edit. No clinician has reviewed it.\n"
_MODULES = re.compile(r"\b(?:kapstone(?:\.\w+)+|numpy|collections\.abc|decimal|datetime)\.(?=\w)")


def api_page() -> str:
    """Each name of ``kapstone.pharmacology``: how it is called, and what it says of itself."""
    return "\n".join(
        [
            "# What `kapstone.pharmacology` offers\n",
            _MADE,
            "    from kapstone import pharmacology as ph\n",
            "It teaches and plans; it proposes no dose. Times in minutes, amounts in mg of base,",
            "concentrations in ng/mL. Amounts are Decimal, arrays float64 and read-only.\n",
            *(_entry(name, getattr(pharmacology, name)) for name in pharmacology.__all__),
        ]
    )


def _entry(name: str, held: Callable[..., object]) -> str:
    text, signature = inspect.getdoc(held) or "", str(inspect.signature(held))
    called = f"    ph.{name}{_MODULES.sub('', signature)}\n"
    if isinstance(held, EnumMeta):
        members = ", ".join(f"`{held[name]}`" for name in held.__members__)
        called = f"One of {members}.\n"
    return f"## `{name}`\n\n{called}\n```text\n{text}\n```\n"
