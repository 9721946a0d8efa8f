"""Pictures of data and networks. Drawn in floating point: a picture claims nothing."""

from certify.pictures.draw import SUFFIXES, plot_certificate, plot_instance

__all__ = ["SUFFIXES", "plot_certificate", "plot_instance"]
