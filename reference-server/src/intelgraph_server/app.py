"""The composition root: `Settings` into an ASGI application."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from . import anomaly, billing, entities, platform, residency_audit, trust_portal
from .auth import Tokens
from .billing.books import take_in
from .database.engine import Database
from .documents.identity import Identity
from .downloads import LakeEndpoint, issuer
from .engine.execute import Engine
from .engine.persisted import PersistedDocuments
from .engine.schema import executable_schema, jobs_of, permissions
from .exchanges import Answers, Exchanges
from .faults import Faults, FaultyApp
from .generated.persisted_documents import PERSISTED_DOCUMENTS, RETIRED_DOCUMENTS
from .generated.sdl import SDL
from .http import GraphQLEndpoint, health, method_not_allowed, not_found
from .jobs import Worker
from .lake import Lake, Links
from .observe import endpoint as observe_endpoint
from .observe import objectives
from .observe.limiter import Limiter
from .observe.metrics import Metrics
from .observe.requests import Requests
from .pages import Pages
from .payments.provider import Payments
from .payments.webhook import WebhookEndpoint
from .services import Services

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from graphql import GraphQLSchema
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from .auth import Clock
    from .settings import Settings

DOMAINS: Final = (
    entities.DOMAIN,
    billing.DOMAIN,
    trust_portal.DOMAIN,
    residency_audit.DOMAIN,
    anomaly.DOMAIN,
    platform.DOMAIN,
)
TOKEN_LIFETIME: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Server:
    """The application and the parts that its owner has to do with."""

    asgi: ASGIApp
    database: Database
    tokens: Tokens
    schema: GraphQLSchema
    services: Services
    worker: Worker

    def close(self) -> None:
        self.services.payments.close()
        self.database.close()

    def token(
        self,
        tenant_id: str,
        granted: Iterable[str] | None = None,
        *,
        subject: str = "demo",
        lifetime: timedelta = TOKEN_LIFETIME,
        is_human: bool = True,
    ) -> str:
        """A bearer token of the tenant; it grants all there is to grant, or what is given."""
        return self.tokens.issue(
            tenant_id=tenant_id,
            permissions=permissions(self.schema) if granted is None else granted,
            subject=subject,
            lifetime=lifetime,
            is_human=is_human,
        )


@cache
def published_schema() -> GraphQLSchema:
    """What every server of this process answers by: nothing of a server is in it."""
    return executable_schema(SDL, DOMAINS)


def create_server(settings: Settings) -> Server:
    def clock() -> datetime:
        """The time of day, or the instant at which the settings let it stand still."""
        return settings.clock or datetime.now(UTC)

    database = Database(settings.database_url, connections=settings.workers)
    tokens = Tokens(settings.signing_key, clock)
    schema = published_schema()
    documents = PersistedDocuments(
        PERSISTED_DOCUMENTS, RETIRED_DOCUMENTS, allow_list=settings.documents == "allow-list"
    )
    services = create_services(settings, clock)
    engine = Engine(schema, documents, database, clock=clock, services=services)
    worker = Worker(database, services, clock, *jobs_of(DOMAINS))
    return Server(_asgi(engine, tokens, worker), database, tokens, schema, services, worker)


def create_services(settings: Settings, clock: Clock) -> Services:
    declared = objectives.load(settings.objectives)
    metrics = Metrics(settings.a11y_report)
    return Services(
        settings=settings,
        lake=Lake(settings.lake_url),
        links=Links(settings.signing_key, clock, settings.public_url),
        identity=Identity(settings.identity),
        objectives=declared,
        # By the time of day always: a clock that stands still would never begin a budget anew.
        limiter=Limiter(declared.budgets, lambda: datetime.now(UTC)),
        metrics=metrics,
        requests=Requests(metrics, clock),
        evidence={d.name: d.evidence for d in DOMAINS if d.evidence is not None},
        payments=Payments(settings, clock),
    )


def _asgi(engine: Engine, tokens: Tokens, worker: Worker) -> ASGIApp:
    database, services, settings = engine.database, engine.services, engine.services.settings

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        async with anyio.create_task_group() as tasks:
            if settings.runs_jobs:
                tasks.start_soon(worker.serve)
            tasks.start_soon(services.requests.serve, database)
            yield
            tasks.cancel_scope.cancel()
        services.requests.flush(database)

    endpoint = GraphQLEndpoint(engine, tokens, anyio.CapacityLimiter(settings.workers))
    routes: list[BaseRoute] = [
        Route("/graphql", endpoint.respond, methods=["GET", "POST"]),
        Route("/healthz", health(database), methods=["GET"]),
        Route("/issuer.pem", issuer(services.identity), methods=["GET"]),
        Route("/lake/{token}", LakeEndpoint(database, services).respond, methods=["GET"]),
        *observe_endpoint.routes(services, tokens),
        *WebhookEndpoint(database, services, engine.clock, take_in).routes(),
    ]
    if settings.pages is not None:
        routes += Pages(settings.pages, tokens).routes()
    faults = Faults()
    if settings.faults:
        routes.append(Route("/_faults", faults.endpoint, methods=["GET", "POST", "DELETE"]))
    starlette = Starlette(
        routes=routes,
        exception_handlers={404: not_found, 405: method_not_allowed},
        middleware=[Middleware(Answers)],
        lifespan=lifespan,
    )
    app = FaultyApp(starlette, faults) if settings.faults else starlette
    return Exchanges(app, services.requests, settings.access_log)
