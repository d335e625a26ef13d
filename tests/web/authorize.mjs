// Sends requests with each authentication scheme from the console in Chromium, and prints what is
// wrong, as a list in JSON.
//
// Arguments: the origins of three services, whose API keys are in a header, in the query and in the
// header of HTTP authentication, Chromium, the folder of the packages and one for screenshots.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [vault, locker, other, executablePath, packages, screenshots] = process.argv.slice(2);
const require = createRequire(join(packages, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// What readers fill in for a scheme, the operation that they call, and what is sent and shown.
const SERVICES = [
  {
    origin: vault,
    unsigned: "PutSigned",
    path: "/signed/1",
    schemes: [
      {
        name: "smithy.api.httpApiKeyAuth",
        fields: ["open sesame"],
        operation: "GetAny",
        header: ["x-vault-key", "open sesame"],
        shown: '"caller": "key"',
      },
      {
        name: "smithy.api.httpBasicAuth",
        fields: ["ada", "love:lace"],
        operation: "PutEither",
        header: ["authorization", `Basic ${btoa("ada:love:lace")}`],
        shown: '"caller": "user ada"',
      },
      {
        name: "smithy.api.httpBearerAuth",
        fields: ["t0k3n"],
        operation: "GetToken",
        header: ["authorization", "Bearer t0k3n"],
        shown: '"caller": "token t0k3n"',
      },
    ],
  },
  {
    origin: locker,
    unsigned: "CloseLocker",
    path: "/locker",
    schemes: [
      {
        name: "smithy.api.httpApiKeyAuth",
        fields: ["a&b c"],
        operation: "OpenLocker",
        query: ["api key", "a&b c"],
        shown: "<caller>key a&amp;b c</caller>",
      },
    ],
  },
  {
    origin: other,
    schemes: [
      {
        name: "smithy.api.httpApiKeyAuth",
        fields: ["VaultKey open sesame"],
        operation: "GetAny",
        // The server rejects it, for which a browser asks readers.
        header: ["authorization", "VaultKey open sesame"],
      },
      { name: "smithy.api.httpBasicAuth" },
      { name: "smithy.api.httpBearerAuth" },
    ],
  },
];
const problems = [];

function expect(what, actual, expected) {
  if (actual !== expected) problems.push(`${what} is ${actual}, not ${expected}`);
}

async function inspect(page, state) {
  await page.evaluate((source) => (0, eval)(source), axe);
  const violations = await page.evaluate(async () => (await axe.run(document)).violations);
  for (const { id, impact, nodes } of violations) {
    if (impact === "serious" || impact === "critical") {
      problems.push(`${state}: ${id}: ${nodes[0].target.join(" ")} (${nodes.length})`);
    }
  }
}

// Sends a request of an operation. The result is the request.
async function call(page, operation, path) {
  const block = page.locator(`#operations-default-${operation}`);
  await block.locator(".opblock-summary-control").click();
  await block.locator(".try-out__btn").click();
  for (const input of await block.locator("tr[data-param-name] input").all()) {
    await input.fill("1");
  }
  const sent = page.waitForRequest((request) => new URL(request.url()).pathname.startsWith(path));
  await block.locator(".execute").click();
  return await sent;
}

// The text of the shown response.
async function response(page, operation) {
  const shown = page.locator(`#operations-default-${operation} .live-responses-table`);
  await shown.waitFor();
  return await shown.innerText();
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (const { origin, unsigned, path, schemes } of SERVICES) {
  for (const scheme of schemes.filter(({ operation }) => operation)) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${origin}/docs`);
    await page.locator(".auth-wrapper .authorize").click();
    const dialog = page.locator(".dialog-ux");
    // Each scheme has a form. That of a signature is left out.
    const listed = await dialog.locator(".auth-container h4 code").allInnerTexts();
    expect("the schemes", listed.join(), schemes.map(({ name }) => name).join());
    const form = dialog.locator(".auth-container", { hasText: scheme.name });
    const inputs = await form.locator("input").all();
    expect("the number of fields", inputs.length, scheme.fields.length);
    for (const [index, input] of inputs.entries()) {
      await input.fill(scheme.fields[index]);
    }
    await inspect(page, `the dialog with ${scheme.name}`);
    await page.screenshot({ path: join(screenshots, `authorize-${scheme.operation}.png`) });
    await form.locator("button.authorize").click();
    await dialog.locator(".close-modal").click();

    const request = await call(page, scheme.operation, "/");
    if (scheme.header) {
      const [name, value] = scheme.header;
      expect(`the header ${name}`, request.headers()[name], value);
    } else {
      const [name, value] = scheme.query;
      expect(`the parameter ${name}`, new URL(request.url()).searchParams.get(name), value);
    }
    if (scheme.shown) {
      const text = await response(page, scheme.operation);
      expect(`${scheme.operation} showing ${scheme.shown}`, text.includes(scheme.shown), true);
    }
    await context.close();
  }

  if (!unsigned) continue;
  // An operation that only accepts signatures is sent without one, also with credentials.
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${origin}/docs`);
  await page.locator(".opblock").first().waitFor();
  expect("the notice on signatures", await page.locator("#unsigned").isVisible(), true);
  const request = await call(page, unsigned, path);
  const text = await response(page, unsigned);
  expect("the signature", request.headers().authorization, undefined);
  expect("the rejection being shown", /\b40[13]\b/.test(text), true);
  const described = await page.locator(`#operations-default-${unsigned}`).innerText();
  expect("the description", described.includes("sends it without a signature"), true);
  await page.screenshot({ path: join(screenshots, `unsigned-${unsigned}.png`), fullPage: true });
  await context.close();
}
await browser.close();
console.log(JSON.stringify(problems));
