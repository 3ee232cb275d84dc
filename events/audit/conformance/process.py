"""The normative process as data: who may do what, and in which order a case goes its way.

Read from the opinion's second article and the tables of commands and states that spell it out.
"""

from __future__ import annotations

from dataclasses import dataclass

GROUPS: dict[str, str] = {
    "community": "community_officer community_head",
    "street": "street_officer street_signer",
    "county": "county_reviewer county_certifier county_head",
    "city": "city_officer city_head",
    "province": "province_officer province_assessor province_head",
    "pes": "pes_clerk pes_head",
    "head": "community_head street_signer county_head city_head province_head pes_head",
    "mass": "union youth women",
}
GROUPS["labour"] = " ".join(
    GROUPS[g] for g in ("community", "street", "county", "city", "province")
)

LEVEL_OF = {
    role: level
    for level in ("community", "street", "county", "city", "province")
    for role in GROUPS[level].split()
}
"""The level at which a labour role acts."""

_ACTORS = """
registry.person_registered community street pes_clerk
registry.person_fact_changed community street
registry.unemployment_registered community street pes_clerk county
registry.unemployment_registration_cancelled community street pes_clerk county system
registry.dibao_recorded community street civil_affairs
registry.dibao_ended community street civil_affairs
registry.wishes_recorded community street pes_clerk
registry.skills_recorded community street pes_clerk trainer system
registry.condition_lost community street county pes_clerk civil_affairs system
registry.transfer_requested community street
registry.transfer_accepted community
registry.transfer_rejected community
registry.persons_merged county_reviewer
registry.person_absorbed county_reviewer
registry.persons_unmerged county_reviewer
registry.duplicate_dismissed community street county_reviewer
registry.household_formed community
registry.member_added community
registry.member_left community
registry.member_status_set community
registry.household_split community
registry.households_merged community
registry.household_absorbed community
registry.office_opened rule_admin province_officer county
registry.office_renamed rule_admin province_officer
registry.office_recoded rule_admin province_officer
registry.office_moved rule_admin province_officer
registry.offices_merged rule_admin province_officer
registry.office_split rule_admin province_officer
registry.office_closed rule_admin province_officer
registry.mining_area_set county city
registry.leader_named head
registry.account_opened operator
registry.account_closed operator
registry.role_proposed head operator
registry.role_granted head
registry.role_revoked head operator
registry.delegation_granted community_head street_signer county_head city_head
registry.emergency_access_opened community street county pes_clerk
registry.export_completed system
registry.check_requested auditor operator
registry.check_cancelled auditor operator
registry.check_completed system
registry.message_sent system community street county
registry.message_delivered system
registry.message_failed system
registry.person_read system
registry.city_category_defined city_head
registry.city_category_ended city_head
registry.rule_parameter_proposed rule_admin city_officer county_reviewer
registry.rule_parameter_set province_head city_head county_head
registry.rule_parameter_rejected province_head city_head county_head
registry.calendar_set rule_admin
registry.export_approved head
registry.export_rejected head
registry.processing_restricted county_head
registry.shredding_proposed county_head
registry.subject_shredded city_head
certification.application_filed community_officer
certification.community_registered community_officer
certification.public_notice_posted community_officer
certification.public_notice_closed community_officer system
certification.objection_lodged community street county person
certification.objection_decided street_signer county_reviewer
certification.application_returned community street county
certification.application_resubmitted community_officer
certification.application_withdrawn community person
certification.street_reviewed street_signer
certification.forwarded_to_county street community_head
certification.county_reviewed county_reviewer
certification.person_certified county_certifier
certification.household_certified county_certifier
certification.certification_refused county_certifier
certification.certificate_annotated county_reviewer county_certifier
certification.annotation_cancelled county_reviewer county_certifier
certification.refusal_counted system
certification.exit_proposed system community street person
certification.exit_proposal_withdrawn system county_reviewer
certification.withdrawn_by_person community street person
certification.exited county_certifier
certification.exit_rejected county_certifier
certification.exit_reversal_proposed county_reviewer
certification.exit_reversed county_certifier
certification.lapsed system county_certifier
certification.reassessment_proposed system
certification.reassessed county_certifier
certification.household_cleared system
certification.household_left system
certification.review_requested labour person
certification.review_decided city
certification.revocation_proposed county_reviewer
certification.certification_revoked county_certifier
certification.revocation_rejected county_certifier
certification.import_opened county_head
certification.certification_imported system county_head
certification.import_closed county_head
assistance.file_opened system
assistance.file_closed system
assistance.file_reopened system
assistance.file_moved system
assistance.agreement_signed street community
assistance.agreement_supplemented street community
assistance.helper_changed street_signer community_head
assistance.agreement_ended street community
assistance.plan_made street community
assistance.plan_revised street community
assistance.service_delivered pes_clerk street community trainer mass agency expert system
assistance.person_referred pes_clerk street community
assistance.referral_answered agency mass trainer
assistance.person_invited street community pes_clerk
assistance.training_enrolled street community pes_clerk trainer
assistance.training_completed trainer
assistance.training_left trainer street community
assistance.status_reported community_officer street_officer
assistance.follow_up_done community_officer
assistance.follow_up_ended community_head
posts.employer_registered pes_clerk street county
posts.vacancy_listed pes_clerk
posts.public_post_developed county street pes_clerk
posts.post_closed county street pes_clerk system
posts.job_offered labour pes agency
posts.offer_accepted labour pes agency
posts.offer_refused labour pes agency
posts.not_taken_up labour pes agency
posts.offer_withdrawn labour pes agency system
posts.offer_taken_up street community pes_clerk county system
posts.place_freed street community pes_clerk system
posts.post_proposed participant employer
posts.proposed_post_declined pes_clerk
posts.employer_changed pes_clerk county employer
posts.refusal_judged street_signer county_reviewer
posts.refusal_rejudged street_signer county_reviewer
posts.placed_in_job street community pes_clerk county system
posts.place_taken street community pes_clerk county system
posts.on_job_confirmed community
posts.employment_changed street community pes_clerk
posts.employment_ended street community pes_clerk system
posts.hire_registered employer pes_clerk street
posts.end_registered employer pes_clerk street
posts.labour_export_organised county city
"""


def _roles(words: list[str]) -> frozenset[str]:
    return frozenset(role for word in words for role in GROUPS.get(word, word).split())


ACTORS: dict[str, frozenset[str]] = {
    f"{words[0]}.v1": _roles(words[1:]) for words in map(str.split, _ACTORS.split("\n")) if words
}
"""Which roles may do what; a kind of fact that is not named may be done by every role."""

FOUR_EYES: dict[str, str] = {
    "registry.role_granted.v1": "proposal",
    "registry.rule_parameter_set.v1": "proposal",
    "registry.trial_approved.v1": "proposal",
    "registry.export_approved.v1": "request",
    "registry.export_rejected.v1": "request",
    "registry.subject_shredded.v1": "proposal",
    "certification.exit_reversed.v1": "proposal",
    "certification.certification_revoked.v1": "proposal",
    **{
        f"{context}.{name}.v1": "proposal"
        for context in ("registry", "certification", "assistance", "posts")
        for name in ("fact_corrected", "correction_rejected")
    },
}
"""Acts of a second person, and the field that names the first one's event."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a case: from which states, to which (None: unchanged), where, and which duty.

    `route`: only outside ("street") or inside ("mining") an independent mining area.
    """

    before: frozenset[str]
    after: str | None = None
    where: str | None = None
    duty: str | None = None
    route: str | None = None


def _step(before: str, after: str | None = None, **more: str) -> Step:
    return Step(frozenset(before.split()), after, **more)


CHAIN = ("new", "filed", "registered", "on_notice", "notice_closed", "street_reviewed", "at_county")
"""The order of R23, on the ordinary route."""
OPEN = "filed registered on_notice notice_closed street_reviewed at_county county_reviewed returned"
ENDED = frozenset({"refused", "withdrawn", "exited", "lapsed", "revoked"})

STEPS: dict[str, Step] = {
    f"certification.{name}.v1": step
    for name, step in {
        "application_filed": _step("new", "filed", where="community", duty="filed"),
        "certification_imported": _step("new", "certified"),
        "community_registered": _step("filed", "registered", where="community"),
        "public_notice_posted": _step("registered", "on_notice", where="community"),
        "objection_lodged": _step("on_notice"),
        "public_notice_closed": _step("on_notice", "notice_closed"),
        "objection_decided": _step("on_notice notice_closed"),
        "application_returned": _step(
            "filed registered on_notice notice_closed street_reviewed at_county county_reviewed",
            "returned",
        ),
        "application_resubmitted": _step("returned", where="community"),
        "application_withdrawn": _step(OPEN, "withdrawn"),
        "street_reviewed": _step(
            "notice_closed", "street_reviewed", where="street", duty="reviewed", route="street"
        ),
        "forwarded_to_county": _step("street_reviewed", "at_county", where="street"),
        "county_reviewed": _step(
            "at_county", "county_reviewed", where="county", duty="reviewed", route="mining"
        ),
        "person_certified": _step("at_county", "certified", where="county", duty="certified"),
        "certification_refused": _step("at_county", "refused", where="county", duty="certified"),
        "certificate_annotated": _step("certified", where="county"),
        "annotation_cancelled": _step("exited lapsed revoked", where="county"),
        "refusal_counted": _step("certified exited"),
        "exit_proposed": _step("certified"),
        "exit_proposal_withdrawn": _step("certified"),
        "withdrawn_by_person": _step("certified"),
        "exited": _step("certified", "exited", where="county"),
        "exit_rejected": _step("certified", where="county"),
        "exit_reversal_proposed": _step("exited", where="county"),
        "exit_reversed": _step("exited", "certified", where="county"),
        "lapsed": _step("certified", "lapsed"),
        "reassessment_proposed": _step("certified"),
        "reassessed": _step("certified", where="county"),
        "review_requested": _step("refused exited"),
        "review_decided": _step("refused exited", where="city"),
        "revocation_proposed": _step("certified", where="county"),
        "certification_revoked": _step("certified", "revoked", where="county"),
        "revocation_rejected": _step("certified", where="county"),
    }.items()
}

DONE_BY = {
    "registered": "certification.community_registered.v1",
    "on_notice": "certification.public_notice_posted.v1",
    "notice_closed": "certification.public_notice_closed.v1",
    "street_reviewed": "certification.street_reviewed.v1",
    "at_county": "certification.forwarded_to_county.v1",
    "county_reviewed": "certification.county_reviewed.v1",
}
"""The fact by which a state of the chain is reached."""

WORDS: dict[str, tuple[str, str]] = {
    "new": ("未申报", "not filed"),
    "filed": ("已申报", "filed"),
    "registered": ("社区登记", "registration at the community"),
    "on_notice": ("张贴公示", "public notice"),
    "notice_closed": ("公示期满", "end of the notice"),
    "street_reviewed": ("街道审核", "street review"),
    "at_county": ("报县级", "forwarding to the county"),
    "county_reviewed": ("县级审核", "county review"),
    "returned": ("退回补正", "returned"),
    "certified": ("已认定", "certified"),
    "refused": ("不予认定", "refused"),
    "withdrawn": ("已撤回", "withdrawn"),
    "exited": ("已退出", "exited"),
    "lapsed": ("已失效", "lapsed"),
    "revoked": ("已撤销", "revoked"),
}
"""States in both languages."""


def before_on(route: str, type_: str) -> frozenset[str]:
    """Name the states from which a step may be taken on a route: `street` or `mining` (R24)."""
    if route == "mining":
        if type_ == "certification.forwarded_to_county.v1":
            return frozenset({"notice_closed"})
        if type_ in {"certification.person_certified.v1", "certification.certification_refused.v1"}:
            return frozenset({"county_reviewed"})
    return STEPS[type_].before


def chain_on(route: str) -> tuple[str, ...]:
    """Name the order of steps on a route."""
    if route == "street":
        return CHAIN
    return (*CHAIN[:5], "at_county", "county_reviewed")
