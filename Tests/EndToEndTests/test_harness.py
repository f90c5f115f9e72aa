"""The harness itself: what it promises about what it leaves behind."""

import os

from harness import Place, processes_marked


def test_place_ends_everything():
    place = Place()
    program = place.start("sleep", 100)
    assert processes_marked(place.mark) == [program.pid]
    place.close()
    assert not processes_marked(place.mark)
    assert not os.path.exists(place.path)


def test_daemon_leaves_no_file(daemon, ups):
    assert os.path.exists(daemon.socket)
    assert daemon.stop() == 0
    assert ups.program.stop() == 0
    assert not os.path.lexists(daemon.socket)
    assert not os.path.lexists(ups.link)
