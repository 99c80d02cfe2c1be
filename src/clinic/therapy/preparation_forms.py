"""What is typed in about a visit before a dose."""

from typing import ClassVar

from django import forms

from clinic.therapy.forms import HeldForm, lines, moment
from clinic.therapy.models import Comfort, Preparation, Topic


class PreparationForm(HeldForm):
    """One preparation visit. Only the stop word must be there."""

    topics = forms.MultipleChoiceField(
        choices=Topic.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="What you went through",
    )
    comforts = forms.MultipleChoiceField(
        choices=Comfort.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="How they want the room",
    )

    class Meta:
        model = Preparation
        fields: ClassVar[list[str]] = [
            "held_at",
            "topics",
            "intention",
            "hopes",
            "fears",
            "altered_states",
            "calming",
            "stop_word",
            "touch_rehearsed",
            "support_name",
            "support_phone",
            "tension_score",
            "sleep_hours",
            "culture",
            "set_notes",
            "comforts",
            "music",
            "setting_notes",
        ]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "held_at": moment(),
            "intention": lines(3),
            "hopes": lines(2),
            "fears": lines(2),
            "altered_states": lines(2),
            "calming": lines(2),
            "culture": lines(2),
            "set_notes": lines(2),
            "music": lines(2),
            "setting_notes": lines(2),
            "support_phone": forms.TextInput(attrs={"type": "tel"}),
            "tension_score": forms.NumberInput(attrs={"min": 0, "max": 10}),
            "sleep_hours": forms.NumberInput(attrs={"min": 0, "max": 24, "step": "0.5"}),
        }
        labels: ClassVar[dict[str, str]] = {
            "held_at": "When you met",
            "intention": "Their intention, in their own words",
            "hopes": "What they hope for",
            "fears": "What they fear",
            "altered_states": "What they know of altered states",
            "calming": "How they want to be calmed",
            "stop_word": "Word or sign that stops everything",
            "touch_rehearsed": "The touch agreement was rehearsed, sober",
            "support_name": "Who supports them",
            "support_phone": "Support person's phone",
            "tension_score": "How tense they are, 0 to 10",
            "sleep_hours": "Hours they slept last night",
            "culture": "What matters in their culture or faith",
            "set_notes": "State of mind",
            "music": "Which music",
            "setting_notes": "Room, further wishes",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "intention": "Their words belong to them: no need to have any, and they may change.",
            "altered_states": "Such as earlier doses, other drugs, meditation, panic. "
            "What helped then.",
            "calming": "What to say or do, and what not, if they are afraid. "
            "It stands on the console.",
            "stop_word": "Said or shown, it ends touch and talk at once. Try it together.",
            "tension_score": "Ask the person: 0 is calm, 10 as tense as can be. "
            "No published instrument.",
            "set_notes": "Such as conflicts of the last days, expectations.",
            "setting_notes": "Such as where the therapist sits, who may come in.",
        }
