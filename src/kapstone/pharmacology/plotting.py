"""A prediction as a picture: the extra ``kapstone[plot]`` (Matplotlib)."""

from pathlib import Path

from kapstone.errors import InvalidInput
from kapstone.pharmacology.reading import Asked
from kapstone.pharmacology.showing import shown

_ENDINGS = (".svg", ".png", ".pdf")


def plot(asked: Asked, path: str) -> None:
    """Draw what a file asks for, with what must stand beside it, into `path`.

    Raises
    ------
    InvalidInput
        where the extra is not installed, or the ending of `path` is none of svg, png, pdf.
    """
    if Path(path).suffix not in _ENDINGS:
        raise InvalidInput("plot", f"{path!r} ends in none of {', '.join(_ENDINGS)}.")
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InvalidInput("plot", "needs Matplotlib.", "Install kapstone[plot].") from error
    given = (asked.model, asked.doses, asked.person, asked.times_min)
    seen = shown(*given, asked.options, asked.crowd)
    figure = Figure(figsize=(7.5, 5.5), layout="constrained")
    axes = figure.subplots()
    times, conc = seen.curve.times_min, seen.curve.conc_ng_per_ml
    for run in seen.runs:
        if seen.band is not None and asked.crowd is not None:
            levels = seen.band.conc_ng_per_ml[:, run]
            axes.fill_between(times[run], levels[0], levels[-1], color="#9db8c9", alpha=0.5)
            axes.fill_between(times[run], levels[1], levels[-2], color="#6f97b0", alpha=0.5)
        if seen.line:
            axes.plot(times[run], conc[run], color="#123c55")
    axes.set_xlabel("minutes since the first dose")
    axes.set_ylabel("ng/mL of base in plasma")
    axes.set_ylim(bottom=0)
    figure.suptitle("\n".join(seen.beside), fontsize=8, x=0.01, ha="left")
    figure.savefig(path)
