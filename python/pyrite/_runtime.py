"""The one service of this process: made for the first session, forgotten when its default session stops."""

import os
import threading

_lock = threading.Lock()
_service = None
# Engines whose threads did not survive a fork: kept, because taking them down would wait for those threads.
_lost_in_fork = []


def service(conf):
    """The process's service, and whether it is new: only then does `conf` (dict of strings) count for it, with the
    static options (spark.master, the warehouse's place, memory)."""
    global _service
    with _lock:
        if _service is not None:
            return _service, False
        from pyrite import _pyrite

        _service = _pyrite.Service(dict(conf))
        return _service, True


def forget(old):
    """The next session starts a new service, if `old` is still the current one. Sessions of the old one keep it alive."""
    global _service
    with _lock:
        if _service is old:
            _service = None


def _after_fork_in_child():
    global _service, _lock
    _lock = threading.Lock()
    if _service is not None:
        _lost_in_fork.append(_service)
        _service = None


os.register_at_fork(after_in_child=_after_fork_in_child)
