"""`make fuzz`: bytes that nobody would send, to all that reads bytes from outside. Each reader
begins with what the tests know, and what it finds is left in .build/fuzz/READER."""

import argparse
import concurrent.futures
import os
import pathlib
import re
import struct
import subprocess
import sys

_ROOT = pathlib.Path(__file__).resolve().parents[2]
_PROGRAM = os.environ.get("FUZZ", str(_ROOT / ".build" / "fuzz-build" / "release" / "Fuzz"))
_FOUND = _ROOT / ".build" / "fuzz"

_COMMANDS = [
    '{"cmd":"cancel","id":"a1"}', '{"cmd":"delay","seconds":300,"id":"a2","token":"t"}',
    '{"cmd":"capesr"}', '{"cmd":"status"}', '{"cmd":"events","limit":5}',
    '{"cmd":"history","seconds":900}', '{"cmd":"set","name":"restartDelay","value":"off"}',
    '{"cmd":"simulate","line":"power off"}', '{"cmd":"drill","seconds":3,"incident":"ab-1"}',
    '[1,2.5e-3,true,null,"\\u00e4\\ud83d\\ude00"]']
_MQTT = ["cancel", "delay 300", "measure", '{"command":"delay","seconds":60,"id":"x"}',
         '{"command":"cancel","incident":"ab-1"}']
_NUT = ["LIST VAR ups\nGET VAR ups ups.status\nVER\n", "USERNAME admin\nPASSWORD b\nLOGIN ups\n",
        "USERNAME admin\nPASSWORD b\nSET TRACKING ON\nINSTCMD ups shutdown.stop\nGET TRACKING x\n",
        "SET VAR ups experimental.shutdown.delay \"30\"\nLIST RANGE qnapups a\r\nLOGOUT\n"]
_HTTP = ["/api/events\nlimit=10\nhttp://127.0.0.1:1\n127.0.0.1:1\nW/\"1-1\"",
         "/../etc/passwd\nseconds=0\nhttps://[::1]\n[::1]\n*", "/index.html"]
_FRAMES = ["0103014004", "01040140010 4".replace(" ", ""), "0105034104ff04", "0103ee0704",
           "01030101010301400401"]


#: Texts in the tests of these files are inputs for that reader, too.
_TESTS = {
    "nis": ["ReportTests/NIS/NISSessionTests.swift"],
    "nut": ["ReportTests/NUT/NUTSessionTests.swift"],
    "commands": ["ReportTests/Commands/CommandTextTests.swift",
                 "ReportTests/JSON/JSONValueTests.swift"],
    "mqtt": ["ReportTests/Commands/MQTTCommandTests.swift",
             "ReportTests/HomeAssistant/HomeAssistantRecordTests.swift"],
    "http": ["WebTests/DecisionTests.swift", "WebTests/HTTPTests.swift"],
    "configuration": [
        f"ConfigurationTests/{name}.swift"
        for name in ("Examples", "ErrorTests", "ValueTests", "WarningTests", "SourceTests")],
}
_LITERAL = re.compile(r'"""\n(.*?)"""|#"(.*?)"#|"((?:[^"\\\n]|\\.)*)"', re.S)


def _texts(files):
    """The literals of Swift files, as bytes; what is interpolated stands in them as it is."""
    for file in files:
        source = (_ROOT / "Tests" / file).read_text(encoding="utf-8")
        for long, raw, short in _LITERAL.findall(source):
            text = long or raw or short.replace('\\"', '"').replace("\\n", "\n")
            if text:
                yield text.encode()


def _seeds():
    """{reader: inputs}"""
    seeds = _own_seeds()
    for reader, files in _TESTS.items():
        texts = list(_texts(files))
        assert len(texts) > 5, f"{files} have no texts"
        seeds[reader] += texts
    return seeds


def _own_seeds():
    configuration = (_ROOT / "debian" / "ups-server.cfg").read_bytes()
    groups = re.findall(rb"^\w+ = \{.*?^\};?", configuration, re.M | re.S)
    return {
        "frames": [bytes.fromhex(text) for text in _FRAMES],
        "nut": [text.encode() for text in _NUT],
        "nis": [b"\0\6status\0\6events", b"\0\0", b"\0\4quit\0\6status", b"\1\1"],
        "commands": [text.encode() for text in _COMMANDS],
        "mqtt": [text.encode() for text in _MQTT],
        "http": [text.encode() for text in _HTTP],
        "configuration": [configuration, *groups, b"server = {\n port = 0x10; ip = [\"::1\"];\n};"],
        # A version, a sequence number, a boot and nothing else, the highest byte of a word first.
        "kept": [bytes(7) + b"\3" + bytes(24), bytes(7) + b"\3" + bytes(480),
                 bytes(7) + b"\1" + bytes(31) + b"\2" + bytes(80)],
        # Behind the mark: a moment, and two rows of a ring.
        "history": [struct.pack("<qii", 1_799_999_000_000, step, 2) + b"".join(
            struct.pack("<q18h", 1_799_998_000_000 + 1000 * step * row, *range(18))
            for row in (0, 1)) for step in (1, 10, 300)]
        # A row of 1970, whose step begins before.
        + [struct.pack("<qii", 1_799_999_000_000, 300, 1) + struct.pack("<q18h", 0, *range(18))],
    }


def _fuzz(reader, inputs, seconds):
    """(reader, its exit code, the last lines that it said)"""
    corpus = _FOUND / reader / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(inputs):
        (corpus / f"seed-{number}").write_bytes(data)
    # Swift's own backtraces would stop to ask, and the sanitizer has better ones.
    environment = dict(
        os.environ, FUZZ_READER=reader, SWIFT_BACKTRACE="enable=no",
        ASAN_OPTIONS="detect_leaks=0")
    done = subprocess.run(
        [_PROGRAM, f"-max_total_time={seconds}", "-max_len=4096", "-timeout=5",
         "-rss_limit_mb=2048", f"-artifact_prefix={_FOUND / reader}/", "-print_final_stats=1",
         str(corpus)],
        cwd=_FOUND / reader, env=environment, stdin=subprocess.DEVNULL, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds + 120)
    return reader, done.returncode, done.stdout.decode(errors="replace").splitlines()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each reader")
    options = parser.parse_args()
    failed = []
    with concurrent.futures.ThreadPoolExecutor(max(1, (os.cpu_count() or 2))) as pool:
        runs = [pool.submit(_fuzz, reader, inputs, options.seconds)
                for reader, inputs in _seeds().items()]
        for run in concurrent.futures.as_completed(runs):
            reader, code, lines = run.result()
            units = [line.split()[-1] for line in lines if "number_of_executed_units" in line]
            print(f"{reader}: {units[0] if units else '?'} inputs, "
                  f"{'nothing found' if code == 0 else 'FOUND SOMETHING'}", flush=True)
            if code != 0:
                failed.append(reader)
                print("\n".join(lines[-40:]))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
