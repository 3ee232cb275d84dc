"""What each way into work needs: contract, proof, employer, post, batch (R59, R69–R80). Pure."""

from __future__ import annotations

from services.kit.decider import DomainError, Loaded, Reason, World
from services.posts import reasons
from services.posts.batch.domain import BATCH
from services.posts.employer.domain import EMPLOYER
from services.posts.post.state import Post
from services.posts.work import commands as cmd


def need_channel(c: cmd.PlaceInJob, w: World, post: Loaded[Post] | None) -> str | None:
    """Refuse a placement whose channel lacks something; return the employer, if there is one."""
    if (why := _lacking(c, post)) is not None:
        raise DomainError(why)
    if c.batch is not None and w.need(BATCH, c.batch).state.closed:
        raise DomainError(reasons.BATCH_CLOSED)
    return _employer(c, w, post)


def _lacking(c: cmd.PlaceInJob, post: Loaded[Post] | None) -> Reason | None:
    if (c.channel == "flexible") is not (c.flexible_kind is not None):
        return reasons.FLEXIBLE_KIND
    if (c.channel == "public_post") is not (post is not None and post.state.public):
        return reasons.POST_MISSING
    if (c.channel == "labour_export") is not (c.batch is not None):
        return reasons.BATCH_MISSING
    if c.channel == "flexible" and c.proof is None:
        return reasons.PROOF_MISSING
    if c.channel in ("enterprise", "public_post") and c.contract is None:
        return reasons.CONTRACT_MISSING
    return None


def _employer(c: cmd.PlaceInJob, w: World, post: Loaded[Post] | None) -> str | None:
    """Return the registered employer: the one named, or the post's (R70)."""
    own = post.state.employer if post is not None else None
    if c.employer is not None and own is not None and c.employer != own:
        raise DomainError(reasons.EMPLOYER_DIFFERS)
    employer = c.employer or own
    if employer is None and c.channel == "enterprise":
        raise DomainError(reasons.EMPLOYER_MISSING)
    if employer is not None and not w.load(EMPLOYER, employer).exists:
        raise DomainError(reasons.EMPLOYER_MISSING)
    return employer
