"""The `audit` app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "apps.audit"

    def ready(self) -> None:
        from apps.audit.model_changes import watch_models
        from apps.audit.recording import run_audited
        from apps.queries.writing import take_over

        take_over(run_audited)
        watch_models()
