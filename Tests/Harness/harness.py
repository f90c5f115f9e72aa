"""What the suites with a real daemon stand on, under one name. Imported by nearly every test; the
pieces lie in the files beside it."""

from broker import Broker, Subscriber
from clients import (
    ControlClient, WebSocket, ask_control, get, get_json, get_text, metric, open_idle)
from compiler import compiled
from daemon import BINARY, DEFAULTS, ROOT, Daemon, Shutdown, command_line
from lateness import TOLERANCE, Witness, no_shutdown_until, shutdown_on_time
from nis_client import NISClient, nis, nis_values
from nut_client import NUTClient
from place import Place, Program, boot_time, free_port, processes_marked, wait_until
from settings import merged, text_of
from simulator import Simulator
from slave import Slave
from terminal import Terminal

__all__ = [
    "BINARY", "DEFAULTS", "ROOT", "TOLERANCE", "Broker", "ControlClient", "Daemon", "NISClient",
    "NUTClient", "Place", "Program", "Shutdown", "Simulator", "Slave", "Subscriber", "Terminal",
    "WebSocket", "Witness", "ask_control", "boot_time", "command_line", "compiled", "free_port",
    "get", "get_json", "get_text", "merged", "metric", "nis", "nis_values", "no_shutdown_until",
    "open_idle", "processes_marked", "shutdown_on_time", "text_of", "wait_until",
]
