"""EXPLAIN of commands: what would run is shown, nothing runs."""

import pytest
from pyspark.errors import AnalysisException

COMMANDS = {
    "create or replace temp view made as select a + 1 from v": "CreateViewCommand `made`",
    "create table made using parquet as select * from v": "CreateDataSourceTableAsSelectCommand `made`, ErrorIfExists",
    "create table made(a int)": "CreateDataSourceTableCommand `made`",
    "insert into made values (1)": "InsertIntoTable `made`, Append",
    "insert overwrite made select a from v": "InsertIntoTable `made`, Overwrite",
    "set made=1": "SetCommand (made,Some(1))",
    "show tables": "ShowTables",
    "describe v": "DescribeTableCommand `v`",
    "drop view v": "DropViewCommand `v`",
    "cache table v": "CacheTable `v`",
    "alter table v rename to made": "AlterTableRenameToCommand `v`",
}


def explained(spark, text):
    return spark.sql(text).collect()[0][0]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("mode", ["", "extended", "codegen", "cost", "formatted"])
def test_a_command_is_shown_and_not_run(spark, command, mode):
    spark.sql("create or replace temp view v as select 1 a")
    text = explained(spark, f"explain {mode} {command}")
    assert "== Physical Plan ==\nExecute " in text
    assert COMMANDS[command] in text
    assert ("== Analyzed Logical Plan ==" in text) == (mode == "extended")
    assert not spark.catalog.tableExists("made")
    assert spark.conf.get("made", "unset") == "unset"
    assert spark.sql("select * from v").collect() == [(1,)]


def test_the_query_of_a_command_is_analyzed(spark):
    with pytest.raises(AnalysisException, match="UNRESOLVED_COLUMN"):
        explained(spark, "explain create table made as select nothing")
