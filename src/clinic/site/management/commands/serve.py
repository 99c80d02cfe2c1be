"""``clinic serve``: run the clinic."""

from argparse import ArgumentParser

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from clinic.site import home, server
from clinic.site.storage import mark

DEFAULT_PORT = 8000


class Command(BaseCommand):
    """One server process, until Ctrl-C."""

    help = "Run the clinic: pages, live streams and the loop in one process, until Ctrl-C."
    requires_system_checks = ()  # server.check() runs those that matter here
    kind = mark.Kind.CLINIC

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="first port to try")

    def handle(self, *, host: str, port: int, **options: object) -> None:
        """Check, open the port, serve."""
        try:
            with server.sole_use() as note_address:
                self.make_way()
                server.check(self.kind)
                self.fill()
                with server.free_socket(host, port, self.stdout.write) as sock:
                    name = "localhost" if host == "127.0.0.1" else host
                    address = f"http://{name}:{sock.getsockname()[1]}/"
                    note_address(address)
                    self.announce(address)
                    server.run(sock)
        except home.AlreadyRunning as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Stopped.")

    def make_way(self) -> None:
        """What must be gone before the database is opened: nothing, in a real clinic."""

    def fill(self) -> None:
        """What must be in the database before the doors open: nothing, in a real clinic."""

    def announce(self, address: str) -> None:
        """Say where it is."""
        self.stdout.write(f"The clinic is at {address}  (Ctrl-C stops it)")
        self.stdout.flush()
