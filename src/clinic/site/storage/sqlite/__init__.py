"""Django's SQLite backend with one fair write lock (ENGINE of the embedded default)."""
