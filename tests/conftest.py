"""Shared by the tests: a fresh session for each test that asks for one."""

import logging
import os

import pytest

import pyrite

logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)


@pytest.fixture
def session():
    """A session of its own; stopped after the test."""
    spark = pyrite.new_session()
    yield spark
    spark.stop()


@pytest.fixture
def without_rights():
    """Root may read and write everything: for the test the process has the rights of nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
