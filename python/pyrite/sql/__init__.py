"""pyspark.sql, with sessions of this process: `from pyrite.sql import SparkSession, functions as F, types, Window`."""

import importlib
import sys

import pyrite

pyrite.activate()

import pyspark.sql as _pyspark_sql  # noqa: E402
from pyspark.sql import *  # noqa: E402,F403
from pyspark.sql import SparkSession  # noqa: E402,F401

_MODULES = ("functions", "types", "window", "column", "dataframe", "group", "readwriter", "udf", "udtf", "catalog",
            "session", "observation", "utils", "datasource", "streaming", "pandas")  # fmt: skip

for _name in _MODULES:
    try:
        _module = importlib.import_module(f"pyspark.sql.{_name}")
    except ImportError:  # not in this version of PySpark
        continue
    sys.modules[f"{__name__}.{_name}"] = _module
    globals()[_name] = _module

__all__ = list(_pyspark_sql.__all__)
__all__ += [name for name in _MODULES if name in globals()]
