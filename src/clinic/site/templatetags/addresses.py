"""Django's `{% url %}`, which looks an address up once and from then on fills in its ids."""

from functools import cache
from uuid import UUID, uuid4

from django import template
from django.conf import settings
from django.template import Context, defaulttags
from django.template.base import Parser, Token
from django.urls import get_urlconf, reverse
from django.utils.html import format_html

register = template.Library()


def address(name: str, *ids: UUID) -> str:
    """The address of a route. Raises NoReverseMatch."""
    first, *others = _pieces(get_urlconf() or settings.ROOT_URLCONF, name, len(ids))
    return first + "".join(f"{each}{piece}" for each, piece in zip(ids, others, strict=True))


@cache
def _pieces(urlconf: str, name: str, count: int) -> tuple[str, ...]:
    """What stands before, between and after the ids of an address."""
    ids = [str(uuid4()) for _ in range(count)]
    left, pieces = reverse(name, urlconf, args=ids), []
    for each in ids:
        before, left = left.split(each)
        pieces.append(before)
    return (*pieces, left)


class _Address(defaulttags.URLNode):
    """Fills ids in; whatever else an address is made of is Django's own affair."""

    def render(self, context: Context) -> str:
        ids = [each.resolve(context) for each in self.args]
        if self.kwargs or self.asvar or any(type(each) is not UUID for each in ids):
            return super().render(context)
        return format_html("{}", address(self.view_name.resolve(context), *ids))


@register.tag
def url(parser: Parser, token: Token) -> _Address:
    """As Django's."""
    made = defaulttags.url(parser, token)
    return _Address(made.view_name, made.args, made.kwargs, made.asvar)
