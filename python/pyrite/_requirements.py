"""Checks that a PySpark client is installed, and says what to install when it is not."""

import importlib.util


def require_pyspark():
    """Raises ImportError with advice unless pyspark (3.5 to 4.3) or pyspark-client can be imported with Connect."""
    if importlib.util.find_spec("pyspark") is None:
        raise ImportError(
            "Pyrite needs the PySpark client, and none is installed. Install one of: "
            "pip install 'pyrite[client]' (brings pyspark-client), pip install pyspark-client, "
            "or pip install 'pyspark[connect]'."
        )
    missing = [name for name in ("pandas", "pyarrow", "grpc", "grpc_status", "google.protobuf") if not _is_there(name)]
    if missing:
        raise ImportError(
            f"PySpark is installed without what Spark Connect needs ({', '.join(missing)} missing). "
            "Install it with: pip install 'pyspark[connect]'."
        )


def _is_there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
