-- carer_approval: one row is an approval process of a carer household (council, carer_key, approval_kind, enquiry_on).
-- A household's rows come from the newest submission in force that names it. Times in days, assessment also in weeks and the
-- hours the council recorded. Plan paragraphs 23, 29, 30.
with named as (
    select distinct r.council, r.carer_key, r.submission_id, f.period_ends_on
    from lake.carers r
    join ledger.in_force f on f.submission_id = r.submission_id
), newest as (
    select council, carer_key, submission_id,
        row_number() over (partition by council, carer_key order by period_ends_on desc nulls last) as newest_first
    from named
)
select r.council, r.carer_key, r.approval_kind, r.enquiry_on, r.carer_source, r.information_sent_on, r.application_on,
    r.assessment_from, r.assessment_to, r.assessment_hours, r.panel_on, r.decision_on, r.decision,
    case when r.decision = 'approved' then r.decision_on end as approved_on, r.places_approved, r.closed_on, r.close_reason,
    case when r.decision = 'approved' then days_between(r.enquiry_on, r.decision_on) end as days_enquiry_to_approval,
    cast(days_between(r.assessment_from, r.assessment_to) as double precision) / cast(7 as double precision) as assessment_weeks,
    o.observed_from, o.observed_to, r.submission_id, r.source_row
from lake.carers r
join newest n on n.council = r.council and n.carer_key = r.carer_key and n.submission_id = r.submission_id
join work.council_observed o on o.council = r.council
where n.newest_first = 1
