from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from registry.celery import app as celery_app

__all__ = ["RegistryConfig", "celery_app"]  # loading the apps makes this the current Celery app


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Registry")
