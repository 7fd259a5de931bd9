"""Opens the queue of files in a folder; as a script it puts numbers there. Imports little."""

from __future__ import annotations

import sys
from pathlib import Path

from kombu import Connection
from kombu.simple import SimpleQueue

TRANSPORT = "ocrwell.file_queue:Transport"


def open_queue(home: Path) -> SimpleQueue:
    messages = str(home / "messages")
    folders = {"data_folder_in": messages, "data_folder_out": messages}
    options = folders | {"control_folder": str(home / "control"), "polling_interval": 0.01}
    return Connection(transport=TRANSPORT, transport_options=options).SimpleQueue("ocr")


if __name__ == "__main__":
    with open_queue(Path(sys.argv[1])) as queue:
        for number in range(int(sys.argv[2])):
            queue.put(number)
