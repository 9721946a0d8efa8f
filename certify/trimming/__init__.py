"""Certificates of a NO made smaller: steps, literals, hints and items that the contradiction does not need."""

from certify.trimming.certificate import Counts, TrimResult, trim

__all__ = ["Counts", "TrimResult", "trim"]
