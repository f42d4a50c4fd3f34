"""The 24 tables of TPC-DS: columns in the order of the generator's files, under the prefix that all names of a table have.

A type's letter: i int, l bigint, s string, d date, and a number is the precision of a decimal with two places.
"""

COLUMNS = {
    "call_center": """cc_ call_center_sk:i call_center_id:s rec_start_date:d rec_end_date:d closed_date_sk:i open_date_sk:i
        name:s class:s employees:i sq_ft:i hours:s manager:s mkt_id:i mkt_class:s mkt_desc:s market_manager:s division:i
        division_name:s company:i company_name:s street_number:s street_name:s street_type:s suite_number:s city:s county:s
        state:s zip:s country:s gmt_offset:5 tax_percentage:5""",
    "catalog_page": """cp_ catalog_page_sk:i catalog_page_id:s start_date_sk:i end_date_sk:i department:s catalog_number:i
        catalog_page_number:i description:s type:s""",
    "catalog_returns": """cr_ returned_date_sk:i returned_time_sk:i item_sk:i refunded_customer_sk:i refunded_cdemo_sk:i
        refunded_hdemo_sk:i refunded_addr_sk:i returning_customer_sk:i returning_cdemo_sk:i returning_hdemo_sk:i
        returning_addr_sk:i call_center_sk:i catalog_page_sk:i ship_mode_sk:i warehouse_sk:i reason_sk:i order_number:l
        return_quantity:i return_amount:7 return_tax:7 return_amt_inc_tax:7 fee:7 return_ship_cost:7 refunded_cash:7
        reversed_charge:7 store_credit:7 net_loss:7""",
    "catalog_sales": """cs_ sold_date_sk:i sold_time_sk:i ship_date_sk:i bill_customer_sk:i bill_cdemo_sk:i bill_hdemo_sk:i
        bill_addr_sk:i ship_customer_sk:i ship_cdemo_sk:i ship_hdemo_sk:i ship_addr_sk:i call_center_sk:i catalog_page_sk:i
        ship_mode_sk:i warehouse_sk:i item_sk:i promo_sk:i order_number:l quantity:i wholesale_cost:7 list_price:7
        sales_price:7 ext_discount_amt:7 ext_sales_price:7 ext_wholesale_cost:7 ext_list_price:7 ext_tax:7 coupon_amt:7
        ext_ship_cost:7 net_paid:7 net_paid_inc_tax:7 net_paid_inc_ship:7 net_paid_inc_ship_tax:7 net_profit:7""",
    "customer": """c_ customer_sk:i customer_id:s current_cdemo_sk:i current_hdemo_sk:i current_addr_sk:i
        first_shipto_date_sk:i first_sales_date_sk:i salutation:s first_name:s last_name:s preferred_cust_flag:s birth_day:i
        birth_month:i birth_year:i birth_country:s login:s email_address:s last_review_date:i""",
    "customer_address": """ca_ address_sk:i address_id:s street_number:s street_name:s street_type:s suite_number:s city:s
        county:s state:s zip:s country:s gmt_offset:5 location_type:s""",
    "customer_demographics": """cd_ demo_sk:i gender:s marital_status:s education_status:s purchase_estimate:i
        credit_rating:s dep_count:i dep_employed_count:i dep_college_count:i""",
    "date_dim": """d_ date_sk:i date_id:s date:d month_seq:i week_seq:i quarter_seq:i year:i dow:i moy:i dom:i qoy:i
        fy_year:i fy_quarter_seq:i fy_week_seq:i day_name:s quarter_name:s holiday:s weekend:s following_holiday:s
        first_dom:i last_dom:i same_day_ly:i same_day_lq:i current_day:s current_week:s current_month:s current_quarter:s
        current_year:s""",
    "household_demographics": "hd_ demo_sk:i income_band_sk:i buy_potential:s dep_count:i vehicle_count:i",
    "income_band": "ib_ income_band_sk:i lower_bound:i upper_bound:i",
    "inventory": "inv_ date_sk:i item_sk:i warehouse_sk:i quantity_on_hand:i",
    "item": """i_ item_sk:i item_id:s rec_start_date:d rec_end_date:d item_desc:s current_price:7 wholesale_cost:7
        brand_id:i brand:s class_id:i class:s category_id:i category:s manufact_id:i manufact:s size:s formulation:s color:s
        units:s container:s manager_id:i product_name:s""",
    "promotion": """p_ promo_sk:i promo_id:s start_date_sk:i end_date_sk:i item_sk:i cost:15 response_target:i promo_name:s
        channel_dmail:s channel_email:s channel_catalog:s channel_tv:s channel_radio:s channel_press:s channel_event:s
        channel_demo:s channel_details:s purpose:s discount_active:s""",
    "reason": "r_ reason_sk:i reason_id:s reason_desc:s",
    "ship_mode": "sm_ ship_mode_sk:i ship_mode_id:s type:s code:s carrier:s contract:s",
    "store": """s_ store_sk:i store_id:s rec_start_date:d rec_end_date:d closed_date_sk:i store_name:s number_employees:i
        floor_space:i hours:s manager:s market_id:i geography_class:s market_desc:s market_manager:s division_id:i
        division_name:s company_id:i company_name:s street_number:s street_name:s street_type:s suite_number:s city:s
        county:s state:s zip:s country:s gmt_offset:5 tax_precentage:5""",
    "store_returns": """sr_ returned_date_sk:i return_time_sk:i item_sk:i customer_sk:i cdemo_sk:i hdemo_sk:i addr_sk:i
        store_sk:i reason_sk:i ticket_number:l return_quantity:i return_amt:7 return_tax:7 return_amt_inc_tax:7 fee:7
        return_ship_cost:7 refunded_cash:7 reversed_charge:7 store_credit:7 net_loss:7""",
    "store_sales": """ss_ sold_date_sk:i sold_time_sk:i item_sk:i customer_sk:i cdemo_sk:i hdemo_sk:i addr_sk:i store_sk:i
        promo_sk:i ticket_number:l quantity:i wholesale_cost:7 list_price:7 sales_price:7 ext_discount_amt:7
        ext_sales_price:7 ext_wholesale_cost:7 ext_list_price:7 ext_tax:7 coupon_amt:7 net_paid:7 net_paid_inc_tax:7
        net_profit:7""",
    "time_dim": "t_ time_sk:i time_id:s time:i hour:i minute:i second:i am_pm:s shift:s sub_shift:s meal_time:s",
    "warehouse": """w_ warehouse_sk:i warehouse_id:s warehouse_name:s warehouse_sq_ft:i street_number:s street_name:s
        street_type:s suite_number:s city:s county:s state:s zip:s country:s gmt_offset:5""",
    "web_page": """wp_ web_page_sk:i web_page_id:s rec_start_date:d rec_end_date:d creation_date_sk:i access_date_sk:i
        autogen_flag:s customer_sk:i url:s type:s char_count:i link_count:i image_count:i max_ad_count:i""",
    "web_returns": """wr_ returned_date_sk:i returned_time_sk:i item_sk:i refunded_customer_sk:i refunded_cdemo_sk:i
        refunded_hdemo_sk:i refunded_addr_sk:i returning_customer_sk:i returning_cdemo_sk:i returning_hdemo_sk:i
        returning_addr_sk:i web_page_sk:i reason_sk:i order_number:l return_quantity:i return_amt:7 return_tax:7
        return_amt_inc_tax:7 fee:7 return_ship_cost:7 refunded_cash:7 reversed_charge:7 account_credit:7 net_loss:7""",
    "web_sales": """ws_ sold_date_sk:i sold_time_sk:i ship_date_sk:i item_sk:i bill_customer_sk:i bill_cdemo_sk:i
        bill_hdemo_sk:i bill_addr_sk:i ship_customer_sk:i ship_cdemo_sk:i ship_hdemo_sk:i ship_addr_sk:i web_page_sk:i
        web_site_sk:i ship_mode_sk:i warehouse_sk:i promo_sk:i order_number:l quantity:i wholesale_cost:7 list_price:7
        sales_price:7 ext_discount_amt:7 ext_sales_price:7 ext_wholesale_cost:7 ext_list_price:7 ext_tax:7 coupon_amt:7
        ext_ship_cost:7 net_paid:7 net_paid_inc_tax:7 net_paid_inc_ship:7 net_paid_inc_ship_tax:7 net_profit:7""",
    "web_site": """web_ site_sk:i site_id:s rec_start_date:d rec_end_date:d name:s open_date_sk:i close_date_sk:i class:s
        manager:s mkt_id:i mkt_class:s mkt_desc:s market_manager:s company_id:i company_name:s street_number:s street_name:s
        street_type:s suite_number:s city:s county:s state:s zip:s country:s gmt_offset:5 tax_percentage:5""",
}


def columns(table):
    """The table's columns as (name, type letter)."""
    prefix, *words = COLUMNS[table].split()
    return [(prefix + name, kind) for name, kind in (word.split(":") for word in words)]
