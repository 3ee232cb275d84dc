"""Says in words why the cluster does not serve us: away, not ours, or we are not let in.

aiokafka turns every failed first contact into one "unable to bootstrap" and keeps the cause to
itself; so one connection is tried again here, with the same means, to learn it.
"""

from __future__ import annotations

import asyncio
import ssl

from aiokafka import errors
from aiokafka.conn import create_conn

from events.bus.topics import Bus

PATIENCE = 3.0
NOT_LET_IN = (
    errors.AuthenticationFailedError,
    errors.SaslAuthenticationFailed,
    errors.UnsupportedSaslMechanismError,
)
FORBIDDEN = (
    errors.TopicAuthorizationFailedError,
    errors.GroupAuthorizationFailedError,
    errors.ClusterAuthorizationFailedError,
)


async def explain(bus: Bus, error: BaseException) -> str:
    """Return a reason for people, without secrets; looks at the cluster where that tells more."""
    if isinstance(error, FORBIDDEN):
        return f"Kafka does not grant the login {bus.access.user or '(none)'} what this role needs"
    if isinstance(error, errors.KafkaConnectionError | TimeoutError):
        return await _first_contact(bus)
    if isinstance(error, FileNotFoundError):
        return f"the file {error.filename} is missing"
    return f"Kafka does not answer ({type(error).__name__})"


async def _first_contact(bus: Bus) -> str:
    host, _, port = bus.bootstrap.partition(",")[0].rpartition(":")
    try:
        async with asyncio.timeout(PATIENCE):
            means = bus.access.options()
            connection = await create_conn(host, int(port), client_id="bangfu-look", **means)
    except ssl.SSLCertVerificationError:
        return "Kafka's certificate is not vouched for by BANGFU_KAFKA_CA: it is another cluster"
    except NOT_LET_IN:
        return f"Kafka refuses the login {bus.access.user}: unknown, or another password"
    except errors.KafkaConnectionError:
        return "Kafka closed the connection: does it want BANGFU_KAFKA_SECURITY=SASL_SSL?"
    except (errors.KafkaError, OSError, TimeoutError) as error:
        return f"Kafka does not answer ({type(error).__name__})"
    connection.close()
    return "Kafka answers, but not to what was asked"
