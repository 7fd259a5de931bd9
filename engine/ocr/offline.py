"""Forbids the libraries to call home: importing this module is enough, and must come first.

ONNX Runtime reports sessions to its maker unless ``ORT_DISABLE_TELEMETRY`` is set before it is
imported (its official Linux builds do so since 1.29); paddlex asks model hubs whether they answer.
"""

from __future__ import annotations

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
