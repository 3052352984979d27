"""Timings. They live here and never in a test: machines differ, promises do not."""
