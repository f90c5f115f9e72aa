"""Debian's apcupsd behind the daemon under test, as on another host of the same UPS. It cannot
power anything off: all that it may run is a script of the test."""

import os

#: Everything but the port and the folders is as the package ships it.
_CONFIGURATION = """## apcupsd.conf v1.1 ##
UPSNAME follower
UPSCABLE ether
UPSTYPE net
DEVICE 127.0.0.1:{master}
LOCKFILE {folder}
SCRIPTDIR {folder}
PWRFAILDIR {folder}
NOLOGINDIR {folder}
EVENTSFILE {folder}/events
STATFILE {folder}/status
NOLOGON disable
"""

# 99 keeps apcupsd from running a script of its own as well.
_CONTROL = """#!/bin/sh
{script}
exit 99
"""


def prepared(place, folder, master, settings, script=":"):
    """Makes the folder for one that follows the daemon on the port `master`, with more lines of
    apcupsd.conf and what it runs on each event; returns the command line, which stays in the
    foreground."""
    os.mkdir(folder)
    place.write(f"{folder}/apccontrol", _CONTROL.format(script=script), 0o755)
    lines = "".join(f"{name} {value}\n" for name, value in settings.items())
    path = place.write(
        f"{folder}/apcupsd.conf", _CONFIGURATION.format(master=master, folder=folder) + lines)
    return ["/sbin/apcupsd", "-b", "-f", path, "-P", f"{folder}/pid"]
