"""Builds sessions of this process with the installed PySpark's own builder."""

import functools
import os
import uuid
import warnings

from pyrite import _runtime
from pyrite._requirements import require_pyspark

require_pyspark()

from pyspark.sql.connect.client import ChannelBuilder  # noqa: E402
from pyspark.sql.connect.session import SparkSession as ConnectSession  # noqa: E402

from pyrite._channel import LocalChannel  # noqa: E402
from pyrite._client import adopt  # noqa: E402

# Said by the program before the first session, of use to the engine only then.
_NOT_SESSION_OPTIONS = ("spark.remote", "spark.master")
_conf_of_command = {}


class LocalChannelBuilder(ChannelBuilder):
    """Gives the client a channel to the service of this process."""

    def __init__(self, service):
        try:
            super().__init__()
        except TypeError:  # PySpark 3.5 wants a server's address
            super().__init__("sc://localhost")
        self.service = service
        self.set("session_id", str(uuid.uuid4()))
        self.set("user_id", os.environ.get("SPARK_USER") or os.environ.get("USER") or "")

    def __deepcopy__(self, memo):
        copy = type(self)(self.service)
        copy._params = dict(self._params)
        return copy

    def toChannel(self):
        from pyrite import _pyrite

        return LocalChannel(self.service, self.session_id, self.userId, _pyrite.ServiceError)

    @property
    def host(self):
        return "localhost"

    @functools.cached_property
    def userAgent(self):
        """Asked for with every request: worked out once."""
        return super().userAgent


def _text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def _session_options(options):
    return {key: _text(value) for key, value in options.items() if key not in _NOT_SESSION_OPTIONS}


def _connect(options, isolated=False):
    """A new session of this process, active where none is. Options of an isolated one are no defaults of later ones."""
    from pyrite import _pyrite

    shared = {key: _text(value) for key, value in options.items() if not (isolated and _pyrite.is_session_option(key))}
    service, is_new = _runtime.service(shared)
    builder = ConnectSession.builder.channelBuilder(LocalChannelBuilder(service))
    with warnings.catch_warnings():
        if is_new:  # the client warns of static options, but the new service has taken them
            warnings.simplefilter("ignore", UserWarning)
        return adopt(builder.config(map=_session_options(options)).create())


def new_session(options):
    return _connect(options, isolated=True)


def _live(session):
    return None if session is None or session.is_stopped else session


def get_or_create(options):
    """The active or default session with `options` applied, else a new one."""
    with ConnectSession._lock:
        session = _live(ConnectSession.getActiveSession()) or _live(ConnectSession._default_session)
        if session is None:
            session = _connect(options)
            _stop_stops_the_engine(session)
        else:
            ConnectSession.builder.config(map=_session_options(options))._apply_options(session)
        return session


def _stop_stops_the_engine(session):
    """As in Spark, what the program's session leaves in the catalog ends with it, and the next one starts afresh."""
    service = session.client._builder.service
    stop = session.stop

    def stop_all():
        stop()
        _runtime.forget(service)

    session.stop = stop_all


def _remote_of(options):
    """The server that a program asks for, or None when it is to run in this process."""
    url = options.get("spark.remote") or os.environ.get("SPARK_REMOTE") or ""
    return url if url.startswith("sc://") else None


def activate(conf=None):
    """See pyrite.activate; `conf` holds options of the command line, which the program's own override."""
    from pyspark.sql.session import SparkSession

    _conf_of_command.update(conf or {})
    os.environ.setdefault("SPARK_CONNECT_MODE_ENABLED", "1")  # pyspark.sql.functions and the like go by this
    builder = SparkSession.Builder
    if hasattr(builder, "_pyrite_active"):
        return
    builder._pyrite_active = True
    original_get_or_create = builder.getOrCreate
    original_create = getattr(builder, "create", None)

    @functools.wraps(original_get_or_create)
    def getOrCreate(self):
        if _remote_of(self._options):
            return original_get_or_create(self)
        return get_or_create(_local_options(self._options))

    def create(self):
        if _remote_of(self._options) and original_create:
            return original_create(self)
        return _connect(_local_options(self._options))

    builder.getOrCreate = getOrCreate
    builder.create = functools.wraps(original_create)(create) if original_create else create


def _local_options(options):
    """`.remote("local[2]")` means what `.master("local[2]")` means."""
    options = {**_conf_of_command, **options}
    remote = options.pop("spark.remote", None) or os.environ.get("SPARK_REMOTE")
    if remote:
        options.setdefault("spark.master", remote)
    return options
