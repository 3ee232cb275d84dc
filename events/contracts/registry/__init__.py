"""Facts of the registry: persons, households, offices, accounts, rules as data, privacy (C3.1).

`type` outlives class names and module paths and is never edited: a breaking change gets a new
`type` and an upcaster.
"""

from __future__ import annotations

from typing import TypeAlias

from events.contracts.base import Catalogue
from events.contracts.registry.account import (
    AccountClosed,
    AccountFact,
    AccountOpened,
    DelegationEnded,
    DelegationGranted,
    DelegationReason,
    LeaveRecorded,
    RoleGranted,
    RoleProposed,
    RoleRevoked,
)
from events.contracts.registry.checks import (
    CheckCancelled,
    CheckCompleted,
    CheckFact,
    CheckFinding,
    CheckRequested,
    CheckVerdict,
)
from events.contracts.registry.corrections import (
    CorrectionFact,
    CorrectionProposed,
    CorrectionRejected,
    FactCorrected,
)
from events.contracts.registry.household import (
    CountsAs,
    HouseholdAbsorbed,
    HouseholdFact,
    HouseholdFormed,
    HouseholdsMerged,
    HouseholdSplit,
    Member,
    MemberAdded,
    MemberLeft,
    MemberStatusSet,
)
from events.contracts.registry.moves import (
    DuplicateDismissed,
    MoveFact,
    PersonAbsorbed,
    PersonsMerged,
    PersonsUnmerged,
    TransferAccepted,
    TransferRejected,
    TransferRequested,
)
from events.contracts.registry.office import (
    LeaderNamed,
    MiningAreaSet,
    NewOffice,
    OfficeClosed,
    OfficeFact,
    OfficeKind,
    OfficeLevel,
    OfficeMoved,
    OfficeOpened,
    OfficeRecoded,
    OfficeRenamed,
    OfficesMerged,
    OfficeSplit,
)
from events.contracts.registry.person import (
    CodeText,
    Condition,
    ConditionLost,
    DibaoEnded,
    DibaoRecorded,
    Hukou,
    HukouType,
    Ownership,
    PersonFact,
    PersonFactChanged,
    PersonFactName,
    PersonRegistered,
    SexWord,
    Skill,
    SkillsRecorded,
    UnemploymentRegistered,
    UnemploymentRegistrationCancelled,
    WishesRecorded,
    WorkerTypeWord,
)
from events.contracts.registry.privacy import (
    Channel,
    EmergencyAccessOpened,
    ExportApproved,
    ExportCompleted,
    ExportFormat,
    ExportRejected,
    ExportRequested,
    FieldsRevealed,
    LogForked,
    MessageDelivered,
    MessageFailed,
    MessageSent,
    PersonRead,
    PrivacyFact,
    ProcessingRestricted,
    ReadMode,
    Revealed,
    ShreddingProposed,
    SignedNote,
    SubjectShredded,
    ToPerson,
    ToUser,
)
from events.contracts.registry.rules import (
    CalendarSet,
    CityCategoryDefined,
    CityCategoryEnded,
    Preview,
    RuleFact,
    RuleParameterProposed,
    RuleParameterRejected,
    RuleParameterSet,
    Year,
)
from events.contracts.registry.trials import (
    TrialApproved,
    TrialCompleted,
    TrialFact,
    TrialProposed,
    TrialRejected,
)
from events.contracts.registry.words import CODE_LISTS, WORDS

__all__ = [
    "CODE_LISTS",
    "REGISTRY_EVENTS",
    "WORDS",
    "AccountClosed",
    "AccountFact",
    "AccountOpened",
    "CalendarSet",
    "Channel",
    "CheckCancelled",
    "CheckCompleted",
    "CheckFact",
    "CheckFinding",
    "CheckRequested",
    "CheckVerdict",
    "CityCategoryDefined",
    "CityCategoryEnded",
    "CodeText",
    "Condition",
    "ConditionLost",
    "CorrectionFact",
    "CorrectionProposed",
    "CorrectionRejected",
    "CountsAs",
    "DelegationEnded",
    "DelegationGranted",
    "DelegationReason",
    "DibaoEnded",
    "DibaoRecorded",
    "DuplicateDismissed",
    "EmergencyAccessOpened",
    "ExportApproved",
    "ExportCompleted",
    "ExportFormat",
    "ExportRejected",
    "ExportRequested",
    "FactCorrected",
    "FieldsRevealed",
    "HouseholdAbsorbed",
    "HouseholdFact",
    "HouseholdFormed",
    "HouseholdSplit",
    "HouseholdStreamEvent",
    "HouseholdsMerged",
    "Hukou",
    "HukouType",
    "LeaderNamed",
    "LeaveRecorded",
    "LogForked",
    "Member",
    "MemberAdded",
    "MemberLeft",
    "MemberStatusSet",
    "MessageDelivered",
    "MessageFailed",
    "MessageSent",
    "MiningAreaSet",
    "MoveFact",
    "NewOffice",
    "OfficeClosed",
    "OfficeFact",
    "OfficeKind",
    "OfficeLevel",
    "OfficeMoved",
    "OfficeOpened",
    "OfficeRecoded",
    "OfficeRenamed",
    "OfficeSplit",
    "OfficeStreamEvent",
    "OfficesMerged",
    "Ownership",
    "PersonAbsorbed",
    "PersonFact",
    "PersonFactChanged",
    "PersonFactName",
    "PersonRead",
    "PersonRegistered",
    "PersonStreamEvent",
    "PersonsMerged",
    "PersonsUnmerged",
    "Preview",
    "PrivacyFact",
    "ProcessingRestricted",
    "ReadMode",
    "RegistryEvent",
    "Revealed",
    "RoleGranted",
    "RoleProposed",
    "RoleRevoked",
    "RuleFact",
    "RuleParameterProposed",
    "RuleParameterRejected",
    "RuleParameterSet",
    "SexWord",
    "ShreddingProposed",
    "SignedNote",
    "Skill",
    "SkillsRecorded",
    "SubjectShredded",
    "ToPerson",
    "ToUser",
    "TransferAccepted",
    "TransferRejected",
    "TransferRequested",
    "TrialApproved",
    "TrialCompleted",
    "TrialFact",
    "TrialProposed",
    "TrialRejected",
    "UnemploymentRegistered",
    "UnemploymentRegistrationCancelled",
    "UserStreamEvent",
    "WishesRecorded",
    "WorkerTypeWord",
    "Year",
]

RegistryEvent: TypeAlias = (
    PersonFact
    | MoveFact
    | HouseholdFact
    | OfficeFact
    | AccountFact
    | RuleFact
    | PrivacyFact
    | CorrectionFact
    | TrialFact
    | CheckFact
)
"""Every event of the context."""

PersonStreamEvent: TypeAlias = (
    PersonFact
    | MoveFact
    | ProcessingRestricted
    | ShreddingProposed
    | SubjectShredded
    | CorrectionFact
)
HouseholdStreamEvent: TypeAlias = HouseholdFact | CorrectionFact
OfficeStreamEvent: TypeAlias = OfficeFact | CorrectionFact
UserStreamEvent: TypeAlias = AccountFact | CorrectionFact

REGISTRY_EVENTS = Catalogue[RegistryEvent](RegistryEvent)
