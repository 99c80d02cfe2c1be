"""The talking side of care: preparation, touch, debrief, integration, private notes."""
