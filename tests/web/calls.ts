// Calls every operation of the example backend with a client that is typed by its OpenAPI document.
//
// Argument: the origin of the backend. Prints the number of operations that were called.
import createClient from "openapi-fetch";
import type { operations, paths } from "./api.js";

declare const process: { argv: string[] };

const origin = process.argv[2];
const client = createClient<paths>({ baseUrl: `${origin}/prod` });
const called = new Set<keyof operations>();

// The data of a successful response.
async function call<T>(
  operation: keyof operations,
  request: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await request;
  if (data === undefined) {
    throw new Error(`${operation}: ${response.status} ${JSON.stringify(error)}`);
  }
  called.add(operation);
  return data;
}

function expect(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) {
    throw new Error(`${what} is ${String(actual)}, not ${String(expected)}`);
  }
}

const appId = "d1abc";
const backendEnvironmentName = "staging";
const app = { path: { appId } };
const environment = { path: { appId, backendEnvironmentName } };
const SCHEMA = "type Note @model { id: ID! text: String }";

await call("CreateBackend", client.POST("/backend", {
  body: { appId, appName: "notes", backendEnvironmentName },
}));
const backend = await call("GetBackend", client.POST("/backend/{appId}/details", {
  params: app,
  body: { backendEnvironmentName },
}));
expect("the name of the app", backend.appName, "notes");

const api = { resourceName: "notes" };
await call("CreateBackendAPI", client.POST("/backend/{appId}/api", {
  params: app,
  body: { ...api, backendEnvironmentName, resourceConfig: { transformSchema: SCHEMA } },
}));
await call("UpdateBackendAPI", client.POST("/backend/{appId}/api/{backendEnvironmentName}", {
  params: environment,
  body: { ...api, resourceConfig: { defaultAuthType: { mode: "API_KEY" } } },
}));
const found = await call(
  "GetBackendAPI",
  client.POST("/backend/{appId}/api/{backendEnvironmentName}/details", {
    params: environment,
    body: api,
  }),
);
expect("the mode", found.resourceConfig?.defaultAuthType?.mode, "API_KEY");
await call(
  "GenerateBackendAPIModels",
  client.POST("/backend/{appId}/api/{backendEnvironmentName}/generateModels", {
    params: environment,
    body: api,
  }),
);
const models = await call(
  "GetBackendAPIModels",
  client.POST("/backend/{appId}/api/{backendEnvironmentName}/getModels", {
    params: environment,
    body: api,
  }),
);
expect("the status of the models", models.status, "LATEST");
await call("DeleteBackendAPI", client.POST(
  "/backend/{appId}/api/{backendEnvironmentName}/remove",
  { params: environment, body: api },
));

const auth = { resourceName: "users" };
await call("CreateBackendAuth", client.POST("/backend/{appId}/auth", {
  params: app,
  body: {
    ...auth,
    backendEnvironmentName,
    resourceConfig: {
      authResources: "USER_POOL_ONLY",
      service: "COGNITO",
      userPoolConfigs: {
        userPoolName: "users",
        requiredSignUpAttributes: ["EMAIL"],
        signInMethod: "EMAIL",
      },
    },
  },
}));
await call("UpdateBackendAuth", client.POST("/backend/{appId}/auth/{backendEnvironmentName}", {
  params: environment,
  body: {
    ...auth,
    resourceConfig: {
      authResources: "USER_POOL_ONLY",
      service: "COGNITO",
      userPoolConfigs: { passwordPolicy: { minimumLength: 12 } },
    },
  },
}));
const users = await call(
  "GetBackendAuth",
  client.POST("/backend/{appId}/auth/{backendEnvironmentName}/details", {
    params: environment,
    body: auth,
  }),
);
const policy = users.resourceConfig?.userPoolConfigs.passwordPolicy;
expect("the length of a password", policy?.minimumLength, 12);
await call("DeleteBackendAuth", client.POST(
  "/backend/{appId}/auth/{backendEnvironmentName}/remove",
  { params: environment, body: auth },
));
await call("ImportBackendAuth", client.POST(
  "/backend/{appId}/auth/{backendEnvironmentName}/import",
  {
    params: environment,
    body: { nativeClientId: "native", userPoolId: "pool", webClientId: "web" },
  },
));

const token = await call("CreateToken", client.POST("/backend/{appId}/challenge", {
  params: app,
}));
const session = { path: { appId, sessionId: token.sessionId } };
const known = await call("GetToken", client.GET("/backend/{appId}/challenge/{sessionId}", {
  params: session,
}));
expect("the challenge", known.challengeCode, token.challengeCode);
const deleted = await call("DeleteToken", client.POST(
  "/backend/{appId}/challenge/{sessionId}/remove",
  { params: session },
));
expect("the deletion", deleted.isSuccess, true);

await call("CreateBackendConfig", client.POST("/backend/{appId}/config", {
  params: app,
  body: { backendManagerAppId: "manager" },
}));
const config = await call("UpdateBackendConfig", client.POST("/backend/{appId}/config/update", {
  params: app,
  body: { loginAuthConfig: { aws_user_pools_id: "pool" } },
}));
expect("the pool of the config", config.loginAuthConfig?.aws_user_pools_id, "pool");
await call("RemoveBackendConfig", client.POST("/backend/{appId}/config/remove", {
  params: app,
}));

const jobs = await call("ListBackendJobs", client.POST(
  "/backend/{appId}/job/{backendEnvironmentName}",
  { params: environment, body: { maxResults: 1 } },
));
const jobId = jobs.jobs?.[0]?.jobId ?? "";
const job = { path: { appId, backendEnvironmentName, jobId } };
await call("GetBackendJob", client.GET("/backend/{appId}/job/{backendEnvironmentName}/{jobId}", {
  params: job,
}));
const failed = await call("UpdateBackendJob", client.POST(
  "/backend/{appId}/job/{backendEnvironmentName}/{jobId}",
  { params: job, body: { status: "FAILED" } },
));
expect("the status of the job", failed.status, "FAILED");

const permissions = { authenticated: ["READ" as const] };
const storage = { resourceName: "files", serviceName: "S3" as const };
await call("CreateBackendStorage", client.POST("/backend/{appId}/storage", {
  params: app,
  body: { ...storage, backendEnvironmentName, resourceConfig: { permissions, serviceName: "S3" } },
}));
await call("UpdateBackendStorage", client.POST(
  "/backend/{appId}/storage/{backendEnvironmentName}",
  {
    params: environment,
    body: { ...storage, resourceConfig: { permissions, serviceName: "S3" } },
  },
));
const files = await call("GetBackendStorage", client.POST(
  "/backend/{appId}/storage/{backendEnvironmentName}/details",
  { params: environment, body: { resourceName: "files" } },
));
expect("the import", files.resourceConfig?.imported, false);
await call("DeleteBackendStorage", client.POST(
  "/backend/{appId}/storage/{backendEnvironmentName}/remove",
  { params: environment, body: storage },
));
const buckets = await call("ListS3Buckets", client.POST("/s3Buckets", { body: {} }));
await call("ImportBackendStorage", client.POST(
  "/backend/{appId}/storage/{backendEnvironmentName}/import",
  { params: environment, body: { bucketName: buckets.buckets[0]?.name, serviceName: "S3" } },
));

await call("CloneBackend", client.POST(
  "/backend/{appId}/environments/{backendEnvironmentName}/clone",
  { params: environment, body: { targetEnvironmentName: "test" } },
));
await call("DeleteBackend", client.POST(
  "/backend/{appId}/environments/{backendEnvironmentName}/remove",
  { params: environment },
));
await call("RemoveAllBackends", client.POST("/backend/{appId}/remove", {
  params: app,
  body: { cleanAmplifyApp: true },
}));

// A response that is no success has the type of its error.
const { error, response } = await client.GET("/backend/{appId}/challenge/{sessionId}", {
  params: session,
});
expect("the status of an unknown app", response.status, 404);
expect("the kind of what is unknown", error && "resourceType" in error && error.resourceType, "App");

console.log(called.size);
