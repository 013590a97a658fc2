"""Registry of lessons (predict, run, look, check, explain): one module each."""

from genlab.lessons.base import LessonSpec
from genlab.registry import Registry, plugin_paths

__path__ += plugin_paths("lessons")
REGISTRY = Registry(__name__, LessonSpec)
