"""Synthetic people drawn from published figures: no clock, no person behind them."""

from kapstone.synth.course import Trajectory, trajectory
from kapstone.synth.people import SyntheticPerson, people

__all__ = ["SyntheticPerson", "Trajectory", "people", "trajectory"]
