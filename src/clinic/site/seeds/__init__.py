"""Invented people for the demo clinic, made through the rooms' own actions."""
