-- published_count: one row is an official count as one publication gave it (series, period, area, measure, category, publication).
-- Reads every taken extract of the yearly counts, also superseded ones: where vintages of one figure differ, all are kept and
-- the latest published is in force (plan paragraphs 24 and 25; domain#the-clas-return). value is empty where the source gave
-- none, and shorthand then says why; it is never 0 for that reason.
with court as (
    select year, area, application_type as category, publication, published_on, source_address, submission_id, source_row,
        'lodged' as measure, lodged as value, lodged_shorthand as shorthand from lake.courts_annual_counts
    union all select year, area, application_type, publication, published_on, source_address, submission_id, source_row,
        'disposed', disposed, disposed_shorthand from lake.courts_annual_counts
    union all select year, area, application_type, publication, published_on, source_address, submission_id, source_row,
        'granted', granted, granted_shorthand from lake.courts_annual_counts
    union all select year, area, application_type, publication, published_on, source_address, submission_id, source_row,
        'dismissed', dismissed, dismissed_shorthand from lake.courts_annual_counts
    union all select year, area, application_type, publication, published_on, source_address, submission_id, source_row,
        'refused', refused, refused_shorthand from lake.courts_annual_counts
    union all select year, area, application_type, publication, published_on, source_address, submission_id, source_row,
        'dropped', dropped, dropped_shorthand from lake.courts_annual_counts
    union all select year, area, application_type, publication, published_on, source_address, submission_id, source_row,
        'withdrawn', withdrawn, withdrawn_shorthand from lake.courts_annual_counts
    union all select year, area, application_type, publication, published_on, source_address, submission_id, source_row,
        'other', other, other_shorthand from lake.courts_annual_counts
), figure as (
    select 'courts' as series, year as period, area, measure, category, value, shorthand, publication, published_on,
        source_address, submission_id, source_row
    from court
    union all
    select 'clas' as series, year as period, area, measure, category, count as value, count_shorthand as shorthand,
        publication, published_on, source_address, submission_id, source_row
    from lake.clas_annual_counts
), newest as (
    -- a publication sent again (a correction of the extract) stands for itself once: its latest submission
    select f.series, f.period, f.area, f.measure, f.category, f.value, f.shorthand, f.publication, f.published_on,
        f.source_address, f.submission_id, f.source_row,
        row_number() over (partition by f.series, f.period, f.area, f.measure, f.category, f.publication
            order by t.sequence desc nulls last) as latest_extract
    from figure f
    join ledger.taken t on t.submission_id = f.submission_id
), vintage as (
    select series, period, area, measure, category, value, shorthand, publication, published_on, source_address,
        submission_id, source_row,
        row_number() over (partition by series, period, area, measure, category
            order by published_on nulls last, publication nulls last) as vintage_no,
        count(*) over (partition by series, period, area, measure, category) as vintages
    from newest
    where latest_extract = 1
)
select series, period, area, measure, category, value, shorthand, publication, published_on, cast(vintage_no as integer) as vintage_no,
    vintage_no = vintages as in_force, source_address, submission_id, source_row
from vintage
