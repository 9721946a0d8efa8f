"""certify verify --checker: the two checkers, what they say together, and what is said if one is missing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from certify.errors import MissingComponent
from certify.kernel import KernelResult, check_by_kernel, find_kernel, joined
from certify.verify import Result

ARCHIVE = Path(__file__).parents[2] / "certificates"
NO = ARCHIVE / "poits-threshold" / "small-111.cert"
YES = ARCHIVE / "twohyp-relu" / "middle.cert"


@pytest.fixture
def samples(tmp_path):
    """A yes, a no, a no without its proof, a damaged one."""
    (tmp_path / "yes.cert").write_bytes(YES.read_bytes())
    (tmp_path / "no.cert").write_bytes(NO.read_bytes())
    (tmp_path / "bad.cert").write_bytes(NO.read_bytes().replace(b"\nlabel", b"\nbabel"))
    (tmp_path / "none.cert").write_bytes(INCOMPLETE)
    return tmp_path


INCOMPLETE = b"""certify 1
verdict NO
activation threshold
signs free
width 2
from data
instance 4 1 1f5cd46790ddd16c93284fb7efdcdadebf76c3d6ef0f2ac061e909c68f560c8a
0 0
1 1
2 0
3 1
refutation none
end
sha256 cf7f67e6e4c984b2fb272a5f1d41029a633f7471f75e745badb4e2a44858ff8a
"""


def test_tiers(certify, samples):
    assert certify("verify", "yes.cert").out == "VERIFIED YES yes.cert\n"
    assert certify("verify", "--checker", "kernel", "yes.cert").out == "VERIFIED YES yes.cert [kernel]\n"
    assert certify("verify", "--checker", "all", "no.cert").out == "VERIFIED NO no.cert [checked, kernel]\n"
    for checker, tier in (("python", "checked"), ("kernel", "kernel"), ("all", "kernel")):
        (row,) = certify("verify", "--json", "--checker", checker, "no.cert").json["files"]
        assert (row["status"], row["verdict"], row["tier"]) == ("VERIFIED", "NO", tier)
        assert sorted(row.get("checkers", {})) == {"python": [], "kernel": ["kernel"], "all": ["kernel", "python"]}[checker]


@pytest.mark.parametrize("checker", ["python", "kernel", "all"])
def test_exit_codes(certify, samples, checker):
    def code(*names):
        return certify("verify", "--checker", checker, *names).code

    assert code("yes.cert", "no.cert") == 0
    assert code("yes.cert", "none.cert") == 3
    assert code("bad.cert", "none.cert", "yes.cert") == 1
    assert code("nowhere.cert") == 2
    none = certify("verify", "--json", "--checker", checker, "none.cert").json["files"][0]
    assert (none["status"], none["code"], none["tier"]) == ("INCOMPLETE", "refutation-none", None)
    bad = certify("verify", "--json", "--checker", checker, "bad.cert").json["files"][0]
    assert bad["status"] == "REJECTED" and isinstance(bad["line"], int) and bad["tier"] is None


def test_many_at_a_time_and_from_stdin(certify, samples):
    plain = certify("verify", "--checker", "all", ".")
    assert certify("verify", "--checker", "all", ".", "--jobs", 2).out == plain.out
    assert plain.out.count("\n") == 4
    assert certify("verify", "--checker", "all", "-", stdin=NO.read_bytes()).out == "VERIFIED NO - [checked, kernel]\n"


def test_names_that_look_like_something_else(certify, samples):
    for name in ("-x.cert", "a: line 3: b.cert", "new\nline.cert", "--help"):
        (samples / name).write_bytes((samples / "bad.cert").read_bytes())
        result = check_by_kernel(name, find_kernel())
        assert (result.status, result.code) == ("REJECTED", "rejected") and result.line is not None


def test_a_disagreement_has_its_own_exit_code(certify, samples, monkeypatch):
    """A kernel that accepts everything, put in the place of the real one."""
    liar = samples / "liar"
    liar.write_text(f"#!{sys.executable}\nimport sys\nprint('VERIFIED NO', sys.argv[1])\n")
    liar.chmod(0o755)
    monkeypatch.setenv("CERTIFY_KERNEL", str(liar))
    done = certify("verify", "--checker", "all", "no.cert", "bad.cert", "none.cert", "yes.cert")
    assert done.code == 4
    assert [line.split()[0] for line in done.out.splitlines()] == ["VERIFIED"] + 3 * ["DISAGREEMENT"]
    assert "certify/verify.py says REJECTED" in done.out and "certify-kernel says VERIFIED NO" in done.out
    rows = certify("verify", "--json", "--checker", "all", "bad.cert").json["files"]
    assert (rows[0]["status"], rows[0]["tier"], rows[0]["code"]) == ("DISAGREEMENT", None, "disagreement")


def test_a_checker_that_comes_to_no_end_does_not_disagree():
    limit = KernelResult("INCOMPLETE", None, "the check asks for too much memory", None, "out-of-memory")
    verified = Result("VERIFIED", "NO", "the proof is complete", None, "verified")
    assert joined(verified, limit)[0] == "INCOMPLETE"
    work = Result("REJECTED", "NO", "too much work", 5, "too-much-work")
    assert joined(work, KernelResult("VERIFIED", "NO", "the proof is complete", None, "verified"))[0] == "INCOMPLETE"
    without = Result("INCOMPLETE", "NO", "the certificate contains no refutation", None, "refutation-none")
    assert joined(without, KernelResult("VERIFIED", "NO", "", None, "verified"))[0] == "DISAGREEMENT"
    assert joined(verified, KernelResult("VERIFIED", "YES", "", None, "verified"))[0] == "DISAGREEMENT"


def test_a_missing_kernel_says_how_to_build_it(certify, samples, monkeypatch):
    monkeypatch.setenv("CERTIFY_KERNEL", str(samples / "nowhere"))
    done = certify("verify", "--checker", "kernel", "yes.cert")
    assert (done.code, done.out) == (2, "") and "CERTIFY_KERNEL" in done.err
    monkeypatch.delenv("CERTIFY_KERNEL")
    monkeypatch.setenv("PATH", str(samples))
    monkeypatch.setattr("certify.kernel._BUILT", samples / "nowhere")
    done = certify("verify", "--checker", "all", "--json", "yes.cert")
    assert (done.code, done.json["error"]["code"]) == (2, "missing-component") and "make kernel" in done.err
    assert certify("verify", "yes.cert").code == 0


def test_prove_by_both(certify, monkeypatch):
    words = ("prove", "--from", "poits", "--to", "threshold", "-", "-o", "x.cert", "--checker", "all")
    done = certify(*words, stdin="p cnf 1 1\n1 1 1 0\n")
    assert done.code == 0 and "VERIFIED by certify/verify.py and certify-kernel" in done.out
    assert certify(*words, "--json", stdin="p cnf 1 1\n1 1 1 0\n").json["tier"] == "kernel"
    assert certify(*words[:-2], "--json", stdin="p cnf 1 1\n1 1 1 0\n").json["tier"] == "checked"
    monkeypatch.setenv("CERTIFY_KERNEL", "/nowhere")
    assert certify(*words, stdin="p cnf 1 1\n1 1 1 0\n").code == 2


def test_the_place_of_the_kernel(monkeypatch, samples):
    program = samples / "certify-kernel"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.delenv("CERTIFY_KERNEL", raising=False)
    monkeypatch.setenv("PATH", str(samples))
    assert find_kernel() == program
    named = samples / "named"
    named.write_text("#!/bin/sh\n")
    named.chmod(0o755)
    monkeypatch.setenv("CERTIFY_KERNEL", str(named))
    assert find_kernel() == named
    with pytest.raises(MissingComponent, match="CERTIFY_KERNEL"):
        monkeypatch.setenv("CERTIFY_KERNEL", str(samples))
        find_kernel()
