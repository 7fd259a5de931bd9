"""The engine's tests need no service: the stage of the others is set where Django is installed."""

from importlib.util import find_spec

pytest_plugins = ["tests.stage"] if find_spec("django") else []
