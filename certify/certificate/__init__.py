"""Certificates on disk (docs/format/v1.md): written from a claim and its proof, and read back."""

from certify.certificate.files import opened, replacing
from certify.certificate.reading import proof_lines, read, reduction_of, source_proof_lines
from certify.certificate.record import DATA, Certificate, Claim, Verdict

__all__ = [
    "DATA",
    "Certificate",
    "Claim",
    "Verdict",
    "opened",
    "proof_lines",
    "read",
    "reduction_of",
    "replacing",
    "source_proof_lines",
]
