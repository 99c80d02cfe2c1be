"""The one box in which a patient writes in their own words.

Nobody reads along: beside every such box that is said, with where help is.
"""

from typing import Any

from django import forms


class OwnWords(forms.CharField):
    """Words of a patient. `lines` more than one makes the box a tall one."""

    def __init__(self, *, lines: int = 1, **kwargs: Any) -> None:
        if lines > 1:
            kwargs["widget"] = forms.Textarea(attrs={"rows": lines})
        super().__init__(**kwargs)
        self.unwatched = True
