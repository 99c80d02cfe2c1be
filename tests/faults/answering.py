"""A person with a phone who answers a questionnaire and remembers what was acknowledged."""

import re
from dataclasses import dataclass, field

import httpx

ITEMS = [*(f"q{number}" for number in range(1, 10)), "difficulty"]
MEANT = {item: number % 3 for number, item in enumerate(ITEMS)} | {"q9": 2}
BORN = "1980-05-17"


@dataclass
class Answering:
    """One link. `kept`, `sent` and `helped` hold only what the clinic has acknowledged."""

    secret: str
    kept: dict[str, int] = field(default_factory=dict)
    sent: bool = False
    helped: bool = False

    def go_on(self, port: int) -> None:
        """Open the link and go to the end. Raises TransportError when the clinic dies."""
        with httpx.Client(base_url=f"http://localhost:{port}/q/{self.secret}/", timeout=20) as http:
            if "This was sent" in http.get("").text:
                self.sent = True
                return
            assert self._post(http, "", birth_date=BORN) == "answer/"
            while (page := http.get("answer/")).status_code == 200:
                self._answer(http, page.text)
            assert self._post(http, "help/", "answer/?item=q1") == "called/"
            self.helped = True
            assert self._post(http, "review/") == "thanks/"
            self.sent = True

    def _answer(self, http: httpx.Client, page: str) -> None:
        number = re.search(r"Question (\d+) of", page)
        assert number is not None, page
        item = ITEMS[int(number[1]) - 1]
        self._post(http, f"answer/?item={item}", answer=str(MEANT[item]))
        self.kept[item] = MEANT[item]

    def _post(self, http: httpx.Client, where: str, form_at: str = "", **typed: str) -> str:
        """Send a form as a browser does; returns where it leads, seen from the link."""
        token = re.search(
            r'name="csrfmiddlewaretoken" value="(\w+)"', http.get(form_at or where).text
        )
        assert token is not None
        answer = http.post(where, data={"csrfmiddlewaretoken": token[1], **typed})
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"].partition(f"/{self.secret}/")[2].partition("?")[0]
