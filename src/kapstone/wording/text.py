"""Words of a file as plain text: what is markup or hidden is taken out, and said."""

import re
import unicodedata
from html.parser import HTMLParser

from kapstone.errors import InvalidInput
from kapstone.wording.draft import Problem

LONGEST = 2000
_TAG = re.compile(r"</?[a-zA-Z!][^>]*>|&(#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")
_NUMBER = re.compile(r"^\d{1,2}[.)]\s+(?=\S)")
_UNSEEN = {"script", "style", "template"}


class _Words(HTMLParser):
    """Collects what a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """A tag parts words from each other; some hide what they hold."""
        self._hidden += tag in _UNSEEN
        self.seen.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """The end of one."""
        self._hidden -= tag in _UNSEEN and self._hidden > 0
        self.seen.append(" ")

    def handle_data(self, data: str) -> None:
        """Words between tags."""
        if not self._hidden:
            self.seen.append(data)


def plain(place: str, text: str, problems: list[Problem]) -> str:
    """The text on one line, without markup and without characters that show nothing.

    Raises InvalidInput for text longer than any question.
    """
    if len(text) > LONGEST:
        raise InvalidInput(place, f"is longer than {LONGEST} characters.")
    shown = text
    if _TAG.search(text):
        words = _Words()
        words.feed(text)
        words.close()
        shown = "".join(words.seen)
        problems.append(Problem(place, "Its markup was taken out; read what is left."))
    kept = "".join(char for char in shown if not _hides(char))
    if kept != shown:
        problems.append(Problem(place, "Characters that cannot be seen were taken out."))
    return " ".join(unicodedata.normalize("NFC", kept).split())


def unnumbered(text: str) -> str:
    """A question without its own number: the page says the number."""
    return _NUMBER.sub("", text)


def _hides(char: str) -> bool:
    """Controls and marks of direction: they can make a text read otherwise than it is kept."""
    return unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} and not char.isspace()
