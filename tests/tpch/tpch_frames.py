"""The 22 queries of TPC-H as DataFrame programs. Each takes `t`, which has the tables as attributes, and gives a DataFrame
with the columns and the order of the query's SQL text."""

from datetime import date

from pyspark.sql import Window
from pyspark.sql import functions as F
from pyspark.sql.functions import col, lit

REVENUE = col("l_extendedprice") * (1 - col("l_discount"))


def q1(t):
    return (
        t.lineitem.filter(col("l_shipdate") <= F.date_sub(lit(date(1998, 12, 1)), 90))
        .groupBy("l_returnflag", "l_linestatus")
        .agg(
            F.sum("l_quantity").alias("sum_qty"),
            F.sum("l_extendedprice").alias("sum_base_price"),
            F.sum(REVENUE).alias("sum_disc_price"),
            F.sum(REVENUE * (1 + col("l_tax"))).alias("sum_charge"),
            F.avg("l_quantity").alias("avg_qty"),
            F.avg("l_extendedprice").alias("avg_price"),
            F.avg("l_discount").alias("avg_disc"),
            F.count("*").alias("count_order"),
        )
        .orderBy("l_returnflag", "l_linestatus")
    )


def q2(t):
    europe = (
        t.partsupp.join(t.supplier, col("ps_suppkey") == col("s_suppkey"))
        .join(t.nation, col("s_nationkey") == col("n_nationkey"))
        .join(t.region.filter(col("r_name") == "EUROPE"), col("n_regionkey") == col("r_regionkey"))
    )
    parts = t.part.filter((col("p_size") == 15) & col("p_type").like("%BRASS"))
    cheapest = (
        europe.groupBy("ps_partkey").agg(F.min("ps_supplycost").alias("least")).withColumnRenamed("ps_partkey", "k")
    )
    return (
        europe.join(parts, col("p_partkey") == col("ps_partkey"))
        .join(cheapest, (col("p_partkey") == col("k")) & (col("ps_supplycost") == col("least")))
        .select("s_acctbal", "s_name", "n_name", "p_partkey", "p_mfgr", "s_address", "s_phone", "s_comment")
        .orderBy(F.desc("s_acctbal"), "n_name", "s_name", "p_partkey")
        .limit(100)
    )


def q3(t):
    day = lit(date(1995, 3, 15))
    return (
        t.customer.filter(col("c_mktsegment") == "BUILDING")
        .join(t.orders.filter(col("o_orderdate") < day), col("c_custkey") == col("o_custkey"))
        .join(t.lineitem.filter(col("l_shipdate") > day), col("l_orderkey") == col("o_orderkey"))
        .groupBy("l_orderkey", "o_orderdate", "o_shippriority")
        .agg(F.sum(REVENUE).alias("revenue"))
        .select("l_orderkey", "revenue", "o_orderdate", "o_shippriority")
        .orderBy(F.desc("revenue"), "o_orderdate")
        .limit(10)
    )


def q4(t):
    late = t.lineitem.filter(col("l_commitdate") < col("l_receiptdate"))
    return (
        t.orders.filter((col("o_orderdate") >= date(1993, 7, 1)) & (col("o_orderdate") < date(1993, 10, 1)))
        .join(late, col("l_orderkey") == col("o_orderkey"), "left_semi")
        .groupBy("o_orderpriority")
        .agg(F.count("*").alias("order_count"))
        .orderBy("o_orderpriority")
    )


def q5(t):
    return (
        t.customer.join(t.orders, col("c_custkey") == col("o_custkey"))
        .join(t.lineitem, col("l_orderkey") == col("o_orderkey"))
        .join(t.supplier, (col("l_suppkey") == col("s_suppkey")) & (col("c_nationkey") == col("s_nationkey")))
        .join(t.nation, col("s_nationkey") == col("n_nationkey"))
        .join(t.region, col("n_regionkey") == col("r_regionkey"))
        .filter((col("r_name") == "ASIA") & col("o_orderdate").between(date(1994, 1, 1), date(1994, 12, 31)))
        .groupBy("n_name")
        .agg(F.sum(REVENUE).alias("revenue"))
        .orderBy(F.desc("revenue"))
    )


def q6(t):
    return t.lineitem.filter(
        (col("l_shipdate") >= date(1994, 1, 1))
        & (col("l_shipdate") < date(1995, 1, 1))
        & F.expr("l_discount between 0.05 and 0.07")
        & (col("l_quantity") < 24)
    ).agg(F.sum(col("l_extendedprice") * col("l_discount")).alias("revenue"))


def q7(t):
    n1, n2 = t.nation.alias("n1"), t.nation.alias("n2")
    pair = ((col("n1.n_name") == "FRANCE") & (col("n2.n_name") == "GERMANY")) | (
        (col("n1.n_name") == "GERMANY") & (col("n2.n_name") == "FRANCE")
    )
    return (
        t.supplier.join(t.lineitem, col("s_suppkey") == col("l_suppkey"))
        .join(t.orders, col("o_orderkey") == col("l_orderkey"))
        .join(t.customer, col("c_custkey") == col("o_custkey"))
        .join(n1, col("s_nationkey") == col("n1.n_nationkey"))
        .join(n2, col("c_nationkey") == col("n2.n_nationkey"))
        .filter(pair & col("l_shipdate").between(date(1995, 1, 1), date(1996, 12, 31)))
        .select(
            col("n1.n_name").alias("supp_nation"),
            col("n2.n_name").alias("cust_nation"),
            F.year("l_shipdate").alias("l_year"),
            REVENUE.alias("volume"),
        )
        .groupBy("supp_nation", "cust_nation", "l_year")
        .agg(F.sum("volume").alias("revenue"))
        .orderBy("supp_nation", "cust_nation", "l_year")
    )


def q8(t):
    n1, n2 = t.nation.alias("n1"), t.nation.alias("n2")
    volumes = (
        t.part.filter(col("p_type") == "ECONOMY ANODIZED STEEL")
        .join(t.lineitem, col("p_partkey") == col("l_partkey"))
        .join(t.supplier, col("s_suppkey") == col("l_suppkey"))
        .join(t.orders, col("o_orderkey") == col("l_orderkey"))
        .join(t.customer, col("c_custkey") == col("o_custkey"))
        .join(n1, col("c_nationkey") == col("n1.n_nationkey"))
        .join(t.region.filter(col("r_name") == "AMERICA"), col("n1.n_regionkey") == col("r_regionkey"))
        .join(n2, col("s_nationkey") == col("n2.n_nationkey"))
        .filter(col("o_orderdate").between(date(1995, 1, 1), date(1996, 12, 31)))
        .select(F.year("o_orderdate").alias("o_year"), REVENUE.alias("volume"), col("n2.n_name").alias("nation"))
    )
    brazil = F.when(col("nation") == "BRAZIL", col("volume")).otherwise(0)
    return volumes.groupBy("o_year").agg((F.sum(brazil) / F.sum("volume")).alias("mkt_share")).orderBy("o_year")


def q9(t):
    profit = REVENUE - col("ps_supplycost") * col("l_quantity")
    return (
        t.part.filter(col("p_name").contains("green"))
        .join(t.lineitem, col("p_partkey") == col("l_partkey"))
        .join(t.supplier, col("s_suppkey") == col("l_suppkey"))
        .join(t.partsupp, (col("ps_suppkey") == col("l_suppkey")) & (col("ps_partkey") == col("l_partkey")))
        .join(t.orders, col("o_orderkey") == col("l_orderkey"))
        .join(t.nation, col("s_nationkey") == col("n_nationkey"))
        .select(col("n_name").alias("nation"), F.year("o_orderdate").alias("o_year"), profit.alias("amount"))
        .groupBy("nation", "o_year")
        .agg(F.sum("amount").alias("sum_profit"))
        .orderBy("nation", F.desc("o_year"))
    )


def q10(t):
    return (
        t.customer.join(t.orders, col("c_custkey") == col("o_custkey"))
        .join(t.lineitem, col("l_orderkey") == col("o_orderkey"))
        .join(t.nation, col("c_nationkey") == col("n_nationkey"))
        .filter((col("o_orderdate") >= date(1993, 10, 1)) & (col("o_orderdate") < date(1994, 1, 1)))
        .filter(col("l_returnflag") == "R")
        .groupBy("c_custkey", "c_name", "c_acctbal", "c_phone", "n_name", "c_address", "c_comment")
        .agg(F.sum(REVENUE).alias("revenue"))
        .select("c_custkey", "c_name", "revenue", "c_acctbal", "n_name", "c_address", "c_phone", "c_comment")
        .orderBy(F.desc("revenue"))
        .limit(20)
    )


def q11(t):
    german = t.partsupp.join(t.supplier, col("ps_suppkey") == col("s_suppkey")).join(
        t.nation.filter(col("n_name") == "GERMANY"), col("s_nationkey") == col("n_nationkey")
    )
    cost = F.sum(col("ps_supplycost") * col("ps_availqty"))
    total = german.agg((cost * F.expr("0.0001000000")).alias("threshold"))
    return (
        german.groupBy("ps_partkey")
        .agg(cost.alias("value"))
        .crossJoin(total)
        .filter(col("value") > col("threshold"))
        .select("ps_partkey", "value")
        .orderBy(F.desc("value"))
    )


def q12(t):
    urgent = col("o_orderpriority").isin("1-URGENT", "2-HIGH")
    return (
        t.orders.join(t.lineitem, col("o_orderkey") == col("l_orderkey"))
        .filter(col("l_shipmode").isin("MAIL", "SHIP"))
        .filter((col("l_commitdate") < col("l_receiptdate")) & (col("l_shipdate") < col("l_commitdate")))
        .filter((col("l_receiptdate") >= date(1994, 1, 1)) & (col("l_receiptdate") < date(1995, 1, 1)))
        .groupBy("l_shipmode")
        .agg(
            F.sum(F.when(urgent, 1).otherwise(0)).alias("high_line_count"),
            F.sum(F.when(~urgent, 1).otherwise(0)).alias("low_line_count"),
        )
        .orderBy("l_shipmode")
    )


def q13(t):
    orders = t.orders.filter(~col("o_comment").like("%special%requests%"))
    return (
        t.customer.join(orders, col("c_custkey") == col("o_custkey"), "left")
        .groupBy("c_custkey")
        .agg(F.count("o_orderkey").alias("c_count"))
        .groupBy("c_count")
        .agg(F.count("*").alias("custdist"))
        .orderBy(F.desc("custdist"), F.desc("c_count"))
    )


def q14(t):
    promotion = F.when(col("p_type").like("PROMO%"), REVENUE).otherwise(0)
    return (
        t.lineitem.join(t.part, col("l_partkey") == col("p_partkey"))
        .filter((col("l_shipdate") >= date(1995, 9, 1)) & (col("l_shipdate") < date(1995, 10, 1)))
        .agg((F.expr("100.00") * F.sum(promotion) / F.sum(REVENUE)).alias("promo_revenue"))
    )


def q15(t):
    revenue = (
        t.lineitem.filter((col("l_shipdate") >= date(1996, 1, 1)) & (col("l_shipdate") < date(1996, 4, 1)))
        .groupBy(col("l_suppkey").alias("supplier_no"))
        .agg(F.sum(REVENUE).alias("total_revenue"))
    )
    best = revenue.agg(F.max("total_revenue").alias("best"))
    return (
        t.supplier.join(revenue, col("s_suppkey") == col("supplier_no"))
        .join(best, col("total_revenue") == col("best"))
        .select("s_suppkey", "s_name", "s_address", "s_phone", "total_revenue")
        .orderBy("s_suppkey")
    )


def q16(t):
    complained = t.supplier.filter(col("s_comment").like("%Customer%Complaints%"))
    return (
        t.partsupp.join(t.part, col("p_partkey") == col("ps_partkey"))
        .filter((col("p_brand") != "Brand#45") & ~col("p_type").like("MEDIUM POLISHED%"))
        .filter(col("p_size").isin(49, 14, 23, 45, 19, 3, 36, 9))
        .join(complained, col("ps_suppkey") == col("s_suppkey"), "left_anti")
        .groupBy("p_brand", "p_type", "p_size")
        .agg(F.countDistinct("ps_suppkey").alias("supplier_cnt"))
        .orderBy(F.desc("supplier_cnt"), "p_brand", "p_type", "p_size")
    )


def q17(t):
    lines = t.lineitem.join(t.part, col("p_partkey") == col("l_partkey")).filter(
        (col("p_brand") == "Brand#23") & (col("p_container") == "MED BOX")
    )
    mean = F.avg("l_quantity").over(Window.partitionBy("p_partkey"))
    return (
        lines.withColumn("few", F.expr("0.2") * mean)
        .filter(col("l_quantity") < col("few"))
        .agg((F.sum("l_extendedprice") / F.expr("7.0")).alias("avg_yearly"))
    )


def q18(t):
    large = (
        t.lineitem.groupBy(col("l_orderkey").alias("k"))
        .agg(F.sum("l_quantity").alias("total"))
        .filter(col("total") > 300)
    )
    return (
        t.orders.join(large, col("o_orderkey") == col("k"), "left_semi")
        .join(t.customer, col("c_custkey") == col("o_custkey"))
        .join(t.lineitem, col("o_orderkey") == col("l_orderkey"))
        .groupBy("c_name", "c_custkey", "o_orderkey", "o_orderdate", "o_totalprice")
        .agg(F.sum("l_quantity"))
        .orderBy(F.desc("o_totalprice"), "o_orderdate")
        .limit(100)
    )


def q19(t):
    def matches(brand, containers, least, most, size):
        return (
            (col("p_brand") == brand)
            & col("p_container").isin(*containers)
            & col("l_quantity").between(least, most)
            & col("p_size").between(1, size)
        )

    return (
        t.lineitem.join(t.part, col("p_partkey") == col("l_partkey"))
        .filter(col("l_shipmode").isin("AIR", "AIR REG") & (col("l_shipinstruct") == "DELIVER IN PERSON"))
        .filter(
            matches("Brand#12", ("SM CASE", "SM BOX", "SM PACK", "SM PKG"), 1, 11, 5)
            | matches("Brand#23", ("MED BAG", "MED BOX", "MED PKG", "MED PACK"), 10, 20, 10)
            | matches("Brand#34", ("LG CASE", "LG BOX", "LG PACK", "LG PKG"), 20, 30, 15)
        )
        .agg(F.sum(REVENUE).alias("revenue"))
    )


def q20(t):
    shipped = (
        t.lineitem.filter((col("l_shipdate") >= date(1994, 1, 1)) & (col("l_shipdate") < date(1995, 1, 1)))
        .groupBy("l_partkey", "l_suppkey")
        .agg((F.expr("0.5") * F.sum("l_quantity")).alias("half"))
    )
    suppliers = (
        t.partsupp.join(
            t.part.filter(col("p_name").startswith("forest")), col("ps_partkey") == col("p_partkey"), "semi"
        )
        .join(shipped, (col("ps_partkey") == col("l_partkey")) & (col("ps_suppkey") == col("l_suppkey")))
        .filter(col("ps_availqty") > col("half"))
    )
    return (
        t.supplier.join(t.nation.filter(col("n_name") == "CANADA"), col("s_nationkey") == col("n_nationkey"))
        .join(suppliers, col("s_suppkey") == col("ps_suppkey"), "semi")
        .select("s_name", "s_address")
        .orderBy("s_name")
    )


def q21(t):
    others = t.lineitem.groupBy(col("l_orderkey").alias("k")).agg(F.countDistinct("l_suppkey").alias("suppliers"))
    late = t.lineitem.filter(col("l_receiptdate") > col("l_commitdate"))
    late_others = late.groupBy(col("l_orderkey").alias("lk")).agg(F.countDistinct("l_suppkey").alias("late_suppliers"))
    return (
        t.supplier.join(late, col("s_suppkey") == col("l_suppkey"))
        .join(t.orders.filter(col("o_orderstatus") == "F"), col("o_orderkey") == col("l_orderkey"))
        .join(t.nation.filter(col("n_name") == "SAUDI ARABIA"), col("s_nationkey") == col("n_nationkey"))
        .join(others.filter("suppliers > 1"), col("l_orderkey") == col("k"))
        .join(late_others.filter("late_suppliers = 1"), col("l_orderkey") == col("lk"))
        .groupBy("s_name")
        .agg(F.count("*").alias("numwait"))
        .orderBy(F.desc("numwait"), "s_name")
        .limit(100)
    )


def q22(t):
    codes = ("13", "31", "23", "29", "30", "18", "17")
    customers = t.customer.withColumn("cntrycode", F.substring("c_phone", 1, 2)).filter(col("cntrycode").isin(*codes))
    mean = customers.filter(col("c_acctbal") > F.expr("0.00")).agg(F.avg("c_acctbal").alias("mean"))
    return (
        customers.crossJoin(mean)
        .filter(col("c_acctbal") > col("mean"))
        .join(t.orders, col("o_custkey") == col("c_custkey"), "left_anti")
        .groupBy("cntrycode")
        .agg(F.count("*").alias("numcust"), F.sum("c_acctbal").alias("totacctbal"))
        .orderBy("cntrycode")
    )


FRAMES = {number: globals()[f"q{number}"] for number in range(1, 23)}
