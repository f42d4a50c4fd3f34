"""The 22 queries of TPC-H as Polars programs; QUERIES maps each number to a function from Tables to a lazy frame."""

from datetime import date

import polars as pl
from polars import col

REVENUE = col("l_extendedprice") * (1 - col("l_discount"))


class Tables:
    """The tables of a folder as lazy scans."""

    def __init__(self, folder):
        self._folder = folder

    def __getattr__(self, name):
        return pl.scan_parquet(self._folder / f"{name}.parquet")


def q1(t):
    return (
        t.lineitem.filter(col("l_shipdate") <= date(1998, 9, 2))
        .group_by("l_returnflag", "l_linestatus")
        .agg(
            pl.sum("l_quantity").alias("sum_qty"),
            pl.sum("l_extendedprice").alias("sum_base_price"),
            REVENUE.sum().alias("sum_disc_price"),
            (REVENUE * (1 + col("l_tax"))).sum().alias("sum_charge"),
            pl.mean("l_quantity").alias("avg_qty"),
            pl.mean("l_extendedprice").alias("avg_price"),
            pl.mean("l_discount").alias("avg_disc"),
            pl.len().alias("count_order"),
        )
        .sort("l_returnflag", "l_linestatus")
    )


def q2(t):
    europe = (
        t.region.filter(col("r_name") == "EUROPE")
        .join(t.nation, left_on="r_regionkey", right_on="n_regionkey")
        .join(t.supplier, left_on="n_nationkey", right_on="s_nationkey")
        .join(t.partsupp, left_on="s_suppkey", right_on="ps_suppkey")
        .join(
            t.part.filter((col("p_size") == 15) & col("p_type").str.ends_with("BRASS")),
            left_on="ps_partkey",
            right_on="p_partkey",
        )
    )
    least = europe.group_by("ps_partkey").agg(pl.min("ps_supplycost"))
    return (
        europe.join(least, on=["ps_partkey", "ps_supplycost"])
        .select("s_acctbal", "s_name", "n_name", "ps_partkey", "p_mfgr", "s_address", "s_phone", "s_comment")
        .sort("s_acctbal", "n_name", "s_name", "ps_partkey", descending=[True, False, False, False])
        .head(100)
    )


def q3(t):
    return (
        t.customer.filter(col("c_mktsegment") == "BUILDING")
        .join(t.orders.filter(col("o_orderdate") < date(1995, 3, 15)), left_on="c_custkey", right_on="o_custkey")
        .join(t.lineitem.filter(col("l_shipdate") > date(1995, 3, 15)), left_on="o_orderkey", right_on="l_orderkey")
        .group_by("o_orderkey", "o_orderdate", "o_shippriority")
        .agg(REVENUE.sum().alias("revenue"))
        .sort("revenue", "o_orderdate", descending=[True, False])
        .head(10)
    )


def q4(t):
    late = t.lineitem.filter(col("l_commitdate") < col("l_receiptdate"))
    return (
        t.orders.filter(col("o_orderdate").is_between(date(1993, 7, 1), date(1993, 10, 1), closed="left"))
        .join(late, left_on="o_orderkey", right_on="l_orderkey", how="semi")
        .group_by("o_orderpriority")
        .agg(pl.len().alias("order_count"))
        .sort("o_orderpriority")
    )


def q5(t):
    return (
        t.region.filter(col("r_name") == "ASIA")
        .join(t.nation, left_on="r_regionkey", right_on="n_regionkey")
        .join(t.customer, left_on="n_nationkey", right_on="c_nationkey")
        .join(
            t.orders.filter(col("o_orderdate").is_between(date(1994, 1, 1), date(1995, 1, 1), closed="left")),
            left_on="c_custkey",
            right_on="o_custkey",
        )
        .join(t.lineitem, left_on="o_orderkey", right_on="l_orderkey")
        .join(t.supplier, left_on=["l_suppkey", "n_nationkey"], right_on=["s_suppkey", "s_nationkey"])
        .group_by("n_name")
        .agg(REVENUE.sum().alias("revenue"))
        .sort("revenue", descending=True)
    )


def q6(t):
    return (
        t.lineitem.filter(col("l_shipdate").is_between(date(1994, 1, 1), date(1995, 1, 1), closed="left"))
        .filter(
            col("l_discount").is_between(pl.lit("0.05").cast(pl.Decimal(15, 2)), pl.lit("0.07").cast(pl.Decimal(15, 2)))
        )
        .filter(col("l_quantity") < 24)
        .select((col("l_extendedprice") * col("l_discount")).sum().alias("revenue"))
    )


def q7(t):
    pair = ["FRANCE", "GERMANY"]
    nations = t.nation.filter(col("n_name").is_in(pair)).select("n_nationkey", "n_name")
    return (
        nations.join(t.customer, left_on="n_nationkey", right_on="c_nationkey")
        .rename({"n_name": "cust_nation"})
        .join(t.orders, left_on="c_custkey", right_on="o_custkey")
        .join(
            t.lineitem.filter(col("l_shipdate").is_between(date(1995, 1, 1), date(1996, 12, 31))),
            left_on="o_orderkey",
            right_on="l_orderkey",
        )
        .join(
            t.supplier.join(nations, left_on="s_nationkey", right_on="n_nationkey").rename({"n_name": "supp_nation"}),
            left_on="l_suppkey",
            right_on="s_suppkey",
        )
        .filter(col("cust_nation") != col("supp_nation"))
        .group_by("supp_nation", "cust_nation", col("l_shipdate").dt.year().alias("l_year"))
        .agg(REVENUE.sum().alias("revenue"))
        .sort("supp_nation", "cust_nation", "l_year")
    )


def q8(t):
    return (
        t.part.filter(col("p_type") == "ECONOMY ANODIZED STEEL")
        .join(t.lineitem, left_on="p_partkey", right_on="l_partkey")
        .join(
            t.orders.filter(col("o_orderdate").is_between(date(1995, 1, 1), date(1996, 12, 31))),
            left_on="l_orderkey",
            right_on="o_orderkey",
        )
        .join(t.customer, left_on="o_custkey", right_on="c_custkey")
        .join(t.nation.select("n_nationkey", "n_regionkey"), left_on="c_nationkey", right_on="n_nationkey")
        .join(t.region.filter(col("r_name") == "AMERICA"), left_on="n_regionkey", right_on="r_regionkey")
        .join(t.supplier, left_on="l_suppkey", right_on="s_suppkey")
        .join(t.nation.select("n_nationkey", "n_name"), left_on="s_nationkey", right_on="n_nationkey")
        .select(col("o_orderdate").dt.year().alias("o_year"), REVENUE.cast(pl.Float64).alias("volume"), "n_name")
        .group_by("o_year")
        .agg((col("volume").filter(col("n_name") == "BRAZIL").sum() / col("volume").sum()).alias("mkt_share"))
        .sort("o_year")
    )


def q9(t):
    return (
        t.part.filter(col("p_name").str.contains("green", literal=True))
        .join(t.partsupp, left_on="p_partkey", right_on="ps_partkey")
        .join(t.supplier, left_on="ps_suppkey", right_on="s_suppkey")
        .join(t.lineitem, left_on=["p_partkey", "ps_suppkey"], right_on=["l_partkey", "l_suppkey"])
        .join(t.orders, left_on="l_orderkey", right_on="o_orderkey")
        .join(t.nation, left_on="s_nationkey", right_on="n_nationkey")
        .group_by(col("n_name").alias("nation"), col("o_orderdate").dt.year().alias("o_year"))
        .agg((REVENUE - col("ps_supplycost") * col("l_quantity")).sum().alias("sum_profit"))
        .sort("nation", "o_year", descending=[False, True])
    )


def q10(t):
    keys = ["c_custkey", "c_name", "c_acctbal", "c_phone", "n_name", "c_address", "c_comment"]
    return (
        t.customer.join(
            t.orders.filter(col("o_orderdate").is_between(date(1993, 10, 1), date(1994, 1, 1), closed="left")),
            left_on="c_custkey",
            right_on="o_custkey",
        )
        .join(t.lineitem.filter(col("l_returnflag") == "R"), left_on="o_orderkey", right_on="l_orderkey")
        .join(t.nation, left_on="c_nationkey", right_on="n_nationkey")
        .group_by(keys)
        .agg(REVENUE.sum().alias("revenue"))
        .sort("revenue", descending=True)
        .head(20)
    )


def q11(t):
    german = (
        t.nation.filter(col("n_name") == "GERMANY")
        .join(t.supplier, left_on="n_nationkey", right_on="s_nationkey")
        .join(t.partsupp, left_on="s_suppkey", right_on="ps_suppkey")
        .select("ps_partkey", (col("ps_supplycost").cast(pl.Float64) * col("ps_availqty")).alias("value"))
    )
    total = german.select((col("value").sum() * 0.0001).alias("threshold"))
    return (
        german.group_by("ps_partkey")
        .agg(pl.sum("value"))
        .join(total, how="cross")
        .filter(col("value") > col("threshold"))
        .select("ps_partkey", "value")
        .sort("value", descending=True)
    )


def q12(t):
    urgent = col("o_orderpriority").is_in(["1-URGENT", "2-HIGH"])
    return (
        t.lineitem.filter(col("l_shipmode").is_in(["MAIL", "SHIP"]))
        .filter((col("l_commitdate") < col("l_receiptdate")) & (col("l_shipdate") < col("l_commitdate")))
        .filter(col("l_receiptdate").is_between(date(1994, 1, 1), date(1995, 1, 1), closed="left"))
        .join(t.orders, left_on="l_orderkey", right_on="o_orderkey")
        .group_by("l_shipmode")
        .agg(urgent.sum().alias("high_line_count"), (~urgent).sum().alias("low_line_count"))
        .sort("l_shipmode")
    )


def q13(t):
    orders = t.orders.filter(~col("o_comment").str.contains("special.*requests"))
    return (
        t.customer.join(orders, left_on="c_custkey", right_on="o_custkey", how="left")
        .group_by("c_custkey")
        .agg(pl.count("o_orderkey").alias("c_count"))
        .group_by("c_count")
        .agg(pl.len().alias("custdist"))
        .sort("custdist", "c_count", descending=True)
    )


def q14(t):
    promotion = REVENUE.cast(pl.Float64).filter(col("p_type").str.starts_with("PROMO")).sum()
    return (
        t.lineitem.filter(col("l_shipdate").is_between(date(1995, 9, 1), date(1995, 10, 1), closed="left"))
        .join(t.part, left_on="l_partkey", right_on="p_partkey")
        .select((100.0 * promotion / REVENUE.cast(pl.Float64).sum()).alias("promo_revenue"))
    )


def q15(t):
    revenue = (
        t.lineitem.filter(col("l_shipdate").is_between(date(1996, 1, 1), date(1996, 4, 1), closed="left"))
        .group_by("l_suppkey")
        .agg(REVENUE.sum().alias("total_revenue"))
    )
    return (
        t.supplier.join(revenue, left_on="s_suppkey", right_on="l_suppkey")
        .filter(col("total_revenue") == col("total_revenue").max())
        .select("s_suppkey", "s_name", "s_address", "s_phone", "total_revenue")
        .sort("s_suppkey")
    )


def q16(t):
    complained = t.supplier.filter(col("s_comment").str.contains("Customer.*Complaints"))
    return (
        t.part.filter((col("p_brand") != "Brand#45") & ~col("p_type").str.starts_with("MEDIUM POLISHED"))
        .filter(col("p_size").is_in([49, 14, 23, 45, 19, 3, 36, 9]))
        .join(t.partsupp, left_on="p_partkey", right_on="ps_partkey")
        .join(complained, left_on="ps_suppkey", right_on="s_suppkey", how="anti")
        .group_by("p_brand", "p_type", "p_size")
        .agg(col("ps_suppkey").n_unique().alias("supplier_cnt"))
        .sort("supplier_cnt", "p_brand", "p_type", "p_size", descending=[True, False, False, False])
    )


def q17(t):
    parts = t.part.filter((col("p_brand") == "Brand#23") & (col("p_container") == "MED BOX"))
    lines = parts.join(t.lineitem, left_on="p_partkey", right_on="l_partkey")
    few = lines.group_by("p_partkey").agg((0.2 * col("l_quantity").cast(pl.Float64).mean()).alias("few"))
    return (
        lines.join(few, on="p_partkey")
        .filter(col("l_quantity").cast(pl.Float64) < col("few"))
        .select((col("l_extendedprice").cast(pl.Float64).sum() / 7.0).alias("avg_yearly"))
    )


def q18(t):
    large = t.lineitem.group_by("l_orderkey").agg(pl.sum("l_quantity").alias("total")).filter(col("total") > 300)
    return (
        t.orders.join(large, left_on="o_orderkey", right_on="l_orderkey", how="semi")
        .join(t.lineitem, left_on="o_orderkey", right_on="l_orderkey")
        .join(t.customer, left_on="o_custkey", right_on="c_custkey")
        .group_by("c_name", "o_custkey", "o_orderkey", "o_orderdate", "o_totalprice")
        .agg(pl.sum("l_quantity"))
        .sort("o_totalprice", "o_orderdate", descending=[True, False])
        .head(100)
    )


def q19(t):
    def matches(brand, containers, least, most, size):
        return (
            (col("p_brand") == brand)
            & col("p_container").is_in(containers)
            & col("l_quantity").is_between(least, most)
            & col("p_size").is_between(1, size)
        )

    return (
        t.lineitem.filter(col("l_shipmode").is_in(["AIR", "AIR REG"]) & (col("l_shipinstruct") == "DELIVER IN PERSON"))
        .join(t.part, left_on="l_partkey", right_on="p_partkey")
        .filter(
            matches("Brand#12", ["SM CASE", "SM BOX", "SM PACK", "SM PKG"], 1, 11, 5)
            | matches("Brand#23", ["MED BAG", "MED BOX", "MED PKG", "MED PACK"], 10, 20, 10)
            | matches("Brand#34", ["LG CASE", "LG BOX", "LG PACK", "LG PKG"], 20, 30, 15)
        )
        .select(REVENUE.sum().alias("revenue"))
    )


def q20(t):
    shipped = (
        t.lineitem.filter(col("l_shipdate").is_between(date(1994, 1, 1), date(1995, 1, 1), closed="left"))
        .group_by("l_partkey", "l_suppkey")
        .agg((0.5 * pl.sum("l_quantity").cast(pl.Float64)).alias("half"))
    )
    suppliers = (
        t.part.filter(col("p_name").str.starts_with("forest"))
        .join(t.partsupp, left_on="p_partkey", right_on="ps_partkey")
        .join(shipped, left_on=["p_partkey", "ps_suppkey"], right_on=["l_partkey", "l_suppkey"])
        .filter(col("ps_availqty") > col("half"))
    )
    return (
        t.nation.filter(col("n_name") == "CANADA")
        .join(t.supplier, left_on="n_nationkey", right_on="s_nationkey")
        .join(suppliers, left_on="s_suppkey", right_on="ps_suppkey", how="semi")
        .select("s_name", "s_address")
        .sort("s_name")
    )


def q21(t):
    several = t.lineitem.group_by("l_orderkey").agg(col("l_suppkey").n_unique().alias("n")).filter(col("n") > 1)
    late = t.lineitem.filter(col("l_receiptdate") > col("l_commitdate")).join(several, on="l_orderkey", how="semi")
    alone = late.group_by("l_orderkey").agg(col("l_suppkey").n_unique().alias("n")).filter(col("n") == 1)
    return (
        late.join(alone, on="l_orderkey", how="semi")
        .join(t.supplier, left_on="l_suppkey", right_on="s_suppkey")
        .join(t.nation.filter(col("n_name") == "SAUDI ARABIA"), left_on="s_nationkey", right_on="n_nationkey")
        .join(t.orders.filter(col("o_orderstatus") == "F"), left_on="l_orderkey", right_on="o_orderkey")
        .group_by("s_name")
        .agg(pl.len().alias("numwait"))
        .sort("numwait", "s_name", descending=[True, False])
        .head(100)
    )


def q22(t):
    codes = ["13", "31", "23", "29", "30", "18", "17"]
    customers = (
        t.customer.with_columns(col("c_phone").str.slice(0, 2).alias("cntrycode"))
        .filter(col("cntrycode").is_in(codes))
        .select("c_custkey", "cntrycode", col("c_acctbal").cast(pl.Float64))
    )
    mean = customers.filter(col("c_acctbal") > 0).select(col("c_acctbal").mean().alias("mean"))
    return (
        customers.join(mean, how="cross")
        .filter(col("c_acctbal") > col("mean"))
        .join(t.orders, left_on="c_custkey", right_on="o_custkey", how="anti")
        .group_by("cntrycode")
        .agg(pl.len().alias("numcust"), pl.sum("c_acctbal").alias("totacctbal"))
        .sort("cntrycode")
    )


QUERIES = {number: globals()[f"q{number}"] for number in range(1, 23)}
