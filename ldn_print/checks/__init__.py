"""Checks: pure functions that look at sources, translations and pages and return findings."""
