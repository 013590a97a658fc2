"""Judging trained models: extraction, caching, intervals, floors, progress."""
