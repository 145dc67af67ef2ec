-- round_opening: one row is a round of permanence work in a spell (council, child_key, spell_no, round_no).
-- A round opens at the first opening step after a close or a securing. Where securing ends (an ended order or placement) and no
-- opening step came meanwhile, the former round is open again with what was approved in it.
with turned as (
    select council, child_key, spell_no, position, secured,
        coalesce(lag(secured) over (partition by council, child_key, spell_no order by position nulls last), false)
            as secured_before
    from work.secured_day
), logged as (
    select council, child_key, spell_no, position, on_date, kind from work.round_step where kind is not null
    union all
    select council, child_key, spell_no, position, cast(null as date) as on_date,
        case when secured then 'secured' else 'unsecured' end as kind
    from turned
    where secured <> secured_before
), known as (
    select council, child_key, spell_no, position, on_date, kind,
        max(case when kind = 'opens' then position end) over (partition by council, child_key, spell_no
            order by position nulls last rows between unbounded preceding and 1 preceding) as last_opened,
        max(case when kind = 'closes' then position end) over (partition by council, child_key, spell_no
            order by position nulls last rows between unbounded preceding and 1 preceding) as last_closed,
        max(case when kind = 'secured' then position end) over (partition by council, child_key, spell_no
            order by position nulls last rows between unbounded preceding and 1 preceding) as last_secured,
        max(case when kind = 'unsecured' then position end) over (partition by council, child_key, spell_no
            order by position nulls last rows between unbounded preceding and 1 preceding) as last_unsecured
    from logged
)
select council, child_key, spell_no,
    cast(row_number() over (partition by council, child_key, spell_no order by position nulls last) as integer) as round_no,
    position as opened_at, on_date as opened_on
from known
where kind = 'opens' and (
    last_opened is null
    or last_closed > last_opened
    or (last_secured > last_opened and last_secured > coalesce(last_unsecured, 0)))
