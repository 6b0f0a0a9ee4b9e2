"""The worker loads no tensor library and asks nobody anything."""

import json
import subprocess
import sys

PROGRAM = """
import json, socket, sys
asked = []
def refuse(*arguments, **_):
    asked.append(str(arguments[0]))
    raise OSError("no network in this test")
socket.getaddrinfo = refuse
socket.socket.connect = lambda self, address: refuse(address)
from medtui.deid.recognizers import Analyzer
spans = Analyzer().find("Write to jo.strand@clinic.example or see www.clinic.example, call 555-0142, Dr. Strand.")
print(json.dumps({"asked": asked, "loaded": sorted({"torch", "transformers"} & set(sys.modules)), "found": len(spans)}))
"""


def test_no_socket_and_no_torch() -> None:
    finished = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert json.loads(finished.stdout) == {"asked": [], "loaded": [], "found": 4}
