"""Wiring only: settings, urls, base templates, start-up, commands, the demo clinic."""
