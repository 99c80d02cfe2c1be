"""The Django project around the clinical core: one room for each stage of care."""
