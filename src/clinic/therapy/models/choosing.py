"""A list of choices, each once, kept as JSON."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.deconstruct import deconstructible


@deconstructible
class Several:
    """Raises `ValidationError` for what is not a list of these choices, each once."""

    def __init__(self, choices: type[models.TextChoices]) -> None:
        self.choices = choices

    def __call__(self, chosen: object) -> None:
        if (
            not isinstance(chosen, list)
            or not set(chosen) <= set(self.choices.values)
            or len(set(chosen)) != len(chosen)
        ):
            raise ValidationError("Choose from the list, each once.")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Several) and other.choices is self.choices

    def __hash__(self) -> int:
        return hash(self.choices)
