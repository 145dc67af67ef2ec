-- court_application: one row is an application to a sheriff court as one source reports it (source, application_key).
-- source `courts`: the courts' own record, from the newest quarter that names the case. source `council`: the council's
-- petition_lodged with its outcome; the two are not linked yet, so they are never added up. Plan paragraph 24 (blind spots):
-- resolved_type tells permanence orders with and without authority apart where a source says so, else PO_UNSPEC;
-- from_care is `no` for step-parents, `yes` for a looked-after child's record, else `unknown` (a relative may be a kinship carer);
-- outcome `pending` while nothing became of it. observed_to: the last day the source has told of.
with named as (
    select r.case_key, r.court, r.application_type, r.petitioner_kind, r.petitioning_council, r.child_sex, r.lodged_on,
        r.outcome, r.outcome_on, f.period_ends_on, r.submission_id, r.source_row,
        row_number() over (partition by r.case_key order by f.period_ends_on desc nulls last) as newest_first
    from lake.applications r
    join ledger.in_force f on f.submission_id = r.submission_id
)
select 'courts' as source, case_key as application_key, petitioning_council as council, cast(null as varchar) as child_key,
    court, application_type as type_reported, application_type as resolved_type, petitioner_kind, child_sex, lodged_on,
    coalesce(outcome, 'pending') as outcome, outcome_on, days_between(lodged_on, outcome_on) as days_to_outcome,
    case when petitioner_kind = 'step_parent' then 'no' else 'unknown' end as from_care,
    max(period_ends_on) over () as observed_to, submission_id, source_row
from named
where newest_first = 1
union all
select 'council' as source, md5(concat(p.council, p.child_key, p.order_type, cast(p.from_day as varchar))) as application_key, p.council,
    p.child_key, cast(null as varchar) as court, p.order_type as type_reported, p.order_type as resolved_type,
    case when p.order_type in ('PO', 'POA') then 'council' else 'not_recorded' end as petitioner_kind,
    cast(null as varchar) as child_sex, p.from_day as lodged_on, coalesce(p.court_result, 'pending') as outcome,
    p.to_day as outcome_on, days_between(p.from_day, p.to_day) as days_to_outcome, 'yes' as from_care,
    o.observed_to, p.submission_id, p.source_row
from work.petition p
join work.council_observed o on o.council = p.council
