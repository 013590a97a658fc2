"""The app as a server: how it starts, what it is made of besides its pages, what it answers and what it refuses."""

from genlab.server.app import lifespan, middleware, on_script_error, routes
from genlab.server.start import run, serve

__all__ = ["lifespan", "middleware", "on_script_error", "routes", "run", "serve"]
