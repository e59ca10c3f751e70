"""Google's clients, made when first needed and kept for the life of the process (they are safe to share between threads)."""

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from shared.core.settings import settings

if TYPE_CHECKING:
    import firebase_admin
    from google.auth.credentials import Credentials
    from google.cloud import bigquery, firestore, run_v2, secretmanager_v1
    from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient
    from google.cloud.storage import Client as StorageClient


@cache
def firestore_client() -> "firestore.Client":
    """Firestore, with the rights of the server (security rules do not apply to it)."""
    from google.cloud import firestore

    return firestore.Client(project=settings().project, database=settings().database)


@cache
def bigquery_client() -> "bigquery.Client":
    """BigQuery."""
    from google.cloud import bigquery

    return bigquery.Client(project=settings().project, credentials=credentials(), location=settings().region)


@cache
def storage_client() -> "StorageClient":
    """Cloud Storage."""
    from google.cloud.storage import Client

    return Client(project=settings().project)


@cache
def publisher() -> "PublisherClient":
    """Pub/Sub publisher. It batches for 5 ms, so that a message on the live path is hardly delayed."""
    from google.cloud.pubsub_v1 import PublisherClient
    from google.cloud.pubsub_v1.types import BatchSettings

    return PublisherClient(batch_settings=BatchSettings(max_messages=500, max_latency=0.005))


@cache
def subscriber() -> "SubscriberClient":
    """Pub/Sub subscriber, for commands that pull."""
    from google.cloud.pubsub_v1 import SubscriberClient

    return SubscriberClient()


@cache
def jobs_client() -> "run_v2.JobsClient":
    """Cloud Run jobs, through the Admin API."""
    from google.cloud import run_v2
    from google.cloud.run_v2.services.jobs.transports import JobsRestTransport

    transport = JobsRestTransport(host=settings().run_host, url_scheme=settings().run_scheme, credentials=credentials())
    return run_v2.JobsClient(transport=transport)


@cache
def secrets_client() -> "secretmanager_v1.SecretManagerServiceClient":
    """Secret Manager."""
    from google.cloud import secretmanager_v1
    from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
        SecretManagerServiceRestTransport as Transport,
    )

    endpoint = urlsplit(settings().secrets_endpoint)
    transport = Transport(host=endpoint.netloc, url_scheme=endpoint.scheme, credentials=credentials())
    return secretmanager_v1.SecretManagerServiceClient(transport=transport)


@cache
def firebase_app() -> "firebase_admin.App":
    """Firebase, for checking ID tokens and managing users."""
    import firebase_admin

    return firebase_admin.initialize_app(options={"projectId": settings().project})


@cache
def credentials() -> "Credentials":
    """What this process calls Google's APIs with."""
    from google.auth.credentials import AnonymousCredentials

    return AnonymousCredentials() if settings().credentials == "anonymous" else service_account()


@cache
def service_account() -> "Credentials":
    """The service account of this process."""
    import google.auth

    found: Any = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    account: Credentials = found[0]
    return account


@cache
def signing_credentials() -> Any:
    """Credentials that can sign URLs: the account's own key where it has one, else IAM's signBlob on its behalf."""
    account: Any = service_account()
    if hasattr(account, "signer"):
        return account
    from google.auth import iam
    from google.auth.transport.requests import Request
    from google.oauth2.service_account import Credentials as SigningCredentials

    request = Request()
    account.refresh(request)  # Fills in the e-mail address of a metadata-server account.
    signer = iam.Signer(request, account, account.service_account_email)
    return SigningCredentials(signer, account.service_account_email, "https://oauth2.googleapis.com/token")
