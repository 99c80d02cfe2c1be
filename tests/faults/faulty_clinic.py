"""A real clinic whose loop has one job more, which does harm on order: PORT, and a file in FAULT.

The file holds one word: `raise`, `freeze` or `kill`; without it the job does nothing.
"""

import os
import sys
import threading
import time
from ctypes import c_ulong, py_object, pythonapi
from datetime import datetime
from pathlib import Path


def harm(now: datetime) -> None:
    """What the file orders, at this moment."""
    order = Path(os.environ["FAULT"])
    match order.read_text() if order.exists() else "":
        case "raise":
            raise RuntimeError("this names Mrs Canary")
        case "freeze":
            time.sleep(3600)
        case "kill":
            for thread in threading.enumerate():
                if thread.name.startswith("loop-"):
                    pythonapi.PyThreadState_SetAsyncExc(
                        c_ulong(thread.ident or 0), py_object(SystemExit)
                    )


if __name__ == "__main__":
    from clinic.site import home

    home.prepare("serve", os.environ)
    os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.site.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from clinic.people.models import StaffMember
    from clinic.site import ticker
    from clinic.site.management.commands import serve
    from clinic.site.seeds import staff

    def fill(command: serve.Command) -> None:
        """Staff who can sign in."""
        if not StaffMember.objects.exists():
            staff.fill(timezone.now())

    serve.Command.fill = fill  # type: ignore[method-assign]  # only in this process
    # Not the demo's one job more: this database is marked as nobody's.
    found = (*ticker.JOBS, ticker.Job("injected", 1, harm))
    ticker.jobs = lambda: found
    call_command("serve", port=int(sys.argv[1]))
