-- child_row: one row is a looked-after record of a child that counts (council, child_key, source_row).
select r.council, r.child_key, r.looked_after_from, r.looked_after_to, r.destination, r.away_from_home_from, r.birth_month,
    r.sex, r.ethnic_group, r.disabled, r.current_plan, r.twin_tracked, r.concurrent_placement,
    row_number() over (
        partition by r.council, r.child_key, r.looked_after_from order by r.source_row nulls last) as record_in_day,
    c.carried_forward, r.submission_id, r.source_row
from lake.children r
join work.child_source c on c.council = r.council and c.child_key = r.child_key and c.submission_id = r.submission_id
