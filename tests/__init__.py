"""Tests: one file per module; `conftest` holds what they share."""
