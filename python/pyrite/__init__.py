"""Pyrite: PySpark programs without Spark and without a JVM."""

__version__ = "0.1.0"
__all__ = ["activate", "new_session", "__version__"]


def activate():
    """Makes `SparkSession.builder` of the installed PySpark build sessions of this process.

    A program that names a server (`.remote("sc://host")` or SPARK_REMOTE) still goes there. Calling it again does nothing.

    Raises ImportError, saying what to install, when neither pyspark nor pyspark-client is there.
    """
    from pyrite import _builder

    _builder.activate()


def new_session(**conf):
    """A fresh SparkSession of this process, isolated from the others: own configuration, temporary views and variables.

    Keyword arguments are configuration; dots may be written as double underscores
    (`new_session(spark__sql__ansi__enabled=False)`), or pass `**{"spark.sql.ansi.enabled": False}`.
    It becomes the active session only where there is none.
    """
    from pyrite import _builder

    return _builder.new_session({key.replace("__", "."): value for key, value in conf.items()})
