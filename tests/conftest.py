"""Shared by the tests: a fresh session for each test that asks for one."""

import logging

import pytest

import pyrite

logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)


@pytest.fixture
def session():
    """A session of its own; stopped after the test."""
    spark = pyrite.new_session()
    yield spark
    spark.stop()
