"""Least networks with the interface of scikit-learn's estimators, which is not needed for it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from certify.decide.method_names import Method
from certify.errors import InvalidInstance, NotAFit, ResourceLimit, SolverFailure
from certify.instance import Signs
from certify.loss import Loss
from certify.network import Activation, Network
from certify.own_data import FitResult, WidthResult, data, fit, width

PARAMETERS = ("width", "activation", "signs", "loss", "gamma", "timeout", "seed", "method")


class ExactRegressor:
    """A network that fits the data exactly (or meets a loss), with ``width`` neurons, or None: as few as possible.

    Parameters as for ``certify.fit``. After ``fit``: ``network_`` (exact: call it with a point), ``width_``,
    ``n_features_in_``, and ``result_``, the FitResult or WidthResult with the certificates.
    """

    def __init__(
        self,
        width: int | None = None,
        *,
        activation: Activation = "relu",
        signs: Signs = "free",
        loss: Loss = "exact",
        gamma: Any = 0,
        timeout: float | None = None,
        seed: int = 0,
        method: Method = "auto",
    ) -> None:
        self.width = width
        self.activation = activation
        self.signs = signs
        self.loss = loss
        self.gamma = gamma
        self.timeout = timeout
        self.seed = seed
        self.method = method

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters by name."""
        return {name: getattr(self, name) for name in PARAMETERS}

    def set_params(self, **parameters: Any) -> ExactRegressor:
        """Changes parameters. Raises InvalidInstance for a name that is none."""
        for name, value in parameters.items():
            if name not in PARAMETERS:
                raise InvalidInstance(f"no parameter {name!r}", hint="choose from " + ", ".join(PARAMETERS))
            setattr(self, name, value)
        return self

    def fit(self, X: Any, y: Any) -> ExactRegressor:  # noqa: N803
        """Finds the network for n x d numbers and n labels.

        Raises NotAFit where it is proved that there is none (``result_`` holds the proof), ResourceLimit where the
        timeout came first, SolverFailure where a check of our own failed, InputError for bad data.
        """
        question: dict[str, Any] = {name: value for name, value in self.get_params().items() if name != "width"}
        result: FitResult | WidthResult
        result = width(X, y, **question) if self.width is None else fit(X, y, self.width, **question)
        self.result_ = result
        if result.verdict == "NO":
            wanted = "no number of neurons fits" if self.width is None else f"{self.width} neurons do not fit"
            raise NotAFit(f"{wanted} the data: this is proved", hint="see result_")
        if result.report["rejected"]:
            raise SolverFailure(f"not decided: {'; '.join(result.report['notes'])}")
        if result.verdict == "UNKNOWN" or result.network is None:
            raise ResourceLimit(f"not decided: {result.bounds}", hint="give more time, or a larger width")
        self.network_: Network = result.network
        self.width_ = result.network.width
        self.n_features_in_ = result.network.dimension
        return self

    def predict_exact(self, X: Any) -> list[Fraction]:  # noqa: N803
        """The exact values at the rows of X."""
        if not hasattr(self, "network_"):
            raise NotAFit("there is no network yet", hint="call fit first")
        points, _ = data(X, [0] * len(X))
        return self.network_.evaluate(points)

    def predict(self, X: Any) -> np.ndarray[tuple[int], np.dtype[np.float64]]:  # noqa: N803
        """The values at the rows of X, each rounded once to float64."""
        return np.array([value.numerator / value.denominator for value in self.predict_exact(X)])
