// Opens the console of a backend in Chromium and prints what is wrong with it, as a list in JSON.
//
// Arguments: the origin of the backend, Chromium, the folder of the packages and one for screenshots.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [origin, executablePath, packages, screenshots] = process.argv.slice(2);
const require = createRequire(join(packages, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const VIEWS = [
  { name: "light", colorScheme: "light", width: 1280 },
  { name: "dark", colorScheme: "dark", width: 1280 },
  { name: "phone-light", colorScheme: "light", width: 390 },
  { name: "phone-dark", colorScheme: "dark", width: 390 },
];
// The maximum number of keys between two controls that a reader uses in turn.
const MOST_TABS = 100;
const problems = [];

function expect(view, what, actual, expected) {
  if (actual !== expected) {
    problems.push(`${view}: ${what} is ${actual}, not ${expected}`);
  }
}

// What axe finds serious or critical, and whether the page is wider than the screen.
async function inspect(page, view, state) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(`${view}, ${state}`, "the width beyond the screen", Math.max(overflow, 0), 0);
  await page.evaluate((source) => (0, eval)(source), axe);
  const violations = await page.evaluate(async () => (await axe.run(document)).violations);
  for (const { id, impact, nodes } of violations) {
    if (impact === "serious" || impact === "critical") {
      problems.push(`${view}, ${state}: ${id}: ${nodes[0].target.join(" ")} (${nodes.length})`);
    }
  }
}

// Moves the focus to a control by keyboard, as readers do who have no mouse.
async function tabTo(page, control, key = "Tab") {
  for (let presses = 0; presses < MOST_TABS; presses++) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not reach ${control}`);
}

async function activate(page, control, key = "Tab") {
  await tabTo(page, control, key);
  await page.keyboard.press("Enter");
}

// Sends a request by keyboard alone.
async function send(page) {
  const operation = page.locator("#operations-default-ListS3Buckets");
  await activate(page, operation.locator(".opblock-summary-control"));
  await activate(page, operation.locator(".try-out__btn"));
  await tabTo(page, operation.locator("textarea"));
  await page.keyboard.press("Control+A");
  await page.keyboard.type("{}");
  await activate(page, operation.locator(".execute"));
  const response = operation.locator(".live-responses-table");
  await response.waitFor();
  return { operation, text: await response.innerText() };
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (const { name, colorScheme, width } of VIEWS) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
  const page = await context.newPage();
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== "data:") {
      problems.push(`${name}: a request to ${url.origin}`);
    }
  });
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`${name}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`${name}: ${error.message}`));
  await page.goto(`${origin}/docs`);
  await page.locator(".opblock").first().waitFor();
  expect(name, "the number of operations", await page.locator(".opblock").count(), 31);
  expect(name, "the notice on signatures", await page.locator("#unsigned").isVisible(), true);
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const isDark = background === "rgb(28, 32, 34)";
  expect(name, "the background being dark", isDark, colorScheme === "dark");
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
  await inspect(page, name, "operations");

  const { operation, text } = await send(page);
  expect(name, "the shown response", text.includes("200") && text.includes("example-photos"), true);
  // One with parameters, which is further up.
  const other = page.locator("#operations-default-GetBackendAuth");
  await activate(page, other.locator(".opblock-summary-control"), "Shift+Tab");
  await activate(page, other.locator(".try-out__btn"));
  await operation.screenshot({ path: join(screenshots, `${name}-response.png`) });
  await inspect(page, name, "response");
  await context.close();
}
await browser.close();
console.log(JSON.stringify(problems));
