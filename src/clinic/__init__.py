"""The Django project: one room for each stage of care."""
