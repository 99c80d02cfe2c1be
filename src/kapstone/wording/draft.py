"""What a file of wording says, before it is matched to an instrument."""

from dataclasses import dataclass

from kapstone.errors import InvalidInput

LARGEST_BYTES = 1_000_000
MOST_ITEMS = 200
MOST_CHOICES = 101  # 0 to 100


@dataclass(frozen=True, slots=True)
class Problem:
    """Something of the file that a person should know. place: where it stands."""

    place: str
    words: str


@dataclass(frozen=True, slots=True)
class DraftChoice:
    """One answer. value: as the file says, None where it says none. loinc: its answer code."""

    text: str
    value: int | None
    loinc: str = ""


@dataclass(frozen=True, slots=True)
class DraftItem:
    """One question with fixed answers. loinc: its code, empty without one."""

    place: str
    text: str
    choices: tuple[DraftChoice, ...]
    loinc: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole file. stem: what stands before the first question. language: empty if unsaid."""

    format: str
    title: str
    stem: str
    items: tuple[DraftItem, ...]
    loinc_panel: str
    language: str
    copyright: str
    problems: tuple[Problem, ...]

    def __post_init__(self) -> None:
        """Refuse what asks nothing, and what no questionnaire is as long as."""
        if not self.items:
            raise InvalidInput("$", "asks no question with fixed answers.")
        if len(self.items) > MOST_ITEMS:
            raise InvalidInput("$", f"asks more than {MOST_ITEMS} questions.")
        for item in self.items:
            if len(item.choices) > MOST_CHOICES:
                raise InvalidInput(item.place, f"has more than {MOST_CHOICES} answers.")


def is_loinc(system: str) -> bool:
    """Whether this names LOINC, as an address or by name. A code under another is none of it."""
    return system.strip().rstrip("/").lower() in {"http://loinc.org", "https://loinc.org", "loinc"}
