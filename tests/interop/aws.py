"""All services of moto, on a free loopback port.

Prints one line of JSON, the endpoint. Ends with stdin, and so with the process that started it.
"""

import json
import logging
import sys

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.moto_api import state_manager
from moto.server import ThreadedMotoServer


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    # A task has each state for two descriptions. By default, the first one finds it stopping.
    state_manager.set_transition("ecs::task", {"progression": "manual", "times": 2})
    sys.stdin.readline()
    # A role for functions of AWS Lambda. Our suites have no client of AWS IAM.
    iam_backends[DEFAULT_ACCOUNT_ID]["aws"].create_role(
        role_name="forecast",
        assume_role_policy_document="{}",
        path="/",
        permissions_boundary="",
        description="",
        tags=[],
        max_session_duration="3600",
    )
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    print(json.dumps(f"http://{host}:{port}"), flush=True)
    sys.stdin.read()
    server.stop()


main()
