"""Reaching people: one contract for a message, the channels that carry it, and what people said."""
