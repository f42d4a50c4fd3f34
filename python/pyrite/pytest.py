"""pytest plugin (`-p pyrite.pytest`): unmodified PySpark tests run in process, and a `spark` fixture is there for them."""

import pytest

import pyrite


def pytest_configure(config):
    pyrite.activate()


@pytest.fixture(scope="session")
def spark():
    """One SparkSession for the whole run; stopped at its end."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[*]").appName("pytest").getOrCreate()
    yield session
    session.stop()
