"""``clinic demo``: the clinic with invented people, in a place of its own."""

from django.conf import settings
from django.db import connection
from django.utils import timezone

from clinic.people import staffing
from clinic.site import demo, live
from clinic.site.management.commands import serve
from clinic.site.storage import mark, shape

DEMO, EMPTY = mark.Kind.DEMO, mark.Kind.EMPTY


class Command(serve.Command):
    """Like `serve`, with its own directory, database and people."""

    help = "Run the demo clinic: invented people, its own database under var/demo."
    kind = DEMO

    def make_way(self) -> None:
        """A demo that another version made."""
        found = mark.kind(connection)
        if connection.vendor != "sqlite" or found not in (DEMO, EMPTY):
            return
        connection.close()
        if found == DEMO and (older := shape.set_aside(settings.HOME)):
            self.stdout.write(f"The demo of another version is kept as {older}; a new one follows.")
        shape.keep(settings.HOME)

    def fill(self) -> None:
        """The invented people, on the first start."""
        self.stdout.write("Preparing the demo clinic…")
        if demo.seed(timezone.now()):
            self.stdout.write("Invented people are in.")
        live.keep(timezone.now())

    def announce(self, address: str) -> None:
        """Where it is, and who can sign in."""
        self.stdout.write("Everybody in this demo is invented. Passwords alone sign in here.")
        for sign_in in demo.SIGN_INS:
            self.stdout.write(f"  {sign_in.role:24} {sign_in.email:32} {sign_in.password}")
        self.stdout.write(f"PIN of whoever may type second, here alone: {staffing.DEMO_PIN}")
        self.stdout.write(f"What it would send is kept in {settings.HOME / 'mail'}.")
        super().announce(address)
