"""certify export, as a user runs it."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from certify.certificate import DATA, Certificate, Claim
from certify.export import FORMATS
from certify.instance import TrainingInstance
from certify.network import Network, Neuron
from certify.pipeline import prove
from certify.problems import PROBLEMS
from certify.reductions import reduction_named


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    path = tmp_path_factory.mktemp("yes") / "x.cert"
    prove(PROBLEMS["poits"].generate("figure-5"), "relu", output=path)
    return path.read_bytes()


@pytest.fixture
def five(certify, certificate, tmp_path):
    (tmp_path / "x.cert").write_bytes(certificate)
    return reduction_named("poits", "relu").reduce(PROBLEMS["poits"].generate("figure-5"))


def test_onnx_file_fits_the_data(certify, five):
    done = certify("export", "x.cert", "-o", "net.onnx")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("net.onnx: 32 relu neurons, onnx, float64, at the 279 data points off by at most ")
    session = onnxruntime.InferenceSession("net.onnx", providers=["CPUExecutionProvider"])
    (values,) = session.run(["y"], {"x": np.array([[float(v) for v in point] for point in five.points])})
    report = certify("export", "x.cert", "-o", "net.onnx", "--json").json
    bound = Fraction(report["rounding"]["values"])
    assert 0 < bound < Fraction(1, 10**9)
    for value, label in zip(values, five.labels, strict=True):
        assert abs(Fraction(float(value)) - label) <= 10 * bound


@pytest.mark.parametrize("name", FORMATS)
def test_formats(certify, five, name):
    done = certify("export", "x.cert", "-o", f"net.{name}", "--json")
    report = done.json
    assert (report["output"], report["format"], report["width"]) == (f"net.{name}", name, 32)
    assert report["exact"] == (name == "json") == (report["rounding"] is None)
    data = Path(f"net.{name}").read_bytes()
    piped = certify("export", "x.cert", "-o", "same", "--format", name)
    assert piped.code == 0 and Path("same").read_bytes() == data


def test_to_stdout(certify, five):
    done = certify("export", "x.cert", "-o", "-", "--format", "json")
    network = Network.from_json(json.loads(done.out))
    assert five.misfits(network) == []
    assert done.err == "-: 32 relu neurons, json, exact\n"
    done = certify("export", "-", "-o", "-", "--format", "json", "--json", stdin=Path("x.cert").read_bytes())
    assert json.loads(done.err)["exact"] is True and Network.from_json(json.loads(done.out)) == network


def test_npz(certify, five):
    certify("export", "x.cert", "-o", "net.npz")
    with np.load(io.BytesIO(Path("net.npz").read_bytes()), allow_pickle=False) as arrays:
        x = np.array([[float(v) for v in point] for point in five.points])
        values = np.maximum(x @ arrays["weights"].T + arrays["biases"], 0) @ arrays["coefficients"]
    np.testing.assert_allclose(values, [float(label) for label in five.labels], atol=1e-9)


def test_refusals(certify, five, tmp_path):
    before = sorted(tmp_path.iterdir())
    for words, fault in [
        (["x.cert", "-o", "net.pt"], "certify: net.pt: a network with the suffix '.pt' (end in .json or"),
        (["x.cert", "-o", "-"], "certify: <stdout>: no suffix that names the format (give --format)"),
        (["none.cert", "-o", "n.json"], "certify: none.cert: cannot be read: no such file"),
        (["x.cert"], "certify: Missing option '-o'"),
        (["x.cert", "-o", "none/n.json"], "certify: none/"),
    ]:
        done = certify("export", *words)
        assert done.code == 2 and done.out == "" and done.err.startswith(fault), done.err
        assert len(done.err.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


def test_a_no_has_no_network(certify, tmp_path):
    prove(PROBLEMS["poits"].generate("vvv"), "threshold", output=Path("no.cert"))
    done = certify("export", "no.cert", "-o", "net.onnx")
    assert (done.code, done.err) == (2, "certify: no.cert: the certificate is a NO: it has no network\n")
    assert [path.name for path in tmp_path.iterdir()] == ["no.cert"]


@pytest.mark.parametrize(("kind", "verdict"), [("vvv", "unsat"), ("single", "sat")])
def test_queries_for_verifiers(certify, tmp_path, kind, verdict):
    prove(PROBLEMS["poits"].generate(kind), "relu", output=Path("x.cert"))
    done = certify("export", "x.cert", "-o", "out", "--format", "vnnlib")
    assert done.code == 0 and verdict in done.out and done.out.startswith("out: ")
    facts = json.loads(Path("out/queries.json").read_text())
    statuses = [query["status"] for query in facts["queries"]]
    assert set(statuses) == {"unsat"} if verdict == "unsat" else statuses.count("sat") == 1
    lines = Path("out/instances.csv").read_text().splitlines()
    assert lines == [f"{q['name']}.onnx,{q['name']}.vnnlib,300" for q in facts["queries"]]
    names = {name for line in lines for name in line.split(",")[:2]} | {"queries.json", "instances.csv"}
    assert {path.name for path in Path("out").iterdir()} == names
    report = certify("export", "x.cert", "-o", "out", "--format", "vnnlib", "--json").json
    assert report["queries"] == facts["queries"]
    done = certify("export", "x.cert", "-o", "x.cert", "--format", "vnnlib")
    assert (done.code, done.err) == (2, "certify: x.cert: is no folder\n")


def test_own_data(certify, tmp_path):
    """A certificate whose points are in it, with numbers that float64 does not hold."""
    network = Network("relu", (Neuron.of(["1/3", "-2"], "1/7", 1), Neuron.of([1, 1], 0, -1)), 2)
    points = [[x, y] for x in range(3) for y in range(3)]
    labels = [network(point) for point in points]
    instance = TrainingInstance.of(points, labels, width=2, activation="relu")
    Certificate(Claim.of("YES", DATA, instance), instance, witness=network).save(Path("own.cert"))
    assert certify("verify", "own.cert").first == "VERIFIED YES own.cert"
    report = certify("export", "own.cert", "-o", "net.onnx", "--json").json
    error = abs(Fraction(1 / 3) - Fraction(1, 3))
    assert Fraction(report["rounding"]["parameters"]) == error and report["rounding"]["points"] == 9
    certify("export", "own.cert", "-o", "out", "--format", "vnnlib")
    statuses = [query["status"] for query in json.loads(Path("out/queries.json").read_text())["queries"]]
    assert statuses == ["unknown", "sat", "unknown"]


def test_an_incomplete_no_answers_no_query(certify, tmp_path):
    instance = TrainingInstance.of([[0], [1]], [0, 1], width=1, activation="relu")
    Certificate(Claim.of("NO", DATA, instance), instance).save(Path("no.cert"))
    done = certify("export", "no.cert", "-o", "out", "--format", "vnnlib")
    assert (done.code, done.err) == (2, "certify: no.cert: the certificate is incomplete: its answer is not known\n")
    assert not Path("out").exists()
