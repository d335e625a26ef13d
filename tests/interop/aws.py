"""All services of moto, on a free loopback port.

Prints one line of JSON, the endpoint. Ends with stdin, and so with the process that started it.
"""

import json
import logging
import sys

from moto.server import ThreadedMotoServer


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    sys.stdin.readline()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    print(json.dumps(f"http://{host}:{port}"), flush=True)
    sys.stdin.read()
    server.stop()


main()
