// An OIDC provider with one client, which logs in by its credentials.
//
// Arguments: the folder of the packages, and for how many seconds tokens are valid. Prints its
// origin as JSON, and ends with stdin.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

const [packages, lifetime] = process.argv.slice(2);
const require = createRequire(join(packages, "package.json"));
const { default: Provider } = require("oidc-provider");

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(origin, {
    clients: [
      {
        client_id: "station",
        client_secret: "secret-of-the-station",
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
      },
    ],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      revocation: { enabled: true },
    },
    ttl: { ClientCredentials: Number(lifetime) },
  });
  server.on("request", provider.callback());
  console.log(JSON.stringify(origin));
});
process.stdin.on("end", () => process.exit()).resume();
