"""The true journeys and stages, day by day: definitions#stages read as a plain model in memory, one child at a time.

This is the second method: it shares no code with the core's SQL and is written to be read beside the definitions. Days
are whole numbers. What was not yet known on the horizon (the last day looked at) does not count.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

BRIDGED = 7  # days between two recorded spells that still make one
BEFORE_END, AFTER_END = 30, 90  # an order granted so near a spell's end is the reason for it
AWAY_PLANS = frozenset(
    {"permanence_order", "permanence_order_with_authority_to_adopt", "adoption", "kinship", "long_term_care"}
)
LIVING_IS_MATCH = frozenset({"kinship", "long_term_care"})
ORDERS_OF = {
    "permanence_order": ("PO",),
    "permanence_order_with_authority_to_adopt": ("POA", "ADOPTION"),
    "adoption": ("POA", "ADOPTION"),
    "kinship": ("RESIDENCE",),
    "long_term_care": (),
}
ROUTE_OF_PETITION = {
    "PO": "permanence_order",
    "POA": "permanence_order_with_authority_to_adopt",
    "ADOPTION": "adoption",
    "RESIDENCE": "kinship",
}
# Steps of one day are taken in the pathway's order.
STEP_ORDER = (
    "referral", "lac_review", "permanence_recommended", "panel", "adm_decision", "plan_changed", "consent_certificate",
    "reporter_referral", "advice_hearing", "petition_lodged", "court_outcome", "order_ended",
)  # fmt: skip
RANK = {name: place for place, name in enumerate(STEP_ORDER)}
EXIT_OF_ORDER = {
    "ADOPTION": "adopted",
    "RESIDENCE": "residence_or_kinship_order",
    "POA": "permanence_order_with_authority_to_adopt",
    "PO": "permanence_order",
}
EXIT_OF_DESTINATION = {
    "adoption": "adopted",
    "home_with_parents": "home",
    "friends_or_relatives": "with_relatives",
    "kinship_care_order": "residence_or_kinship_order",
    "other_council": "transfer",
    "continuing_care": "aged_out",
    "supported_accommodation": "aged_out",
    "former_foster_carers": "aged_out",
}
SIXTEEN = 5844  # days: sixteen years with four leap days


@dataclass(frozen=True)
class TrueStep:
    on: int
    milestone: str
    outcome: str = ""


@dataclass(frozen=True)
class Match:
    linked: int
    decided: int | None = None
    placed: int | None = None
    ended: int | None = None


@dataclass(frozen=True)
class Living:
    """A stay in a placement meant as permanent; `until` None while it goes on."""

    since: int
    until: int | None = None


@dataclass(frozen=True)
class TrueSpell:
    """A spell after bridging; `ended` None while it goes on."""

    started: int
    ended: int | None
    destination: str = ""


@dataclass(frozen=True)
class Stay:
    """A stay in one stage, [entered, left); `left` None while it goes on."""

    stage: str
    family_step: str | None
    legal_step: str | None
    route: str | None
    round_no: int
    entered: int
    left: int | None


def bridge(records: Iterable[tuple[int, int | None, str]]) -> list[TrueSpell]:
    """Recorded spells (from, to, destination) as true ones: gaps of up to BRIDGED days are closed."""
    spells: list[TrueSpell] = []
    for started, ended, destination in sorted(records, key=lambda record: record[0]):
        former = spells[-1] if spells else None
        if former and former.ended is not None and started - former.ended <= BRIDGED:
            spells[-1] = TrueSpell(former.started, ended, destination)
        else:
            spells.append(TrueSpell(started, ended, destination))
    return spells


def spell_of(day: int, spells: Sequence[TrueSpell]) -> int:
    """The spell a dated step belongs to: the latest begun by its day, or the first."""
    begun = [number for number, spell in enumerate(spells) if spell.started <= day]
    return begun[-1] if begun else 0


@dataclass
class _State:
    """What is in force at the end of a day."""

    plan: str | None = None  # the outcome of the latest plan step; None after a reversal or a refusal
    petition_route: str | None = None  # the route a petition shows where no plan is in force
    round_state: str = "none"  # none, open, or resting while permanence is secured
    round_no: int = 0
    approved: bool = False  # in this round
    approved_since: bool = False  # since the last reversal, refusal or return home, whatever the round
    orders: set[str] = field(default_factory=set)
    pending: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def route(self) -> str | None:
        return self.plan or self.petition_route

    def open_round(self) -> None:
        if self.round_state != "open":
            self.round_no += 1
            self.round_state, self.approved = "open", False

    def close_round(self) -> None:
        self.round_state, self.approved, self.approved_since, self.petition_route = "none", False, False, None

    def take(self, steps: Sequence[TrueStep]) -> None:
        """The steps of one day."""
        plan_at_end_of_day = self.plan
        for step in steps:
            plan_at_end_of_day = _plan_after(plan_at_end_of_day, step)
        for step in steps:
            self.plan = _plan_after(self.plan, step)
            match step.milestone:
                case "permanence_recommended" | "plan_changed" if step.outcome == "return_home":
                    self.close_round()
                case "permanence_recommended":
                    self.open_round()
                case "panel":
                    if plan_at_end_of_day != "return_home":
                        self.open_round()
                case "adm_decision" if step.outcome in AWAY_PLANS:
                    self.open_round()
                    self.approved = self.approved_since = True
                case "adm_decision":
                    self.close_round()
                case "petition_lodged":
                    self.open_round()
                    self.approved = self.approved_since = True
                    self.pending[step.outcome] += 1
                    if self.plan not in AWAY_PLANS:
                        self.petition_route = ROUTE_OF_PETITION[step.outcome]
                case "court_outcome":
                    order, _, result = step.outcome.partition("_")
                    self.pending[order] = max(0, self.pending[order] - 1)
                    if result == "granted":
                        self.orders.add(order)
                case "order_ended":
                    self.orders.discard(step.outcome)

    def secured(self, at_permanent_home: bool) -> bool:
        """The route's last order is in force; long-term care: approved, and in the placement meant as permanent."""
        if self.route == "long_term_care":
            return self.approved_since and at_permanent_home
        orders = ORDERS_OF.get(self.route or "", ())
        return bool(orders) and orders[-1] in self.orders

    def next_pending(self) -> bool:
        """An application for the next order of the route is before the court."""
        match self.route:
            case "permanence_order":
                return self.pending["PO"] > 0
            case "permanence_order_with_authority_to_adopt":
                return self.pending["ADOPTION" if "POA" in self.orders else "POA"] > 0
            case "adoption":
                return self.pending["POA"] + self.pending["ADOPTION"] > 0
            case "kinship":
                return self.pending["RESIDENCE"] > 0
        return False


def _plan_after(plan: str | None, step: TrueStep) -> str | None:
    if step.milestone in {"permanence_recommended", "plan_changed", "adm_decision"}:
        return None if step.outcome in {"reversed", "not_approved"} else step.outcome
    return plan


def stays(
    spell: TrueSpell, steps: Sequence[TrueStep], matches: Sequence[Match], living: Sequence[Living], horizon: int
) -> list[Stay]:
    """The stages of one spell, in order and without a gap. `steps` and `matches` are those that belong to it."""
    stop = spell.ended if spell.ended is not None and spell.ended <= horizon else None
    steps = sorted((one for one in steps if one.on <= horizon), key=lambda one: (one.on, RANK[one.milestone]))
    by_day: dict[int, list[TrueStep]] = defaultdict(list)
    for step in steps:
        by_day[step.on].append(step)
    days = {spell.started, *by_day}
    for match in matches:
        days |= {day for day in (match.decided, match.placed, match.ended) if day is not None}
    for stay in living:
        days |= {stay.since} | ({stay.until} if stay.until is not None else set())
    last = horizon if stop is None else stop - 1
    state = _State()
    found: list[Stay] = []
    for day in sorted(day for day in days if day <= last):
        state.take(by_day.get(day, ()))
        home = any(one.since <= day and (one.until is None or day < one.until) for one in living)
        secured = state.secured(home)
        if secured and state.round_state == "open":
            state.round_state = "resting"
        elif not secured and state.round_state == "resting":
            state.round_state = "open"
        now = _stage(state, secured, _family(state.route, matches, home, day), day)
        if day < spell.started:
            continue
        if found and _same(found[-1], now):
            continue
        if found:
            found[-1] = replace(found[-1], left=now.entered)
        found.append(now)
    if found and stop is not None:
        found[-1] = replace(found[-1], left=stop)
    return found


def _family(route: str | None, matches: Sequence[Match], home: bool, day: int) -> tuple[bool, bool]:
    """Matched and placed on a day: kin and long-term carers by living there, others by a match approved in force."""
    if route in LIVING_IS_MATCH:
        return home, home
    in_force = [
        one
        for one in matches
        if one.decided is not None and one.decided <= day and (one.ended is None or day < one.ended)
    ]
    return bool(in_force), any(one.placed is not None and one.placed <= day for one in in_force)


def _stage(state: _State, secured: bool, family: tuple[bool, bool], day: int) -> Stay:
    matched, placed = family
    approved = state.approved or state.route == "kinship"
    if secured:
        stage = "secured"
    elif state.round_state != "open":
        return Stay("not_awaiting", None, None, state.route, 0, day, None)
    elif not approved:
        stage = "awaiting_decision"
    elif not matched:
        stage = "awaiting_match"
    elif not placed:
        stage = "awaiting_placement"
    else:
        stage = "awaiting_court" if state.next_pending() else "awaiting_lodging"
    family_step = "needs_match" if not matched else "with_family" if placed else "needs_placement"
    if state.route == "long_term_care":
        legal_step = "none_needed"
    elif state.next_pending():
        legal_step = "before_the_court"
    elif state.orders & set(ORDERS_OF.get(state.route or "", ())):
        legal_step = "order_in_force"
    else:
        legal_step = "needs_application"
    return Stay(stage, family_step, legal_step, state.route, state.round_no, day, None)


def _same(one: Stay, other: Stay) -> bool:
    return (one.stage, one.family_step, one.legal_step, one.route, one.round_no) == (
        other.stage, other.family_step, other.legal_step, other.route, other.round_no,
    )  # fmt: skip


@dataclass(frozen=True)
class Journey:
    """A spell with its dates side by side: the first of each step that belongs to it, None if it has not happened."""

    route: str | None
    route_history: tuple[tuple[int, str | None], ...]
    recommended: int | None
    recommended_plan: str | None
    panel: int | None
    approved: int | None
    approved_plan: str | None
    linked: int | None
    matched: int | None
    placed: int | None
    lodged: int | None
    secured: int | None
    secured_kind: str | None
    exit_on: int | None
    exit_kind: str
    rounds: int


def journey(
    spell: TrueSpell,
    steps: Sequence[TrueStep],
    matches: Sequence[Match],
    living: Sequence[Living],
    horizon: int,
    born: int,
    found: Sequence[Stay] | None = None,
) -> Journey:
    """The journey of one spell as known on the horizon. `found` are its stays, if already worked out."""
    steps = sorted((one for one in steps if one.on <= horizon), key=lambda one: (one.on, RANK[one.milestone]))
    found = stays(spell, steps, matches, living, horizon) if found is None else found
    ended = spell.ended if spell.ended is not None and spell.ended <= horizon else None
    secured = next(((one.entered, one.route) for one in found if one.stage == "secured"), None)
    final = found[-1].route if found else None
    history: list[tuple[int, str | None]] = []
    plan: str | None = None
    for step in steps:
        after = _plan_after(plan, step)
        if after != plan:
            history.append((step.on, after))
        plan = after
    exit_on, exit_kind = ended, "still_looked_after"
    if ended is not None:
        near = [order for order in EXIT_OF_ORDER if _near(steps, order, ended) is not None]
        if near:
            exit_on, exit_kind = _near(steps, near[0], ended), EXIT_OF_ORDER[near[0]]
        else:
            exit_kind = EXIT_OF_DESTINATION.get(spell.destination, "other")
            if exit_kind == "aged_out" and ended - born < SIXTEEN:
                exit_kind = "other"
    secured_on, secured_kind = (secured[0], _secured_kind(secured[1])) if secured else (None, None)
    if secured is None and ended is not None:
        ends_with_an_order = near[0] != "POA" if near else spell.destination in {"adoption", "kinship_care_order"}
        if ends_with_an_order:
            secured_on, secured_kind = exit_on, exit_kind
    decided = [one for one in matches if one.decided is not None and one.decided <= horizon]
    # Kin and long-term carers are match and placement in one, from the first day with them in a round.
    with_kin = [stay.entered for stay in found if stay.route in LIVING_IS_MATCH and stay.family_step == "with_family"]
    return Journey(
        route=final,
        route_history=tuple(history),
        recommended=_first(steps, "permanence_recommended", AWAY_PLANS),
        recommended_plan=_first_plan(steps, "permanence_recommended"),
        panel=_first(steps, "panel"),
        approved=_first(steps, "adm_decision", AWAY_PLANS),
        approved_plan=_first_plan(steps, "adm_decision"),
        linked=min((one.linked for one in matches if one.linked <= horizon), default=None),
        matched=min([*(one.decided for one in decided if one.decided is not None), *with_kin], default=None),
        placed=min(
            [
                *(
                    max(one.placed, one.decided)
                    for one in decided
                    if one.placed is not None and one.decided is not None and one.placed <= horizon
                ),
                *with_kin,
            ],
            default=None,
        ),
        lodged=_first(steps, "petition_lodged"),
        secured=secured_on,
        secured_kind=secured_kind,
        exit_on=exit_on,
        exit_kind=exit_kind,
        rounds=max((one.round_no for one in found), default=0),
    )


def _near(steps: Sequence[TrueStep], order: str, ended: int) -> int | None:
    """The day an order was granted so near the end that it is the reason for it; the latest of several."""
    days = [one.on for one in steps if one.outcome == f"{order}_granted" and -BEFORE_END <= one.on - ended <= AFTER_END]
    return max(days, default=None)


def _secured_kind(route: str | None) -> str:
    orders = ORDERS_OF.get(route or "", ())
    return EXIT_OF_ORDER[orders[-1]] if orders else "long_term_care"


def _first_plan(steps: Sequence[TrueStep], milestone: str) -> str | None:
    return next((one.outcome for one in steps if one.milestone == milestone and one.outcome in AWAY_PLANS), None)


def _first(steps: Sequence[TrueStep], milestone: str, outcomes: frozenset[str] | None = None) -> int | None:
    return next(
        (one.on for one in steps if one.milestone == milestone and (outcomes is None or one.outcome in outcomes)), None
    )
