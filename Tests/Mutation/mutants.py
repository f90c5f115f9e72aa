"""`make mutants`: breaks the decision and its reader one rule at a time (`mutants.txt`), in a copy,
and counts how often a test notices. A mutant that survives is a rule that no test holds."""

import argparse
import collections
import concurrent.futures
import dataclasses
import queue
import random
import sys
import time

import mutant_list
from mutant_build import FOLDER, BuildError, Package, Toolchain, Workshop
from mutant_list import ListError, Mutant
from mutant_run import EVERYTHING, SIMULATION, baseline, judge


@dataclasses.dataclass(frozen=True)
class Result:
    mutant: Mutant
    #: "killed", "SURVIVED" or "DOES NOT COMPILE"
    outcome: str
    detail: str


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, metavar="N", help="only so many, drawn at random")
    parser.add_argument("--seed", type=int, metavar="S", help="draws the same sample again")
    parser.add_argument("--only", metavar="ID,ID", help="only these")
    parser.add_argument("--histories", type=int, default=3000, metavar="N",
                        help="of the simulation (default: %(default)s)")
    parser.add_argument("--simulation", action="store_true",
                        help="only the histories: what the simulation finds by itself")
    parser.add_argument("--jobs", type=int, default=2, metavar="N",
                        help="mutants side by side (default: %(default)s)")
    parser.add_argument("--least", type=float, default=95, metavar="PERCENT",
                        help="of the mutants must be killed (default: %(default)s)")
    parser.add_argument("--check", "--list", action="store_true",
                        help="only list the mutants, and check that each fits the code once")
    options = parser.parse_args()
    for name in ("sample", "histories", "jobs"):
        value = getattr(options, name)
        if value is not None and value < 1:
            parser.error(f"--{name} takes 1 or more, not {value}")
    return options


def _chosen(mutants, options):
    """Those to run, in the order of the list."""
    if options.only:
        wanted = set(options.only.split(","))
        unknown = wanted - {mutant.id for mutant in mutants}
        if unknown:
            raise ListError(f"--only: the list has no {', '.join(sorted(unknown))}")
        mutants = [mutant for mutant in mutants if mutant.id in wanted]
    mutants = [mutant for mutant in mutants if not mutant.equivalent]
    if options.sample and options.sample < len(mutants):
        seed = random.randrange(10**6) if options.seed is None else options.seed
        print(f"A sample of {options.sample} of {len(mutants)}: again with --seed {seed}")
        drawn = set(random.Random(seed).sample([each.id for each in mutants], options.sample))
        mutants = [mutant for mutant in mutants if mutant.id in drawn]
    return mutants


def _prepared(options):
    """The workshops, and the tests that pass without a mutation."""
    tools = Toolchain()
    base = Package(tools, FOLDER / "base")
    start = time.monotonic()
    base.build()
    workshops = [Workshop(tools, base, str(number + 1)) for number in range(options.jobs)]
    for workshop in workshops:
        workshop.prepare()
    # On the way of the mutants, so that it is known to work.
    file = "ShutdownController.swift"
    program = workshops[0].build(file, mutant_list.source(file).read_text(encoding="utf-8"))
    built = time.monotonic() - start
    targets = SIMULATION if options.simulation else EVERYTHING
    taken = baseline(program, targets, options.histories)
    times = ", ".join(f"{target} {seconds:.1f} s" for target, seconds in taken.items())
    print(f"Without a mutation all tests pass: built in {built:.0f} s, {times}", flush=True)
    return base, workshops, _Trial(targets, options.histories, taken)


@dataclasses.dataclass(frozen=True)
class _Trial:
    """What every mutant has to pass, and how long that takes without a mutation."""
    targets: dict
    histories: int
    taken: dict

    def verdict(self, program):
        return judge(program, self.targets, self.histories, self.taken)


def _tried(mutant, base, workshop, trial):
    start = time.monotonic()
    text = mutant.applied(mutant_list.source(mutant.file).read_text(encoding="utf-8"))
    try:
        program = workshop.build(mutant.file, text)
    except BuildError as error:
        errors = [line for line in str(error).splitlines() if "error:" in line]
        return Result(mutant, "DOES NOT COMPILE", errors[0] if errors else str(error)[-200:])
    built = time.monotonic() - start
    verdict = trial.verdict(program)
    spent = time.monotonic() - start - built
    times = f"(build {built:.1f} s, tests {spent:.1f} s)"
    if not verdict.how:
        return Result(mutant, "SURVIVED", times)
    return Result(mutant, "killed", f"by {verdict.target}: {verdict.how} {times}")


def _results(mutants, base, workshops, trial):
    """Each as soon as it is there; every workshop has one mutant at a time."""
    free = queue.SimpleQueue()
    for workshop in workshops:
        free.put(workshop)

    def work(mutant):
        workshop = free.get()
        try:
            return _tried(mutant, base, workshop, trial)
        finally:
            free.put(workshop)

    with concurrent.futures.ThreadPoolExecutor(len(workshops)) as pool:
        runs = [pool.submit(work, mutant) for mutant in mutants]
        try:
            for run in concurrent.futures.as_completed(runs):
                yield run.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _summed_up(results, equivalent, least):
    """Prints the score; whether it is enough."""
    count = collections.Counter(result.outcome for result in results)
    for result in results:
        if result.outcome != "killed":
            mutant = result.mutant
            print(f"{result.outcome}: {mutant.id} {mutant.file}: {mutant.rule}")
    judged = count["killed"] + count["SURVIVED"]
    score = 100 * count["killed"] / judged if judged else 0
    print(f"{count['killed']} of {judged} mutants killed, {score:.1f} % (at least {least:g} %); "
          f"{count['DOES NOT COMPILE']} do not compile, {equivalent} are equivalent")
    # A mutant that does not compile tests nothing: the list is wrong.
    return score >= least and not count["DOES NOT COMPILE"]


def _run(options):
    """Whether enough of the mutants were killed."""
    start = time.monotonic()
    mutants = mutant_list.read()
    mutant_list.check(mutants)
    if options.check:
        for mutant in mutants:
            print(f"{mutant.id} {mutant.file}: {mutant.rule}")
        print(f"{len(mutants)} mutants, each fits the code once")
        return True
    chosen = _chosen(mutants, options)
    if not chosen:
        raise ListError("no mutant is left to run: those that were asked for are equivalent")
    base, workshops, trial = _prepared(options)
    results = []
    for result in _results(chosen, base, workshops, trial):
        print(f"{result.mutant.id} {result.outcome} {result.detail}", flush=True)
        results.append(result)
    equivalent = sum(bool(mutant.equivalent) for mutant in mutants)
    is_enough = _summed_up(results, equivalent, options.least)
    print(f"{time.monotonic() - start:.0f} s")
    return is_enough


def main():
    options = _options()
    try:
        is_enough = _run(options)
    except (ListError, BuildError, RuntimeError) as error:
        sys.exit(f"mutants: {error}")
    sys.exit(0 if is_enough else 1)


if __name__ == "__main__":
    main()
