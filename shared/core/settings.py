"""Settings: everything that differs between two deployments of the same code, typed, read once from the environment."""

from functools import cache
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class EngineSettings(BaseSettings):
    """The settings of the media engine. All have defaults: it runs without any cloud, from the command line."""

    model_config = SettingsConfigDict(env_prefix="KOMPO_", frozen=True)

    ffmpeg: str | None = Field(default=None, description="FFmpeg binary; found by itself when unset")
    models: str = Field(default="~/.cache/kompo/models", description="Folder with the weights of models")
    ffmpeg_seconds: float = Field(default=86_400, gt=0, description="Seconds that one run of FFmpeg may take at most")
    ffmpeg_memory_bytes: int | None = Field(
        default=None, ge=1 << 20, description="Memory that one run of FFmpeg may hold; unset, 3/4 of the machine's"
    )
    ffmpeg_output_bytes: int = Field(
        default=256 << 30, ge=1 << 20, description="Bytes that one run of FFmpeg may write"
    )
    probe_seconds: float = Field(default=60, gt=0, description="Seconds that looking into one file may take")
    probe_memory_bytes: int | None = Field(
        default=None,
        ge=1 << 20,
        description="Memory for looking into one file; unset, half the machine's, 1 GiB at most",
    )
    face_model: str | None = Field(
        default=None, description="YuNet model (ONNX file) that finds faces; unset, OpenCV's own cascades do"
    )
    clip_ranker: str = Field(default="embedded", description="What ranks clips: embedded, openai or anthropic")
    openai_url: str = Field(
        default="https://api.openai.com/v1", description="An OpenAI-compatible API: OpenAI, Vertex AI, vLLM, Ollama …"
    )
    openai_model: str | None = Field(default=None, description="The model to ask there")
    openai_api_key: SecretStr | None = Field(
        default=None, description="Its key; unset, none is sent, and to Vertex AI the token of the service account"
    )
    openai_embedding_model: str | None = Field(
        default=None, description="The model that compares texts by their meaning there, with the embedder openai"
    )
    embedder: str = Field(default="embedded", description="What compares texts by their meaning: embedded or openai")
    openai_api_key_secret: str | None = Field(
        default=None, description="Secret of Secret Manager with its key; its name begins with model-key-"
    )
    anthropic_url: str = Field(default="https://api.anthropic.com", description="Anthropic's API")
    anthropic_model: str | None = Field(default=None, description="The model to ask there")
    anthropic_api_key: SecretStr | None = Field(default=None, description="Its key")
    anthropic_api_key_secret: str | None = Field(
        default=None, description="Secret of Secret Manager with its key; its name begins with model-key-"
    )
    llm_seconds: float = Field(default=120, gt=0, description="Seconds that one question to a language model may take")
    llm_input_tokens: int = Field(default=24_000, ge=2000, description="Tokens of one question to a language model")
    llm_input_usd: float | None = Field(
        default=None, ge=0, description="What a million tokens cost that it reads; unset, no price is told"
    )
    llm_output_usd: float | None = Field(default=None, ge=0, description="What a million tokens cost that it writes")
    llm_cache: str | None = Field(
        default=None,
        description="Folder for answers of language models; unset, they are kept for as long as the process",
    )


class Settings(EngineSettings):
    """The settings of this process. Google's own emulator variables are read by Google's clients and are not repeated here."""

    project: str = Field(validation_alias="GOOGLE_CLOUD_PROJECT")
    region: str = "us-central1"
    database: str = Field(default="(default)", description="Firestore database")
    dataset: str = Field(default="kompo", description="BigQuery dataset")
    run_endpoint: str = Field(default="https://run.googleapis.com", description="Cloud Run Admin API")
    secrets_endpoint: str = Field(default="https://secretmanager.googleapis.com", description="Secret Manager")
    credentials: Literal["default", "anonymous"] = Field(
        default="default",
        description="The service account of this process, or none where the APIs ask for none (emulators)",
    )
    public_url: str = Field(default="http://127.0.0.1:8000", description="Origin of the API and the web app")
    analytics_enabled: bool = Field(default=True, validation_alias="ANALYTICS_ENABLED")
    requests_per_minute: int = Field(default=600, ge=1, description="Requests a minute for one caller of the API")
    events_per_minute: int = Field(default=5000, ge=1, description="Events a minute of one user")
    max_body_bytes: int = Field(default=2 * 1024 * 1024, ge=1024, description="Largest request body of the API")
    max_events_bytes: int = Field(
        default=16 * 1024 * 1024,
        ge=1024,
        description="Largest request body with events, inflated if it came compressed",
    )
    max_komposition_bytes: int = Field(
        default=8 * 1024 * 1024, ge=1024, description="Largest request body with kompositions"
    )
    jobs_at_once_free: int = Field(default=2, ge=1, description="Jobs of one user that are at work at once, plan free")
    jobs_at_once_premium: int = Field(default=10, ge=1, description="The same, plan premium")
    recommendations_remembered: float = Field(
        default=0.25, ge=0, le=1, description="Share of recommendations remembered, to see whether people follow them"
    )
    render_timeout: float = Field(default=3300, gt=0, description="Seconds that one render may take")
    transcribe_on: Literal["cpu", "gpu"] = Field(
        default="cpu", description="Where recordings are transcribed unless the request says it"
    )
    quality_reports: bool = Field(default=True, description="Measure the quality of what jobs make")
    smtp_host: str | None = Field(default=None, description="Mail server; unset, e-mail channels need one of their own")
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_security: Literal["tls", "starttls", "none"] = "starttls"
    smtp_username: str | None = None
    smtp_password_secret: str | None = Field(
        default=None, description="Secret of Secret Manager with the password; its name begins with notification-"
    )
    smtp_sender: str | None = Field(default=None, description="Address that mail is from")
    slack_url: str = Field(default="https://slack.com", description="Slack's API")
    twilio_url: str = Field(default="https://api.twilio.com", description="Twilio's API")
    notification_hosts: str = Field(
        default="",
        description="Hosts that channels may reach though their address is internal: HOST or HOST:PORT, by commas",
    )

    @property
    def run_host(self) -> str:
        """`host[:port]` of the Cloud Run Admin API."""
        return urlsplit(self.run_endpoint).netloc

    @property
    def run_scheme(self) -> str:
        """`https`, or `http` where the Admin API is served on this machine."""
        return urlsplit(self.run_endpoint).scheme

    def bucket(self, name: str) -> str:
        """The deployed name of the bucket that the manifest calls `name`."""
        return f"{self.project}-{name}"


@cache
def settings() -> Settings:
    """The settings of this process. Raises pydantic.ValidationError naming each variable that is missing or wrong."""
    return Settings()


@cache
def engine_settings() -> EngineSettings:
    """The settings of the media engine. Raises pydantic.ValidationError naming each variable that is wrong."""
    return EngineSettings()
