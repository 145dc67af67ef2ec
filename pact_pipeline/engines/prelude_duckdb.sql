-- The few functions that differ between engines, for DuckDB. (PostgreSQL and Spark get the same names.)
create macro days_between(a, b) as date_diff('day', a, b);
create macro add_days(d, n) as cast(d + to_days(n) as date);
create macro add_months(d, n) as cast(d + to_months(n) as date);
create macro month_end_of(d) as last_day(d);
create macro date_diff_months(a, b) as date_diff('month', a, b) + 1;
