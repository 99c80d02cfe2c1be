"""The lines as a person in care reads them, in plain words. Times are said beside them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Plain:
    """A line's name and what to do. by: said before the moment; else it counts from the moment."""

    name: str | Promise
    what: str | Promise
    by: bool = False


PLAIN = {
    "RDY-01": Plain(
        _("No alcohol or drugs"),
        _("Drink no alcohol. Take no cannabis and no other drugs until after your visit."),
    ),
    "RDY-02": Plain(
        _("Your medicines"),
        _("Ask us which of your medicines to take on the day. Do not stop any on your own."),
        by=True,
    ),
    "RDY-03": Plain(
        _("Your way home"),
        _("Find an adult who takes you home. Do not drive until the next day, after a night's "
          "sleep."),
        by=True,
    ),
    "RDY-04": Plain(
        _("If you take a GLP-1 medicine"),
        _("These are for blood sugar or weight, such as semaglutide. They keep food in the "
          "stomach. Have only liquids. If you take none, tap yes."),
    ),
    "RDY-05": Plain(_("No food"), _("Eat nothing, not even a snack. You may still drink water.")),
    "RDY-06": Plain(
        _("No drinks"),
        _("Drink nothing, not even water. Ask us how to take your medicines."),
    ),
    "RDY-07": Plain(_("No food"), _("Eat nothing, not even a snack. You may still drink water.")),
    "RDY-08": Plain(
        _("No other nose spray"), _("Use no spray for a blocked nose or an allergy.")
    ),
    "RDY-09": Plain(_("No drinks"), _("Drink nothing, not even water.")),
}  # fmt: skip
