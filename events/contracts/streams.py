"""Every kind of stream, its owner context and its subject (domain.md C3.0)."""

from __future__ import annotations

from events.contracts.base import StreamKind, kinds

PERSON = StreamKind("person", "registry", "person")
ACCESS = StreamKind("access", "registry", "person", shares_id=True)
HOUSEHOLD = StreamKind("household", "registry", "household")
OFFICE = StreamKind("office", "registry", "office")
USER = StreamKind("user", "registry", "office")
CATEGORY = StreamKind("category", "registry", "office")
PARAMETER = StreamKind("parameter", "registry", "office")
CALENDAR = StreamKind("calendar", "registry", "office")
EXPORT = StreamKind("export", "registry", "office")
MESSAGE = StreamKind("message", "registry", "person")
TRIAL = StreamKind("trial", "registry", "office")
CHECK = StreamKind("check", "registry", "office")
NODE = StreamKind("node", "registry", "node")
CERTIFICATION = StreamKind("certification", "certification", "person")
IMPORT = StreamKind("import", "certification", "office")
ASSISTANCE = StreamKind("assistance", "assistance", "person")
ACTIVITY = StreamKind("activity", "assistance", "office")
POST = StreamKind("post", "posts", "post")
OFFER = StreamKind("offer", "posts", "person")
EMPLOYMENT = StreamKind("employment", "posts", "person", shares_id=True)
EMPLOYER = StreamKind("employer", "posts", "office")
BATCH = StreamKind("batch", "posts", "office")

STREAM_KINDS = kinds(
    PERSON, ACCESS, HOUSEHOLD, OFFICE, USER, CATEGORY, PARAMETER, CALENDAR, EXPORT, MESSAGE, TRIAL,
    CHECK, NODE, CERTIFICATION, IMPORT, ASSISTANCE, ACTIVITY, POST, OFFER, EMPLOYMENT, EMPLOYER,
    BATCH,
)  # fmt: skip
