"""A series follows the episode it belongs to: begun, held, resumed, finished or stopped."""

from clinic.episodes.models import Episode, Series
from kapstone import pathway

_ENDS_WELL = (pathway.Episode.MAINTENANCE, pathway.Episode.COMPLETED)


def open_series_of(episode: Episode) -> Series | None:
    """The series that has not ended."""
    states = [str(state) for state in pathway.Series if pathway.allowed(state)]
    return episode.series.filter(status__in=states).order_by("opened_at").last()


def dose_given(episode: Episode) -> None:
    """The first dose of an ordered series: it is under way."""
    series = open_series_of(episode)
    if series is not None and series.status == pathway.Series.ORDERED:
        _move(series, pathway.Series.UNDER_WAY)


def stage_changed(episode: Episode) -> None:
    """The episode was paused, resumed or ended, or went on to maintenance."""
    series = open_series_of(episode)
    to = _following(series, episode) if series else None
    if series is not None and to is not None:
        _move(series, to)


def _following(series: Series, episode: Episode) -> pathway.Series | None:
    stage, state = pathway.Episode(episode.stage), pathway.Series(series.status)
    begun = episode.doses.filter(started_at__gte=series.opened_at).exists()
    if stage is pathway.Episode.PAUSED:
        return None if state is pathway.Series.HELD else pathway.Series.HELD
    if stage is pathway.Episode.IN_SERIES and state is pathway.Series.HELD:
        return pathway.Series.UNDER_WAY if begun else pathway.Series.ORDERED
    if stage in _ENDS_WELL and state is pathway.Series.UNDER_WAY:
        return pathway.Series.FINISHED
    if stage in _ENDS_WELL or not pathway.allowed(stage):
        return pathway.Series.STOPPED if begun else pathway.Series.CANCELLED
    return None


def _move(series: Series, to: pathway.Series) -> None:
    """What the step needs was asked for by the step of the episode that it follows."""
    pathway.step(pathway.Series(series.status), to)
    series.status = str(to)
    series.save(update_fields=["status"])
