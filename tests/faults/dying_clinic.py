"""A real clinic that kills itself at a named commit: PORT, and a file in FAULT.

The file holds a line such as `before save_answer 3`: the third commit of that action dies just
before it happens; `after` dies when it is on disk and nobody has been told. A commit is named
after the last thing that its transaction wrote into the audit trail; `during` dies as that is
written, in the middle of the transaction. LINKS questionnaires wait, each of another person; their
secrets stand in the directory's links.json.
"""

import json
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

told = threading.local()
seen: Counter[str] = Counter()  # commits, since each order, of the action that it names


def die_if_ordered(moment: str, action: str) -> None:
    """Kill this process if the order names this moment of this commit."""
    place = Path(os.environ["FAULT"])
    order = place.read_text() if place.exists() else ""
    if order.startswith(f"{moment} {action} "):
        seen[order] += 1
        if seen[order] == int(order.split()[2]):
            os.kill(os.getpid(), signal.SIGKILL)


def watch_commits() -> None:
    """Name each commit, and die at the one that is ordered."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    from clinic.people import audit

    record, commit = audit.record, BaseDatabaseWrapper.commit

    def telling_record(action: str, **told_of: object) -> object:
        told.action = action
        kept = record(action, **told_of)  # type: ignore[arg-type]  # passed on untouched
        die_if_ordered("during", action)
        return kept

    def dying_commit(self: BaseDatabaseWrapper) -> None:
        action, told.action = getattr(told, "action", ""), ""
        die_if_ordered("before", action)
        commit(self)
        die_if_ordered("after", action)

    audit.record = telling_record  # type: ignore[assignment]  # the same call
    BaseDatabaseWrapper.commit = dying_commit  # type: ignore[method-assign]  # the fault itself


def fill(command: object) -> None:
    """A nurse on call, and questionnaires that wait."""
    from django.conf import settings
    from django.utils import timezone

    from clinic.measures import actions
    from clinic.people.models import Patient
    from clinic.people.roles import Role
    from tests.clinic import cast

    if Patient.objects.exists():
        return
    cast.on_call(cast.staff(Role.NURSE))
    now = timezone.now()
    links = {}
    for number in range(int(os.environ["LINKS"])):
        assignment, secret = actions.ask(
            patient=cast.patient(f"Robin {number}"),
            instrument="phq9",
            closes_at=now + timedelta(days=1),
            by=None,
            at=now,
        )
        links[secret] = assignment.pk.hex
    (settings.HOME / "links.json").write_text(json.dumps(links))


def serve(fill_with: Callable[[object], None]) -> None:
    """Run a clinic with these people in it, ready to die."""
    from clinic.site import home

    home.prepare("serve", os.environ)
    os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.site.settings"
    import django

    django.setup()
    from django.conf import settings

    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    from django.core.management import call_command

    from clinic.site.management.commands import serve

    serve.Command.fill = fill_with  # type: ignore[method-assign]  # the people of this test
    watch_commits()
    call_command("serve", port=int(sys.argv[1]))


if __name__ == "__main__":
    serve(fill)
