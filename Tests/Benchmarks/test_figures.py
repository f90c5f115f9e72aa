"""The verdicts of the benchmark: what was not measured is never met."""

import math

from figures import Figure, change, median, ratios, spread, table


def figure(values, limits=(10, 20), **options):
    return Figure("name", "ms", values, limits, **options)


def test_every_value_must_be_on_its_side():
    assert figure((10, 20)).is_met
    assert not figure((10, 20.1)).is_met
    assert figure((10, 20), least=True).is_met
    assert not figure((9.9, 30), least=True).is_met


def test_what_is_missing_is_not_met():
    for values in ((), (1,), (1, None), (1, math.nan), (1, 2, 3)):
        assert figure(values).is_met is False, values
        assert figure(values, least=True).is_met is False, values
    assert figure((), note="no compiler").verdict == "not measured: no compiler"
    assert figure((1,)).verdict == "MISSED"
    assert spread("name", [], (1, 2, 3)).verdict.startswith("not measured")


def test_a_failure_outweighs_good_values():
    assert figure((1, 2), has_failures=True).verdict == "MISSED"


def test_a_row_without_target_has_no_verdict():
    peer = figure((1, 2), limits=(), note="peer")
    assert (peer.is_met, peer.verdict) == (None, "peer")
    assert peer.object["met"] is None


def test_spread_and_median():
    seconds = [number / 1000 for number in range(1, 101)]
    assert spread("name", seconds, (51, 95, 100)).values == (50.5, 95, 100)
    assert median("name", [0.003, 0.001, 0.002], 2).verdict == "met (p95 3, max 3 ms)"


def test_change_counts_both_ways():
    assert change("name", 10, 10.2, 3).is_met
    assert not change("name", 10, 9.5, 3).is_met
    assert change("name", 10, 9.5, 3).verdict == "MISSED (10 → 9.5 MB)"


def test_ratios():
    note = ratios((50, 0, 9), ("floor", (100, 10, 0)), ("peer", (1, 1, 9)))
    assert note == "0.50 / 0.00 / – × floor, 50 / 0.00 / 1.00 × peer"


def test_table():
    lines = table([figure((1, 2000), note="fine"), figure((), limits=())]).splitlines()
    assert lines[2] == "name   | 1 / 2,000 ms | ≤ 10 / 20 ms | MISSED (fine)"
    assert lines[3].startswith("name   | –")
