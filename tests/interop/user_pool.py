"""A user pool of moto's, with users who have to choose a new password.

Serves on a free loopback port and prints one line of JSON: where it serves, and what was prepared. Then reads lines of JSON:
`{"session_of": user}` begins a challenge and prints its session, `{"name_of": token}` prints whose the access token is. Ends with stdin,
and so with the process that started it.
"""

import json
import logging
import os
import sys

# Codes of authenticator apps are checked, which moto does not do by itself.
os.environ["MOTO_COGNITO_IDP_USER_POOL_ENABLE_TOTP"] = "true"

import boto3
from moto.server import ThreadedMotoServer

TEMPORARY = "Temporary-1"


def main():
    task = json.loads(sys.stdin.readline())
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    # Port 0: the system chooses one that is free, and the server is bound to it before anyone hears of it.
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    session = boto3.Session(**task["credentials"], region_name=task["region"])
    cognito = session.client("cognito-idp", endpoint_url=endpoint)
    pool = Pool(cognito, task["users"])
    say({"endpoint": endpoint, "pool": pool.id, "client": pool.client, "confidential": pool.confidential})
    for line in sys.stdin:
        match json.loads(line):
            case {"session_of": user}:
                say(pool.challenge(user))
            case {"name_of": token}:
                say(cognito.get_user(AccessToken=token)["Username"])
    server.stop()


class Pool:
    """A user pool with an app that has a secret and one that has none."""

    def __init__(self, cognito, users):
        self.cognito = cognito
        policy = {"PasswordPolicy": {"MinimumLength": 10, "RequireNumbers": True}}
        self.id = cognito.create_user_pool(PoolName="pool", Policies=policy)["UserPool"]["Id"]
        self.client = self.app("app", GenerateSecret=False)
        self.confidential = self.app("confidential", GenerateSecret=True)
        for user in users:
            cognito.admin_create_user(UserPoolId=self.id, Username=user, TemporaryPassword=TEMPORARY)

    def app(self, name, **settings):
        flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
        app = self.cognito.create_user_pool_client(
            UserPoolId=self.id, ClientName=name, ExplicitAuthFlows=flows, **settings
        )
        return app["UserPoolClient"]["ClientId"]

    def challenge(self, user):
        """Signs a user in as far as the temporary password goes."""
        response = self.cognito.admin_initiate_auth(
            UserPoolId=self.id,
            ClientId=self.client,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user, "PASSWORD": TEMPORARY},
        )
        assert response["ChallengeName"] == "NEW_PASSWORD_REQUIRED", response
        return response["Session"]


def say(value):
    print(json.dumps(value), flush=True)


main()
